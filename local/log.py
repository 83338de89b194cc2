"""One line for each request: method, path, status, milliseconds, and what went wrong; never a query or a body."""

import json
import time
from collections.abc import Callable

from starlette.types import ASGIApp, Message, Receive, Scope, Send

Print = Callable[[str], None]


class RequestLog:
    """Says what an application answered.

    Args:
        app: the application.
        say: takes a line.
    """

    def __init__(self, app: ASGIApp, say: Print) -> None:
        self._app = app
        self._say = say

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let the application answer, and watch."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        began, status, body = time.perf_counter(), 0, b""

        async def watch(message: Message) -> None:
            nonlocal status, body
            status = message.get("status", status)
            if status >= 400:
                body += message.get("body", b"")
            if message["type"] == "http.response.body" and not message.get("more_body"):
                milliseconds = (time.perf_counter() - began) * 1000
                self._say(f"{scope['method']:<7} {_path(scope)}  {status}  {milliseconds:.0f} ms{_reason(body)}")
            await send(message)  # the line first, so that the lines are in the order of the answers

        await self._app(scope, receive, watch)


def _path(scope: Scope) -> str:
    """Give the path as it came, in percent encoding."""
    raw: bytes = scope["raw_path"]
    return raw.partition(b"?")[0].decode("ascii", "backslashreplace")


def _reason(body: bytes) -> str:
    try:
        said = json.loads(body)
    except ValueError:
        return ""
    if not isinstance(said, dict):
        return ""
    error = said.get("error")
    reason = f"{error.get('code')}: {error.get('message')}" if isinstance(error, dict) else str(said.get("message", ""))
    # The upstream's words may be in it: nobody writes control characters to the terminal.
    return "  " + "".join(character if character.isprintable() else " " for character in reason)
