"""CloudFormation's short tags and intrinsic functions, as far as templates of HTTP APIs use them.

Source: https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference.html
"""

import re
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

import yaml

ACCOUNT = "123456789012"
REGION = "us-west-2"
STACK = "local"

PSEUDO_PARAMETERS = {
    "AWS::AccountId": ACCOUNT,
    "AWS::Partition": "aws",
    "AWS::Region": REGION,
    "AWS::StackId": f"arn:aws:cloudformation:{REGION}:{ACCOUNT}:stack/{STACK}/00000000-0000-0000-0000-000000000000",
    "AWS::StackName": STACK,
    "AWS::URLSuffix": "amazonaws.com",
}

Function = TypeVar("Function")

NO_VALUE = object()
"""What `AWS::NoValue` resolves to: the member that has it is left out."""

_VARIABLE = re.compile(r"\$\{([^!}][^}]*)\}")
_LITERAL = re.compile(r"\$\{!([^}]*)\}")


class InvalidTemplate(Exception):
    """Raised when the template is not valid, or has something in it that is not known here; the message names it."""


class _Loader(yaml.SafeLoader):
    """YAML with CloudFormation's short tags: `!Ref x` is `{Ref: x}`, `!Sub x` is `{Fn::Sub: x}`."""


def _short_tag(loader: _Loader, name: str, node: yaml.Node) -> dict[str, Any]:
    if isinstance(node, yaml.ScalarNode):
        value: Any = loader.construct_scalar(node)
    elif isinstance(node, yaml.SequenceNode):
        value = loader.construct_sequence(node, deep=True)
    elif isinstance(node, yaml.MappingNode):
        value = loader.construct_mapping(node, deep=True)
    if name == "GetAtt" and isinstance(value, str):
        value = value.split(".", 1)
    return {name if name in ("Ref", "Condition") else f"Fn::{name}": value}


_Loader.add_multi_constructor("!", _short_tag)


def parse(text: str) -> dict[str, Any]:
    """Read a template, intrinsic functions in their long form.

    Args:
        text: YAML.

    Returns:
        The document.

    Raises:
        InvalidTemplate: it is not YAML, or not a mapping.
    """
    try:
        document = yaml.load(text, _Loader)  # noqa: S506 - a SafeLoader
    except yaml.YAMLError as broken:
        raise InvalidTemplate(" ".join(str(broken).split())) from broken
    if not isinstance(document, dict):
        raise InvalidTemplate("it is not a mapping")
    return document


def spelt(value: Any) -> str:
    """Write a value as CloudFormation does: true, not True."""
    return str(value).lower() if isinstance(value, bool) else str(value)


class Resolver:
    """Replaces intrinsic functions by what they come to.

    Args:
        conditions: the template's conditions, unresolved.
        reference: what `Ref` of a name is.
        attribute: what `Fn::GetAtt` of a name and an attribute is.
    """

    def __init__(
        self,
        conditions: Mapping[str, Any],
        reference: Callable[[str], Any],
        attribute: Callable[[str, str], str],
    ) -> None:
        self._conditions = conditions
        self._reference = reference
        self._attribute = attribute
        self._functions: dict[str, Callable[[Any], Any]] = {
            "Ref": self._ref,
            "Fn::GetAtt": lambda of: attribute(*of),
            "Fn::If": self._if,
            "Fn::Join": lambda of: of[0].join(self.resolve(of[1])),
            "Fn::Select": lambda of: self.resolve(of[1])[int(self.resolve(of[0]))],
            "Fn::Split": lambda of: self.resolve(of[1]).split(of[0]),
            "Fn::Sub": self._sub,
        }
        self._tests: dict[str, Callable[[Any], bool]] = {
            "Condition": self.holds,
            "Fn::And": lambda of: all(self._test(one) for one in of),
            "Fn::Equals": lambda of: self._text(of[0]) == self._text(of[1]),
            "Fn::Not": lambda of: not self._test(of[0]),
            "Fn::Or": lambda of: any(self._test(one) for one in of),
        }

    def resolve(self, value: Any) -> Any:
        """Resolve a part of the template, all the way down; only the branch of an `Fn::If` that is taken."""
        if isinstance(value, list):
            return [one for one in map(self.resolve, value) if one is not NO_VALUE]
        if not isinstance(value, dict):
            return value
        name, argument = next(iter(value.items())) if len(value) == 1 else ("", None)
        if name == "Ref" or name.startswith("Fn::"):
            return _known(self._functions, name)(argument)
        members = {key: self.resolve(member) for key, member in value.items()}
        return {key: member for key, member in members.items() if member is not NO_VALUE}

    def holds(self, condition: str) -> bool:
        """Tell whether a condition of the template holds.

        Raises:
            InvalidTemplate: there is none of that name.
        """
        if condition not in self._conditions:
            raise InvalidTemplate(f"there is no condition {condition}")
        return self._test(self._conditions[condition])

    def _test(self, condition: dict[str, Any]) -> bool:
        [(name, argument)] = condition.items()
        return _known(self._tests, name)(argument)

    def _text(self, value: Any) -> str:
        # CloudFormation compares nothing but text: the parameter "0" equals the number.
        return spelt(self.resolve(value))

    def _ref(self, name: str) -> Any:
        return NO_VALUE if name == "AWS::NoValue" else self._reference(name)

    def _if(self, argument: list[Any]) -> Any:
        condition, then, otherwise = argument
        return self.resolve(then if self.holds(condition) else otherwise)

    def _sub(self, argument: Any) -> str:
        text, given = argument if isinstance(argument, list) else (argument, {})
        own = self.resolve(given)

        def value(match: re.Match[str]) -> str:
            name, _, attribute = match[1].strip().partition(".")
            if attribute:
                return self._attribute(name, attribute)
            return str(own[name] if name in own else self._reference(name))

        return _LITERAL.sub(r"${\1}", _VARIABLE.sub(value, text))


def _known(functions: Mapping[str, Function], name: str) -> Function:
    if name not in functions:
        raise InvalidTemplate(f"the intrinsic function {name} is not known to the local gateway")
    return functions[name]
