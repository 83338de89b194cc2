"""The subjects of the measurements: programs that answer one route, how they are started and how they are invoked."""

import base64
import http.client
import json
import os
import signal
import subprocess
import time
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple, Protocol

from bench.runtime_api import Failed, RuntimeApi, is_success

ROUTES = ("session", "token")

IDLE_SECONDS = 4
"""A connection that has been idle for longer is replaced, since Node's servers close it after five seconds."""


class Subject(NamedTuple):
    """A program that answers one route.

    `command` is the program and its arguments; `python_path` the folders on Lambda's `sys.path`, empty for a server.
    """

    name: str
    route: str
    command: tuple[str, ...]
    folder: Path
    python_path: tuple[Path, ...] = ()
    zipped: tuple[Path, ...] = ()
    """The folders that are uploaded."""
    settings: tuple[tuple[str, str], ...] = ()
    """Environment variables in addition to those of all subjects."""

    @property
    def key(self) -> str:
        """The name of the function in its environment, and in URLs."""
        return f"{self.name}-{self.route}"


class Used(NamedTuple):
    """The resources that a process has used, from its start to its end."""

    cpu_seconds: float
    peak_bytes: int


class Process(Protocol):
    """A running subject."""

    def invoke(self, event: bytes) -> float:
        """Send the event, and return the seconds until the response; raises Failed unless its status is 2xx."""

    def end(self) -> Used:
        """Kill the process, and return the resources that it has used."""


def start(subject: Subject, environment: Mapping[str, str]) -> Process:
    """Start a subject.

    Args:
        subject: the subject.
        environment: its environment variables.
    """
    return Function(subject, environment) if subject.python_path else Server(subject, environment)


class Function:
    """A handler under AWS's runtime interface client."""

    def __init__(self, subject: Subject, environment: Mapping[str, str]) -> None:
        self._api = RuntimeApi()
        self._child = subprocess.Popen(  # noqa: S603 - a Python interpreter
            subject.command,
            cwd=subject.folder,
            env={**environment, **dict(subject.settings), **_lambda(subject, self._api.address)},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
        )

    def invoke(self, event: bytes) -> float:
        """Send the event, and wait for the response."""
        seconds, response = self._api.invoke(event)
        if not is_success(response):
            raise Failed(response.decode())
        return seconds

    def end(self) -> Used:
        """Kill it."""
        used = _end(self._child)
        self._api.close()
        return used


class Server:
    """An HTTP server that prints the port that it listens on."""

    def __init__(self, subject: Subject, environment: Mapping[str, str]) -> None:
        self._child = subprocess.Popen(  # noqa: S603
            subject.command,
            cwd=subject.folder,
            env={**environment, "NODE_ENV": "production"},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
        )
        self._http: http.client.HTTPConnection | None = None
        self._last_used = 0.0

    def invoke(self, event: bytes) -> float:
        """Send the request that the event describes, and wait for the response."""
        request = json.loads(event)
        method, path = request["requestContext"]["http"]["method"], request["rawPath"]
        if self._http is None:
            assert self._child.stdout  # noqa: S101
            self._http = http.client.HTTPConnection("127.0.0.1", int(self._child.stdout.readline()))
        if time.monotonic() - self._last_used > IDLE_SECONDS:
            self._http.close()  # request() opens a new connection
        headers = {"Content-Type": "application/sdp"} if method == "POST" else {}
        body = _body(request)
        start = time.perf_counter()
        self._http.request(method, path, body, headers)
        response = self._http.getresponse()
        content = response.read()
        seconds, self._last_used = time.perf_counter() - start, time.monotonic()
        if response.status >= 300:
            raise Failed(content.decode())
        return seconds

    def end(self) -> Used:
        """Kill it."""
        used = _end(self._child)
        if self._http:
            self._http.close()
        if self._child.stdout:
            self._child.stdout.close()
        return used


def _body(request: dict[str, str]) -> bytes:
    body = request.get("body") or ""
    return base64.b64decode(body) if request.get("isBase64Encoded") else body.encode()


def _lambda(subject: Subject, address: str) -> dict[str, str]:
    return {
        "AWS_LAMBDA_RUNTIME_API": address,
        "AWS_LAMBDA_FUNCTION_NAME": subject.key,
        "AWS_LAMBDA_FUNCTION_VERSION": "$LATEST",
        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": "512",
        "AWS_LAMBDA_INITIALIZATION_TYPE": "on-demand",
        "AWS_LAMBDA_LOG_GROUP_NAME": "bench",
        "AWS_LAMBDA_LOG_STREAM_NAME": "bench",
        "AWS_EXECUTION_ENV": "AWS_Lambda_python3.13",
        "LAMBDA_TASK_ROOT": str(subject.folder),
        "PYTHONPATH": os.pathsep.join(str(folder) for folder in subject.python_path),
        "PYTHONDONTWRITEBYTECODE": "1",  # as on Lambda, where /var/task and /opt cannot be written
    }


def _end(child: subprocess.Popen[bytes]) -> Used:
    status = Path(f"/proc/{child.pid}/status").read_text()
    # Without VmHWM the process has ended by itself: its memory is not known any more.
    peak = next((int(line.split()[1]) * 1024 for line in status.splitlines() if line.startswith("VmHWM")), 0)
    os.kill(child.pid, signal.SIGKILL)
    _, _, used = os.wait4(child.pid, 0)
    child.returncode = -signal.SIGKILL  # wait4() has reaped it, so Popen cannot find out
    return Used(used.ru_utime + used.ru_stime, peak)
