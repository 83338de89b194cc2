"""A request and its response, without what is API Gateway's own."""

from collections.abc import Mapping
from typing import Any, NamedTuple


class Request(NamedTuple):
    """What a client asks for."""

    event: dict[str, Any]
    """API Gateway's event, payload format 2.0 or 1.0."""
    id: str
    method: str
    path: str
    headers: Mapping[str, str]
    """By name, in lower case."""
    query: Mapping[str, str]
    body: bytes
    places: Mapping[str, str] = {}
    """What stands in the places that the route's path names."""


class Response(NamedTuple):
    """What it is answered."""

    status: int
    body: bytes = b""
    media_type: str = ""
    headers: Mapping[str, str] = {}
