"""Lambda: runs each concurrent invocation of a function in a worker process, up to a limit, and keeps one warm.

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

from local.environment import fingerprint, process_environment
from local.settings import FunctionSettings
from local.template import ROOT

INIT_SECONDS = 20
"""How long a worker may take to import its handler. Lambda allows 10 s; a first start without bytecode needs more."""

MAX_CONCURRENCY = 8
"""Concurrent invocations of a function; more wait. Lambda allows a thousand, spread over many machines."""

IDLE_SECONDS = 10
"""How long an idle worker other than the last one stays warm. On Lambda it is minutes; here each takes 46 MB."""

MAX_RESPONSE_BYTES = 6 * 1024 * 1024
"""Source: https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html."""


class InvocationFailed(Exception):
    """Raised when a function crashed, timed out or returned too much; the message says which."""


class HandlerRaised(InvocationFailed):
    """Raised when the handler raised an exception; its worker can take the next event."""


class Worker:
    """A process that has imported the handler and takes one event at a time.

    Args:
        settings: the function.
        environment: variables that are set for every function.
    """

    def __init__(self, settings: FunctionSettings, environment: Mapping[str, str]) -> None:
        self._settings = settings
        self.fingerprint = fingerprint(settings)
        self._socket, worker_socket = socket.socketpair()
        with worker_socket:
            self._process = subprocess.Popen(  # noqa: S603 - this interpreter
                [sys.executable, "-m", "local.worker", str(worker_socket.fileno())],
                cwd=ROOT,
                env=process_environment(settings, environment),
                stdin=subprocess.DEVNULL,
                pass_fds=[worker_socket.fileno()],
                # In another process group, so that Ctrl-C in the terminal reaches the gateway alone, which then ends
                # its workers.
                start_new_session=True,
            )
        self.last_used = 0.0
        """When its last invocation ended, on the monotonic clock."""
        self._reader: asyncio.StreamReader | None = None
        self._writer: asyncio.StreamWriter | None = None

    @property
    def is_alive(self) -> bool:
        """Whether the process is still running."""
        return self._process.poll() is None

    async def ready(self) -> None:
        """Wait until the handler is imported; returns at once in a warm worker.

        Raises:
            InvocationFailed: the import failed or took too long.
        """
        if self._reader:
            return
        self._reader, self._writer = await asyncio.open_connection(sock=self._socket, limit=MAX_RESPONSE_BYTES)
        await self._receive(INIT_SECONDS)

    async def invoke(self, event: dict[str, Any]) -> Any:
        """Send an event to the process, and wait for the handler's result.

        Raises:
            HandlerRaised: the handler raised an exception.
            InvocationFailed: there is no result; this worker can take no further event.
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

    def kill(self) -> None:
        """Kill the process and its children."""
        if self._writer:
            self._writer.transport.abort()
        self._socket.close()
        if self.is_alive:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()

    def _write(self, invocation: dict[str, Any]) -> None:
        assert self._writer  # set by ready()  # noqa: S101
        self._writer.write(json.dumps(invocation).encode() + b"\n")

    async def _receive(self, seconds: float) -> dict[str, Any]:
        assert self._reader  # noqa: S101
        try:
            line = await asyncio.wait_for(self._reader.readline(), seconds)
        except TimeoutError:
            raise InvocationFailed(f"it timed out after {seconds:.2f} seconds") from None
        except ValueError:  # the line is longer than the reader's limit
            raise InvocationFailed(f"its response is larger than {MAX_RESPONSE_BYTES} bytes") from None
        except ConnectionError:
            line = b""
        if not line:
            raise InvocationFailed("its process ended")
        answer: dict[str, Any] = json.loads(line)
        return answer


class Function:
    """A Lambda function.

    Args:
        settings: its properties in the template.
        environment: variables that are set for every function.
    """

    def __init__(self, settings: FunctionSettings, environment: Mapping[str, str]) -> None:
        self._settings = settings
        self._environment = environment
        self._idle: list[Worker] = []
        self._busy: set[Worker] = set()
        self._concurrency = asyncio.Semaphore(MAX_CONCURRENCY)
        self._closed = False

    @property
    def name(self) -> str:
        """Its name."""
        return self._settings.name

    async def invoke(self, event: dict[str, Any]) -> Any:
        """Run the handler: in a warm worker if one is idle, else in a new one.

        Args:
            event: the event.

        Returns:
            The handler's result.

        Raises:
            InvocationFailed: there is no result. The handler's traceback is on stderr.
        """
        async with self._concurrency:
            if self._closed:
                raise InvocationFailed("the gateway was closed before it was invoked")
            worker = self._take_warm_worker() or Worker(self._settings, self._environment)
            self._busy.add(worker)
            try:
                await worker.ready()
                result = await worker.invoke(event)
            except InvocationFailed as failed:
                self._release(worker, broken=not isinstance(failed, HandlerRaised))
                raise
            self._release(worker, broken=False)
            return result

    def close(self) -> None:
        """Kill all workers, busy or not."""
        for worker in (*self._idle, *self._busy):
            worker.kill()
        self._idle.clear()
        self._closed = True

    def _take_warm_worker(self) -> Worker | None:
        current = fingerprint(self._settings)
        for stale in [worker for worker in self._idle if worker.fingerprint != current or not worker.is_alive]:
            self._idle.remove(stale)
            stale.kill()
        return self._idle.pop() if self._idle else None

    def _release(self, worker: Worker, *, broken: bool) -> None:
        self._busy.remove(worker)
        if broken or self._closed:
            worker.kill()
            return
        worker.last_used = time.monotonic()
        self._idle.append(worker)
        asyncio.get_running_loop().call_later(IDLE_SECONDS, self._kill_idle_workers)

    def _kill_idle_workers(self) -> None:
        """Kill the workers that have been idle for IDLE_SECONDS, except the one that was used last."""
        limit = time.monotonic() - IDLE_SECONDS
        for worker in [one for one in self._idle[:-1] if one.last_used <= limit]:
            self._idle.remove(worker)
            worker.kill()
