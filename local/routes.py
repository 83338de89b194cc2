"""The routes of an HTTP API: which one a request takes.

Source: https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-routes.html
"""

import re
from collections.abc import Sequence
from typing import NamedTuple

from local.intrinsics import InvalidTemplate
from local.settings import RouteSettings

_KEY = re.compile(r"(?P<method>[A-Z]+) (?P<path>/\S*)")
_VARIABLE = re.compile(r"\{(\w+)(\+?)\}")


class Match(NamedTuple):
    """A route, and the values of the variables in its path."""

    route: RouteSettings
    path_params: dict[str, str]


class _Route(NamedTuple):
    settings: RouteSettings
    method: str
    path: str
    pattern: re.Pattern[str]

    @property
    def rank(self) -> tuple[int, int, int, int]:
        """The sort key: as on AWS, full paths before variables, variables before greedy ones, a method before ANY."""
        variables = _VARIABLE.findall(self.path)
        greedy = sum(1 for _, plus in variables if plus)
        return greedy, len(variables), -len(self.path), int(self.method == "ANY")


class Routes:
    """All routes of an API.

    Args:
        settings: the routes of the template.

    Raises:
        InvalidTemplate: a route key is not valid.
    """

    def __init__(self, settings: Sequence[RouteSettings]) -> None:
        default = [one for one in settings if one.key == "$default"]
        self._default = default[0] if default else None
        routes = [_parse(one) for one in settings if one.key != "$default"]
        self._routes = sorted(routes, key=lambda route: route.rank)

    @property
    def paths(self) -> list[str]:
        """The paths, as in the template; `/{proxy+}` for a default route, which matches every path."""
        paths = list(dict.fromkeys(route.path for route in self._routes))
        return [*paths, "/{proxy+}"] if self._default else paths

    def match(self, method: str, path: str) -> Match | None:
        """Find the route of a request.

        Args:
            method: of the request.
            path: of the request, decoded.

        Returns:
            The most specific route that matches, or None.
        """
        for route in self._routes:
            found = route.pattern.fullmatch(path)
            if found and route.method in (method, "ANY"):
                return Match(route.settings, found.groupdict())
        return Match(self._default, {}) if self._default else None


def _parse(settings: RouteSettings) -> _Route:
    key = _KEY.fullmatch(settings.key)
    if not key:
        raise InvalidTemplate(f"{settings.key} is no route key: METHOD /path, or $default")
    return _Route(settings, key["method"], key["path"], _pattern(key["path"]))


def _pattern(path: str) -> re.Pattern[str]:
    parts = _VARIABLE.split(path)  # text, name, plus, text, name, plus, ... text
    pattern = re.escape(parts[0])
    for name, plus, text in zip(parts[1::3], parts[2::3], parts[3::3], strict=True):
        pattern += f"(?P<{name}>{'.+' if plus else '[^/]+'}){re.escape(text)}"
    return re.compile(pattern)
