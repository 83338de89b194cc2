"""No call is forgotten that may still be open: its reservation stays until the call has ended."""

from typing import Any

import pytest
from realtime.dynamodb import Table
from realtime.ledger import Ledger
from realtime.settings import Limits

from tests.conftest import Invoke, error, event, run
from tests.ledger.calls import ALICE, UNKNOWN, end, limits, open_ids, reserved, start
from tests.ledger.table import (
    Clock,
    break_ledger,
    repair_ledger,
    while_it_answers,
)
from tests.scripted_upstream import ANSWER, FAILED, HUNG_UP, Reply, ScriptedUpstream, created, minted

UNUSABLE = created(answer="<html>")
NO_SUCH_ROUTES = [Reply(404, "Not Found"), Reply(404, '{"error": {"code": "404", "message": "Resource not found"}}')]


def taken_away(table: Any, reply: Reply) -> Reply:
    """Something is created while another request takes the place of its reservation."""

    def settle() -> None:
        for item in table.scan()["Items"]:
            if item["id"].startswith("reservation#"):
                table.delete_item(Key={"id": item["id"]})

    return while_it_answers(settle, reply)


def test_a_call_whose_place_was_taken_meanwhile_is_hung_up(
    session: Invoke, upstream: ScriptedUpstream, limited: Any
) -> None:
    upstream.says(taken_away(limited, created()), HUNG_UP)

    answer = start(session)

    assert error(answer) == {
        "message": "Your newer call has replaced this one.",
        "type": "invalid_request_error",
        "code": "quota_exceeded",
        "param": "calls_at_once",
        "request_id": answer["headers"]["x-request-id"],
    }
    assert (upstream.open_calls, open_ids(limited)) == ([], [])


def test_a_call_whose_place_was_taken_and_that_cannot_be_hung_up_is_left_to_the_sweep_without_minutes(
    session: Invoke, sweep: Invoke, upstream: ScriptedUpstream, limited: Any
) -> None:
    upstream.says(taken_away(limited, created()), FAILED, FAILED, HUNG_UP)

    assert error(start(session))["param"] == "calls_at_once"
    before = reserved(limited)
    assert sweep({}) == {"ended": 1, "failed": 0}

    assert (upstream.open_calls, open_ids(limited), reserved(limited)) == ([], [], before)


def test_a_key_whose_reservation_is_gone_is_not_given_out(
    token: Invoke, upstream: ScriptedUpstream, limited: Any
) -> None:
    upstream.says(taken_away(limited, minted()))

    answer = token(event("token", claims={"sub": ALICE}))

    assert (answer["statusCode"], error(answer)) == (
        503,
        {
            "message": "The minutes of this key could not be recorded; try again.",
            "type": "server_error",
            "code": "ledger_unavailable",
            "param": None,
            "request_id": answer["headers"]["x-request-id"],
        },
    )


def test_a_call_that_cannot_be_written_down_is_hung_up(
    session: Invoke, upstream: ScriptedUpstream, limited: Any
) -> None:
    upstream.says(while_it_answers(break_ledger, created()), HUNG_UP)

    assert error(start(session))["code"] == "ledger_unavailable"
    assert upstream.open_calls == []


def test_a_call_that_cannot_be_written_down_nor_hung_up_is_left_to_the_sweep(
    session: Invoke, sweep: Invoke, upstream: ScriptedUpstream, limited: Any, clock: Clock
) -> None:
    upstream.says(
        while_it_answers(break_ledger, created()),
        FAILED,
        while_it_answers(repair_ledger, FAILED),
    )

    assert error(start(session))["code"] == "ledger_unavailable"
    assert (reserved(limited), open_ids(limited)) == (900, ["call", "reservation"])
    clock.now += 30
    upstream.says(HUNG_UP)

    assert sweep({}) == {"ended": 1, "failed": 0}
    assert (upstream.open_calls, reserved(limited), open_ids(limited)) == ([], 30, [])


def test_a_call_that_nobody_can_use_and_that_cannot_be_hung_up_is_left_to_the_sweep(
    session: Invoke, sweep: Invoke, upstream: ScriptedUpstream, limited: Any, clock: Clock
) -> None:
    upstream.says(UNUSABLE, FAILED)

    assert error(start(session))["code"] == "invalid_answer"
    assert (reserved(limited), open_ids(limited)) == (900, ["call", "reservation"])
    assert sweep({}) == {"ended": 0, "failed": 1}
    clock.now += 60
    upstream.says(HUNG_UP)

    assert sweep({}) == {"ended": 1, "failed": 0}
    assert (upstream.open_calls, reserved(limited), open_ids(limited)) == ([], 60, [])


