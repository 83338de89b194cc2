"""What is sent to DynamoDB, and what it answers."""

import json
from typing import Any

from tests.scripted_upstream import Reply, ScriptedUpstream

DONE = Reply(200, "{}")


def bodies(dynamodb: ScriptedUpstream) -> list[dict[str, Any]]:
    return [json.loads(asked.body) for asked in dynamodb.asked]


def key(item_id: str) -> dict[str, Any]:
    return {"TableName": "ledger", "Key": {"id": {"S": item_id}}}


def number(value: float) -> dict[str, str]:
    return {"N": str(int(value))}


def cancelled(*codes: str) -> Reply:
    reasons = [{"Code": code} for code in codes]
    error = {"__type": "com.amazonaws.dynamodb.v20120810#TransactionCanceledException", "CancellationReasons": reasons}
    return Reply(400, json.dumps(error))
