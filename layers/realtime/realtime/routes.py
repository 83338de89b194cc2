"""Which endpoint a request is for."""

import re
from collections.abc import Callable, Coroutine, Iterable
from typing import Any
from urllib.parse import parse_qsl

from realtime.errors import MethodNotAllowed, NotFound
from realtime.request import Request, Response

Endpoint = Callable[[Request], Coroutine[Any, Any, Response]]


class Routes:
    """The routes of a function.

    Args:
        routes: method, path and endpoint of each; in the path, `{name}` stands for anything without a slash.
    """

    def __init__(self, routes: Iterable[tuple[str, str, Endpoint]]) -> None:
        self._routes = [(method, _pattern(path), endpoint) for method, path, endpoint in routes]

    def find(self, scope: Any, body: bytes) -> tuple[Endpoint, Request]:
        """Find the endpoint of a request.

        Args:
            scope: the request as ASGI has it; https://asgi.readthedocs.io/en/latest/specs/www.html#http-connection-scope
            body: its body.

        Returns:
            The endpoint, which refuses the request if it is for none; and what it is to be given.
        """
        matches = [
            (method, match, endpoint)
            for method, pattern, endpoint in self._routes
            if (match := pattern.fullmatch(scope["path"]))
        ]
        for method, match, endpoint in matches:
            if method == scope["method"]:
                return endpoint, _request(scope, body, match.groupdict())
        allowed = ", ".join(method for method, _, _ in matches)
        return _refusing(allowed), _request(scope, body, {})


def _pattern(path: str) -> re.Pattern[str]:
    return re.compile(re.sub(r"{(\w+)}", r"(?P<\1>[^/]+)", path))


def _request(scope: Any, body: bytes, path: dict[str, str]) -> Request:
    headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
    query = dict(parse_qsl(scope["query_string"].decode("latin-1"), keep_blank_values=True))
    return Request(scope["aws.event"], headers, query, path, body)


def _refusing(allowed: str) -> Endpoint:
    async def refuse(_: Request) -> Response:
        if allowed:
            raise MethodNotAllowed(f"This route takes {allowed}.", headers={"Allow": allowed})
        raise NotFound("There is no such route.")

    return refuse
