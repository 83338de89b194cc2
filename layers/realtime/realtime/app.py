"""The door: an event of API Gateway comes in, a response goes out, and every error becomes a status here, once."""

import asyncio
import logging
from collections.abc import Callable, Coroutine
from typing import Any, cast

from mangum import Mangum
from mangum.types import LambdaContext
from pydantic import ValidationError
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from realtime.errors import TABLE, MethodNotAllowed, NotFound, RealtimeError
from realtime.telemetry import count, logger

Event = dict[str, Any]
Endpoint = Callable[[Request], Coroutine[Any, Any, Response]]
Handler = Callable[[Event, LambdaContext], dict[str, Any]]

LOOP = asyncio.new_event_loop()
"""One event loop for the life of the process: the connection to the upstream lives in it."""

asyncio.set_event_loop(LOOP)

# Mangum logs what it swallows; `_Unexpected` lets it out again, and the runtime logs that.
logging.getLogger("mangum").setLevel(logging.CRITICAL)


def door(*routes: tuple[str, str, Endpoint]) -> Handler:
    """Make a Lambda handler.

    Args:
        routes: method, path and endpoint of each route.

    Returns:
        A function of API Gateway's event (payload format 2.0 or 1.0) and Lambda's context, that returns the response
        as API Gateway takes it. It raises what the table of errors does not foresee, so that Lambda counts it.
    """
    unexpected = _Unexpected()
    handlers = {RealtimeError: _refuse, HTTPException: _refuse_route, Exception: unexpected.keep}
    app = Starlette(
        routes=[_route(*route) for route in routes],
        exception_handlers=cast("Any", handlers),
    )
    app.router.redirect_slashes = False
    gateway = Mangum(app, lifespan="off", text_mime_types=["application/json", "application/sdp"])

    @logger.inject_lambda_context(correlation_id_path="requestContext.requestId", clear_state=True)
    def handler(event: Event, context: LambdaContext) -> dict[str, Any]:
        response = gateway(event, context)
        unexpected.let_out()
        response["headers"]["x-request-id"] = _request_id(event)
        response["headers"].setdefault("cache-control", "no-store")
        _log(response["statusCode"])
        return response

    return cast("Handler", handler)


class _Unexpected:
    """Carries an exception past Mangum, which would turn it into an answer."""

    def __init__(self) -> None:
        self._kept: Exception | None = None

    async def keep(self, _: Request, exception: Exception) -> Response:
        self._kept = exception
        return Response(status_code=500)

    def let_out(self) -> None:
        if self._kept:
            kept, self._kept = self._kept, None
            raise kept


def _route(method: str, path: str, endpoint: Endpoint) -> Route:
    route = Route(path, endpoint)
    route.methods = {method}  # Starlette would add HEAD to GET: a HEAD of /token would mint a key for nobody
    return route


async def _refuse(request: Request, error: RealtimeError) -> JSONResponse:
    row = TABLE[type(error)]
    status, code = row.status or error.status, row.code or error.code
    kind = error.type or ("invalid_request_error" if status < 500 else "server_error")
    logger.append_keys(code=code, reason=error.message, cause=_cause(error))
    count("Errors", code=row.code or _known(code))
    body = {"message": error.message, "type": kind, "code": code, "param": error.param}
    body["request_id"] = _request_id(request.scope["aws.event"])
    return JSONResponse({"error": body}, status, error.headers)


async def _refuse_route(request: Request, error: HTTPException) -> JSONResponse:
    if error.status_code == 405:
        allowed = error.headers or {}
        return await _refuse(request, MethodNotAllowed(f"This route takes {allowed['Allow']}.", headers=allowed))
    return await _refuse(request, NotFound("There is no such route."))


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
