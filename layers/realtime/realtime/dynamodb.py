"""DynamoDB's JSON: plain values instead of typed ones, and a transaction whose failed condition is named.

Source: https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TransactWriteItems.html
"""

import asyncio
import random
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from realtime import aws
from realtime.timeouts import LEDGER_RETRY_PAUSE_SECONDS

Item = dict[str, Any]
"""Attributes by name: strings, whole numbers, and sets of strings, which are read as lists."""

CONFLICTS = ("TransactionConflict", "ThrottlingError", "ProvisionedThroughputExceeded")
"""Reasons of a cancelled transaction that a retry may overcome; it changed nothing."""


BATCH = 100
"""Items that DynamoDB reads at once."""


class ConditionFailed(Exception):
    """Raised when a condition of a transaction does not hold, so that it changed nothing.

    Attributes:
        name: of the action whose condition it is.
    """

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name


class Action(NamedTuple):
    """One action of a transaction."""

    request: dict[str, Any]
    """`{"Put": …}`, `{"Update": …}`, `{"Delete": …}` or `{"ConditionCheck": …}`, without the table's name."""
    name: str = ""
    """Names the condition that has failed."""


class Table:
    """A table whose key is the string attribute `id`.

    Args:
        name: its name.
    """

    def __init__(self, name: str) -> None:
        self._name = name

    async def get(self, item_id: str) -> Item | None:
        """Read an item as it is now; None if there is none."""
        parameters = {"Key": {"id": {"S": item_id}}, "ConsistentRead": True}
        response = await self._call("GetItem", parameters)
        return _from_typed(response["Item"]) if "Item" in response else None

    async def get_many(self, item_ids: Iterable[str]) -> list[Item]:
        """Read items as they are now, 100 by one request; those that do not exist are left out.

        Args:
            item_ids: each once.

        Returns:
            The items, in any order.
        """
        keys = [{"id": {"S": item_id}} for item_id in item_ids]
        items: list[Item] = []
        while keys:
            request = {self._name: {"Keys": keys[:BATCH], "ConsistentRead": True}}
            response = await aws.invoke("dynamodb", "BatchGetItem", {"RequestItems": request})
            items += map(_from_typed, response["Responses"].get(self._name, ()))
            unread = response["UnprocessedKeys"].get(self._name, {"Keys": []})["Keys"]  # DynamoDB throttles
            keys = unread + keys[BATCH:]
        return items

    async def query(self, index: str, key: str, value: str) -> list[Item]:
        """Read the items of an index, all pages.

        Args:
            index: its name.
            key: its partition key.
            value: the value of that.

        Returns:
            The items, in the order of the index.
        """
        parameters: dict[str, Any] = {
            "IndexName": index,
            "KeyConditionExpression": f"{key} = :value",
            "ExpressionAttributeValues": {":value": {"S": value}},
        }
        items: list[Item] = []
        while True:
            page = await self._call("Query", parameters)
            items += map(_from_typed, page["Items"])
            if "LastEvaluatedKey" not in page:
                return items
            parameters["ExclusiveStartKey"] = page["LastEvaluatedKey"]

    async def transact(self, actions: Sequence[Action], token: str) -> None:
        """Carry out all actions or none; again for as long as other transactions get in the way.

        Args:
            actions: in the order in which a failed condition is reported.
            token: names the transaction, so that a repeated request changes nothing more; 36 characters at most.

        Raises:
            ConditionFailed: a condition does not hold.
            AwsError: DynamoDB did not do it.
        """
        items = [{kind: {"TableName": self._name, **one}} for action in actions for kind, one in action.request.items()]
        while True:
            try:
                await aws.invoke(
                    "dynamodb", "TransactWriteItems", {"TransactItems": items, "ClientRequestToken": token}
                )
            except aws.AwsError as error:
                codes = _cancellation_codes(error)
                if failed := _find_failed(actions, codes):
                    raise ConditionFailed(failed.name) from error
                if not any(code in CONFLICTS for code in codes):
                    raise
                await asyncio.sleep(random.uniform(0, 2 * LEDGER_RETRY_PAUSE_SECONDS))  # noqa: S311 - spreads them out, no more
            else:
                return

    async def _call(self, operation: str, parameters: dict[str, Any]) -> dict[str, Any]:
        return await aws.invoke("dynamodb", operation, {"TableName": self._name, **parameters})


def put(item: Item, condition: str = "", name: str = "") -> Action:
    """Write an item; it replaces the one with the same id.

    Args:
        item: the item.
        condition: DynamoDB's condition expression.
        name: of the condition.
    """
    return Action({"Put": {"Item": _to_typed(item)} | _conditional({}, condition)}, name)


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
    typed = {f":{key}": value for key, value in _to_typed(values).items()}
    members = {"ExpressionAttributeValues": typed, "ConditionExpression": condition}
    return {name: member for name, member in members.items() if member}


def _cancellation_codes(error: aws.AwsError) -> list[str]:
    """Return the code of each action of a cancelled transaction; nothing for any other error."""
    if error.code != "TransactionCanceledException":
        return []
    return [reason["Code"] for reason in error.body["CancellationReasons"]]


def _find_failed(actions: Sequence[Action], codes: Sequence[str]) -> Action | None:
    return next((one for one, code in zip(actions, codes, strict=False) if code == "ConditionalCheckFailed"), None)


def _to_typed(item: Item) -> dict[str, Any]:
    return {name: _typed(value) for name, value in item.items()}


def _typed(value: Any) -> dict[str, Any]:
    if isinstance(value, set):
        return {"SS": sorted(value)}
    return {"N": str(value)} if isinstance(value, int) else {"S": value}


def _from_typed(item: dict[str, Any]) -> Item:
    return {name: _plain(*typed.popitem()) for name, typed in item.items()}


def _plain(kind: str, value: Any) -> Any:
    return int(value) if kind == "N" else value
