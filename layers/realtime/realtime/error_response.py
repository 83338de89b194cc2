"""How an error becomes a response: in one form for all, which docs/frontend.md describes."""

import json

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from realtime.errors import MethodNotAllowed, NotFound, RealtimeError, UpstreamQuotaExceeded, UpstreamResponded
from realtime.event import request_id
from realtime.telemetry import UPSTREAM_CODES, count, logger


async def respond_to_error(request: Request, error: RealtimeError) -> Response:
    """Turn an error into its response; log and count it.

    Args:
        request: the request that failed.
        error: why.

    Returns:
        The error's status, headers, and JSON of the contract.
    """
    logger.append_keys(code=error.code, reason=error.message, cause=_describe_cause(error))
    count("Errors", code=_metric_code(error))
    error_type = error.type or ("invalid_request_error" if error.status < 500 else "server_error")
    body = {"message": error.message, "type": error_type, "code": error.code, "param": error.param}
    body["request_id"] = request_id(request.scope["aws.event"])
    content = json.dumps({"error": body}, separators=(",", ":"))
    return Response(content, error.status, dict(error.headers), media_type="application/json")


async def respond_to_http_exception(request: Request, error: HTTPException) -> Response:
    """Answer Starlette's 404 and 405 in the contract's form.

    Args:
        request: the request.
        error: Starlette's.

    Returns:
        The response.
    """
    if error.status_code == 404:
        return await respond_to_error(request, NotFound("There is no such route."))
    headers = error.headers or {}
    return await respond_to_error(request, MethodNotAllowed(f"This route takes {headers['Allow']}.", headers=headers))


def _metric_code(error: RealtimeError) -> str:
    """Return the code, if it is one of few: the upstream may have any, and each value of a dimension is billed."""
    if isinstance(error, UpstreamQuotaExceeded):
        return "insufficient_quota"  # whichever of its codes the upstream gave: one alarm
    if not isinstance(error, UpstreamResponded):
        return str(error.code)
    return error.code if error.code in UPSTREAM_CODES else "upstream_refused"


def _describe_cause(error: RealtimeError) -> str | None:
    """Say what caused an error, for the log alone: which permission is missing, which connection broke."""
    cause = error.__cause__
    return f"{type(cause).__name__}: {cause}" if cause else None
