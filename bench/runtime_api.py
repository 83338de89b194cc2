"""Lambda's side of a function: the Runtime API that AWS's runtime interface client asks for the next event.

Source: https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html
"""

import json
import selectors
import socket
import time
import uuid


class Failed(Exception):
    """Raised when a function did not answer; the message is what it said instead."""


class RuntimeApi:
    """Hands over one event at a time, and takes what comes back.

    It listens on a free port of 127.0.0.1, and closes with the context.
    """

    def __init__(self) -> None:
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._waiting = selectors.DefaultSelector()
        self._waiting.register(self._listener, selectors.EVENT_READ)
        self._next: socket.socket | None = None
        self.address = f"127.0.0.1:{self._listener.getsockname()[1]}"

    def close(self) -> None:
        """Close every connection."""
        for key in list(self._waiting.get_map().values()):
            key.fileobj.close()  # type: ignore[union-attr]
        self._waiting.close()

    def invoke(self, event: bytes, *, seconds: float = 60) -> tuple[float, bytes]:
        """Invoke the function, once it asks for an event.

        Args:
            event: the event, as JSON.
            seconds: how long to wait.

        Returns:
            The seconds from handing over the event to the last byte of the response; the response, as JSON.

        Raises:
            Failed: it ended with an error, or kept silent.
        """
        deadline = time.monotonic() + seconds
        while self._next is None:
            self._take(deadline)
        connection, self._next = self._next, None
        invocation = str(uuid.uuid4())
        began = time.perf_counter()
        connection.sendall(_event(invocation, event))
        path, body = self._take(deadline)
        if path.endswith("/error"):
            raise Failed(body.decode())
        return time.perf_counter() - began, body

    def _take(self, deadline: float) -> tuple[str, bytes]:
        """Read one request; the one for an event is left unanswered."""
        while True:
            ready = self._waiting.select(max(0, deadline - time.monotonic()))
            if not ready:
                raise Failed("it did not answer in time: run it by hand, what it printed is not kept")
            connection = ready[0][0].fileobj
            if connection is self._listener:
                accepted, _ = self._listener.accept()
                accepted.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                self._waiting.register(accepted, selectors.EVENT_READ)
                continue
            assert isinstance(connection, socket.socket)  # noqa: S101
            head, body = _request(connection)
            if not head:
                self._waiting.unregister(connection)
                connection.close()
                continue
            return self._answered(connection, head.split(" ")[1], body)

    def _answered(self, connection: socket.socket, path: str, body: bytes) -> tuple[str, bytes]:
        arrived = path, body
        if path.endswith("/next"):
            self._next = connection
        else:
            connection.sendall(b"HTTP/1.1 202 Accepted\r\nContent-Length: 0\r\n\r\n")
        return arrived


def _event(invocation: str, event: bytes) -> bytes:
    headers = {
        "Content-Type": "application/json",
        "Content-Length": len(event),
        "Lambda-Runtime-Aws-Request-Id": invocation,
        "Lambda-Runtime-Deadline-Ms": int((time.time() + 28) * 1000),
        "Lambda-Runtime-Invoked-Function-Arn": "arn:aws:lambda:us-east-1:123456789012:function:bench",
        "Lambda-Runtime-Trace-Id": "Root=1-00000000-000000000000000000000000;Sampled=0",
    }
    lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    return f"HTTP/1.1 200 OK\r\n{lines}\r\n".encode() + event


def _request(connection: socket.socket) -> tuple[str, bytes]:
    received = b""
    while b"\r\n\r\n" not in received:
        chunk = connection.recv(65536)
        if not chunk:
            return "", b""
        received += chunk
    head, _, body = received.partition(b"\r\n\r\n")
    headers = dict(line.split(": ", 1) for line in head.decode().lower().split("\r\n")[1:] if ": " in line)
    if headers.get("transfer-encoding") == "chunked":
        return head.decode(), _chunks(connection, body)
    length = int(headers.get("content-length", 0))
    while len(body) < length:
        body += connection.recv(65536)
    return head.decode(), body


def _chunks(connection: socket.socket, received: bytes) -> bytes:
    body = b""
    while True:
        while b"\r\n" not in received:
            received += connection.recv(65536)
        line, _, received = received.partition(b"\r\n")
        size = int(line, 16)
        while len(received) < size + 2:
            received += connection.recv(65536)
        if not size:
            return body
        body, received = body + received[:size], received[size + 2 :]


def is_success(response: bytes) -> bool:
    """Tell whether a handler's response, as JSON, is a 2xx."""
    status = json.loads(response).get("statusCode", 0)
    return 200 <= int(status) < 300
