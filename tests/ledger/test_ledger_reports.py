"""What the ledger reports: metrics for the alarms and the dashboard, and a line of log for each call that ended."""

import io
from typing import Any

import pytest

from tests.conftest import REQUEST_ID, Invoke, event
from tests.ledger.calls import DAY, end, limits, reserved, start
from tests.ledger.table import (
    Clock,
    break_ledger,
    repair_ledger,
    while_it_answers,
)
from tests.scripted_upstream import FAILED, HUNG_UP, ScriptedUpstream, created
from tests.telemetry import counted, empty, errors, lines


@limits(MAX_CALL_MINUTES=15, MINUTES_PER_DAY=200)
def test_a_call_that_the_sweep_cannot_end_is_counted_and_logged_and_so_is_its_end(
    session: Invoke,
    sweep: Invoke,
    upstream: ScriptedUpstream,
    limited: Any,
    clock: Clock,
    logged: io.StringIO,
    capsys: pytest.CaptureFixture[str],
) -> None:
    upstream.says(created("rtc_1"), FAILED)
    start(session)
    clock.now += 901
    counted(capsys)
    empty(logged)

    assert sweep({}) == {"ended": 0, "failed": 1}
    assert counted(capsys) == [("SweepFailures", {}, [1.0]), ("DayUsedPercent", {}, [7.5])]
    failed, swept = lines(logged)
    assert (failed["level"], failed["message"], failed["call_id"]) == ("ERROR", "A call could not be hung up", "rtc_1")
    assert (swept["level"], swept["message"], swept["ended"], swept["failed"]) == ("INFO", "Swept", 0, 1)

    upstream.says(HUNG_UP)
    empty(logged)
    assert sweep({}) == {"ended": 1, "failed": 0}
    assert counted(capsys) == [("Minutes", {"preset": "assistant"}, [15.0]), ("DayUsedPercent", {}, [7.5])]
    settled, swept = lines(logged)
    person = settled.pop("person")
    assert len(person) == 16
    assert settled == {
        "level": "INFO",
        "message": "Settled",
        "minutes": 15.0,
        "preset": "assistant",
        "upstream_status": 200,
        "upstream_ms": settled["upstream_ms"],
    }
    assert (swept["message"], swept["ended"], swept["failed"]) == ("Swept", 1, 0)

    empty(logged)
    assert sweep({}) == {"ended": 0, "failed": 0}
    assert (lines(logged), counted(capsys)) == ([], [("DayUsedPercent", {}, [7.5])])


@limits(MINUTES_PER_DAY=200)
@pytest.mark.parametrize(("seconds", "percent"), [(199 * 60, 99.5), (199 * 60 + 1, 100.0), (12_001, 100.0)])
def test_a_day_is_used_when_no_call_can_start(
    sweep: Invoke, limited: Any, clock: Clock, capsys: pytest.CaptureFixture[str], seconds: int, percent: float
) -> None:
    limited.put_item(Item={"id": DAY, "reserved_seconds": seconds})

    sweep({})

    assert counted(capsys) == [("DayUsedPercent", {}, [percent])]


def test_without_limits_the_sweep_has_nothing_to_do(
    sweep: Invoke, logged: io.StringIO, capsys: pytest.CaptureFixture[str]
) -> None:
    assert sweep({}) == {"ended": 0, "failed": 0}
    assert (lines(logged), counted(capsys)) == ([], [])


def test_a_reservation_that_the_sweep_cannot_close_is_logged_and_tried_again(
    session: Invoke,
    sweep: Invoke,
    upstream: ScriptedUpstream,
    limited: Any,
    clock: Clock,
    logged: io.StringIO,
) -> None:
    upstream.says(created("rtc_1"), while_it_answers(break_ledger, HUNG_UP), HUNG_UP)
    start(session)
    clock.now += 901
    empty(logged)

    assert sweep({}) == {"ended": 0, "failed": 1}
    [line] = errors(logged)
    assert (line["message"], line["exception_name"], len(line["reservation"])) == (
        "A reservation could not be closed",
        "LedgerUnavailable",
        36,
    )
    repair_ledger()
    assert sweep({}) == {"ended": 1, "failed": 0}


def test_the_minutes_of_a_hang_up_are_counted_with_their_person(
    session: Invoke,
    upstream: ScriptedUpstream,
    limited: Any,
    clock: Clock,
    logged: io.StringIO,
    capsys: pytest.CaptureFixture[str],
) -> None:
    upstream.says(created("rtc_1"), HUNG_UP)
    start(session)
    clock.now += 100
    counted(capsys)
    empty(logged)

    end(session, "rtc_1")

    assert counted(capsys) == [("Minutes", {"preset": "assistant"}, [100 / 60])]
    settled, answered = lines(logged)
    assert (settled["message"], settled["minutes"], settled["preset"], settled["correlation_id"]) == (
        "Settled",
        1.67,
        "assistant",
        REQUEST_ID,
    )
    assert settled["person"] == answered["person"]
    assert "minutes" not in answered


def test_minutes_that_cannot_be_given_back_are_logged_with_their_reservation(
    session: Invoke, upstream: ScriptedUpstream, limited: Any, logged: io.StringIO
) -> None:
    upstream.says(while_it_answers(break_ledger, created()), HUNG_UP)

    start(session)

    [line] = errors(logged)
    assert (line["message"], line["exception_name"], len(line["reservation"])) == (
        "The ledger could not be changed; the sweep will close this",
        "LedgerUnavailable",
        36,
    )
    repair_ledger()
    assert reserved(limited) == 900


def test_a_hang_up_without_the_ledger_is_logged(
    session: Invoke, upstream: ScriptedUpstream, limited: Any, logged: io.StringIO
) -> None:
    upstream.says(HUNG_UP)
    break_ledger()

    assert session(event("hang-up", path="/session/rtc_1"))["statusCode"] == 204
    [line] = errors(logged)
    assert (line["message"], line["call_id"]) == (
        "A call is hung up without its reservation; the sweep will close that",
        "rtc_1",
    )
