"""What is sent to DynamoDB, whole, and what its rarer responses mean."""

import json
from typing import Any

import pytest

from tests.conftest import Invoke, error, event
from tests.ledger.calls import start
from tests.ledger.table import NOON
from tests.ledger.transactions import DONE, bodies, cancelled, key, number
from tests.scripted_upstream import HUNG_UP, Reply, ScriptedUpstream, created

DAY = 24 * 3600
ABSENT = {"ConditionExpression": "attribute_not_exists(id)"}


def test_a_call_is_reserved_confirmed_and_settled_by_one_transaction_each(
    session: Invoke, upstream: ScriptedUpstream, dynamodb: ScriptedUpstream
) -> None:
    upstream.says(created(), HUNG_UP)
    assert start(session)["statusCode"] == 201
    reserve, confirm = bodies(dynamodb)
    item = reserve["TransactItems"][-1]["Put"]["Item"]
    person, reservation = item["person"]["S"], reserve["ClientRequestToken"]
    today, own, entry = "day#2026-11-25", f"person#{person}#2026-11-25", {"SS": [f"{NOON:012}#{reservation}"]}

    def adding(item_id: str, minutes: int) -> dict[str, Any]:
        return {
            "Update": key(item_id)
            | {
                "UpdateExpression": "ADD reserved_seconds :seconds SET expires_at = :expires_at",
                "ExpressionAttributeValues": {
                    ":seconds": number(900),
                    ":expires_at": number(NOON + 3 * DAY),
                    ":most": number(minutes * 60 - 900),
                },
                "ConditionExpression": "reserved_seconds <= :most OR attribute_not_exists(id)",
            }
        }

    assert reserve["TransactItems"] == [
        {"ConditionCheck": key("paused") | ABSENT},
        {"ConditionCheck": key(f"blocked#{person}") | ABSENT},
        {
            "Update": key(f"person#{person}")
            | {
                "UpdateExpression": "ADD open_calls :entries SET expires_at = :expires_at",
                "ExpressionAttributeValues": {
                    ":entries": entry,
                    ":expires_at": number(NOON + 3 * DAY),
                    ":at_most": number(2),
                },
                "ConditionExpression": "attribute_not_exists(open_calls) OR size(open_calls) < :at_most",
            }
        },
        adding(today, 100),
        adding(own, 50),
        {
            "Put": {
                "TableName": "ledger",
                "Item": {
                    "id": {"S": f"reservation#{reservation}"},
                    "kind": {"S": "call"},
                    "person": {"S": person},
                    "preset": {"S": "assistant"},
                    "day": {"S": "2026-11-25"},
                    "seconds": number(900),
                    "started_at": number(NOON),
                    "ends_at": number(NOON + 60),
                    "confirmed": number(0),
                    "call_id": {"S": ""},
                    "index_key": {"S": "open"},
                    "expires_at": number(NOON + 60 + DAY),
                },
            }
            | ABSENT
        },
    ]
    assert confirm["TransactItems"] == [
        {
            "Update": key(f"reservation#{reservation}")
            | {
                "UpdateExpression": "SET confirmed = :one, call_id = :call_id, ends_at = :ends_at,"
                " expires_at = :expires_at",
                "ExpressionAttributeValues": {
                    ":one": number(1),
                    ":call_id": {"S": "rtc_1"},
                    ":ends_at": number(NOON + 900),
                    ":expires_at": number(NOON + 900 + DAY),
                },
                "ConditionExpression": "attribute_exists(id)",
            }
        },
        {
            "Put": {
                "TableName": "ledger",
                "Item": {
                    "id": {"S": "call#rtc_1"},
                    "reservation": {"S": reservation},
                    "expires_at": number(NOON + 900 + DAY),
                },
            }
        },
    ]

    dynamodb.asked.clear()
    pointer = {"Item": {"id": {"S": "call#rtc_1"}, "reservation": {"S": reservation}}}
    confirmed = {"Item": item | {"confirmed": number(1), "call_id": {"S": "rtc_1"}, "ends_at": number(NOON + 900)}}
    dynamodb.says(Reply(200, json.dumps(pointer)), Reply(200, json.dumps(confirmed)), DONE)
    assert session(event("hang-up", path="/session/rtc_1", claims={"sub": "alice"}))["statusCode"] == 204
    find_pointer, find_reservation, settle = bodies(dynamodb)
    giving_back = {
        "UpdateExpression": "ADD reserved_seconds :seconds",
        "ExpressionAttributeValues": {":seconds": number(-900)},
    }

    assert find_pointer == key("call#rtc_1") | {"ConsistentRead": True}
    assert find_reservation == key(f"reservation#{reservation}") | {"ConsistentRead": True}
    assert settle["TransactItems"] == [
        {
            "Delete": key(f"reservation#{reservation}")
            | {
                "ConditionExpression": "call_id IN (:none, :call_id) AND confirmed <= :confirmed",
                "ExpressionAttributeValues": {
                    ":none": {"S": ""},
                    ":call_id": {"S": "rtc_1"},
                    ":confirmed": number(1),
                },
            }
        },
        {"Delete": key("call#rtc_1")},
        {
            "Update": key(f"person#{person}")
            | {"UpdateExpression": "DELETE open_calls :entries", "ExpressionAttributeValues": {":entries": entry}}
        },
        {"Update": key(today) | giving_back},
        {"Update": key(own) | giving_back},
    ]
    tokens = {one["ClientRequestToken"] for one in (reserve, confirm, settle)}
    assert {len(token) for token in tokens} == {36}
    assert len(tokens) == 3