def test_a_call_that_nobody_can_use_and_that_the_upstream_no_longer_knows_is_given_back(
    session: Invoke, upstream: ScriptedUpstream, limited: Any
) -> None:
    upstream.says(UNUSABLE, UNKNOWN)

    assert error(start(session))["code"] == "invalid_answer"
    assert (reserved(limited), open_ids(limited)) == (0, [])


def test_an_unexpected_exception_leaves_a_call_that_cannot_be_hung_up_to_the_sweep(
    session: Invoke, upstream: ScriptedUpstream, limited: Any, unexpected_error: type[Exception]
) -> None:
    upstream.says(created("rtc_1"), FAILED)

    with pytest.raises(unexpected_error):
        start(session)
    assert (reserved(limited), open_ids(limited)) == (900, ["call", "reservation"])


def test_what_has_become_a_call_since_it_was_read_is_not_settled(limited: Any) -> None:
    ledger = Ledger(Table(limited.name), Limits(max_call_minutes=15))
    reservation = run(ledger.reserve("call", ALICE, "assistant", 3600))
    confirmed = reservation.to_confirmed("rtc_1", ends_at=reservation.ends_at)
    run(ledger.confirm(confirmed))

    assert run(ledger.settle(reservation, used_seconds=0)) is False
    assert run(ledger.find_call("rtc_1")) == confirmed
    assert run(ledger.settle(confirmed, used_seconds=0)) is True


@limits(CALLS_AT_ONCE=1, MAX_CALL_MINUTES=15)
def test_a_call_without_an_id_makes_no_room_because_nobody_can_hang_it_up(
    session: Invoke, upstream: ScriptedUpstream, limited: Any
) -> None:
    upstream.says(Reply(200, ANSWER))

    assert start(session)["statusCode"] == 201
    assert error(start(session))["message"] == "Your other call could not be ended; try again."
    assert len(upstream.asked) == 1


@pytest.mark.parametrize("no_such_route", NO_SUCH_ROUTES)
def test_a_404_that_does_not_name_the_call_is_no_proof_until_the_upstreams_longest_call_is_over(
    session: Invoke, sweep: Invoke, upstream: ScriptedUpstream, limited: Any, clock: Clock, no_such_route: Reply
) -> None:
    upstream.says(created("rtc_1"), no_such_route)
    start(session)
    clock.now += 10
    assert end(session, "rtc_1")["statusCode"] == 404
    assert (reserved(limited), open_ids(limited)) == (900, ["call", "reservation"])
    clock.now += 3600 - 11
    assert sweep({}) == {"ended": 0, "failed": 1}
    clock.now += 1

    assert sweep({}) == {"ended": 1, "failed": 0}
    assert (reserved(limited), open_ids(limited)) == (3600, [])


def test_where_people_sign_in_nobody_hangs_up_while_the_ledger_cannot_tell_whose_call_it_is(
    session: Invoke, upstream: ScriptedUpstream, limited: Any
) -> None:
    upstream.says(created("rtc_1"), HUNG_UP)
    start(session)
    break_ledger()

    answer = end(session, "rtc_1")

    assert (answer["statusCode"], error(answer)) == (
        503,
        {
            "message": "Whose call this is cannot be checked now, so it was not hung up: close your connection, which"
            " ends it too, or try again.",
            "type": "server_error",
            "code": "ledger_unavailable",
            "param": None,
            "request_id": answer["headers"]["x-request-id"],
        },
    )
    assert upstream.open_calls == ["rtc_1"]


def test_where_nobody_signs_in_a_call_is_hung_up_without_the_ledger_and_its_minutes_count_until_the_sweep(
    session: Invoke, sweep: Invoke, upstream: ScriptedUpstream, limited: Any, clock: Clock
) -> None:
    upstream.says(created("rtc_1"), HUNG_UP, UNKNOWN)
    session(event("session"))
    break_ledger()

    assert session(event("hang-up", path="/session/rtc_1"))["statusCode"] == 204
    assert upstream.open_calls == []
    repair_ledger()
    clock.now += 900
    assert sweep({}) == {"ended": 1, "failed": 0}
    assert (reserved(limited), open_ids(limited)) == (900, [])


@pytest.mark.parametrize(
    ("reply", "status"),
    [(HUNG_UP, 204), (UNKNOWN, 404)],
)
def test_what_the_upstream_has_said_of_a_hang_up_is_answered_although_the_minutes_cannot_be_given_back(
    session: Invoke, upstream: ScriptedUpstream, limited: Any, reply: Reply, status: int
) -> None:
    upstream.says(created("rtc_1"), while_it_answers(break_ledger, reply))
    start(session)

    assert end(session, "rtc_1")["statusCode"] == status
    repair_ledger()
    assert (reserved(limited), open_ids(limited)) == (900, ["call", "reservation"])
