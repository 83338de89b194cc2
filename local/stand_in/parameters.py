"""Parses parameters as strictly as the API does, with errors that name the invalid one by its path."""

from collections.abc import Callable
from typing import Any, TypeVar

from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError
from pydantic_core import ErrorDetails

from local.stand_in.errors import ApiError

T = TypeVar("T")


class Parameters(BaseModel):
    """An object in a request: exactly the declared members, without type coercion."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


def parse(adapter: TypeAdapter[T], value: object, at: str = "") -> T:
    """Parse parameters.

    Args:
        adapter: their type.
        value: the JSON of the request.
        at: the path of `value` in the request, for the error.

    Returns:
        The parameters, with defaults filled in.

    Raises:
        ApiError: a parameter is invalid; the error is the API's for the first invalid one.
    """
    try:
        return adapter.validate_python(value)
    except ValidationError as error:
        raise to_api_error(error.errors(include_url=False)[0], value, at) from None


def to_api_error(error: ErrorDetails, value: object, at: str) -> ApiError:
    """Turn the first error of pydantic into the API's.

    Args:
        error: pydantic's.
        value: what was parsed.
        at: the path of `value` in the request.

    Returns:
        The error, with the path of the invalid parameter.
    """
    param = _path(error["loc"], value, at)
    for types, make_error in _ERRORS:
        if error["type"] in types:
            return make_error(error, param)
    return ApiError(f"Invalid value for '{param}': {error['msg']}.", code="invalid_value", param=param)


def _unknown(error: ErrorDetails, param: str) -> ApiError:
    return ApiError(f"Unknown parameter: '{param}'.", code="unknown_parameter", param=param)


def _missing(error: ErrorDetails, param: str) -> ApiError:
    if error["type"] == "union_tag_not_found":
        param = f"{param}.{_tag(error)}".lstrip(".")
    return ApiError(f"Missing required parameter: '{param}'.", code="missing_required_parameter", param=param)


def _unsupported(error: ErrorDetails, param: str) -> ApiError:
    given = error["input"]
    if error["type"] == "union_tag_invalid":
        param, given = f"{param}.{_tag(error)}".lstrip("."), error["ctx"]["tag"]
    supported = error["ctx"].get("expected_tags") or error["ctx"]["expected"]
    message = f"Invalid value: '{given}'. Supported values are: {supported}."
    return ApiError(message, code="invalid_value", param=param)


def _wrong_type(error: ErrorDetails, param: str) -> ApiError:
    given = _JSON_NAMES.get(type(error["input"]), "something else")
    message = f"Invalid type for '{param}': {error['msg'].removeprefix('Input ')}, but got {given} instead."
    return ApiError(message, code="invalid_type", param=param)


def _out_of_range(error: ErrorDetails, param: str) -> ApiError:
    (sign, limit), side = _limit(error), "above" if error["type"].startswith("less") else "below"
    bound = "maximum" if side == "above" else "minimum"
    number = "decimal" if isinstance(error["input"], float) else "integer"
    expected = f"Expected a value {sign} {limit}, but got {error['input']} instead."
    message = f"Invalid '{param}': {number} {side} {bound} value. {expected}"
    return ApiError(message, code=f"{number}_{side}_{bound[:3]}_value", param=param)


def _limit(error: ErrorDetails) -> tuple[str, Any]:
    signs = {"ge": ">=", "gt": ">", "le": "<=", "lt": "<"}
    return next((signs[name], limit) for name, limit in error["ctx"].items() if name in signs)


_JSON_NAMES: dict[type, str] = {
    type(None): "null",
    bool: "a boolean",
    int: "an integer",
    float: "a decimal number",
    str: "a string",
    list: "an array",
    dict: "an object",
}

_ERRORS: list[tuple[set[str], Callable[[ErrorDetails, str], ApiError]]] = [
    ({"extra_forbidden"}, _unknown),
    ({"missing", "union_tag_not_found"}, _missing),
    ({"literal_error", "union_tag_invalid"}, _unsupported),
    ({"greater_than", "greater_than_equal", "less_than", "less_than_equal"}, _out_of_range),
    (
        {
            "bool_type",
            "dict_type",
            "float_type",
            "int_type",
            "list_type",
            "model_attributes_type",
            "model_type",
            "string_type",
        },
        _wrong_type,
    ),
]


def _tag(error: ErrorDetails) -> str:
    return str(error["ctx"]["discriminator"]).strip("'")


def _path(loc: tuple[int | str, ...], value: object, at: str) -> str:
    """Join a location without the names of union members, which pydantic adds and the request does not have."""
    path = at
    for n, step in enumerate(loc):
        if isinstance(step, int):
            path += f"[{step}]"
            value = value[step] if isinstance(value, list) else None
        elif isinstance(value, dict) and (step in value or n == len(loc) - 1):
            path += f".{step}"
            value = value.get(step)
    return path.lstrip(".")
