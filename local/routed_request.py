"""A request whose route is known, and what API Gateway reads from it for the event."""

import base64
import secrets
import time
from collections.abc import Iterable
from functools import cached_property
from typing import Any
from urllib.parse import parse_qsl

from starlette.requests import Request

from local.authorizer import Claims

TEXT_TYPES = ("application/json", "application/xml", "application/javascript")
"""The media types, in addition to text/*, whose bodies are passed on as text. All other bodies, and those without a
type, are encoded in base64.

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

MultiValue = dict[str, list[str]]


class RoutedRequest:
    """A request and the route that it matched.

    Args:
        request: the request.
        body: its body.
        route_key: as in the template: `POST /session`, `ANY /token`, `$default`.
        path_params: the values of the variables in the route's path.
        claims: the claims of the caller's token; None where the route has no authorizer.
    """

    def __init__(
        self,
        request: Request,
        body: bytes,
        route_key: str,
        path_params: dict[str, str],
        claims: Claims | None,
    ) -> None:
        self.request = request
        self.route_key = route_key
        self.path_params = path_params
        self.claims = claims
        self.request_id = request.state.request_id
        self.time = time.time()
        self._body = body

    @property
    def method(self) -> str:
        """E.g. `POST`."""
        return self.request.method

    @property
    def path(self) -> str:
        """The path, decoded."""
        return str(self.request.scope["path"])

    @property
    def host(self) -> str:
        """The host name that the client called, without the port."""
        return self.request.headers.get("host", "localhost").partition(":")[0]

    @property
    def protocol(self) -> str:
        """E.g. `HTTP/1.1`."""
        return f"HTTP/{self.request.scope['http_version']}"

    @property
    def source_ip(self) -> str:
        """The client's IP address."""
        return self.request.client.host if self.request.client else ""

    @property
    def user_agent(self) -> str:
        """The client's User-Agent header, or an empty string."""
        return self.request.headers.get("user-agent", "")

    @property
    def formatted_time(self) -> str:
        """When the request arrived, e.g. `22/Nov/2026:12:00:00 +0000`."""
        return time.strftime("%d/%b/%Y:%H:%M:%S +0000", time.gmtime(self.time))

    @cached_property
    def headers(self) -> MultiValue:
        """The values of each header by its name in lower case, including the headers that API Gateway adds."""
        raw = ((name.decode("latin-1").lower(), value.decode("latin-1")) for name, value in self.request.headers.raw)
        headers = _group((name, value) for name, value in raw if name not in _HOP_BY_HOP)
        headers["content-length"] = [str(len(self._body))]
        headers.setdefault("x-amzn-trace-id", [f"Root=1-{int(self.time):08x}-{secrets.token_hex(12)}"])
        headers["x-forwarded-for"] = [", ".join([*headers.get("x-forwarded-for", []), self.source_ip])]
        headers["x-forwarded-port"] = [str(self.request.scope["server"][1])]
        headers["x-forwarded-proto"] = [self.request.scope["scheme"]]
        return headers

    @property
    def query_string(self) -> str:
        """The query, still percent-encoded."""
        return str(self.request.scope["query_string"].decode("latin-1"))

    @property
    def query(self) -> MultiValue:
        """The values of each query parameter."""
        return _group(parse_qsl(self.query_string, keep_blank_values=True))

    @property
    def body(self) -> tuple[str | None, bool]:
        """The body, and whether it is encoded in base64."""
        if not self._body:
            return None, False
        media_type = self.request.headers.get("content-type", "").partition(";")[0].strip().lower()
        if media_type.startswith("text/") or media_type in TEXT_TYPES:
            return self._body.decode(errors="replace"), False
        return base64.b64encode(self._body).decode(), True

    @property
    def authorizer(self) -> dict[str, Any] | None:
        """The event's member `authorizer`: the claims as strings, and the scopes."""
        if self.claims is None:
            return None
        claims = {name: _claim_text(value) for name, value in self.claims.values.items()}
        return {"claims": claims, "scopes": list(self.claims.scopes) if self.claims.scopes else None}


def new_request_id() -> str:
    """Make a request id in the format of HTTP APIs, e.g. `JKJaXmPLvHcESHA=`."""
    return base64.urlsafe_b64encode(secrets.token_bytes(11)).decode()


def _group(pairs: Iterable[tuple[str, str]]) -> MultiValue:
    grouped: MultiValue = {}
    for name, value in pairs:
        grouped.setdefault(name, []).append(value)
    return grouped


def _claim_text(claim: Any) -> str:
    """Write a claim as API Gateway does: every claim is a string, a list is `[one two]`."""
    if isinstance(claim, bool):
        return str(claim).lower()
    if isinstance(claim, list):
        return f"[{' '.join(map(_claim_text, claim))}]"
    if isinstance(claim, dict):
        return f"map[{' '.join(f'{name}:{_claim_text(claim[name])}' for name in sorted(claim))}]"
    return str(claim)
