"""Lambda's Runtime API, from which AWS's runtime interface client fetches each event.

Source: https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html
"""

import json
import selectors
import socket
import time
import uuid


class Failed(Exception):
    """Raised when an invocation failed; the message is the function's error or response."""


class RuntimeApi:
    """A server for one function on a free port of 127.0.0.1, which takes one event at a time."""

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
        """Invoke the function when it asks for the next event.

        Args:
            event: the event, as JSON.
            seconds: how long to wait for the response.

        Returns:
            The seconds from sending the event to the last byte of the response; the response, as JSON.

        Raises:
            Failed: it reported an error, or did not respond in time.
        """
        deadline = time.monotonic() + seconds
        while self._next is None:
            self._receive(deadline)
        connection, self._next = self._next, None
        invocation = str(uuid.uuid4())
        start = time.perf_counter()
        connection.sendall(_event_response(invocation, event))
        path, body = self._receive(deadline)
        if path.endswith("/error"):
            raise Failed(body.decode())
        return time.perf_counter() - start, body

    def _receive(self, deadline: float) -> tuple[str, bytes]:
        """Receive one request; a request for the next event is not answered yet."""
        while True:
            ready = self._waiting.select(max(0, deadline - time.monotonic()))
            if not ready:
                raise Failed("it did not respond in time; its output is discarded, so run it by hand to see it")
            connection = ready[0][0].fileobj
            if connection is self._listener:
                accepted, _ = self._listener.accept()
                accepted.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                self._waiting.register(accepted, selectors.EVENT_READ)
                continue
            assert isinstance(connection, socket.socket)  # noqa: S101
            head, body = _read_request(connection)
            if not head:
                self._waiting.unregister(connection)
                connection.close()
                continue
            path = head.split(" ")[1]
            if path.endswith("/next"):
                self._next = connection
            else:
                connection.sendall(b"HTTP/1.1 202 Accepted\r\nContent-Length: 0\r\n\r\n")
            return path, body


def _event_response(invocation: str, event: bytes) -> bytes:
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


def _read_request(connection: socket.socket) -> tuple[str, bytes]:
    received = b""
    while b"\r\n\r\n" not in received:
        chunk = connection.recv(65536)
        if not chunk:
            return "", b""
        received += chunk
    head, _, body = received.partition(b"\r\n\r\n")
    headers = dict(line.split(": ", 1) for line in head.decode().lower().split("\r\n")[1:] if ": " in line)
    if headers.get("transfer-encoding") == "chunked":
        return head.decode(), _read_chunks(connection, body)
    length = int(headers.get("content-length", 0))
    while len(body) < length:
        body += connection.recv(65536)
    return head.decode(), body


def _read_chunks(connection: socket.socket, received: bytes) -> bytes:
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
    """Tell whether the status of a handler's response, as JSON, is 2xx."""
    status = json.loads(response).get("statusCode", 0)
    return 200 <= int(status) < 300
