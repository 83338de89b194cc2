"""Starts the stand-in for the Realtime API in a process and ends it."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

import httpx

from local.ports import HOST
from local.template import ROOT

START_SECONDS = 20
END_SECONDS = 1


class StandInEnded(Exception):
    """Raised when the stand-in has ended by itself; its output is on stderr."""

    def __init__(self, status: int) -> None:
        super().__init__(f"the stand-in for the Realtime API ended by itself (exit status {status})")


class StandIn:
    """A running stand-in.

    Args:
        process: its process.
        port: its port.
    """

    def __init__(self, process: subprocess.Popen[bytes], port: int) -> None:
        self.process = process
        self._port = port
        self.base_url = f"http://{HOST}:{port}/v1"

    def check(self) -> None:
        """Check that the process is running.

        Raises:
            StandInEnded: it has ended.
        """
        if (status := self.process.poll()) is not None:
            raise StandInEnded(status)

    def wait_until_ready(self) -> None:
        """Wait until it answers.

        Raises:
            StandInEnded: the process has ended.
            TimeoutError: it did not answer within START_SECONDS.
        """
        deadline = time.monotonic() + START_SECONDS
        while not self._answers():
            self.check()
            if time.monotonic() > deadline:
                raise TimeoutError(f"the stand-in for the Realtime API did not start within {START_SECONDS} s")
            time.sleep(0.02)

    def _answers(self) -> bool:
        # A connection alone would prove nothing: the socket listens before the process has started.
        try:
            httpx.get(self.base_url, timeout=START_SECONDS, trust_env=False)
        except httpx.TransportError:
            return False
        return True


@contextmanager
def stand_in(listener: socket.socket, api_key: str) -> Iterator[StandIn]:
    """Run the stand-in until the context ends.

    Args:
        listener: a socket that listens on its port, which the process takes over.
        api_key: the standard API key that it accepts.

    Yields:
        The stand-in, which is still starting.
    """
    with listener:
        port, descriptor = listener.getsockname()[1], listener.fileno()
        process = _start(descriptor, api_key)
    try:
        yield StandIn(process, port)
    finally:
        _end(process)


def _start(descriptor: int, api_key: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", "local.stand_in", "--while-stdin-is-open"],
        cwd=ROOT,
        env={**os.environ, "UPSTREAM_SOCKET": str(descriptor), "OPENAI_API_KEY": api_key},
        pass_fds=[descriptor],
        stdin=subprocess.PIPE,  # closed even if this process is killed, which ends the stand-in
        # In another process group, so that Ctrl-C in the terminal reaches this process alone, which ends the stand-in.
        start_new_session=True,
    )


def _end(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    if process.stdin:
        process.stdin.close()
    try:
        process.wait(END_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
