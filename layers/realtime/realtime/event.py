"""Which events the functions accept: those of an HTTP API, payload format 2.0 or 1.0.

Mangum also accepts events of other sources, such as load balancers, and fails on some. Here they are refused with one
clear error before the app runs.
Source: https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
"""

import re
from typing import TYPE_CHECKING, Any

from mangum import Mangum
from mangum.handlers import APIGateway, HTTPGateway

if TYPE_CHECKING:
    from mangum.types import LambdaContext, LambdaEvent, LambdaHandler

TEXT_MIME_TYPES = ["application/json", "application/sdp"]
"""All media types of our responses; Mangum returns any other in base64."""


class UnsupportedEvent(Exception):
    """Raised when a function is invoked with an event of another kind, such as the console's test event."""


class HttpApiAdapter(Mangum):
    """Mangum for the events of an HTTP API alone."""

    def infer(self, event: "LambdaEvent", context: "LambdaContext") -> "LambdaHandler":
        """Find out what an event is, and make sure that it can be read.

        Args:
            event: what Lambda passed to the function.
            context: Lambda's context.

        Returns:
            Mangum's handler for this event.

        Raises:
            UnsupportedEvent: it is not an event of an HTTP API.
        """
        try:
            handler = super().infer(_without_server(event), context)
            if isinstance(handler, HTTPGateway | APIGateway) and _is_complete(handler):
                return handler
        except (AttributeError, KeyError, RuntimeError, TypeError, ValueError):
            pass
        raise UnsupportedEvent(
            "This is not an event of an HTTP API, payload format 2.0 or 1.0: call the API, or use one of events/."
        )


def _is_complete(handler: HTTPGateway | APIGateway) -> bool:
    scope, _ = handler.scope, handler.body  # parsed when they are read; a malformed event raises
    root_path(handler.event, scope["path"])
    texts = (handler.event["requestContext"]["requestId"], scope["method"], scope["path"])
    return all(isinstance(text, str) and text.encode() for text in texts)


def _without_server(event: "LambdaEvent") -> "LambdaEvent":
    """Leave out the headers that name the server: Mangum fails on a port that is not a number."""
    return event | {name: _without_host(event[name]) for name in ("headers", "multiValueHeaders") if event.get(name)}


def _without_host(headers: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in headers.items() if name.lower() not in ("host", "x-forwarded-port")}


def root_path(event: dict[str, Any], path: str) -> str:
    """Return what stands before the route in a path, such as the path of an API mapping.

    Args:
        event: API Gateway's event; its route key is the route as the API has it, such as `POST /session`.
        path: the path as the client sent it.
    """
    route = event.get("routeKey", "").partition(" ")[2] or event.get("resource", "")
    pattern = re.sub(r"\\{\w+\\}", "[^/]+", re.escape(route))
    match = re.search(f"{pattern}$", path) if route.startswith("/") else None
    return path[: match.start()] if match else ""


def request_id(event: dict[str, Any]) -> str:
    """Return the id that API Gateway has given a request.

    Args:
        event: API Gateway's event.
    """
    return str(event["requestContext"]["requestId"])
