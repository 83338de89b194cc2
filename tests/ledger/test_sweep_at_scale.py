"""The sweep with many calls, with little time, and with an exception that nobody expects."""

import io
import threading
import time
from typing import Any

import pytest
from realtime.reservation import Reservation

from tests.conftest import Invoke
from tests.ledger.calls import UNKNOWN, open_ids, start
from tests.ledger.table import NOON, Clock
from tests.scripted_upstream import HUNG_UP, Reply, ScriptedUpstream, created
from tests.telemetry import empty, errors, lines
from tests.waiting import wait_until


def open_calls(table: Any, numbers: range, *, person: str = "alice", ends_at: int = NOON) -> None:
    """Write calls into the ledger; at noon their time is over."""
    for one in numbers:
        reservation = Reservation(
            str(one), "call", person, "assistant", "2026-11-25", 900, NOON, ends_at, 1, f"rtc_{one}"
        )
        table.put_item(Item=reservation.to_item())


def release_ten(upstream: ScriptedUpstream) -> None:
    """Let the hang-ups be answered once ten are in flight, and an eleventh has had the time to arrive."""
    wait_until(lambda: upstream.most_in_flight >= 10)
    time.sleep(0.3)
    upstream.released.set()


def test_ten_calls_are_hung_up_at_once(sweep: Invoke, upstream: ScriptedUpstream, limited: Any, clock: Clock) -> None:
    open_calls(limited, range(25))
    upstream.says(Reply(200, "", after_seconds=10))
    threading.Thread(target=release_ten, args=[upstream], daemon=True).start()

    assert sweep({}) == {"ended": 25, "failed": 0}
    assert upstream.most_in_flight == 10


def test_calls_of_blocked_people_are_hung_up_before_those_whose_time_is_over(
    sweep: Invoke, upstream: ScriptedUpstream, limited: Any, clock: Clock
) -> None:
    open_calls(limited, range(1, 16))
    open_calls(limited, range(1), person="bob", ends_at=NOON + 900)
    limited.put_item(Item={"id": "blocked#bob"})
    upstream.says(HUNG_UP)

    assert sweep({}) == {"ended": 16, "failed": 0}
    assert "/v1/realtime/calls/rtc_0/hangup" in upstream.paths()[:10]


def test_an_unexpected_exception_ends_the_sweep_after_all_other_calls_have_ended(
    sweep: Invoke,
    environment: pytest.MonkeyPatch,
    upstream: ScriptedUpstream,
    limited: Any,
    clock: Clock,
    logged: io.StringIO,
) -> None:
    def broken(_: object) -> bool:
        raise ZeroDivisionError

    environment.setattr("realtime.ending.is_over", broken)
    open_calls(limited, range(15))
    upstream.says(UNKNOWN, HUNG_UP)

    with pytest.raises(ZeroDivisionError):
        sweep({})
    assert len(open_ids(limited)) == 1
    [left] = errors(logged)
    assert left["message"] == "An unexpected exception left a reservation open"
    assert f"reservation#{left['reservation']}" in [item["id"] for item in limited.scan()["Items"]]


def test_a_hang_up_takes_no_longer_than_the_function_may(
    sweep: Invoke, environment: pytest.MonkeyPatch, upstream: ScriptedUpstream, limited: Any, clock: Clock
) -> None:
    environment.setattr("tests.conftest.Context.get_remaining_time_in_millis", lambda _: 2_000)
    open_calls(limited, range(1))
    upstream.says(Reply(200, "", after_seconds=5))

    assert sweep({}) == {"ended": 0, "failed": 1}


def test_a_connection_that_was_idle_since_the_last_sweep_is_not_used(
    sweep: Invoke, upstream: ScriptedUpstream, limited: Any, clock: Clock
) -> None:
    upstream.says(HUNG_UP)
    for _ in range(2):
        open_calls(limited, range(1))
        clock.now += 60
        assert sweep({}) == {"ended": 1, "failed": 0}

    assert len(upstream.connections) == 2


def test_a_line_of_log_has_the_request_of_its_own_call_and_of_no_other(
    session: Invoke, sweep: Invoke, upstream: ScriptedUpstream, limited: Any, clock: Clock, logged: io.StringIO
) -> None:
    upstream.says(created("rtc_1"), created("rtc_2"))
    start(session, "alice")
    start(session, "bob")
    clock.now += 901
    upstream.says(
        Reply(500, "", {"x-request-id": "req_of_the_failed"}, after_seconds=0.3),
        Reply(200, "", {"x-request-id": "req_of_the_other"}),
    )
    empty(logged)

    assert sweep({}) == {"ended": 1, "failed": 1}
    found = [(line["message"], line.get("upstream_request_id")) for line in lines(logged)]
    assert sorted(found, key=str) == [
        ("A call could not be hung up", "req_of_the_failed"),
        ("Settled", "req_of_the_other"),
        ("Swept", None),
    ]
