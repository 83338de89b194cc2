"""Minutes of Live and translation, whose hang-up of a browser's call is not documented: only success gives any back."""

import json
from typing import Any

import pytest

from tests.conftest import Invoke, error
from tests.ledger.calls import UNKNOWN, end, limits, open_ids, reserved, start
from tests.ledger.table import Clock
from tests.scripted_upstream import ANSWER_WITH_DATA, HUNG_UP, Reply, ScriptedUpstream, created, created_live, minted

REFUSED = Reply(400, json.dumps({"error": {"message": "not a SIP call", "code": "invalid_request"}}))
TWO_HOURS = 2 * 3600


def test_a_confirmed_hang_up_gives_back_what_was_not_used(
    session: Invoke, upstream: ScriptedUpstream, limited: Any, clock: Clock
) -> None:
    upstream.says(created_live(), HUNG_UP)
    assert start(session, query="preset=live")["headers"]["x-call-seconds"] == "900"
    clock.now += 100

    assert end(session, "live_1")["statusCode"] == 204
    assert upstream.paths() == ["/v1/live/sessions", "/v1/live/sessions/live_1/hangup"]
    assert (reserved(limited), open_ids(limited)) == (100, [])


@pytest.mark.parametrize(
    ("preset", "call_id", "replies"),
    [
        ("live", "live_1", [created_live()]),
        ("interpreter", "rtc_1", [minted("translation"), created(answer=ANSWER_WITH_DATA)]),
    ],
)
def test_a_call_that_the_upstream_does_not_know_counts_in_full(
    session: Invoke, upstream: ScriptedUpstream, limited: Any, clock: Clock, preset: str, call_id: str, replies: Any
) -> None:
    upstream.says(*replies, UNKNOWN)
    start(session, query=f"preset={preset}")
    clock.now += 1

    assert error(end(session, call_id))["code"] == "call_id_not_found"
    assert (reserved(limited), open_ids(limited)) == (900, [])


def test_a_refused_hang_up_leaves_the_minutes_reserved(
    session: Invoke, upstream: ScriptedUpstream, limited: Any, clock: Clock
) -> None:
    upstream.says(created_live(), REFUSED)
    start(session, query="preset=live")
    clock.now += 1

    assert error(end(session, "live_1"))["message"] == "not a SIP call"
    assert (reserved(limited), open_ids(limited)) == (900, ["call", "reservation"])


def test_a_call_that_the_sweep_cannot_end_counts_for_as_long_as_the_upstream_lets_it_run(
    session: Invoke, sweep: Invoke, upstream: ScriptedUpstream, limited: Any, clock: Clock
) -> None:
    upstream.says(created_live(), REFUSED)
    start(session, query="preset=live")
    clock.now += TWO_HOURS - 1
    assert sweep({}) == {"ended": 0, "failed": 1}
    assert reserved(limited) == 900
    clock.now += 1

    assert sweep({}) == {"ended": 1, "failed": 0}
    assert (reserved(limited), open_ids(limited)) == (TWO_HOURS, [])


@limits(CALLS_AT_ONCE=1)
def test_without_a_longest_time_a_call_reserves_what_the_upstream_allows(
    session: Invoke, upstream: ScriptedUpstream, limited: Any
) -> None:
    upstream.says(created_live())

    assert start(session, query="preset=live")["headers"]["x-call-seconds"] == str(TWO_HOURS)


@limits(MAX_CALL_MINUTES=120)
def test_a_call_of_the_realtime_api_lasts_an_hour_at_most(
    session: Invoke, upstream: ScriptedUpstream, limited: Any
) -> None:
    assert start(session, query="preset=assistant")["headers"]["x-call-seconds"] == "3600"


def test_a_call_without_an_id_counts_for_as_long_as_the_upstream_lets_it_run(
    session: Invoke, sweep: Invoke, upstream: ScriptedUpstream, limited: Any, clock: Clock
) -> None:
    upstream.says(Reply(201, json.dumps({"transport": {"type": "webrtc", "sdp": ANSWER_WITH_DATA}})))
    start(session, query="preset=live")
    clock.now += TWO_HOURS + 60

    assert sweep({}) == {"ended": 1, "failed": 0}
    assert (reserved(limited), open_ids(limited)) == (TWO_HOURS, [])
