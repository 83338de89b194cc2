"""CORS as API Gateway implements it for HTTP APIs.

Source: https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-cors.html
"""

from collections.abc import Mapping

from starlette.datastructures import MutableHeaders

from local.settings import CorsSettings

PREFIX = "access-control-"


def is_preflight(method: str, headers: Mapping[str, str]) -> bool:
    """Tell whether a request is a CORS preflight."""
    return method == "OPTIONS" and "origin" in headers and "access-control-request-method" in headers


def preflight_headers(cors: CorsSettings, headers: Mapping[str, str]) -> dict[str, str]:
    """Make the headers of the response to a preflight.

    Args:
        cors: the configuration of the API.
        headers: the headers of the request.

    Returns:
        The headers of the response; none for an origin that is not allowed.
    """
    allowed = _origin_headers(cors, headers.get("origin"))
    if not allowed:
        return {}
    if cors.methods:
        allowed["access-control-allow-methods"] = ",".join(cors.methods)
    if cors.headers:
        allowed["access-control-allow-headers"] = ",".join(cors.headers)
    if cors.max_age is not None:
        allowed["access-control-max-age"] = str(cors.max_age)
    return allowed


def replace_headers(cors: CorsSettings, origin: str | None, headers: MutableHeaders) -> None:
    """Replace the CORS headers that a function has set by those of the API's configuration.

    Args:
        cors: the configuration of the API.
        origin: the request's origin, if it has one.
        headers: the headers of the response; changed in place.
    """
    for name in [name for name in headers if name.startswith(PREFIX)]:
        del headers[name]
    allowed = _origin_headers(cors, origin)
    if allowed and cors.exposed:
        allowed["access-control-expose-headers"] = ",".join(cors.exposed)
    headers.update(allowed)


def _origin_headers(cors: CorsSettings, origin: str | None) -> dict[str, str]:
    if origin is None:
        return {}
    if "*" in cors.origins:
        headers = {"access-control-allow-origin": "*"}
    elif any(_matches(pattern, origin) for pattern in cors.origins):
        headers = {"access-control-allow-origin": origin}
    else:
        return {}
    if cors.credentials:
        headers["access-control-allow-credentials"] = "true"
    return headers


def _matches(pattern: str, origin: str) -> bool:
    if pattern in ("http://*", "https://*"):
        return origin.startswith(pattern[:-1])
    return origin == pattern
