"""By when things must be over: limits within limits, and no wait that is longer than what is left."""

import math
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TypeVar

Result = TypeVar("Result")

_until = ContextVar("_until", default=math.inf)
"""On the monotonic clock."""


def left() -> float:
    """Tell how many seconds are left."""
    return max(0.0, _until.get() - time.monotonic())


@contextmanager
def within(seconds: float) -> Iterator[None]:
    """Limit what is done inside.

    Args:
        seconds: how long it may take; less, where less is left already.
    """
    outer = _until.set(min(_until.get(), time.monotonic() + seconds))
    try:
        yield
    finally:
        _until.reset(outer)


def waited_for(work: Callable[[], Result], seconds: float) -> Result:
    """Do in a thread what can block for as long as a name server likes, and wait for it.

    Args:
        work: what is done; it goes on where it is too late.
        seconds: how long it is waited for.

    Returns:
        What it returned.

    Raises:
        TimeoutError: it is too late. Whatever else it raised is raised too.
    """
    outcome: Future[Result] = Future()
    threading.Thread(target=_settle, args=[outcome, work], daemon=True).start()
    return outcome.result(seconds)


def _settle(outcome: Future[Result], work: Callable[[], Result]) -> None:
    try:
        outcome.set_result(work())
    except BaseException as error:  # noqa: BLE001 - it is raised where it is waited for
        outcome.set_exception(error)
