"""An upstream on a real socket that sends the replies of a test and records the requests."""

import json
import os
import socket
import ssl
import struct
import sys
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from tests.certificate import Certificate

ANSWER = "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\nm=audio 9 UDP/TLS/RTP/SAVPF 111\r\na=mid:0\r\n"
ANSWER_WITH_DATA = ANSWER + "m=application 9 UDP/DTLS/SCTP webrtc-datachannel\r\na=mid:1\r\n"


@dataclass
class Reply:
    status: int = 201
    body: bytes | str = ANSWER
    headers: dict[str, str] = field(default_factory=dict)
    after_seconds: float = 0
    raw: Iterable[bytes | float] | None = None
    """Sent instead of a response: bytes, and seconds to wait between them. Then the connection is closed."""
    resets: bool = False
    """Whether the connection is reset after the reply."""
    breaks_tls: bool = False
    """Whether bytes that TLS cannot decrypt follow the reply."""
    creates: str = ""
    """The id of the call that this reply creates, even if the client does not get it; the default is `Location`'s."""

    def created_id(self) -> str:
        location = self.headers.get("Location", "") if 200 <= self.status < 300 else ""
        return self.creates or location.rpartition("/")[2]


@dataclass
class Asked:
    path: str
    headers: dict[str, str]
    body: bytes

    def parts(self) -> dict[str, tuple[str, str | None, bytes]]:
        """The parts of a multipart body by name: content type, file name and bytes."""
        head = f"Content-Type: {self.headers['content-type']}\r\n\r\n".encode()
        parts: list[Any] = list(message_from_bytes(head + self.body).walk())[1:]
        return {
            part.get_param("name", header="content-disposition"): (
                part.get_content_type(),
                part.get_filename(),
                part.get_payload(decode=True),
            )
            for part in parts
        }


LOCATION = {"Location": "/v1/realtime/calls/rtc_1"}
"""Of a call that was created."""
HUNG_UP = Reply(200, "")
FAILED = Reply(500, "")


def created(call_id: str = "rtc_1", answer: bytes | str = ANSWER) -> Reply:
    """A call of the Realtime API was created."""
    return Reply(201, answer, {"Location": f"/v1/realtime/calls/{call_id}"})


def created_live(session_id: str = "live_1", answer: str = ANSWER_WITH_DATA) -> Reply:
    """A call of the Live API was created."""
    body = {"session": {"id": session_id}, "transport": {"type": "webrtc", "sdp": answer}}
    return Reply(201, json.dumps(body), {"Content-Type": "application/json"}, creates=session_id)


def minted(kind: str = "realtime", value: str = "ek_test") -> Reply:
    """An ephemeral key was minted for a session of this type."""
    return Reply(200, json.dumps({"value": value, "expires_at": 1, "session": {"type": kind}}))


UNDECRYPTABLE = b"\x17\x03\x03\x00\x20" + bytes(32)
"""A TLS record of application data (RFC 8446, section 5.1) that was not encrypted."""


