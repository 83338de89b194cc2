"""API Gateway's events, and the responses that it takes.

The template asks for payload format 2.0, which is read here. The other, 1.0, is Mangum's: with it comes asyncio, for
which nobody else would wait.
Source: https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
"""

import base64
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, unquote

from realtime.request import Request, Response

if TYPE_CHECKING:
    from mangum.handlers import APIGateway, HTTPGateway
    from mangum.types import LambdaConfig

Event = dict[str, Any]

CONFIG: "LambdaConfig" = {
    "api_gateway_base_path": "/",
    "text_mime_types": ["application/json", "application/sdp"],
    "exclude_headers": [],
}


class NotAnEvent(Exception):
    """Raised when a function is invoked with something that no HTTP API sends, such as the console's test event."""


def read(event: Event) -> Request:
    """Read an event.

    Args:
        event: API Gateway's event, payload format 2.0 or 1.0.

    Returns:
        The request that it tells of.

    Raises:
        NotAnEvent: no such request can be read out of it.
    """
    try:
        request = _read_2_0(event) if event.get("version") == "2.0" else _read_1_0(event)
        if all(isinstance(text, str) for text in (request.id, request.method, request.path)):
            return request
    except (AttributeError, KeyError, RuntimeError, TypeError, ValueError):
        pass
    raise NotAnEvent(
        "This is no event of an HTTP API, payload format 2.0 or 1.0: call the API, or take one of events/."
    )


def written(response: Response, request: Request) -> dict[str, Any]:
    """Write a response.

    Args:
        response: the response.
        request: what it answers.

    Returns:
        The response as API Gateway takes it.
    """
    headers = {"cache-control": "no-store", "x-request-id": request.id}
    if response.media_type:
        headers |= {"content-type": response.media_type, "content-length": str(len(response.body))}
    headers |= {name.lower(): value for name, value in response.headers.items()}
    if request.event.get("version") != "2.0":
        pairs = [[name.encode(), value.encode()] for name, value in headers.items()]
        return _mangum(request.event)({"status": response.status, "headers": pairs, "body": response.body})
    body = response.body.decode()  # both media types are text, and were made sure to be
    return {"statusCode": response.status, "headers": headers, "body": body, "isBase64Encoded": False}


def _read_2_0(event: Event) -> Request:
    http, body = event["requestContext"]["http"], event.get("body") or ""
    return Request(
        event=event,
        id=event["requestContext"]["requestId"],
        method=http["method"],
        path=unquote(http["path"]),
        # Not value.strip(): what is no text is no header.
        headers={name.lower(): str.strip(value) for name, value in (event.get("headers") or {}).items()},
        query=dict(parse_qsl(event.get("rawQueryString") or "", keep_blank_values=True)),
        body=base64.b64decode(body) if event.get("isBase64Encoded") else body.encode(),
    )


def _read_1_0(event: Event) -> Request:
    gateway = _mangum(event)
    scope = gateway.scope
    return Request(
        event=event,
        id=event["requestContext"]["requestId"],
        method=scope["method"],
        path=scope["path"],
        headers={name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]},
        query=dict(parse_qsl(scope["query_string"].decode("latin-1"), keep_blank_values=True)),
        body=gateway.body,
    )


def _mangum(event: Event) -> "HTTPGateway | APIGateway":
    """Have Mangum read the event, and write the answer; it runs nothing, for it would answer what is to be raised."""
    from mangum.handlers import APIGateway, HTTPGateway

    event = event | {name: _placeless(event[name]) for name in ("headers", "multiValueHeaders") if event.get(name)}
    kind = HTTPGateway if "version" in event else APIGateway
    return kind(event, None, CONFIG)  # type: ignore[arg-type]  # of Lambda's context it makes no use


def _placeless(headers: dict[str, Any]) -> dict[str, Any]:
    """Leave out where the client thinks that the server is: Mangum fails on a port that is none."""
    return {name: value for name, value in headers.items() if name.lower() not in ("host", "x-forwarded-port")}
