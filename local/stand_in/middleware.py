"""The headers that every response has, and CORS."""

import secrets
import time

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

ANY_ORIGIN = {"access-control-allow-origin": "*", "access-control-expose-headers": "Location"}


class HeadersMiddleware:
    """Adds the headers that the real API sends, and answers CORS preflights."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
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

        app = _preflight_response(Headers(scope=scope)) if scope["method"] == "OPTIONS" else self._app
        await app(scope, receive, send_with_headers)


def _preflight_response(headers: Headers) -> Response:
    """Allow the headers that were asked for: `*` would not include `Authorization`.

    Source: https://fetch.spec.whatwg.org/#cors-protocol
    """
    allowed = headers.get("access-control-request-headers", "")
    return Response(
        headers={
            "access-control-allow-methods": "GET, POST, OPTIONS",
            "access-control-allow-headers": allowed,
            "access-control-max-age": "600",
        }
    )
