"""Waiting for what happens in another process or thread, with a deadline."""

import socket
import time
from collections.abc import Callable
from typing import TypeVar

Value = TypeVar("Value")


def wait_until(condition: Callable[[], Value], seconds: float = 15, *, interval: float = 0.05) -> Value:
    """Wait until a condition is true.

    Args:
        condition: what is asked again and again.
        seconds: how long at most; a busy machine needs its time.
        interval: the seconds between two questions.

    Returns:
        The condition's first value that is true.

    Raises:
        TimeoutError: it did not become true; with its last value.
    """
    deadline = time.monotonic() + seconds
    while not (value := condition()):
        if time.monotonic() > deadline:
            raise TimeoutError(f"after {seconds} s it is still {value!r}")
        time.sleep(interval)
    return value


def listens(port: int) -> bool:
    """Tell whether something on this machine listens on a port."""
    try:
        socket.create_connection(("127.0.0.1", port), 1).close()
    except OSError:
        return False
    return True
