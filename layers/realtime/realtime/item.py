"""An item of a DynamoDB table: plain values instead of typed ones.

Source: https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_AttributeValue.html
"""

from typing import Any

Item = dict[str, Any]
"""Attributes by name: strings, whole numbers, and sets of strings, which are read as lists."""


def to_typed(item: Item) -> dict[str, Any]:
    """Write attributes with their types.

    Args:
        item: plain values by name.

    Returns:
        DynamoDB's values by name, such as `{"N": "1"}`.
    """
    return {name: _typed(value) for name, value in item.items()}


def from_typed(item: dict[str, Any]) -> Item:
    """Read attributes with their types.

    Args:
        item: DynamoDB's values by name.

    Returns:
        Plain values by name.
    """
    return {name: _plain(*typed.popitem()) for name, typed in item.items()}


def _typed(value: Any) -> dict[str, Any]:
    if isinstance(value, set):
        return {"SS": sorted(value)}
    return {"N": str(value)} if isinstance(value, int) else {"S": value}


def _plain(kind: str, value: Any) -> Any:
    return int(value) if kind == "N" else value
