"""CloudFormation as a custom resource sees it: it sends a request, and receives the answer at a URL."""

import json
import threading
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, NamedTuple

SIGNATURE = "X-Amz-Signature=not-to-be-logged"
STACK = "arn:aws:cloudformation:us-east-1:123456789012:stack/voice/11111111-2222-3333-4444-555555555555"

Handler = Callable[[dict[str, Any], Any], None]


class Put(NamedTuple):
    """A received answer."""

    target: str
    content_type: str | None
    body: bytes


@dataclass
class Callback:
    """The URL at which CloudFormation receives answers."""

    url: str = ""
    error_statuses: list[int] = field(default_factory=list)
    """The statuses of the next responses; 200 when the list is empty."""
    received: list[Put] = field(default_factory=list)


@contextmanager
def listening() -> Iterator[Callback]:
    callback = Callback()

    class CallbackHandler(BaseHTTPRequestHandler):
        def do_PUT(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            callback.received.append(Put(self.path, self.headers["Content-Type"], body))
            self.send_response(callback.error_statuses.pop(0) if callback.error_statuses else 200)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), CallbackHandler)
    callback.url = f"http://127.0.0.1:{server.server_port}/{STACK}%7CPage?{SIGNATURE}"
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    yield callback
    server.shutdown()
    thread.join()
    server.server_close()


@dataclass
class Context:
    """Lambda's context."""

    remaining: Iterator[int]
    log_group_name: str
    log_stream_name: str = "2026/11/22/[$LATEST]0123456789abcdef"

    def get_remaining_time_in_millis(self) -> int:
        return next(self.remaining)


@dataclass
class CloudFormation:
    """CloudFormation, for one resource.

    Args:
        handler: the function.
        callback: the URL for its answers.
        properties: the resource's properties in the template.
    """

    handler: Handler
    callback: Callback
    properties: dict[str, Any]
    physical_id: str = ""
    """The resource's physical id; empty before it is created."""
    log_group: str = "/aws/lambda/publish"

    def create(self, **changes: Any) -> dict[str, Any]:
        return self.send("Create", **changes)

    def update(self, **changes: Any) -> dict[str, Any]:
        return self.send("Update", PhysicalResourceId=self.physical_id, **changes)

    def delete(self, **changes: Any) -> dict[str, Any]:
        return self.send("Delete", **{"PhysicalResourceId": self.physical_id} | changes)

    def send(self, request: str, *, remaining: Iterator[int] | None = None, **changes: Any) -> dict[str, Any]:
        """Send a request; return the answer without the ids that it repeats."""
        event = self.event(request) | changes
        self.handler(event, Context(remaining or iter(lambda: 120_000, 0), self.log_group))
        answer: dict[str, Any] = json.loads(self.callback.received[-1].body)
        repeated = {name: answer.pop(name) for name in ("StackId", "RequestId", "LogicalResourceId")}
        assert repeated == {name: event[name] for name in repeated}
        self.physical_id = answer["PhysicalResourceId"]
        return answer

    def event(self, request: str) -> dict[str, Any]:
        return {
            "RequestType": request,
            "ServiceToken": "arn:aws:lambda:us-east-1:123456789012:function:publish:live",
            "ResponseURL": self.callback.url,
            "StackId": STACK,
            "RequestId": str(uuid.uuid4()),
            "LogicalResourceId": "Page",
            "ResourceType": "Custom::Page",
            "ResourceProperties": {"ServiceToken": "…", **self.properties},
        }
