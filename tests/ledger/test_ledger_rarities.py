"""What seldom happens to a reservation: its preset is gone, it is gone itself, its call ended before anybody looked."""

import io
import json
import uuid
from typing import Any

import pytest

from tests.conftest import Invoke, error, event
from tests.ledger.calls import ALICE, BOB, UNKNOWN, end, limits, open_ids, reserved, start, usage
from tests.ledger.table import Clock
from tests.ledger.transactions import DONE, bodies, cancelled
from tests.scripted_upstream import FAILED, HUNG_UP, Reply, ScriptedUpstream, created, minted
from tests.telemetry import counted, errors

GONE = cancelled("ConditionalCheckFailed", "None")
"""Of a reservation that is to be confirmed."""


def remove_preset(table: Any) -> None:
    """Let the reservations be of a preset that a later deployment does not have."""
    for item in table.scan()["Items"]:
        if item["id"].startswith("reservation#"):
            table.put_item(Item=item | {"preset": "removed"})


def test_a_call_whose_preset_is_gone_may_last_as_long_as_any_call(
    session: Invoke, sweep: Invoke, upstream: ScriptedUpstream, limited: Any, clock: Clock
) -> None:
    upstream.says(created("rtc_1"), FAILED)
    start(session)
    remove_preset(limited)
    clock.now += 2 * 3600 - 1
    assert sweep({}) == {"ended": 0, "failed": 1}
    clock.now += 1

    assert sweep({}) == {"ended": 1, "failed": 0}
    assert (reserved(limited), open_ids(limited)) == (2 * 3600, [])


def test_a_key_whose_preset_is_gone_counts_as_any_key(
    token: Invoke, sweep: Invoke, upstream: ScriptedUpstream, limited: Any, clock: Clock
) -> None:
    upstream.says(minted())
    token(event("token", claims={"sub": ALICE}))
    remove_preset(limited)
    clock.now += 3600 + 600

    assert sweep({}) == {"ended": 1, "failed": 0}
    assert (reserved(limited), open_ids(limited)) == (3600, [])


def test_a_call_that_ended_by_itself_counts_until_somebody_hangs_it_up(
    session: Invoke, upstream: ScriptedUpstream, limited: Any, clock: Clock
) -> None:
    upstream.says(created("rtc_1"), UNKNOWN)
    start(session)
    clock.now += 100

    assert end(session, "rtc_1")["statusCode"] == 404
    assert (reserved(limited), open_ids(limited)) == (100, [])


def test_who_asks_for_the_call_of_somebody_else_reads_how_to_name_their_own(
    session: Invoke, upstream: ScriptedUpstream, limited: Any
) -> None:
    upstream.says(created("rtc_1"))
    start(session)

    assert error(end(session, "rtc_1", BOB))["message"] == (
        "No call has such an id: take the last segment of the `Location` that /session answered."
    )


@limits(MAX_CALL_MINUTES=15, MINUTES_PER_PERSON_PER_DAY=15)
def test_no_second_is_left_when_all_minutes_are_reserved(
    session: Invoke, token: Invoke, upstream: ScriptedUpstream, limited: Any
) -> None:
    upstream.says(created("rtc_1"))
    start(session)

    assert usage(token)["left_seconds"] == 0


def test_a_reservation_that_is_gone_is_no_open_call(
    session: Invoke, token: Invoke, upstream: ScriptedUpstream, limited: Any
) -> None:
    upstream.says(created("rtc_1"), HUNG_UP)
    start(session)
    for item in limited.scan()["Items"]:
        if item["id"].startswith("reservation#"):
            limited.delete_item(Key={"id": item["id"]})

    assert usage(token)["calls"] == []
    assert end(session, "rtc_1")["statusCode"] == 404


def test_each_call_that_the_sweep_cannot_end_is_counted(
    session: Invoke,
    sweep: Invoke,
    upstream: ScriptedUpstream,
    limited: Any,
    clock: Clock,
    capsys: pytest.CaptureFixture[str],
) -> None:
    upstream.says(created("rtc_1"), created("rtc_2"), FAILED)
    start(session)
    start(session, BOB)
    clock.now += 901
    counted(capsys)

    assert sweep({}) == {"ended": 0, "failed": 2}
    assert counted(capsys) == [("SweepFailures", {}, [2.0])]


def test_a_call_that_is_restored_for_the_sweep_is_written_by_a_transaction_of_its_own(
    session: Invoke, upstream: ScriptedUpstream, dynamodb: ScriptedUpstream
) -> None:
    upstream.says(created(), FAILED)
    dynamodb.says(DONE, GONE, GONE, DONE)

    assert error(start(session))["param"] == "calls_at_once"
    tokens = [one["ClientRequestToken"] for one in bodies(dynamodb)]
    assert len({uuid.UUID(token) for token in tokens}) == 4
    restored = bodies(dynamodb)[-1]["TransactItems"][0]["Put"]["Item"]
    assert (restored["call_id"], restored["seconds"]) == ({"S": "rtc_1"}, {"N": "0"})


def test_a_call_that_cannot_be_recorded_for_the_sweep_is_logged_with_its_reservation(
    session: Invoke, upstream: ScriptedUpstream, dynamodb: ScriptedUpstream, logged: io.StringIO
) -> None:
    upstream.says(created(), FAILED)
    denied = Reply(400, json.dumps({"__type": "AccessDeniedException", "message": "no"}))
    dynamodb.says(DONE, denied)

    assert error(start(session))["code"] == "ledger_unavailable"
    [line] = [one for one in errors(logged) if one["message"].startswith("The ledger could not be changed")]
    assert line["reservation"] == bodies(dynamodb)[0]["ClientRequestToken"]


@limits(CALLS_AT_ONCE=1)
def test_keys_are_no_calls_at_once(token: Invoke, upstream: ScriptedUpstream, limited: Any) -> None:
    upstream.says(minted())

    assert [token(event("token", claims={"sub": ALICE}))["statusCode"] for _ in range(2)] == [200, 200]


@limits(MINUTES_PER_DAY=100)
def test_where_nobody_signs_in_whoever_hangs_up_the_call_of_a_key_gives_its_minutes_back(
    session: Invoke, token: Invoke, upstream: ScriptedUpstream, limited: Any, clock: Clock
) -> None:
    upstream.says(minted(), HUNG_UP)
    token(event("token"))
    clock.now += 60

    assert session(event("hang-up", path="/session/rtc_of_a_key"))["statusCode"] == 204
    assert (reserved(limited), open_ids(limited)) == (60, [])
