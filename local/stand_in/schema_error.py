"""Turns what pydantic finds wrong with a value into the API's error, which names the invalid parameter by its path."""

from collections.abc import Callable

from pydantic_core import ErrorDetails

from local.stand_in.errors import ApiError


def to_api_error(errors: list[ErrorDetails], value: object, at: str) -> ApiError:
    """Turn the errors of pydantic into the API's, which is about one of them.

    Args:
        errors: pydantic's, of which a union has some for each of its members.
        value: what was parsed.
        at: the path of `value` in the request.

    Returns:
        The error, with the path of the invalid parameter.
    """
    error = _most_telling(errors, value)
    param = _path(error, value, at)
    for types, make_error in _ERRORS:
        if error["type"] in types:
            return make_error(error, param)
    return ApiError(f"Invalid value for '{param}': {error['msg']}.", code="invalid_value", param=param)


def _most_telling(errors: list[ErrorDetails], value: object) -> ErrorDetails:
    """Choose the error that is deepest in the value.

    What is wrong with the members of a union that have another `type` or `role` does not count, since the client did
    not mean them.
    """
    kinds = [error for error in errors if _is_of_another_kind(error)]
    others = [error["loc"][:-1] for error in kinds]
    meant = [error for error in errors if not any(error["loc"][: len(other)] == other for other in others)]
    return max(meant or kinds, key=lambda error: (_path(error, value, "").count("."), -_rank(error)))


def _is_of_another_kind(error: ErrorDetails) -> bool:
    return error["type"] == "literal_error" and error["loc"][-1:] in (("type",), ("role",))


def _rank(error: ErrorDetails) -> int:
    return next((n for n, (types, _) in enumerate(_ERRORS) if error["type"] in types), len(_ERRORS))


def _unknown(error: ErrorDetails, param: str) -> ApiError:
    return ApiError(f"Unknown parameter: '{param}'.", code="unknown_parameter", param=param)


def _missing(error: ErrorDetails, param: str) -> ApiError:
    return ApiError(f"Missing required parameter: '{param}'.", code="missing_required_parameter", param=param)


def _unsupported(error: ErrorDetails, param: str) -> ApiError:
    message = f"Invalid value: '{error['input']}'. Supported values are: {error['ctx']['expected']}."
    return ApiError(message, code="invalid_value", param=param)


def _wrong_type(error: ErrorDetails, param: str) -> ApiError:
    given = _JSON_NAMES.get(type(error["input"]), "something else")
    message = f"Invalid type for '{param}': {error['msg'].removeprefix('Input ')}, but got {given} instead."
    return ApiError(message, code="invalid_type", param=param)


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
    ({"missing"}, _missing),
    ({"extra_forbidden"}, _unknown),
    ({"literal_error"}, _unsupported),
    ({"bool_type", "dict_type", "float_type", "int_type", "iterable_type", "list_type", "string_type"}, _wrong_type),
]


def _path(error: ErrorDetails, value: object, at: str) -> str:
    """Join a location without the names of union members, which pydantic adds and the request does not have."""
    path = at
    for n, step in enumerate(error["loc"]):
        is_missing = error["type"] == "missing" and n == len(error["loc"]) - 1
        if isinstance(step, int):
            path += f"[{step}]"
            value = value[step] if isinstance(value, list) else None
        elif isinstance(value, dict) and (step in value or is_missing):
            path += f".{step}"
            value = value.get(step)
    return path.lstrip(".")
