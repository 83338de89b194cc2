"""Parses JSON as strictly as the API does, by the TypedDicts of the openai package.

The package is imported when the first value is parsed, or by `import_types`: it takes longer than everything else that
the stand-in imports, and `make run` need not wait for it.
"""

import pkgutil
from collections.abc import Iterable
from functools import cached_property
from importlib import import_module
from threading import Lock
from typing import Any, cast, get_args, get_type_hints

from pydantic import ConfigDict, TypeAdapter, ValidationError
from pydantic_core import ErrorDetails

from local.stand_in.errors import ApiError
from local.stand_in.schema_error import to_api_error

Json = dict[str, Any]

_IMPORTING = Lock()
"""Its modules import each other in circles, of which two threads at once would see one that is not complete yet."""


def import_types() -> None:
    """Import the package's types, so that the first call need not wait for them."""
    with _IMPORTING:
        import_module("openai.types.live")
        import_module("openai.types.realtime")


def declared(name: str) -> Any:
    """Return what the package declares by a name, given as `module:name`."""
    with _IMPORTING:
        return pkgutil.resolve_name(name)


class Typed:
    """A strict parser of one type.

    Args:
        name: a TypedDict of the openai package, as `module:class`.
    """

    def __init__(self, name: str) -> None:
        self._name = name

    @cached_property
    def _adapter(self) -> TypeAdapter[list[Any]]:
        # In a list, since pydantic applies a config to the TypedDicts inside a type, not to the outermost itself.
        config = ConfigDict(extra="forbid", strict=True)
        return TypeAdapter(list[declared(self._name)], config=config)  # type: ignore[misc]

    def parse(self, value: object, at: str = "") -> Json:
        """Check a value.

        Args:
            value: the JSON.
            at: its path in the request, for the error.

        Returns:
            The same value.

        Raises:
            ApiError: a member is unknown, missing, or of a wrong type.
        """
        try:
            [validated] = self._adapter.validate_python([value])
        except ValidationError as error:
            raise to_api_error([_inside_list(found) for found in _details(error)], value, at) from None
        _read_through(validated, value, at)
        return cast(Json, value)


class ClientEvents:
    """A strict parser of the client events of one API.

    Args:
        union: the union of their types, as `module:name`.
        instead: types that the API accepts instead of those in the union that have the same `type`.
    """

    def __init__(self, union: str, *instead: str) -> None:
        self._union = union
        self._instead = instead

    @cached_property
    def _types(self) -> dict[str, Typed]:
        types = [*get_args(declared(self._union)), *map(declared, self._instead)]
        return {_type_of(one): Typed(f"{one.__module__}:{one.__qualname__}") for one in types}

    def parse(self, event: Json) -> Json:
        """Check a client event.

        Args:
            event: its JSON.

        Returns:
            The same event.

        Raises:
            ApiError: its type is missing or unknown, or a member is invalid.
        """
        if "type" not in event:
            raise ApiError("Missing required parameter: 'type'.", code="missing_required_parameter", param="type")
        kind = event["type"]
        if not isinstance(kind, str) or kind not in self._types:
            supported = ", ".join(f"'{name}'" for name in self._types)
            message = f"Invalid value: '{kind}'. Supported values are: {supported}."
            raise ApiError(message, code="invalid_value", param="type")
        return self._types[kind].parse(event)


def merged(old: Json, new: Json) -> Json:
    """Merge objects member by member, at any depth; a list or a plain value is replaced."""
    result = dict(old)
    for name, value in new.items():
        both = isinstance(value, dict) and isinstance(old.get(name), dict)
        result[name] = merged(old[name], value) if both else value
    return result


def member(value: Any, path: str) -> Any:
    """Return a member at any depth, as `audio.output.voice`; None if there is none."""
    for name in path.split("."):
        value = value.get(name) if isinstance(value, dict) else None
    return value


def _type_of(event: Any) -> str:
    [name] = get_args(get_type_hints(event)["type"])
    return str(name)


def _details(error: ValidationError) -> list[ErrorDetails]:
    return error.errors(include_url=False)


def _inside_list(error: ErrorDetails) -> ErrorDetails:
    return {**error, "loc": error["loc"][1:]}


def _read_through(validated: object, value: Any, at: str) -> None:
    """Read every iterator: pydantic validates what is declared as `Iterable` only while it is read."""
    if isinstance(validated, dict):
        for name, part in validated.items():
            _read_through(part, value[name], f"{at}.{name}".lstrip("."))
    elif isinstance(validated, Iterable) and not isinstance(validated, str):
        try:
            parts = list(validated)
        except ValidationError as error:
            raise to_api_error(_details(error), value, at) from None
        for n, part in enumerate(parts):
            _read_through(part, value[n], f"{at}[{n}]")
