"""The responses of an HTTP API: those that API Gateway makes from a function's result, and its error responses.

Source: https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
"""

import base64
import binascii
import json
from typing import Any

from starlette.responses import Response

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
    return Response(body, media_type="application/json")


def _status(status: Any) -> int:
    if isinstance(status, bool) or not str(status).isdecimal() or not 200 <= int(status) <= 599:
        raise MalformedResponse(f"its statusCode is {status!r}")
    return int(status)


def _content(body: str, is_base64: Any) -> bytes:
    if not is_base64:
        return body.encode()
    try:
        return base64.b64decode(body, validate=True)
    except binascii.Error as broken:
        raise MalformedResponse("its body is not base64") from broken


def _headers(result: dict[str, Any], payload_format: str) -> list[tuple[str, str]]:
    headers = list((result.get("headers") or {}).items())
    if payload_format == "1.0":
        multi_value_headers = result.get("multiValueHeaders") or {}
        headers += [(name, value) for name, values in multi_value_headers.items() for value in values]
    headers += [("set-cookie", cookie) for cookie in result.get("cookies") or []]
    return [(name, _header_text(value)) for name, value in headers if name.lower() not in _SET_BY_SERVER]


def _header_text(value: Any) -> str:
    text = str(value).lower() if isinstance(value, bool) else str(value)
    if not text.isascii() or not (text.isprintable() or "\t" in text):
        raise MalformedResponse("a header of it cannot be sent")
    return text
