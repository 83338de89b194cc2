"""CloudFormation's short tags and intrinsic functions: those that templates of HTTP APIs use.

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
"""The value of `AWS::NoValue`: a member that has it is left out."""

_VARIABLE = re.compile(r"\$\{([^!}][^}]*)\}")
_LITERAL = re.compile(r"\$\{!([^}]*)\}")


class InvalidTemplate(Exception):
    """Raised when the template is not valid or uses something that the gateway does not know; the message names it."""


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
    """Parse a template.

    Args:
        text: YAML.

    Returns:
        The document, with every intrinsic function in its long form.

    Raises:
        InvalidTemplate: the text is not YAML, or not a mapping.
    """
    try:
        document = yaml.load(text, _Loader)  # noqa: S506 - a SafeLoader
    except yaml.YAMLError as broken:
        raise InvalidTemplate(" ".join(str(broken).split())) from broken
    if not isinstance(document, dict):
        raise InvalidTemplate("it is not a mapping")
    return document


def to_text(value: Any) -> str:
    """Convert a value to text as CloudFormation does: true, not True."""
    return str(value).lower() if isinstance(value, bool) else str(value)


class Resolver:
    """Replaces intrinsic functions by their values.

    Args:
        conditions: the template's conditions, unresolved.
        reference: returns the value of `Ref` for a name.
        attribute: returns the value of `Fn::GetAtt` for a name and an attribute.
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
            "Fn::GetAtt": lambda args: attribute(*args),
            "Fn::If": self._if,
            "Fn::Join": lambda args: args[0].join(self.resolve(args[1])),
            "Fn::Select": lambda args: self.resolve(args[1])[int(self.resolve(args[0]))],
            "Fn::Split": lambda args: self.resolve(args[1]).split(args[0]),
            "Fn::Sub": self._sub,
        }
        self._condition_functions: dict[str, Callable[[Any], bool]] = {
            "Condition": self.holds,
            "Fn::And": lambda args: all(self._evaluate(one) for one in args),
            "Fn::Contains": lambda args: self._text(args[1]) in self.resolve(args[0]),
            "Fn::EachMemberEquals": lambda args: all(one == self._text(args[1]) for one in self.resolve(args[0])),
            "Fn::Equals": lambda args: self._text(args[0]) == self._text(args[1]),
            "Fn::Not": lambda args: not self._evaluate(args[0]),
            "Fn::Or": lambda args: any(self._evaluate(one) for one in args),
        }

    def resolve(self, value: Any) -> Any:
        """Resolve a part of the template recursively; of an `Fn::If`, only the branch that is chosen."""
        if isinstance(value, list):
            return [one for one in map(self.resolve, value) if one is not NO_VALUE]
        if not isinstance(value, dict):
            return value
        name, argument = next(iter(value.items())) if len(value) == 1 else ("", None)
        if name == "Ref" or name.startswith("Fn::"):
            return _find(self._functions, name)(argument)
        members = {key: self.resolve(member) for key, member in value.items()}
        return {key: member for key, member in members.items() if member is not NO_VALUE}

    def holds(self, condition: str) -> bool:
        """Tell whether a condition of the template is true.

        Raises:
            InvalidTemplate: there is no condition of that name.
        """
        if condition not in self._conditions:
            raise InvalidTemplate(f"there is no condition {condition}")
        return self._evaluate(self._conditions[condition])

    def _evaluate(self, condition: dict[str, Any]) -> bool:
        [(name, argument)] = condition.items()
        return _find(self._condition_functions, name)(argument)

    def _text(self, value: Any) -> str:
        # CloudFormation compares values as text: the parameter "0" equals the number 0.
        return to_text(self.resolve(value))

    def _ref(self, name: str) -> Any:
        return NO_VALUE if name == "AWS::NoValue" else self._reference(name)

    def _if(self, argument: list[Any]) -> Any:
        condition, then, otherwise = argument
        return self.resolve(then if self.holds(condition) else otherwise)

    def _sub(self, argument: Any) -> str:
        text, mapping = argument if isinstance(argument, list) else (argument, {})
        variables = self.resolve(mapping)

        def value(match: re.Match[str]) -> str:
            name, _, attribute = match[1].strip().partition(".")
            if attribute:
                return self._attribute(name, attribute)
            return to_text(variables[name] if name in variables else self._reference(name))

        return _LITERAL.sub(r"${\1}", _VARIABLE.sub(value, text))


def _find(functions: Mapping[str, Function], name: str) -> Function:
    if name not in functions:
        raise InvalidTemplate(f"the intrinsic function {name} is not known to the local gateway")
    return functions[name]
