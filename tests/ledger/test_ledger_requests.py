"""What is sent to DynamoDB, whole, and what its rarer responses mean."""

import json
from typing import Any, NamedTuple

import pytest

from tests.conftest import Invoke, error, event
from tests.ledger.calls import end, start
from tests.ledger.table import NOON
from tests.ledger.transactions import DONE, bodies, cancelled, key, number
from tests.scripted_upstream import HUNG_UP, Reply, ScriptedUpstream, created

DAY = 24 * 3600
TODAY = "day#2026-11-25"
ABSENT = {"ConditionExpression": "attribute_not_exists(id)"}


class Begun(NamedTuple):
    """A call that has begun, and the transactions that were sent for it."""

    reserve: dict[str, Any]
    confirm: dict[str, Any]
    item: dict[str, Any]
    """The reservation, as it was put into the table."""

    @property
    def reservation(self) -> str:
        """Its id."""
        token: str = self.reserve["ClientRequestToken"]
        return token

    @property
    def person(self) -> str:
        person: str = self.item["person"]["S"]
        return person

    @property
    def persons_day(self) -> str:
        return f"person#{self.person}#2026-11-25"

    @property
    def entry(self) -> dict[str, list[str]]:
        """The call among the person's open calls."""
        return {"SS": [f"{NOON:012}#{self.reservation}"]}


@pytest.fixture
def begun(session: Invoke, upstream: ScriptedUpstream, dynamodb: ScriptedUpstream) -> Begun:
    upstream.says(created(), HUNG_UP)
    assert start(session)["statusCode"] == 201
    reserve, confirm = bodies(dynamodb)
    return Begun(reserve, confirm, reserve["TransactItems"][-1]["Put"]["Item"])


def adding(item_id: str, minutes: int) -> dict[str, Any]:
    """The update that adds a call's 15 minutes, if no more than these minutes are reserved then."""
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


def test_a_call_is_reserved_by_one_transaction(begun: Begun) -> None:
    assert begun.reserve["TransactItems"] == [
        {"ConditionCheck": key("paused") | ABSENT},
        {"ConditionCheck": key(f"blocked#{begun.person}") | ABSENT},
        {
            "Update": key(f"person#{begun.person}")
            | {
                "UpdateExpression": "ADD open_calls :entries SET expires_at = :expires_at",
                "ExpressionAttributeValues": {
                    ":entries": begun.entry,
                    ":expires_at": number(NOON + 3 * DAY),
                    ":at_most": number(2),
                },
                "ConditionExpression": "attribute_not_exists(open_calls) OR size(open_calls) < :at_most",
            }
        },
        adding(TODAY, 100),
        adding(begun.persons_day, 50),
        {
            "Put": {
                "TableName": "ledger",
                "Item": {
                    "id": {"S": f"reservation#{begun.reservation}"},
                    "kind": {"S": "call"},
                    "person": {"S": begun.person},
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


def test_a_call_that_was_created_is_confirmed_by_one_transaction(begun: Begun) -> None:
    assert begun.confirm["TransactItems"] == [
        {
            "Update": key(f"reservation#{begun.reservation}")
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
                    "reservation": {"S": begun.reservation},
                    "expires_at": number(NOON + 900 + DAY),
                },
            }
        },
    ]


def hang_up(session: Invoke, dynamodb: ScriptedUpstream, begun: Begun) -> list[dict[str, Any]]:
    """Hang the call up, and return what was sent for it."""
    dynamodb.asked.clear()
    pointer = {"Item": {"id": {"S": "call#rtc_1"}, "reservation": {"S": begun.reservation}}}
    confirmed = {"confirmed": number(1), "call_id": {"S": "rtc_1"}, "ends_at": number(NOON + 900)}
    reservation = {"Item": begun.item | confirmed}
    dynamodb.says(Reply(200, json.dumps(pointer)), Reply(200, json.dumps(reservation)), DONE)
    assert end(session, "rtc_1")["statusCode"] == 204
    return bodies(dynamodb)


def test_a_call_that_was_hung_up_is_read_and_settled_by_one_transaction(
    session: Invoke, dynamodb: ScriptedUpstream, begun: Begun
) -> None:
    find_pointer, find_reservation, settle = hang_up(session, dynamodb, begun)

    giving_back = {
        "UpdateExpression": "ADD reserved_seconds :seconds",
        "ExpressionAttributeValues": {":seconds": number(-900)},
    }
    assert find_pointer == key("call#rtc_1") | {"ConsistentRead": True}
    assert find_reservation == key(f"reservation#{begun.reservation}") | {"ConsistentRead": True}
    assert settle["TransactItems"] == [
        {
            "Delete": key(f"reservation#{begun.reservation}")
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
            "Update": key(f"person#{begun.person}")
            | {
                "UpdateExpression": "DELETE open_calls :entries",
                "ExpressionAttributeValues": {":entries": begun.entry},
            }
        },
        {"Update": key(TODAY) | giving_back},
        {"Update": key(begun.persons_day) | giving_back},
    ]


def test_each_transaction_has_a_token_of_its_own(session: Invoke, dynamodb: ScriptedUpstream, begun: Begun) -> None:
    *_, settle = hang_up(session, dynamodb, begun)

    tokens = {one["ClientRequestToken"] for one in (begun.reserve, begun.confirm, settle)}
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
    assert (len(dynamodb.asked), upstream.asked) == (1, [])


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


def test_entries_whose_reservations_have_expired_are_removed_by_one_transaction(
    session: Invoke, upstream: ScriptedUpstream, dynamodb: ScriptedUpstream
) -> None:
    full = cancelled(*["None"] * 2, "ConditionalCheckFailed", *["None"] * 3)
    entries = {"SS": ["000000000001#a", "000000000002#b"]}
    person = Reply(200, json.dumps({"Item": {"open_calls": entries}}))
    dynamodb.says(full, person, DONE, DONE, DONE)

    assert start(session)["statusCode"] == 201
    reserve, read, *_, remove, again, _ = bodies(dynamodb)
    [removal] = remove["TransactItems"]
    removal["Update"]["ExpressionAttributeValues"][":entries"]["SS"].sort()
    assert removal == {
        "Update": key(read["Key"]["id"]["S"])
        | {"UpdateExpression": "DELETE open_calls :entries", "ExpressionAttributeValues": {":entries": entries}}
    }
    assert len(remove["ClientRequestToken"]) == 36
    assert again["TransactItems"][0] == reserve["TransactItems"][0]


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
