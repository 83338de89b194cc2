"""Parses JSON as strictly as the API does, by the TypedDicts of the openai package."""

from typing import Any, cast

from pydantic import ConfigDict, TypeAdapter, ValidationError

from local.stand_in.parameters import to_api_error


class Typed:
    """A strict parser of one type.

    Args:
        declared: a TypedDict of the openai package, or a union of some.
    """

    def __init__(self, declared: Any) -> None:
        # In a list, since pydantic applies a config to the TypedDicts inside a type, not to the outermost itself.
        config = ConfigDict(extra="forbid", strict=True)
        self._adapter: TypeAdapter[list[Any]] = TypeAdapter(list[declared], config=config)

    def parse(self, value: object, at: str = "") -> dict[str, Any]:
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
            _read_through(self._adapter.validate_python([value]))
        except ValidationError as error:
            found = error.errors(include_url=False)[0]
            raise to_api_error({**found, "loc": found["loc"][1:]}, value, at) from None
        return cast(dict[str, Any], value)


def _read_through(value: object) -> None:
    """Read every iterator: pydantic validates what is declared as `Iterable` only while it is read."""
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, str | int | float | None):
        return
    for part in cast(list[object], value):
        _read_through(part)


def merged(old: dict[str, Any], new: dict[str, Any]) -> dict[str, Any]:
    """Merge objects member by member, at any depth; a list or a plain value is replaced."""
    result = dict(old)
    for name, value in new.items():
        both = isinstance(value, dict) and isinstance(old.get(name), dict)
        result[name] = merged(old[name], value) if both else value
    return result
