"""The parameters of a template."""

import re
from collections.abc import Mapping
from typing import Any

from local.intrinsics import InvalidTemplate, to_text


def parameter_values(declared: Mapping[str, Any], given: Mapping[str, str]) -> dict[str, Any]:
    """Determine and check the values of a template's parameters.

    Args:
        declared: the template's section `Parameters`.
        given: values as on the command line of a deployment; a missing one is replaced by the parameter's default.

    Returns:
        The value of each parameter: a string, or a list for a `CommaDelimitedList`.

    Raises:
        InvalidTemplate: a value is missing or not allowed, or there is no parameter of its name.
    """
    for name in given:
        if name not in declared:
            raise InvalidTemplate(f"it has no parameter {name}")
    return {name: _checked(name, one, given.get(name, one.get("Default"))) for name, one in declared.items()}


def _checked(name: str, declared: dict[str, Any], value: Any) -> Any:
    if value is None:
        raise InvalidTemplate(f"the parameter {name} has no value")
    text = to_text(value)
    if "AllowedValues" in declared and text not in map(to_text, declared["AllowedValues"]):
        raise InvalidTemplate(f"the parameter {name} is one of {', '.join(map(to_text, declared['AllowedValues']))}")
    if declared["Type"] == "Number":
        _check_number(name, declared, text)
    members = [one.strip() for one in text.split(",")] if declared["Type"] == "CommaDelimitedList" else [text]
    pattern = declared.get("AllowedPattern", ".*")
    if not all(re.fullmatch(pattern, one, re.DOTALL) for one in members):
        description = declared.get("ConstraintDescription", f"must match {pattern}")
        raise InvalidTemplate(f"the parameter {name} {description}")
    return members if declared["Type"] == "CommaDelimitedList" else text


def _check_number(name: str, declared: dict[str, Any], text: str) -> None:
    least, most = int(declared.get("MinValue", 0)), int(declared.get("MaxValue", 10**9))
    if not (text.isascii() and text.isdecimal() and least <= int(text) <= most):
        raise InvalidTemplate(f"the parameter {name} is a whole number from {least} to {most}")
