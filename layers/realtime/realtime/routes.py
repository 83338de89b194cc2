"""Which endpoint a request is for."""

import re
from collections.abc import Callable, Iterable

from realtime.errors import MethodNotAllowed, NotFound
from realtime.request import Request, Response

Endpoint = Callable[[Request], Response]


class Routes:
    """The routes of a function.

    Args:
        routes: method, path and endpoint of each; in the path, `{name}` stands for anything without a slash.
    """

    def __init__(self, routes: Iterable[tuple[str, str, Endpoint]]) -> None:
        self._routes = [(method, _pattern(path), endpoint) for method, path, endpoint in routes]

    def answer(self, request: Request) -> Response:
        """Have a request answered by the endpoint that it is for.

        Args:
            request: the request.

        Returns:
            The endpoint's response.

        Raises:
            NotFound: there is no such path.
            MethodNotAllowed: the path has no such method.
            RealtimeError: as the endpoint does.
        """
        allowed = []
        for method, pattern, endpoint in self._routes:
            if match := pattern.fullmatch(request.path):
                if method == request.method:
                    return endpoint(request._replace(places=match.groupdict()))
                allowed.append(method)
        if not allowed:
            raise NotFound("There is no such route.")
        methods = ", ".join(allowed)
        raise MethodNotAllowed(f"This route takes {methods}.", headers={"Allow": methods})


def _pattern(path: str) -> re.Pattern[str]:
    return re.compile(re.sub(r"{(\w+)}", r"(?P<\1>[^/]+)", path))
