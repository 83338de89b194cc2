"""A fault: what breaks, and what response is expected; each is a row of docs/hardening.md."""

import itertools
import json
from dataclasses import dataclass, field
from typing import Any, Literal

from tests.conftest import SDP
from tests.error_rows import OFFER, REMEDY
from tests.scripted_upstream import ANSWER, HUNG_UP, Reply

UPSTREAM_SECONDS = 1.5
"""`UPSTREAM_TIMEOUT_SECONDS` in these tests."""

KEY = "sk-test-not-a-key"
ROTATED = "sk-test-rotated"
CREATED = {"Location": "/v1/realtime/calls/rtc_1"}
HEAD = b"HTTP/1.1 201 Created\r\nLocation: /v1/realtime/calls/rtc_1\r\nContent-Length: 100000\r\n\r\n"
MINTED = Reply(200, json.dumps({"value": "ek_test", "expires_at": 1, "session": {"type": "transcription"}}))

UNREACHABLE = "The upstream cannot be reached, or broke off; try again."
LATE = "The upstream took too long to answer; try again."
NO_ANSWER = "The upstream accepted the offer, but what it sent is not an SDP answer."
NO_EPHEMERAL_KEY = "The upstream accepted, but what it sent is not an ephemeral key."
TOO_MUCH = "The upstream sent more than 1048576 bytes."
KEY_REFUSED = "The upstream does not accept the deployment's API key (status {})."
FAILED = "The upstream failed (status {}); try again."
NO_REASON = "The upstream gave no reason."
NO_SUCH_API = "The upstream gave no reason (status {}); it may not have this API."
NO_SESSION = "The upstream accepted the offer, but what it sent is not a Live session with an SDP answer."
UNREADABLE = "The API key cannot be read from Secrets Manager: the function's log says why."
NO_KEY = "The API key's secret holds no key. " + REMEDY
NO_KEY_IN_JSON = NO_KEY.replace(".", ": it is JSON without the text member OPENAI_API_KEY.", 1)

UNKNOWN_ID = "its id is not known"
CALLERS = "the caller's"
SWEEPS = "the sweep hangs it up"

Component = Literal[
    "upstream",
    "TCP, refused",
    "TCP, reset",
    "upstream's name",
    "TLS",
    "TLS, reset once",
    "TLS, untrusted",
    "TLS, answered with HTTP",
    "TLS, no answer",
    "secrets",
    "secrets' name",
    "ledger",
    "ledger's name",
    "function",
    "process",
    "client",
]
"""What is broken: a response, a connection, the name look-up, the function's time, its process, the client."""


@dataclass(frozen=True)
class Fault:
    named: str
    status: int
    code: str | None = None
    message: str = ""
    upstream: list[Reply] = field(default_factory=list)
    asked: int = 1
    left: int = 0
    """Calls that are open afterwards."""
    left_because: str = ""
    """Why a call is left open."""
    type: str = "server_error"
    param: str | None = None
    headers: dict[str, str] = field(default_factory=dict)
    request: str = "POST /session"
    component: Component = "upstream"
    secrets: list[Reply] = field(default_factory=list)
    call_id: str | None = "rtc_1"
    """What `Location` ends in; None if the upstream gave no id."""
    rotated: bool = False
    """Whether the secret has been given another key since the function read it."""

    @property
    def id(self) -> str:
        return f"{self.request}: {self.named}"

    @property
    def sent(self) -> dict[str, Any]:
        return {"headers": SDP, "content": OFFER.encode()} if self.request.startswith("POST") else {}

    @property
    def is_limited(self) -> bool:
        """Whether there is a ledger at all."""
        return self.component in ("ledger", "ledger's name")

    def expected(self, request_id: str, secret: str) -> Any:
        """Return the expected response: status, headers without those of the transport, and body."""
        if self.component == "client":
            return None
        if self.component == "process":
            return self.status, {"content-type": "application/json"}, {"message": self.message}
        if self.status == 204:
            return 204, {"cache-control": "no-store"}, ""
        if self.status == 201:
            location = {"location": f"/session/{self.call_id}"} if self.call_id else {}
            location |= {"x-call-seconds": "900"} if self.is_limited else {}
            return 201, {"content-type": "application/sdp", "cache-control": "no-store", **location}, ANSWER
        error = {"message": self.message.format(secret), "type": self.type, "code": self.code, "param": self.param}
        headers = {"content-type": "application/json", "cache-control": "no-store", **self.headers}
        return self.status, headers, {"error": {**error, "request_id": request_id}}


def timed_out(named: str, *upstream: Reply, **more: Any) -> Fault:
    return Fault(named, 504, "upstream_timeout", LATE, list(upstream), **more)


def unreachable(named: str, *upstream: Reply, **more: Any) -> Fault:
    return Fault(named, 502, "upstream_unreachable", UNREACHABLE, list(upstream), **more)


def invalid_answer(named: str, *upstream: Reply, message: str = NO_ANSWER, asked: int = 2, **more: Any) -> Fault:
    return Fault(named, 502, "invalid_answer", message, [*upstream, HUNG_UP], asked, **more)


def upstream_error(named: str, status: int, *upstream: Reply, **more: Any) -> Fault:
    return Fault(named, 502, "upstream_error", FAILED.format(status), list(upstream), **more)


def passed_on(named: str, status: int, message: str, *upstream: Reply, **more: Any) -> Fault:
    return Fault(named, status, None, message, list(upstream), **{"type": "invalid_request_error"} | more)


def misconfigured(named: str, *secrets: Reply, message: str = UNREADABLE) -> Fault:
    return Fault(named, 500, "misconfigured", message, asked=0, component="secrets", secrets=list(secrets))


def secret_reply(secret: str | None = None, binary: str | None = None) -> Reply:
    content = {"SecretString": secret} if secret is not None else {"SecretBinary": binary}
    return Reply(200, json.dumps({"ARN": "arn", "Name": "key", "VersionId": "1", **content}))


def aws_error(status: int, kind: str, message: str) -> Reply:
    return Reply(status, json.dumps({"__type": kind, "message": message}), {"x-amzn-ErrorType": kind})


def created(named: str, *upstream: Reply, **more: Any) -> Fault:
    fields: dict[str, Any] = {"left": 1, "left_because": CALLERS} | more
    return Fault(named, 201, upstream=list(upstream), **fields)


def trickle(head: bytes, piece: bytes) -> Any:
    """Send a head, and then the same piece ten times a second without end."""
    return itertools.chain([head], itertools.cycle([piece, 0.1]))


def gigabyte(head: bytes) -> Any:
    """Send a head and a gigabyte of body."""
    return itertools.chain([head], itertools.repeat(b"v" * 65536, 16384))
