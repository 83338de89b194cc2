"""The door: an event of API Gateway comes in, a response goes out, and every error becomes a status here, once."""

import json
from collections.abc import Callable
from typing import Any, Protocol, cast

from realtime.deadline import within
from realtime.errors import TABLE, RealtimeError
from realtime.event import Event, read, written
from realtime.request import Request, Response
from realtime.routes import Endpoint, Routes
from realtime.start import prepare
from realtime.telemetry import count, logger

ANSWER_SECONDS = 0.5
"""What is kept of the function's time, to answer in."""


class Context(Protocol):
    """What Lambda tells of an invocation."""

    def get_remaining_time_in_millis(self) -> int:
        """Tell how many milliseconds are left before the function is ended."""


Handler = Callable[[Event, Context], dict[str, Any]]


def door(*routes: tuple[str, str, Endpoint]) -> Handler:
    """Make a Lambda handler.

    Args:
        routes: method, path and endpoint of each route.

    Returns:
        A function of API Gateway's event (payload format 2.0 or 1.0) and Lambda's context, that returns the response
        as API Gateway takes it. It raises what the table of errors does not foresee, so that Lambda counts it.
    """
    table = Routes(routes)
    prepare()

    # POWERTOOLS_LOGGER_LOG_EVENT would put offers and bearer tokens into the log: here it has no say.
    @logger.inject_lambda_context(clear_state=True, log_event=False)
    def handler(event: Event, context: Context) -> dict[str, Any]:
        request = read(event)
        logger.set_correlation_id(request.id)
        with within(context.get_remaining_time_in_millis() / 1000 - ANSWER_SECONDS):
            response = _respond(table, request)
        _log(response.status)
        return written(response, request)

    return cast("Handler", handler)


def _respond(table: Routes, request: Request) -> Response:
    try:
        return table.answer(request)
    except RealtimeError as error:
        return _refusal(request, error)


def _refusal(request: Request, error: RealtimeError) -> Response:
    row = TABLE[type(error)]
    status, code = row.status or error.status, row.code or error.code
    kind = error.type or ("invalid_request_error" if status < 500 else "server_error")
    logger.append_keys(code=code, reason=error.message, cause=_cause(error))
    count("Errors", code=row.code or _known(code))
    body = {"message": error.message, "type": kind, "code": code, "param": error.param, "request_id": request.id}
    content = json.dumps({"error": body}, separators=(",", ":")).encode()
    return Response(status, content, "application/json", error.headers)


def _known(code: str | None) -> str:
    """Keep what the upstream may say one day from becoming a metric each: every dimension is billed."""
    return code if code in ("insufficient_quota", "rate_limit_exceeded", "model_not_found") else "upstream_refused"


def _cause(error: RealtimeError) -> str | None:
    """Say what lies behind an error, for the log alone: which permission is missing, which connection broke."""
    cause = error.__cause__
    return f"{type(cause).__name__}: {cause}" if cause else None


def _log(status: int) -> None:
    log = logger.error if status >= 500 else logger.info
    log("Answered", status=status)
