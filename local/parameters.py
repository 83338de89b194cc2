"""The parameters of a template."""

import re
from collections.abc import Mapping
from typing import Any

from local.intrinsics import InvalidTemplate, spelt


def read_parameters(declared: Mapping[str, Any], given: Mapping[str, str]) -> dict[str, Any]:
    """Give the parameters of a template their values.

    Args:
        declared: the template's section of parameters.
        given: values, as on the command line of a deployment; the defaults where missing.

    Returns:
        The values: a string, or the list of a `CommaDelimitedList`.

    Raises:
        InvalidTemplate: a value is missing or not allowed, or is of no parameter.
    """
    for name in given:
        if name not in declared:
            raise InvalidTemplate(f"it has no parameter {name}")
    return {name: _read_parameter(name, one, given.get(name, one.get("Default"))) for name, one in declared.items()}


def _read_parameter(name: str, declared: dict[str, Any], value: Any) -> Any:
    if value is None:
        raise InvalidTemplate(f"the parameter {name} has no value")
    text = spelt(value)
    if "AllowedValues" in declared and text not in map(spelt, declared["AllowedValues"]):
        raise InvalidTemplate(f"the parameter {name} is one of {', '.join(map(spelt, declared['AllowedValues']))}")
    if not re.fullmatch(declared.get("AllowedPattern", ".*"), text, re.DOTALL):
        raise InvalidTemplate(f"the parameter {name} does not match {declared['AllowedPattern']}")
    if len(text) > int(declared.get("MaxLength", len(text))):
        raise InvalidTemplate(f"the parameter {name} is longer than {declared['MaxLength']} characters")
    return [one.strip() for one in text.split(",")] if declared["Type"] == "CommaDelimitedList" else text