def test_a_reservation_whose_response_was_lost_is_there(
    session: Invoke, upstream: ScriptedUpstream, dynamodb: ScriptedUpstream
) -> None:
    dynamodb.says(cancelled(*["None"] * 5, "ConditionalCheckFailed"), DONE)

    assert start(session)["statusCode"] == 201


@pytest.mark.parametrize("code", ["TransactionConflict", "ThrottlingError", "ProvisionedThroughputExceeded"])
def test_a_transaction_in_whose_way_another_one_is_is_sent_again_unchanged(
    session: Invoke, upstream: ScriptedUpstream, dynamodb: ScriptedUpstream, code: str
) -> None:
    dynamodb.says(cancelled(*["None"] * 5, code), cancelled(code, *["None"] * 5), DONE)

    assert start(session)["statusCode"] == 201
    first, second, third, _ = bodies(dynamodb)
    assert first == second == third


@pytest.mark.parametrize(
    "reply",
    [
        cancelled(*["None"] * 5, "ValidationError"),
        cancelled("None"),
        Reply(400, json.dumps({"__type": "TransactionCanceledException"})),
        Reply(200, "{}", after_seconds=9),
    ],
)
def test_without_a_reservation_nothing_goes_upstream(
    session: Invoke,
    upstream: ScriptedUpstream,
    dynamodb: ScriptedUpstream,
    environment: pytest.MonkeyPatch,
    reply: Reply,
) -> None:
    environment.setattr("realtime.ledger.LEDGER_SECONDS", 0.3)
    environment.setattr("realtime.aws.AWS_SECONDS", 30)
    dynamodb.says(reply)

    assert error(start(session))["code"] == "ledger_unavailable"
    assert upstream.asked == []


def test_a_call_for_which_no_room_could_be_made_is_refused(
    session: Invoke, upstream: ScriptedUpstream, dynamodb: ScriptedUpstream
) -> None:
    full = cancelled(*["None"] * 2, "ConditionalCheckFailed", *["None"] * 3)
    dynamodb.says(full, DONE, full)  # the second response is that of a person without open calls

    response = start(session)

    assert (response["statusCode"], error(response)) == (
        429,
        {
            "message": "You have too many calls at once; try again.",
            "type": "invalid_request_error",
            "code": "quota_exceeded",
            "param": "calls_at_once",
            "request_id": response["headers"]["x-request-id"],
        },
    )
    assert upstream.asked == []


def test_usage_where_nothing_was_used_and_no_minutes_are_limited(
    token: Invoke, dynamodb: ScriptedUpstream, environment: pytest.MonkeyPatch
) -> None:
    for name in ("CALLS_AT_ONCE", "MINUTES_PER_PERSON_PER_DAY", "MINUTES_PER_DAY"):
        environment.setenv(name, "0")
    dynamodb.says(Reply(200, json.dumps({"Responses": {"ledger": []}, "UnprocessedKeys": {}})), DONE)

    response = token(event("usage", claims={"sub": "alice"}))

    assert (response["statusCode"], response["headers"]["content-type"], json.loads(response["body"])) == (
        200,
        "application/json",
        {
            "limits": {
                "max_call_minutes": 15,
                "calls_at_once": None,
                "minutes_per_person_per_day": None,
                "minutes_per_day": None,
            },
            "used_seconds": 0,
            "left_seconds": None,
            "resets_in_seconds": 12 * 3600,
            "calls": [],
        },
    )
