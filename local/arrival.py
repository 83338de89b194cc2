"""A request that has found its route, and what API Gateway reads out of it."""

import base64
import secrets
import time
from collections.abc import Iterable
from functools import cached_property
from typing import Any
from urllib.parse import parse_qsl

from starlette.requests import Request

from local.authorizer import Granted

TEXT_TYPES = ("application/json", "application/xml", "application/javascript")
"""With text/*, the media types that arrive as text; all others arrive in base64, as does a body without a type.

Measured on AWS: https://github.com/ministackorg/ministack/pull/766
"""

_HOP_BY_HOP = {
    "connection",
    "expect",
    "keep-alive",
    "proxy-connection",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
}

Several = dict[str, list[str]]


class Arrival:
    """A request at its route.

    Args:
        request: the request.
        body: its body.
        route_key: as the template has it: `POST /session`, `ANY /token`, `$default`.
        path_parameters: what the variables of the route's path stand for.
        granted: what the authorizer found; None where the route has none.
    """

    def __init__(
        self,
        request: Request,
        body: bytes,
        route_key: str,
        path_parameters: dict[str, str],
        granted: Granted | None,
    ) -> None:
        self.request = request
        self.route_key = route_key
        self.path_parameters = path_parameters
        self.granted = granted
        self.request_id = request.state.request_id
        self.time = time.time()
        self._body = body

    @property
    def path(self) -> str:
        """The path, decoded."""
        return str(self.request.scope["path"])

    @property
    def host(self) -> str:
        """The name under which the API was called."""
        return self.request.headers.get("host", "localhost").partition(":")[0]

    @property
    def protocol(self) -> str:
        """E.g. `HTTP/1.1`."""
        return f"HTTP/{self.request.scope['http_version']}"

    @property
    def source_ip(self) -> str:
        """Where the request came from."""
        return self.request.client.host if self.request.client else ""

    @property
    def user_agent(self) -> str:
        """What the client calls itself."""
        return self.request.headers.get("user-agent", "")

    @property
    def clock(self) -> str:
        """When it arrived, e.g. `22/Nov/2026:12:00:00 +0000`."""
        return time.strftime("%d/%b/%Y:%H:%M:%S +0000", time.gmtime(self.time))

    @cached_property
    def headers(self) -> Several:
        """The values of each header, names in lower case, API Gateway's own among them."""
        raw = ((name.decode("latin-1").lower(), value.decode("latin-1")) for name, value in self.request.headers.raw)
        headers = _grouped((name, value) for name, value in raw if name not in _HOP_BY_HOP)
        headers["content-length"] = [str(len(self._body))]
        headers.setdefault("x-amzn-trace-id", [f"Root=1-{int(self.time):08x}-{secrets.token_hex(12)}"])
        headers["x-forwarded-for"] = [", ".join([*headers.get("x-forwarded-for", []), self.source_ip])]
        headers["x-forwarded-port"] = [str(self.request.scope["server"][1])]
        headers["x-forwarded-proto"] = [self.request.scope["scheme"]]
        return headers

    @property
    def query_string(self) -> str:
        """The query, as it came."""
        return str(self.request.scope["query_string"].decode("latin-1"))

    @property
    def query(self) -> Several:
        """The values of each parameter of the query."""
        return _grouped(parse_qsl(self.query_string, keep_blank_values=True))

    @property
    def body(self) -> tuple[str | None, bool]:
        """The body, and whether it is in base64."""
        if not self._body:
            return None, False
        media_type = self.request.headers.get("content-type", "").partition(";")[0].strip().lower()
        if media_type.startswith("text/") or media_type in TEXT_TYPES:
            return self._body.decode(errors="replace"), False
        return base64.b64encode(self._body).decode(), True

    @property
    def authorizer(self) -> dict[str, Any] | None:
        """The claims, all of them strings, and the scopes."""
        if self.granted is None:
            return None
        claims = {name: _spelt(value) for name, value in self.granted.claims.items()}
        return {"claims": claims, "scopes": list(self.granted.scopes) if self.granted.scopes else None}


def new_request_id() -> str:
    """Make an id such as `JKJaXmPLvHcESHA=`, which is the form of those of HTTP APIs."""
    return base64.urlsafe_b64encode(secrets.token_bytes(11)).decode()


def _grouped(pairs: Iterable[tuple[str, str]]) -> Several:
    grouped: Several = {}
    for name, value in pairs:
        grouped.setdefault(name, []).append(value)
    return grouped


def _spelt(claim: Any) -> str:
    """Write a claim as API Gateway hands it over: everything is a string, a list is `[one two]`."""
    if isinstance(claim, bool):
        return str(claim).lower()
    if isinstance(claim, list):
        return f"[{' '.join(map(_spelt, claim))}]"
    if isinstance(claim, dict):
        return f"map[{' '.join(f'{name}:{_spelt(claim[name])}' for name in sorted(claim))}]"
    return str(claim)
