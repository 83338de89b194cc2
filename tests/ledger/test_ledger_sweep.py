"""The function that runs every minute: it hangs up what is over its time, and settles what has ended."""

from typing import Any

import pytest
from realtime.dynamodb import Table
from realtime.ledger import Ledger
from realtime.reservation import Reservation
from realtime.settings import Limits

from tests.conftest import Invoke, event, run
from tests.ledger.calls import ALICE, BOB, UNKNOWN, open_ids, reserved, start
from tests.ledger.table import Clock
from tests.scripted_upstream import ANSWER, FAILED, HUNG_UP, Reply, ScriptedUpstream, created, minted


def test_the_sweep_ends_what_is_over_its_time_and_nothing_else(
    session: Invoke, sweep: Invoke, upstream: ScriptedUpstream, limited: Any, clock: Clock
) -> None:
    upstream.says(created("rtc_1"), created("rtc_2"), HUNG_UP)
    start(session)
    clock.now += 600
    start(session, BOB)
    assert sweep({}) == {"ended": 0, "failed": 0}
    clock.now += 301

    assert sweep({}) == {"ended": 1, "failed": 0}
    assert (upstream.open_calls, reserved(limited)) == (["rtc_2"], 1800)


def test_the_sweep_tries_again_what_failed_and_gives_up_on_what_the_upstream_no_longer_knows(
    session: Invoke, sweep: Invoke, upstream: ScriptedUpstream, limited: Any, clock: Clock
) -> None:
    upstream.says(created("rtc_1"))
    start(session)
    clock.now += 901

    upstream.says(FAILED)
    assert sweep({}) == {"ended": 0, "failed": 1}
    upstream.says(UNKNOWN)
    assert sweep({}) == {"ended": 1, "failed": 0}
    assert open_ids(limited) == []


def test_the_sweep_reads_all_pages_of_what_is_open(
    sweep: Invoke, limited: Any, clock: Clock, upstream: ScriptedUpstream
) -> None:
    upstream.says(HUNG_UP)
    reservation = Reservation("", "call", ALICE, "assistant", "2026-11-25", 900, 0, 0, 1)
    for number in range(4):  # a page has a megabyte at most
        item = reservation._replace(id=str(number), call_id=f"rtc_{number}").to_item()
        limited.put_item(Item=item | {"padding": "x" * 390_000})

    assert sweep({}) == {"ended": 4, "failed": 0}
    assert sorted(upstream.paths()) == [f"/v1/realtime/calls/rtc_{number}/hangup" for number in range(4)]


@pytest.mark.parametrize("stopped", ["paused", "blocked"])
def test_the_sweep_hangs_up_running_calls_when_calls_are_paused_or_their_person_is_blocked(
    session: Invoke, sweep: Invoke, token: Invoke, upstream: ScriptedUpstream, limited: Any, stopped: str
) -> None:
    upstream.says(created("rtc_1"), minted(), created("rtc_2"), HUNG_UP)
    start(session)
    token(event("token", claims={"sub": ALICE}))
    start(session, BOB)
    alice = next(item["person"] for item in limited.scan()["Items"] if item.get("call_id") == "rtc_1")
    limited.put_item(Item={"id": "paused" if stopped == "paused" else f"blocked#{alice}"})

    assert sweep({}) == {"ended": 2 if stopped == "paused" else 1, "failed": 0}
    assert upstream.open_calls == ([] if stopped == "paused" else ["rtc_2"])
    # The call of a key cannot be hung up, so its minutes stay reserved.
    assert open_ids(limited).count("reservation") == (1 if stopped == "paused" else 2)


def test_a_reservation_without_a_call_is_given_back_after_a_minute(
    sweep: Invoke, limited: Any, clock: Clock, upstream: ScriptedUpstream
) -> None:
    book = Ledger(Table(limited.name), Limits(max_call_minutes=15))
    run(book.reserve("call", ALICE, "assistant", 3600))  # and then the function is killed
    clock.now += 59
    assert sweep({}) == {"ended": 0, "failed": 0}
    clock.now += 1

    assert sweep({}) == {"ended": 1, "failed": 0}
    assert (reserved(limited), open_ids(limited), upstream.asked) == (0, [], [])


def test_a_key_and_a_call_without_an_id_count_in_full_once_they_are_over(
    session: Invoke, token: Invoke, sweep: Invoke, limited: Any, clock: Clock, upstream: ScriptedUpstream
) -> None:
    upstream.says(Reply(200, ANSWER), minted())
    start(session)
    token(event("token", claims={"sub": ALICE}))
    clock.now += 3600 - 1
    assert sweep({}) == {"ended": 0, "failed": 0}
    assert reserved(limited) == 900 + 3600
    clock.now += 1
    assert sweep({}) == {"ended": 1, "failed": 0}
    clock.now += 600

    assert sweep({}) == {"ended": 1, "failed": 0}
    assert (reserved(limited), open_ids(limited)) == (3600 + 3600, [])
