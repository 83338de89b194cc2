"""Lambda: a function has a worker for each invocation at once, up to a few, and keeps one warm.

Source: https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html
"""

import asyncio
import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import time
import uuid
from collections.abc import Mapping
from typing import Any

from local.environment import environment_of, source_of
from local.settings import FunctionSettings
from local.template import ROOT

INIT_SECONDS = 20
"""How long a worker may take to import its handler. Lambda gives 10 s; the very first start may take longer here."""

WORKERS = 8
"""Invocations of a function at the same time; the others wait. Lambda has a thousand, and more than one machine."""

IDLE_SECONDS = 10
"""How long a worker that is one too many stays warm. On Lambda it is minutes; here each takes 46 MB of a laptop."""

LARGEST_RESPONSE = 6 * 1024 * 1024
"""Bytes that a function may return; https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html."""


class InvocationFailed(Exception):
    """Raised when a function broke down, took too long or returned too much; the message says which."""


class HandlerRaised(InvocationFailed):
    """Raised when the handler raised; its worker goes on."""


class Worker:
    """A process that holds the handler, and takes one event at a time.

    Args:
        settings: the function.
        environment: the variables of the process, all of them.
    """

    def __init__(self, settings: FunctionSettings, environment: Mapping[str, str]) -> None:
        self._settings = settings
        self.source = source_of(settings)
        self._ours, theirs = socket.socketpair()
        with theirs:
            self._process = subprocess.Popen(  # noqa: S603 - our own interpreter
                [sys.executable, "-m", "local.worker", str(theirs.fileno())],
                cwd=ROOT,
                env=environment_of(settings, environment),
                stdin=subprocess.DEVNULL,
                pass_fds=[theirs.fileno()],
                # A group of its own: Ctrl-C in the terminal is for the gateway, which then ends its workers.
                start_new_session=True,
            )
        self.used = 0.0
        """When it was last put down, on the monotonic clock."""
        self._reader: asyncio.StreamReader | None = None
        self._writer: asyncio.StreamWriter | None = None

    @property
    def lives(self) -> bool:
        """Whether the process is still there."""
        return self._process.poll() is None

    async def ready(self) -> None:
        """Wait until the handler is imported; it is, in a warm worker.

        Raises:
            InvocationFailed: it cannot be.
        """
        if self._reader:
            return
        self._reader, self._writer = await asyncio.open_connection(sock=self._ours, limit=LARGEST_RESPONSE)
        await self._receive(INIT_SECONDS)

    async def invoke(self, event: dict[str, Any]) -> Any:
        """Hand over an event, and wait for what the handler returns.

        Raises:
            HandlerRaised: it raised.
            InvocationFailed: it returned nothing usable; this worker can take no further event.
        """
        timeout = self._settings.timeout
        invocation = {
            "event": event,
            "request_id": str(uuid.uuid4()),
            "arn": self._settings.arn,
            "trace_id": event.get("headers", {}).get("x-amzn-trace-id", ""),
            "deadline": time.time() + timeout,
        }
        self._write(invocation)
        answer = await self._receive(timeout)
        if "error" in answer:
            raise HandlerRaised(f"it raised {answer['error']}")
        return answer["result"]

    def end(self) -> None:
        """Kill the process, and whatever it has started."""
        if self._writer:
            self._writer.transport.abort()
        self._ours.close()
        if self.lives:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()

    def _write(self, invocation: dict[str, Any]) -> None:
        assert self._writer  # ready() comes first  # noqa: S101
        self._writer.write(json.dumps(invocation).encode() + b"\n")

    async def _receive(self, seconds: float) -> dict[str, Any]:
        assert self._reader  # noqa: S101
        try:
            line = await asyncio.wait_for(self._reader.readline(), seconds)
        except TimeoutError:
            raise InvocationFailed(f"it timed out after {seconds:.2f} seconds") from None
        except ValueError:  # the line is longer than the reader's limit
            raise InvocationFailed(f"its response is larger than {LARGEST_RESPONSE} bytes") from None
        except ConnectionError:
            line = b""
        if not line:
            raise InvocationFailed("its process ended")
        answer: dict[str, Any] = json.loads(line)
        return answer


class Function:
    """A Lambda function.

    Args:
        settings: what the template says of it.
        environment: variables that AWS, or a developer, would set besides.
    """

    def __init__(self, settings: FunctionSettings, environment: Mapping[str, str]) -> None:
        self._settings = settings
        self._environment = environment
        self._idle: list[Worker] = []
        self._busy: set[Worker] = set()
        self._places = asyncio.Semaphore(WORKERS)
        self._ended = False

    async def invoke(self, event: dict[str, Any]) -> Any:
        """Run the handler: in a warm worker if one is idle, else in a new one.

        Args:
            event: the event.

        Returns:
            What the handler returned.

        Raises:
            InvocationFailed: it returned nothing usable. The handler's traceback is on stderr.
        """
        async with self._places:
            worker = self._warm() or Worker(self._settings, self._environment)
            self._busy.add(worker)
            try:
                await worker.ready()
                result = await worker.invoke(event)
            except InvocationFailed as failed:
                self._put_down(worker, broken=not isinstance(failed, HandlerRaised))
                raise
            self._put_down(worker, broken=False)
            return result

    def end(self) -> None:
        """End all workers, busy or not."""
        for worker in (*self._idle, *self._busy):
            worker.end()
        self._idle.clear()
        self._ended = True

    def _warm(self) -> Worker | None:
        source = source_of(self._settings)
        for stale in [worker for worker in self._idle if worker.source != source or not worker.lives]:
            self._idle.remove(stale)
            stale.end()
        return self._idle.pop() if self._idle else None

    def _put_down(self, worker: Worker, *, broken: bool) -> None:
        self._busy.remove(worker)
        if broken or self._ended:
            worker.end()
            return
        worker.used = time.monotonic()
        self._idle.append(worker)
        asyncio.get_running_loop().call_later(IDLE_SECONDS, self._end_surplus)

    def _end_surplus(self) -> None:
        """End the workers that have been idle for long, but the one that was used last."""
        long_ago = time.monotonic() - IDLE_SECONDS
        for worker in [one for one in self._idle[:-1] if one.used <= long_ago]:
            self._idle.remove(worker)
            worker.end()
