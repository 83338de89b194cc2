"""CORS as API Gateway does it for HTTP APIs.

Source: https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-cors.html
"""

from collections.abc import Mapping

from starlette.datastructures import MutableHeaders

from local.settings import CorsSettings

PREFIX = "access-control-"


def is_preflight(method: str, headers: Mapping[str, str]) -> bool:
    """Tell whether a request is a browser's question about another one."""
    return method == "OPTIONS" and "origin" in headers and "access-control-request-method" in headers


def preflight_headers(cors: CorsSettings, headers: Mapping[str, str]) -> dict[str, str]:
    """Answer a preflight.

    Args:
        cors: the configuration of the API.
        headers: the headers of the request.

    Returns:
        The headers of the answer; none for an origin that is not allowed.
    """
    granted = _origin_headers(cors, headers.get("origin"))
    if not granted:
        return {}
    if cors.methods:
        granted["access-control-allow-methods"] = ",".join(cors.methods)
    if cors.headers:
        granted["access-control-allow-headers"] = ",".join(cors.headers)
    if cors.max_age is not None:
        granted["access-control-max-age"] = str(cors.max_age)
    return granted


def put_over(cors: CorsSettings, origin: str | None, headers: MutableHeaders) -> None:
    """Replace the CORS headers of a function's response by the API's own.

    Args:
        cors: the configuration of the API.
        origin: the request's origin, if it has one.
        headers: the headers of the response, which are changed.
    """
    for name in [name for name in headers if name.startswith(PREFIX)]:
        del headers[name]
    granted = _origin_headers(cors, origin)
    if granted and cors.exposed:
        granted["access-control-expose-headers"] = ",".join(cors.exposed)
    headers.update(granted)


def _origin_headers(cors: CorsSettings, origin: str | None) -> dict[str, str]:
    if origin is None:
        return {}
    if "*" in cors.origins:
        granted = {"access-control-allow-origin": "*"}
    elif any(_allows(allowed, origin) for allowed in cors.origins):
        granted = {"access-control-allow-origin": origin}
    else:
        return {}
    if cors.credentials:
        granted["access-control-allow-credentials"] = "true"
    return granted


def _allows(allowed: str, origin: str) -> bool:
    if allowed in ("http://*", "https://*"):
        return origin.startswith(allowed[:-1])
    return origin == allowed
