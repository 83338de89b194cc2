"""The request log: a line with method, path, status, milliseconds and an error's message; never a query or a body."""

import json
import time
from collections.abc import Callable

from starlette.types import ASGIApp, Message, Receive, Scope, Send

Log = Callable[[str], None]


class RequestLog:
    """ASGI middleware that logs each response.

    Args:
        app: the application.
        log: called with each line.
    """

    def __init__(self, app: ASGIApp, log: Log) -> None:
        self._app = app
        self._log = log

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Call the application, and log its response when it is complete."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        began, status, body = time.perf_counter(), 0, b""

        async def log_and_send(message: Message) -> None:
            nonlocal status, body
            status = message.get("status", status)
            if status >= 400:
                body += message.get("body", b"")
            if message["type"] == "http.response.body" and not message.get("more_body"):
                milliseconds = (time.perf_counter() - began) * 1000
                self._log(f"{scope['method']:<7} {_path(scope)}  {status}  {milliseconds:.0f} ms{_reason(body)}")
            await send(message)  # after the line, so that the lines are in the order of the responses

        await self._app(scope, receive, log_and_send)


def _path(scope: Scope) -> str:
    """Return the path as the client sent it, percent-encoded."""
    raw: bytes = scope["raw_path"]
    return raw.partition(b"?")[0].decode("ascii", "backslashreplace")


def _reason(body: bytes) -> str:
    try:
        content = json.loads(body)
    except ValueError:
        return ""
    if not isinstance(content, dict):
        return ""
    error = content.get("error")
    if isinstance(error, dict):
        reason = f"{error.get('code')}: {error.get('message')}"
    else:
        reason = str(content.get("message", ""))
    # The message may come from the upstream, so control characters do not reach the terminal.
    return "  " + "".join(character if character.isprintable() else " " for character in reason)
