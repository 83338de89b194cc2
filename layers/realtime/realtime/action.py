"""The actions of a DynamoDB transaction.

Source: https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TransactWriteItem.html
"""

from typing import Any, NamedTuple

from realtime.item import Item, to_typed


class Action(NamedTuple):
    """One action of a transaction."""

    request: dict[str, Any]
    """`{"Put": …}`, `{"Update": …}`, `{"Delete": …}` or `{"ConditionCheck": …}`, without the table's name."""
    name: str = ""
    """Names the condition that has failed."""


def put(item: Item, condition: str = "", name: str = "") -> Action:
    """Write an item; it replaces the one with the same id.

    Args:
        item: the item.
        condition: DynamoDB's condition expression.
        name: of the condition.
    """
    return Action({"Put": {"Item": to_typed(item)} | _conditional({}, condition)}, name)


def delete(item_id: str, values: Item | None = None, condition: str = "") -> Action:
    """Delete an item.

    Args:
        item_id: the item.
        values: of the condition, by name, without the colon.
        condition: DynamoDB's condition expression.
    """
    return Action({"Delete": {"Key": {"id": {"S": item_id}}} | _conditional(values or {}, condition)})


def check_absent(item_id: str, name: str) -> Action:
    """Change nothing, on the condition that no such item exists."""
    check = {"Key": {"id": {"S": item_id}}, "ConditionExpression": "attribute_not_exists(id)"}
    return Action({"ConditionCheck": check}, name)


def update(item_id: str, expression: str, values: Item, condition: str = "", name: str = "") -> Action:
    """Change an item.

    Args:
        item_id: the item, which is created if it does not exist.
        expression: DynamoDB's update expression; it names values as `:name`.
        values: by name, without the colon.
        condition: DynamoDB's condition expression.
        name: of the condition.
    """
    request = {"Key": {"id": {"S": item_id}}, "UpdateExpression": expression} | _conditional(values, condition)
    return Action({"Update": request}, name)


def _conditional(values: Item, condition: str) -> dict[str, Any]:
    typed = {f":{key}": value for key, value in to_typed(values).items()}
    members = {"ExpressionAttributeValues": typed, "ConditionExpression": condition}
    return {name: member for name, member in members.items() if member}
