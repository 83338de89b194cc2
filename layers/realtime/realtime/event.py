"""Which events the functions accept: those of an HTTP API, payload format 2.0 or 1.0.

Mangum reads the event. It fails, or guesses, where an event comes from something else; this refuses such an event with
one clear error before any code of ours runs.
Source: https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
"""

from typing import TYPE_CHECKING, Any

from mangum.handlers import APIGateway, HTTPGateway

if TYPE_CHECKING:
    from mangum.types import LambdaConfig

Event = dict[str, Any]

TEXT_MIME_TYPES = ["application/json", "application/sdp"]
"""All media types of our responses; Mangum returns any other in base64."""

_CONFIG: "LambdaConfig" = {"api_gateway_base_path": "/", "text_mime_types": TEXT_MIME_TYPES, "exclude_headers": []}


class UnsupportedEvent(Exception):
    """Raised when a function is invoked with an event of another kind, such as the console's test event."""


def check_event(event: Event) -> Event:
    """Make sure that Mangum can read an event.

    Args:
        event: what Lambda passed to the handler.

    Returns:
        The event without the headers that name the server: Mangum fails on a port that is not a number.

    Raises:
        UnsupportedEvent: it is not an event of an HTTP API.
    """
    try:
        event = event | {name: _without_server(event[name]) for name in _HEADERS if event.get(name)}
        gateway = (HTTPGateway if "version" in event else APIGateway)(event, None, _CONFIG)  # type: ignore[arg-type]
        scope, _ = gateway.scope, gateway.body
        texts = (event["requestContext"]["requestId"], scope["method"], scope["path"])
        if "elb" not in event["requestContext"] and all(isinstance(text, str) and text.encode() for text in texts):
            return event
    except (AttributeError, KeyError, TypeError, ValueError):
        pass
    raise UnsupportedEvent(
        "This is no event of an HTTP API, payload format 2.0 or 1.0: call the API, or use one of events/."
    )


_HEADERS = ("headers", "multiValueHeaders")


def _without_server(headers: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in headers.items() if name.lower() not in ("host", "x-forwarded-port")}
