"""A DynamoDB table: reads, and a transaction whose failed condition is named.

Source: https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TransactWriteItems.html
"""

import asyncio
import random
import uuid
from collections.abc import Iterable, Sequence
from typing import Any

from realtime import aws
from realtime.action import Action
from realtime.item import Item, from_typed
from realtime.timeouts import LEDGER_RETRY_PAUSE_SECONDS

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
        return from_typed(response["Item"]) if "Item" in response else None

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
            items += map(from_typed, response["Responses"].get(self._name, ()))
            unread = response["UnprocessedKeys"].get(self._name, {"Keys": []})["Keys"]  # DynamoDB throttles
            keys = unread + keys[BATCH:]
            if unread:
                await _pause()
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
            items += map(from_typed, page["Items"])
            if "LastEvaluatedKey" not in page:
                return items
            parameters["ExclusiveStartKey"] = page["LastEvaluatedKey"]

    async def transact(self, actions: Sequence[Action], token: str | None = None) -> None:
        """Carry out all actions or none; again for as long as other transactions get in the way.

        Args:
            actions: in the order in which a failed condition is reported.
            token: names the transaction, so that a repeated request changes nothing more; 36 characters at most. By
                default a new one.

        Raises:
            ConditionFailed: a condition does not hold.
            AwsError: DynamoDB did not do it.
        """
        token = token or str(uuid.uuid4())
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
                await _pause()
            else:
                return

    async def _call(self, operation: str, parameters: dict[str, Any]) -> dict[str, Any]:
        return await aws.invoke("dynamodb", operation, {"TableName": self._name, **parameters})


async def _pause() -> None:
    """Wait for a random time, so that those who met do not meet again."""
    await asyncio.sleep(random.uniform(0, 2 * LEDGER_RETRY_PAUSE_SECONDS))  # noqa: S311 - no secret


def _cancellation_codes(error: aws.AwsError) -> list[str]:
    """Return the code of each action of a cancelled transaction; nothing for any other error."""
    if error.code != "TransactionCanceledException":
        return []
    return [reason["Code"] for reason in error.body["CancellationReasons"]]


def _find_failed(actions: Sequence[Action], codes: Sequence[str]) -> Action | None:
    return next((one for one, code in zip(actions, codes, strict=False) if code == "ConditionalCheckFailed"), None)
