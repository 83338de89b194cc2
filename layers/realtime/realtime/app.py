"""The door: an event of API Gateway comes in, a response goes out, and every error becomes a status here, once."""

import asyncio
import json
from collections.abc import Callable, Coroutine
from typing import Any, cast

from mangum.handlers import APIGateway, HTTPGateway
from mangum.types import LambdaConfig, LambdaContext
from pydantic import ValidationError

from realtime.errors import TABLE, RealtimeError
from realtime.request import Request, Response
from realtime.routes import Endpoint, Routes
from realtime.start import prepare
from realtime.telemetry import count, logger

Event = dict[str, Any]
Handler = Callable[[Event, LambdaContext], dict[str, Any]]
Gateway = HTTPGateway | APIGateway
"""How Mangum reads an event and writes the answer, by payload format."""


class NotAnEvent(Exception):
    """Raised when a function is invoked with something that no HTTP API sends, such as the console's test event."""


LOOP = asyncio.new_event_loop()
"""One event loop for the life of the process: the connection to the upstream lives in it."""

asyncio.set_event_loop(LOOP)

CONFIG: LambdaConfig = {
    "api_gateway_base_path": "/",
    "text_mime_types": ["application/json", "application/sdp"],
    "exclude_headers": [],
}


def door(*routes: tuple[str, str, Endpoint]) -> Handler:
    """Make a Lambda handler.

    Mangum translates, and runs nothing: its ASGI cycle would answer what is to be raised.

    Args:
        routes: method, path and endpoint of each route.

    Returns:
        A function of API Gateway's event (payload format 2.0 or 1.0) and Lambda's context, that returns the response
        as API Gateway takes it. It raises what the table of errors does not foresee, so that Lambda counts it.
    """
    table = Routes(routes)
    prepare(LOOP)

    # POWERTOOLS_LOGGER_LOG_EVENT would put offers and bearer tokens into the log: here it has no say.
    @logger.inject_lambda_context(correlation_id_path="requestContext.requestId", clear_state=True, log_event=False)
    def handler(event: Event, context: LambdaContext) -> dict[str, Any]:
        gateway, endpoint, request = _read(event, context, table)
        response = LOOP.run_until_complete(_respond(endpoint, request))
        _log(response.status)
        return _written(gateway, response, _request_id(event))

    return cast("Handler", handler)


def _read(event: Event, context: LambdaContext, table: Routes) -> tuple[Gateway, Endpoint, Request]:
    """Make sure that the event can be read, and its answer be written, before anything is done that costs money."""
    try:
        event = event | {name: _placeless(event[name]) for name in ("headers", "multiValueHeaders") if event.get(name)}
        kind = HTTPGateway if HTTPGateway.infer(event, context, CONFIG) else APIGateway
        gateway = kind(event, context, CONFIG)
        _request_id(event)
        endpoint, request = table.find(gateway.scope, gateway.body)
    except (AttributeError, KeyError, RuntimeError, TypeError, ValueError):
        raise NotAnEvent(
            "This is no event of an HTTP API, payload format 2.0 or 1.0: call the API, or take one of events/."
        ) from None
    return gateway, endpoint, request


def _placeless(headers: dict[str, Any]) -> dict[str, Any]:
    """Leave out where the client thinks that the server is: Mangum fails on a port that is none."""
    return {name: value for name, value in headers.items() if name.lower() not in ("host", "x-forwarded-port")}


async def _respond(endpoint: Callable[[Request], Coroutine[Any, Any, Response]], request: Request) -> Response:
    try:
        return await endpoint(request)
    except RealtimeError as error:
        return _refusal(request, error)


def _refusal(request: Request, error: RealtimeError) -> Response:
    row = TABLE[type(error)]
    status, code = row.status or error.status, row.code or error.code
    kind = error.type or ("invalid_request_error" if status < 500 else "server_error")
    logger.append_keys(code=code, reason=error.message, cause=_cause(error))
    count("Errors", code=row.code or _known(code))
    body = {"message": error.message, "type": kind, "code": code, "param": error.param}
    body["request_id"] = _request_id(request.event)
    content = json.dumps({"error": body}, ensure_ascii=False, separators=(",", ":"))
    return Response(status, content.encode(), "application/json", error.headers)


def _written(gateway: Gateway, response: Response, request_id: str) -> dict[str, Any]:
    headers = {"cache-control": "no-store", "x-request-id": request_id}
    if response.media_type:
        headers |= {"content-type": response.media_type, "content-length": str(len(response.body))}
    headers |= {name.lower(): value for name, value in response.headers.items()}
    pairs = [[name.encode(), value.encode()] for name, value in headers.items()]
    return gateway({"status": response.status, "headers": pairs, "body": response.body})


def _known(code: str | None) -> str:
    """Keep what the upstream may say one day from becoming a metric each: every dimension is billed."""
    return code if code in ("insufficient_quota", "rate_limit_exceeded", "model_not_found") else "upstream_refused"


def _cause(error: RealtimeError) -> str | None:
    """Say what lies behind an error, for the log alone: which permission is missing, which connection broke."""
    cause = error.__cause__
    # pydantic shows what it was given, and that is nobody's business.
    return f"{type(cause).__name__}: {cause}" if cause and not isinstance(cause, ValidationError) else None


def _log(status: int) -> None:
    log = logger.error if status >= 500 else logger.info
    log("Answered", status=status)


def _request_id(event: Event) -> str:
    return str(event["requestContext"]["requestId"])
