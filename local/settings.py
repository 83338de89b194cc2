"""The settings of an HTTP API and its functions, as resolved from a template."""

from pathlib import Path
from typing import NamedTuple


class FunctionSettings(NamedTuple):
    """A Lambda function."""

    name: str
    arn: str
    code: Path
    layers: tuple[Path, ...]
    handler: str
    runtime: str
    timeout: float
    """Seconds."""
    memory: int
    """Mebibytes."""
    environment: dict[str, str]


class JwtSettings(NamedTuple):
    """A JWT authorizer."""

    header: str
    """The name of the request header with the token, in lower case."""
    issuer: str
    audience: tuple[str, ...]


class CorsSettings(NamedTuple):
    """The CORS configuration of an HTTP API."""

    origins: tuple[str, ...]
    methods: tuple[str, ...]
    headers: tuple[str, ...]
    exposed: tuple[str, ...]
    max_age: int | None
    credentials: bool


class RouteSettings(NamedTuple):
    """A route of an HTTP API and its integration."""

    key: str
    function: FunctionSettings
    payload_format: str
    timeout: float
    """Seconds for which API Gateway waits for the integration."""
    authorizer: JwtSettings | None
    scopes: tuple[str, ...]