class ScriptedUpstream:
    """Sends the replies in their order, and repeats the last one."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.replies: list[Reply] = [Reply()]
        self.asked: list[Asked] = []
        self.connections: set[tuple[str, int]] = set()
        self.open_calls: list[str] = []
        self.in_flight = 0
        self.most_in_flight = 0
        self.connections_to_reset = 0
        """The number of connections that are reset as soon as they are accepted."""
        self.arrivals = threading.Semaphore(0)
        """Released by each request, after it is in `asked`."""
        self.released = threading.Event()
        """Ends every wait of a reply."""
        self.closed = threading.Event()
        """Set as soon as a connection has been closed by this side."""
        self._lock = threading.Lock()

    @property
    def root(self) -> str:
        """The URL without the version, for what is not the upstream's."""
        return self.url.removesuffix("/v1")

    def says(self, *replies: Reply) -> None:
        self.replies = list(replies)

    def refuses(self, status: int, code: str | None = None, message: str = "no", **headers: str) -> None:
        error = {"message": message, "type": "invalid_request_error", "code": code, "param": None}
        self.says(Reply(status, json.dumps({"error": error}), {k.replace("_", "-"): v for k, v in headers.items()}))

    def record_calls(self, path: str, reply: Reply) -> None:
        """Update the list of open calls."""
        *_, call_id, verb = ["", *path.split("/")]
        if verb == "hangup" and 200 <= reply.status < 300 and call_id in self.open_calls:
            self.open_calls.remove(call_id)
        elif created := reply.created_id():
            self.open_calls.append(created)

    @contextmanager
    def counting(self) -> Iterator[None]:
        """Count a request as in flight."""
        with self._lock:
            self.in_flight += 1
            self.most_in_flight = max(self.most_in_flight, self.in_flight)
        yield
        with self._lock:
            self.in_flight -= 1

    def next_reply(self) -> Reply:
        return self.replies.pop(0) if len(self.replies) > 1 else self.replies[0]

    def paths(self) -> list[str]:
        return [asked.path for asked in self.asked]


@contextmanager
def scripted_upstream(*, tls: Certificate | None = None) -> Iterator[ScriptedUpstream]:
    """Run an upstream on 127.0.0.1 until the context ends; with a certificate, over TLS."""
    context = server_context(tls) if tls else None

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            headers = {name.lower(): value for name, value in self.headers.items()}
            upstream.asked.append(Asked(self.path, headers, body))
            upstream.arrivals.release()
            upstream.connections.add(self.client_address)
            reply = upstream.next_reply()
            with upstream.counting():
                if reply.after_seconds:
                    upstream.released.wait(reply.after_seconds)
            upstream.record_calls(self.path, reply)
            try:
                self.reply(reply) if reply.raw is None else self.write(reply.raw)
            except ConnectionError:  # the client has closed the connection, as some tests expect
                self.close_connection = True
            if reply.breaks_tls:
                self.close_connection = True
                os.write(self.connection.fileno(), UNDECRYPTABLE)
            if reply.resets:
                self.close_connection = True
                reset(self.connection)

        do_GET = do_POST  # noqa: N815 - the name that http.server calls

        def reply(self, reply: Reply) -> None:
            content = reply.body.encode() if isinstance(reply.body, str) else reply.body
            self.send_response(reply.status)
            for name, value in {"Content-Length": str(len(content)), **reply.headers}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(content)

        def write(self, raw: Iterable[bytes | float]) -> None:
            self.close_connection = True
            for piece in raw:
                if isinstance(piece, bytes):
                    self.wfile.write(piece)
                elif upstream.released.wait(piece):
                    return

        def log_message(self, *_: object) -> None:
            pass

    class Server(ThreadingHTTPServer):
        def verify_request(self, request: Any, _: Any) -> bool:
            if not upstream.connections_to_reset:
                return True
            upstream.connections_to_reset -= 1
            reset(request)
            return False

        def finish_request(self, request: Any, client_address: Any) -> None:
            if not context:
                return super().finish_request(request, client_address)
            with context.wrap_socket(request, server_side=True) as secured:
                return super().finish_request(secured, client_address)

        def shutdown_request(self, request: Any) -> None:
            super().shutdown_request(request)
            upstream.closed.set()

        def handle_error(self, *_: Any) -> None:
            # The client has closed the connection, or does not trust the certificate.
            if not isinstance(sys.exception(), ConnectionError | ssl.SSLError):
                super().handle_error(*_)

    with Server(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        server.block_on_close = False
        scheme = "https" if tls else "http"
        upstream = ScriptedUpstream(f"{scheme}://127.0.0.1:{server.server_port}/v1")
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.002}, daemon=True).start()
        yield upstream
        upstream.released.set()
        server.shutdown()


def server_context(tls: Certificate) -> ssl.SSLContext:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(tls.certificate, tls.key)
    return context


def reset(connection: socket.socket) -> None:
    """End a connection with RST instead of FIN."""
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    os.close(connection.detach())
