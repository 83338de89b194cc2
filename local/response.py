"""What API Gateway makes of what a Lambda function returns.

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
"""API Gateway's own words."""

_OURS = {"connection", "content-length", "keep-alive", "transfer-encoding", "upgrade"}
"""Headers that the server says by itself."""


class MalformedResponse(Exception):
    """Raised when a function returns what is no response; API Gateway says 500."""


def own(status: int, headers: dict[str, str] | None = None) -> Response:
    """Say something in API Gateway's own words.

    Args:
        status: one of MESSAGES.
        headers: headers of the response.
    """
    body = json.dumps({"message": MESSAGES[status]}, separators=(",", ":"))
    return Response(body, status, headers, "application/json")


def response_of(result: Any, payload_format: str) -> Response:
    """Turn what a function returned into a response.

    Args:
        result: JSON.
        payload_format: `2.0` or `1.0`, as the integration says.

    Returns:
        The response.

    Raises:
        MalformedResponse: it is none.
    """
    if not (isinstance(result, dict) and "statusCode" in result):
        return _inferred(result, payload_format)
    body = result.get("body")
    if not (body is None or isinstance(body, str)):
        raise MalformedResponse("its body is not a string")
    status, content = _status(result["statusCode"]), _content(body or "", result.get("isBase64Encoded"))
    response = Response(b"" if status in (204, 304) else content, status)
    for name, value in _headers(result, payload_format):
        response.headers.append(name, value)
    if response.body:
        # Seen on AWS where a function names a status, but no type; the documentation has application/json
        # for results without a status only.
        response.headers.setdefault("content-type", "text/plain; charset=utf-8")
    return response


def _inferred(result: Any, payload_format: str) -> Response:
    """Take a result without a status for the body of a 200; format 1.0 does not know that."""
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
        several = result.get("multiValueHeaders") or {}
        headers += [(name, value) for name, values in several.items() for value in values]
    headers += [("set-cookie", cookie) for cookie in result.get("cookies") or []]
    return [(name, _header(value)) for name, value in headers if name.lower() not in _OURS]


def _header(value: Any) -> str:
    text = str(value).lower() if isinstance(value, bool) else str(value)
    if not text.isascii() or not (text.isprintable() or "\t" in text):
        raise MalformedResponse("a header of it cannot be sent")
    return text
