"""The responses of an HTTP API: those that API Gateway makes from a function's result, and its error responses.

Source: https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
"""

import base64
import json
import re
from typing import Any, TypeVar

from starlette.responses import Response

from local.intrinsics import to_text

MESSAGES = {
    401: "Unauthorized",
    403: "Forbidden",
    404: "Not Found",
    413: "Request Entity Too Large",
    500: "Internal Server Error",
    503: "Service Unavailable",
}
"""The message of API Gateway's error response, by status."""

_SET_BY_SERVER = {"connection", "content-length", "keep-alive", "transfer-encoding", "upgrade"}
"""Headers that the HTTP server sets itself, so that a function cannot."""

_HEADER_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
"""Source: https://datatracker.ietf.org/doc/html/rfc9110#name-tokens."""

_KINDS: dict[type, str] = {dict: "an object", list: "a list"}

Kind = TypeVar("Kind", dict[str, Any], list[Any])


class MalformedResponse(Exception):
    """Raised when a function's result is not a valid response; API Gateway answers 500."""


def gateway_error(status: int, headers: dict[str, str] | None = None) -> Response:
    """Make an error response of API Gateway itself.

    Args:
        status: one of MESSAGES.
        headers: headers of the response.
    """
    body = json.dumps({"message": MESSAGES[status]}, separators=(",", ":"))
    return Response(body, status, headers, "application/json")


def to_response(result: Any, payload_format: str) -> Response:
    """Turn a function's result into a response.

    Args:
        result: what the function returned, read from JSON.
        payload_format: `2.0` or `1.0`, as the integration says.

    Returns:
        The response.

    Raises:
        MalformedResponse: the result is not a valid response.
    """
    if not (isinstance(result, dict) and "statusCode" in result):
        return _inferred_response(result, payload_format)
    body = result.get("body")
    if not (body is None or isinstance(body, str)):
        raise MalformedResponse("its body is not a string")
    status, content = _status(result["statusCode"]), _content(body or "", result.get("isBase64Encoded"))
    response = Response(b"" if status in (204, 304) else content, status)
    for name, value in _headers(result, payload_format):
        response.headers.append(name, value)
    if response.body:
        # AWS does this where a result has a status but no content type. The documentation mentions
        # application/json only for results without a status.
        response.headers.setdefault("content-type", "text/plain; charset=utf-8")
    return response


def _inferred_response(result: Any, payload_format: str) -> Response:
    """Answer 200 with a result without a status as the body; format 1.0 does not allow that."""
    if payload_format == "1.0":
        raise MalformedResponse("it has no statusCode")
    body = result if isinstance(result, str) else json.dumps(result)
    return Response(_encoded(body), media_type="application/json")


def _status(status: Any) -> int:
    if isinstance(status, bool) or not str(status).isdecimal() or not 200 <= int(status) <= 599:
        raise MalformedResponse(f"its statusCode is {status!r}")
    return int(status)


def _content(body: str, is_base64: Any) -> bytes:
    if not is_base64:
        return _encoded(body)
    try:
        return base64.b64decode(body, validate=True)
    except ValueError as broken:
        raise MalformedResponse("its body is not base64") from broken


def _encoded(text: str) -> bytes:
    try:
        return text.encode()
    except UnicodeEncodeError as broken:  # JSON can have half of a surrogate pair, which is no character
        raise MalformedResponse("its body is not valid Unicode") from broken


def _headers(result: dict[str, Any], payload_format: str) -> list[tuple[str, str]]:
    headers = list(_checked(result.get("headers"), dict, "headers").items())
    if payload_format == "1.0":
        for name, values in _checked(result.get("multiValueHeaders"), dict, "multiValueHeaders").items():
            headers += [(name, value) for value in _checked(values, list, f"multiValueHeaders.{name}")]
    headers += [("set-cookie", cookie) for cookie in _checked(result.get("cookies"), list, "cookies")]
    return [_header(name, value) for name, value in headers if name.lower() not in _SET_BY_SERVER]


def _checked(value: Any, kind: type[Kind], name: str) -> Kind:
    """Return a value of this kind as it is, and an empty one for null."""
    if value is None:
        return kind()
    if not isinstance(value, kind):
        raise MalformedResponse(f"its {name} is not {_KINDS[kind]}")
    return value


def _header(name: str, value: Any) -> tuple[str, str]:
    text = to_text(value)
    if not _HEADER_NAME.fullmatch(name) or not text.isascii() or not text.replace("\t", " ").isprintable():
        raise MalformedResponse("a header of it cannot be sent")
    return name, text
