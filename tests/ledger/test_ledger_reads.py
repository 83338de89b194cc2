"""How the ledger is read: bounded, whatever number of people and reservations there is."""

import asyncio
import json
from typing import Any

import pytest
from realtime.event_loop import event_loop

from tests.conftest import Invoke, error, event
from tests.ledger.calls import ALICE, limits, start, usage
from tests.ledger.table import Clock
from tests.ledger.transactions import DONE, bodies, cancelled, key
from tests.scripted_upstream import HUNG_UP, Reply, ScriptedUpstream, created

OPEN = {
    "kind": {"S": "call"},
    "preset": {"S": "assistant"},
    "day": {"S": "2026-11-25"},
    "seconds": {"N": "900"},
    "started_at": {"N": "1795608000"},
    "ends_at": {"N": "1795608900"},
    "confirmed": {"N": "1"},
}


def opened(number: int) -> dict[str, Any]:
    """The item of one person's open call."""
    return OPEN | {
        "id": {"S": f"reservation#{number}"},
        "person": {"S": f"person-{number}"},
        "call_id": {"S": f"rtc_{number}"},
    }


def found(*items: dict[str, Any], unread: list[dict[str, Any]] | None = None) -> Reply:
    unprocessed = {"ledger": {"Keys": unread, "ConsistentRead": True}} if unread else {}
    return Reply(200, json.dumps({"Responses": {"ledger": items} if items else {}, "UnprocessedKeys": unprocessed}))


def keys(numbers: range) -> list[dict[str, Any]]:
    return [{"id": {"S": f"blocked#person-{number}"}} for number in numbers]


def test_whether_people_are_blocked_is_read_for_100_at_once_and_again_where_dynamodb_throttles(
    sweep: Invoke, upstream: ScriptedUpstream, dynamodb: ScriptedUpstream
) -> None:
    everything = Reply(200, json.dumps({"Items": [opened(number) for number in range(150)]}))
    [earlier, later] = [{"id": {"S": f"blocked#person-{number}"}} for number in (3, 149)]
    upstream.says(HUNG_UP)
    dynamodb.says(DONE, everything, found(earlier, unread=keys(range(1))), found(later), DONE, DONE, found())

    assert sweep({}) == {"ended": 2, "failed": 0}
    assert sorted(upstream.paths()) == [f"/v1/realtime/calls/rtc_{number}/hangup" for number in (149, 3)]
    first, second = (asked["RequestItems"]["ledger"] for asked in bodies(dynamodb)[2:4])
    assert (first["ConsistentRead"], len(first["Keys"])) == (True, 100)
    asked = {one["id"]["S"] for one in [*first["Keys"], *second["Keys"]]}
    assert asked == {one["id"]["S"] for one in keys(range(150))}
    assert second["Keys"][0] == keys(range(1))[0]
    assert len(second["Keys"]) == 51


def test_only_the_oldest_key_is_read_however_many_there_are(
    session: Invoke, upstream: ScriptedUpstream, dynamodb: ScriptedUpstream
) -> None:
    entries = {"open_keys": {"SS": [f"{number:012}#{number}" for number in range(500)]}}
    oldest = opened(0) | {"kind": {"S": "key"}, "call_id": {"S": ""}, "person": {"S": "everybody"}}
    dynamodb.says(
        DONE, Reply(200, json.dumps({"Item": {"id": {"S": "person#everybody"}} | entries})), DONE,
        Reply(200, json.dumps({"Item": oldest})), DONE,
    )  # fmt: skip
    upstream.says(HUNG_UP)

    assert session(event("hang-up", path="/session/rtc_1"))["statusCode"] == 204
    assert [asked.get("Key") for asked in bodies(dynamodb)] == [
        key(item_id)["Key"] for item_id in ("call#rtc_1", "person#everybody", "reservation#0", "reservation#1")
    ] + [None]


@limits(MAX_CALL_MINUTES=15, CALLS_AT_ONCE=1, MINUTES_PER_PERSON_PER_DAY=15)
def test_a_new_call_takes_over_the_minutes_of_the_oldest_that_it_ends(
    session: Invoke, upstream: ScriptedUpstream, limited: Any, clock: Clock
) -> None:
    upstream.says(created("rtc_1"), HUNG_UP, created("rtc_2"))
    start(session)
    clock.now += 60

    assert start(session)["headers"]["x-call-seconds"] == str(14 * 60)
    assert upstream.open_calls == ["rtc_2"]


@pytest.mark.parametrize(
    ("limited", "after", "named"),
    [
        ({"MINUTES_PER_PERSON_PER_DAY": 15}, 14 * 60 + 30, "minutes_per_person_per_day"),
        ({"MINUTES_PER_DAY": 15}, 14 * 60 + 30, "minutes_per_day"),
        ({"MINUTES_PER_PERSON_PER_DAY": 15, "MINUTES_PER_DAY": 60}, 14 * 60 + 1, "minutes_per_person_per_day"),
    ],
    indirect=["limited"],
)
def test_a_call_goes_on_if_ending_it_would_leave_too_few_minutes_for_another(
    session: Invoke, upstream: ScriptedUpstream, limited: Any, clock: Clock, environment: Any, after: int, named: str
) -> None:
    environment.setenv("MAX_CALL_MINUTES", "15")
    environment.setenv("CALLS_AT_ONCE", "1")
    upstream.says(created("rtc_1"), HUNG_UP, created("rtc_2"))
    start(session)
    clock.now += after

    assert (error(start(session))["code"], error(start(session))["param"]) == ("quota_exceeded", named)
    assert upstream.open_calls == ["rtc_1"]


