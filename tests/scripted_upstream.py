"""An upstream that answers what a test tells it to, over a real socket, and keeps what it was asked."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

ANSWER = "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\nm=audio 9 UDP/TLS/RTP/SAVPF 111\r\na=mid:0\r\n"
ANSWER_WITH_DATA = ANSWER + "m=application 9 UDP/DTLS/SCTP webrtc-datachannel\r\na=mid:1\r\n"


@dataclass
class Reply:
    status: int = 201
    body: bytes | str = ANSWER
    headers: dict[str, str] = field(default_factory=dict)
    after_seconds: float = 0


@dataclass
class Asked:
    path: str
    headers: dict[str, str]
    body: bytes

    def parts(self) -> dict[str, tuple[str, str | None, bytes]]:
        """Each part of a multipart body by name: its content type, its filename, its bytes."""
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


class ScriptedUpstream:
    """Replies in the order in which they were given; the last one again and again."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.replies: list[Reply] = [Reply()]
        self.asked: list[Asked] = []
        self.connections: set[tuple[str, int]] = set()
        self.released = threading.Event()

    def says(self, *replies: Reply) -> None:
        self.replies = list(replies)

    def refuses(self, status: int, code: str | None = None, message: str = "no", **headers: str) -> None:
        error = {"message": message, "type": "invalid_request_error", "code": code, "param": None}
        self.says(Reply(status, json.dumps({"error": error}), {k.replace("_", "-"): v for k, v in headers.items()}))

    def next_reply(self) -> Reply:
        return self.replies.pop(0) if len(self.replies) > 1 else self.replies[0]

    def paths(self) -> list[str]:
        return [asked.path for asked in self.asked]


@contextmanager
def scripted_upstream() -> Iterator[ScriptedUpstream]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            headers = {name.lower(): value for name, value in self.headers.items()}
            upstream.asked.append(Asked(self.path, headers, body))
            upstream.connections.add(self.client_address)
            reply = upstream.next_reply()
            if reply.after_seconds:
                upstream.released.wait(reply.after_seconds)
            self.reply(reply)

        def reply(self, reply: Reply) -> None:
            content = reply.body.encode() if isinstance(reply.body, str) else reply.body
            try:
                self.send_response(reply.status)
                for name, value in {"Content-Length": str(len(content)), **reply.headers}.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(content)
            except ConnectionError:  # whoever asked has given up, as some tests want it to
                self.close_connection = True

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        server.block_on_close = False
        upstream = ScriptedUpstream(f"http://127.0.0.1:{server.server_port}/v1")
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        yield upstream
        upstream.released.set()
        server.shutdown()
