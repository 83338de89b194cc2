"""Numbers whose range the types of the openai package leave open."""

from typing import Any

from local.stand_in.errors import ApiError
from local.stand_in.typed import member


def check_ranges(value: Any, ranges: dict[str, tuple[float, float | None]], at: str) -> None:
    """Check the numbers in a value.

    Args:
        value: the JSON, of the right type.
        ranges: the least and the most of each number by its path in `value`; None for no limit.
        at: the path of `value` in the request, for the error.

    Raises:
        ApiError: a number is out of its range.
    """
    for path, (least, most) in ranges.items():
        number = member(value, path)
        if not isinstance(number, int | float):
            continue
        if number < least:
            raise _out_of_range(number, f"{at}.{path}".lstrip("."), "below", "minimum", f">= {least}")
        if most is not None and number > most:
            raise _out_of_range(number, f"{at}.{path}".lstrip("."), "above", "maximum", f"<= {most}")


def _out_of_range(number: float, param: str, side: str, bound: str, expected: str) -> ApiError:
    kind = "decimal" if isinstance(number, float) else "integer"
    message = f"Invalid '{param}': {kind} {side} {bound} value. Expected a value {expected}, but got {number} instead."
    return ApiError(message, code=f"{kind}_{side}_{bound[:3]}_value", param=param)