@limits(MAX_CALL_MINUTES=15, CALLS_AT_ONCE=1, MINUTES_PER_PERSON_PER_DAY=15)
def test_a_call_of_yesterday_gives_no_minutes_of_today(
    session: Invoke, upstream: ScriptedUpstream, limited: Any, clock: Clock
) -> None:
    upstream.says(created("rtc_1"), HUNG_UP)
    start_before_midnight(session, limited, clock, reserved_tomorrow=14 * 60 + 1)

    assert error(start(session))["param"] == "minutes_per_person_per_day"
    assert upstream.open_calls == ["rtc_1"]


@limits(MAX_CALL_MINUTES=15, CALLS_AT_ONCE=1, MINUTES_PER_PERSON_PER_DAY=15)
def test_a_minute_that_is_left_is_enough_for_a_call_that_ends_the_oldest(
    session: Invoke, upstream: ScriptedUpstream, limited: Any, clock: Clock
) -> None:
    upstream.says(created("rtc_1"), HUNG_UP, created("rtc_2"))
    start_before_midnight(session, limited, clock, reserved_tomorrow=14 * 60)

    assert start(session)["headers"]["x-call-seconds"] == "60"
    assert upstream.open_calls == ["rtc_2"]


def start_before_midnight(session: Invoke, limited: Any, clock: Clock, *, reserved_tomorrow: int) -> None:
    """Start a call a minute before midnight UTC, and go on to a minute after it."""
    clock.now += 12 * 3600 - 60
    start(session)
    clock.now += 120
    person = person_of(limited)
    limited.put_item(Item={"id": f"person#{person}#2026-11-26", "reserved_seconds": reserved_tomorrow})


def person_of(table: Any) -> str:
    """The person of the only open reservation."""
    [person] = [item["person"] for item in table.scan()["Items"] if item["id"].startswith("reservation#")]
    return str(person)


def test_minutes_that_are_given_back_between_the_transaction_and_the_reading_are_reserved(
    session: Invoke, upstream: ScriptedUpstream, dynamodb: ScriptedUpstream
) -> None:
    exceeded = cancelled(*["None"] * 3, "ConditionalCheckFailed", *["None"] * 2)
    dynamodb.says(exceeded, found(), DONE)
    upstream.says(created("rtc_1"))

    response = start(session)

    assert (response["statusCode"], response["headers"]["x-call-seconds"]) == (201, "900")


def test_open_calls_are_listed_oldest_first_in_whatever_order_dynamodb_returns_them(
    token: Invoke, dynamodb: ScriptedUpstream
) -> None:
    older, newer = opened(2), opened(1) | {"started_at": {"N": "1795608060"}}
    entries = {"open_calls": {"SS": ["1795608000#2", "1795608060#1"]}}
    person = Reply(200, json.dumps({"Item": {"id": {"S": "person#alice"}} | entries}))
    dynamodb.says(found(), person, found(newer, older))

    answer = usage(token)

    assert [call["call_id"] for call in answer["calls"]] == ["rtc_2", "rtc_1"]


@pytest.mark.parametrize(
    ("reserved", "left"),
    [({}, 50 * 60), ({"day#2026-11-25": 60}, 50 * 60), ({"day#2026-11-25": 5000}, 1000)],
)
def test_the_minutes_that_are_left_are_those_of_the_lower_limit(
    token: Invoke, dynamodb: ScriptedUpstream, reserved: dict[str, int], left: int
) -> None:
    items = [{"id": {"S": item_id}, "reserved_seconds": {"N": str(count)}} for item_id, count in reserved.items()]
    dynamodb.says(found(*items), DONE)

    answer = usage(token)

    assert (answer["used_seconds"], answer["left_seconds"]) == (0, left)


def test_a_day_without_calls_is_used_by_nothing(
    token: Invoke, sweep: Invoke, dynamodb: ScriptedUpstream, environment: pytest.MonkeyPatch, capsys: Any
) -> None:
    environment.setenv("MINUTES_PER_PERSON_PER_DAY", "0")
    dynamodb.says(found(), DONE)
    assert usage(token)["left_seconds"] == 100 * 60

    dynamodb.says(DONE, Reply(200, json.dumps({"Items": []})), DONE)
    capsys.readouterr()
    assert sweep({}) == {"ended": 0, "failed": 0}
    assert '"DayUsedPercent":[0.0]' in capsys.readouterr().out


def test_a_failed_reading_leaves_no_request_behind(token: Invoke, dynamodb: ScriptedUpstream) -> None:
    dynamodb.says(Reply(400, json.dumps({"__type": "AccessDeniedException"})))

    response = token(event("usage", claims={"sub": ALICE}))

    assert error(response)["code"] == "ledger_unavailable"
    assert asyncio.all_tasks(event_loop()) == set()
