"""The door: what every response carries, who may ask from where, and how an error leaves."""

import secrets
import time
from typing import cast

from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from local.stand_in.errors import ApiError, MethodRefused, NotFound

ANY_ORIGIN = {"access-control-allow-origin": "*", "access-control-expose-headers": "Location"}


class Door:
    """Adds the headers of the real API, and answers preflight requests."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        began = time.monotonic()

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers.update(ANY_ORIGIN)
                headers["x-request-id"] = f"req_{secrets.token_hex(16)}"
                headers["openai-processing-ms"] = str(round(1000 * (time.monotonic() - began)))
                headers["openai-version"] = "2020-10-01"
            await send(message)

        app = _preflight(Headers(scope=scope)) if scope["method"] == "OPTIONS" else self._app
        await app(scope, receive, send_with_headers)


def _preflight(headers: Headers) -> Response:
    """Allow what is asked for: `*` does not cover `Authorization` (https://fetch.spec.whatwg.org/#cors-protocol)."""
    allowed = headers.get("access-control-request-headers", "")
    return Response(
        headers={
            "access-control-allow-methods": "GET, POST, OPTIONS",
            "access-control-allow-headers": allowed,
            "access-control-max-age": "600",
        }
    )


def refuse(request: Request, error: Exception) -> Response:
    """Turn an error into a response, once."""
    refused = error if isinstance(error, ApiError) else _named(request, cast(HTTPException, error))
    response = JSONResponse({"error": refused.members}, refused.status)
    if refused.code == "invalid_api_key":
        # A quirk of the real API, and a trap for who reads the body by its type.
        response.headers["content-type"] = "text/plain; charset=utf-8"
    return response


def _named(request: Request, error: HTTPException) -> ApiError:
    path = f"{request.method} {request.url.path}"
    if error.status_code == 404:
        return NotFound(f"Invalid URL ({path})")
    if error.status_code == 405:
        return MethodRefused(f"Not allowed to {path}. (HINT: Perhaps you meant to use a different HTTP method?)")
    return ApiError(error.detail)
