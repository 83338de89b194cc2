"""The bill is bounded: minutes are reserved before a call, given back after it, and no limit is passed."""

import asyncio
import io
import json
from typing import Any

import pytest
from realtime.dynamodb import Table
from realtime.errors import QuotaExceeded
from realtime.ledger import Ledger, TooManyCalls
from realtime.reservation import Reservation
from realtime.settings import Limits

from local.aws import Aws
from tests.conftest import Invoke, error, event, run
from tests.ledger.calls import ALICE, BOB, UNKNOWN, end, limits, open_ids, reserved, start, usage
from tests.ledger.table import Clock, use_ledger
from tests.scripted_upstream import FAILED, HUNG_UP, Reply, ScriptedUpstream, created, minted
from tests.telemetry import lines


@limits(MAX_CALL_MINUTES=15, MINUTES_PER_PERSON_PER_DAY=60)
def test_minutes_are_reserved_when_a_call_starts_and_given_back_when_it_ends_early(
    session: Invoke, token: Invoke, upstream: ScriptedUpstream, limited: Any, clock: Clock
) -> None:
    upstream.says(created("rtc_1"), HUNG_UP)

    response = start(session)
    assert (response["statusCode"], response["headers"]["x-call-seconds"]) == (201, "900")
    assert usage(token) == {
        "limits": {
            "max_call_minutes": 15,
            "calls_at_once": None,
            "minutes_per_person_per_day": 60,
            "minutes_per_day": None,
        },
        "used_seconds": 900,
        "left_seconds": 2700,
        "resets_in_seconds": 12 * 3600,
        "calls": [
            {"call_id": "rtc_1", "preset": "assistant", "started_at": clock.now, "ends_at": clock.now + 900},
        ],
    }

    clock.now += 100
    assert end(session, "rtc_1")["statusCode"] == 204
    after = usage(token)
    assert (after["used_seconds"], after["left_seconds"], after["calls"]) == (100, 3500, [])
    assert open_ids(limited) == []


@limits(MAX_CALL_MINUTES=15, MINUTES_PER_PERSON_PER_DAY=20)
def test_a_call_is_shorter_where_fewer_minutes_are_left_and_refused_where_none_are(
    session: Invoke, upstream: ScriptedUpstream, limited: Any
) -> None:
    upstream.says(created("rtc_1"), created("rtc_2"))

    assert [start(session)["headers"]["x-call-seconds"] for _ in range(2)] == ["900", "300"]
    response = start(session)

    assert (response["statusCode"], response["headers"]["retry-after"]) == (429, str(12 * 3600))
    assert error(response) == {
        "message": "Your minutes of today are used up or reserved (20 a day). They are free again at 00:00 UTC.",
        "type": "invalid_request_error",
        "code": "quota_exceeded",
        "param": "minutes_per_person_per_day",
        "request_id": response["headers"]["x-request-id"],
    }
    assert len(upstream.asked) == 2


@limits(MAX_CALL_MINUTES=15, MINUTES_PER_DAY=20)
def test_all_people_together_have_a_limit_too_and_another_day_has_its_own(
    session: Invoke, upstream: ScriptedUpstream, limited: Any, clock: Clock
) -> None:
    upstream.says(*(created(f"rtc_{number}") for number in range(9)))

    assert [start(session, who)["statusCode"] for who in (ALICE, BOB, "carol")] == [201, 201, 429]
    assert error(start(session, BOB))["param"] == "minutes_per_day"
    clock.now += 24 * 3600
    assert start(session, "carol")["statusCode"] == 201


@limits(CALLS_AT_ONCE=2)
def test_one_call_too_many_hangs_up_that_persons_oldest(
    session: Invoke, upstream: ScriptedUpstream, limited: Any, clock: Clock
) -> None:
    upstream.says(created("rtc_1"), created("rtc_2"), created("rtc_3"), HUNG_UP, created("rtc_4"))

    for who in (ALICE, BOB, ALICE):
        assert start(session, who)["statusCode"] == 201
        clock.now += 1
    assert start(session, ALICE)["statusCode"] == 201

    assert upstream.paths()[3:] == ["/v1/realtime/calls/rtc_1/hangup", "/v1/realtime/calls"]
    assert upstream.open_calls == ["rtc_2", "rtc_3", "rtc_4"]
    assert reserved(limited) == 3 * 3600 + 3


@limits(CALLS_AT_ONCE=1)
def test_a_call_that_has_ended_by_itself_makes_room(session: Invoke, upstream: ScriptedUpstream, limited: Any) -> None:
    upstream.says(created("rtc_1"), UNKNOWN, created("rtc_2"))

    assert [start(session)["statusCode"] for _ in range(2)] == [201, 201]


@limits(CALLS_AT_ONCE=2)
def test_calls_that_have_expired_without_a_sweep_make_room(
    session: Invoke, upstream: ScriptedUpstream, limited: Any, clock: Clock
) -> None:
    upstream.says(*(created(f"rtc_{number}") for number in range(4)))
    for _ in range(2):
        start(session)
    for item in limited.scan()["Items"]:  # DynamoDB deletes them a day after their end
        if item["id"].startswith("reservation#"):
            limited.delete_item(Key={"id": item["id"]})

    assert [start(session)["statusCode"] for _ in range(2)] == [201, 201]
    assert upstream.paths() == ["/v1/realtime/calls"] * 4
    [entries] = [item["open_calls"] for item in limited.scan()["Items"] if "open_calls" in item]
    assert len(entries) == 2


@limits(CALLS_AT_ONCE=1)
def test_a_call_that_cannot_be_ended_makes_no_room(
    session: Invoke, upstream: ScriptedUpstream, limited: Any, logged: io.StringIO
) -> None:
    upstream.says(created("rtc_1"), FAILED)

    start(session)
    response = start(session)

    assert (response["statusCode"], error(response)) == (
        429,
        {
            "message": "Your other call could not be ended; try again.",
            "type": "invalid_request_error",
            "code": "quota_exceeded",
            "param": "calls_at_once",
            "request_id": response["headers"]["x-request-id"],
        },
    )
    assert upstream.open_calls == ["rtc_1"]
    assert (lines(logged)[-1]["message"], lines(logged)[-1]["upstream_status"]) == ("Answered", 500)


def test_nobody_ends_the_call_of_somebody_else(session: Invoke, upstream: ScriptedUpstream, limited: Any) -> None:
    upstream.says(created("rtc_1"), HUNG_UP)
    start(session)

    others, nobodys = end(session, "rtc_1", BOB), end(session, "rtc_9", BOB)

    assert [others["statusCode"], nobodys["statusCode"]] == [404, 404]
    assert error(others) == error(nobodys)
    assert upstream.open_calls == ["rtc_1"]
    assert end(session, "rtc_1")["statusCode"] == 204


@limits(MINUTES_PER_PERSON_PER_DAY=100)
def test_a_key_takes_60_minutes_until_its_holder_hangs_its_call_up(
    session: Invoke, token: Invoke, upstream: ScriptedUpstream, limited: Any, clock: Clock
) -> None:
    upstream.says(minted())
    mint = event("token", claims={"sub": ALICE})
    assert token(mint)["statusCode"] == 200
    assert usage(token)["left_seconds"] == 2400
    assert error(token(mint))["code"] == "quota_exceeded"
    clock.now += 60

    upstream.says(UNKNOWN)  # not live: no proof
    assert end(session, "rtc_of_a_key")["statusCode"] == 404
    assert usage(token)["left_seconds"] == 2400
    upstream.says(HUNG_UP)
    assert end(session, "rtc_of_a_key", BOB)["statusCode"] == 404  # who holds no key
    assert end(session, "rtc_of_a_key")["statusCode"] == 204
    assert usage(token)["left_seconds"] == 5940
    assert end(session, "rtc_of_another")["statusCode"] == 404  # one key, one call
    assert (usage(token)["left_seconds"], open_ids(limited)) == (5940, [])


def test_without_sign_in_all_callers_are_one_person_without_a_limit_at_once(
    session: Invoke, upstream: ScriptedUpstream, environment: pytest.MonkeyPatch, new_process: None, aws_services: Aws
) -> None:
    use_ledger(environment, aws_services, CALLS_AT_ONCE=1, MINUTES_PER_PERSON_PER_DAY=150)
    upstream.says(*(created(f"rtc_{number}") for number in range(9)))

    assert [session(event("session"))["statusCode"] for _ in range(4)] == [201, 201, 201, 429]


@pytest.mark.parametrize("failure", [Reply(400, ""), Reply(503, ""), Reply(201, "<html>"), Reply(raw=[])])
def test_what_the_upstream_refuses_is_given_back(
    session: Invoke, upstream: ScriptedUpstream, limited: Any, failure: Reply
) -> None:
    upstream.says(failure)

    assert start(session)["statusCode"] >= 400
    assert (reserved(limited), open_ids(limited)) == (0, [])


@pytest.mark.parametrize("failure", [Reply(400, ""), Reply(503, ""), Reply(200, "<html>"), Reply(raw=[])])
def test_the_minutes_of_a_key_that_is_not_minted_are_given_back(
    token: Invoke, upstream: ScriptedUpstream, limited: Any, failure: Reply
) -> None:
    upstream.says(failure)

    assert token(event("token", claims={"sub": ALICE}))["statusCode"] >= 400
    assert (reserved(limited), open_ids(limited)) == (0, [])


def test_a_key_is_minted_for_its_person(token: Invoke, upstream: ScriptedUpstream, limited: Any) -> None:
    upstream.says(minted())
    token(event("token", claims={"sub": ALICE}))

    [reservation] = [item for item in limited.scan()["Items"] if item["id"].startswith("reservation#")]
    assert upstream.asked[0].headers["openai-safety-identifier"].startswith(reservation["person"])


@limits(MAX_CALL_MINUTES=15, MINUTES_PER_PERSON_PER_DAY=16)
def test_a_call_needs_a_minute(session: Invoke, upstream: ScriptedUpstream, limited: Any, clock: Clock) -> None:
    upstream.says(created("rtc_1"), created("rtc_2"))
    assert [start(session)["headers"]["x-call-seconds"] for _ in range(2)] == ["900", "60"]

    upstream.says(created("rtc_3"), HUNG_UP, created("rtc_4"))
    start(session, BOB)
    clock.now += 1
    end(session, "rtc_3", BOB)
    assert start(session, BOB)["headers"]["x-call-seconds"] == "900"
    response = start(session, BOB)  # 59 seconds are left
    assert (response["statusCode"], error(response)["param"]) == (429, "minutes_per_person_per_day")


def test_minutes_are_given_back_whatever_breaks(
    session: Invoke, upstream: ScriptedUpstream, limited: Any, unexpected_error: type[Exception]
) -> None:
    upstream.says(created("rtc_1"), HUNG_UP)

    with pytest.raises(unexpected_error):
        start(session)
    assert (reserved(limited), upstream.open_calls) == (0, [])


def test_without_an_api_key_no_minutes_stay_reserved(
    session: Invoke, limited: Any, environment: pytest.MonkeyPatch
) -> None:
    environment.setenv("API_KEY_SECRET_ID", "missing")

    assert error(start(session))["code"] == "misconfigured"
    assert reserved(limited) == 0


def test_nothing_goes_upstream_where_the_ledger_is_missing(
    session: Invoke, token: Invoke, upstream: ScriptedUpstream, limited: Any, environment: pytest.MonkeyPatch
) -> None:
    environment.setenv("LEDGER_TABLE", "missing")

    responses = [start(session), end(session, "rtc_1"), token(event("token")), token(event("usage"))]

    assert [(one["statusCode"], error(one)["code"]) for one in responses] == [(503, "ledger_unavailable")] * 4
    assert upstream.asked == []


def test_nobody_starts_a_call_while_calls_are_paused_and_a_blocked_person_never(
    session: Invoke, token: Invoke, upstream: ScriptedUpstream, limited: Any
) -> None:
    upstream.says(created("rtc_1"))
    limited.put_item(Item={"id": "paused"})
    refused = [start(session), token(event("token", claims={"sub": ALICE}))]
    assert [(one["statusCode"], error(one)["code"]) for one in refused] == [(503, "paused")] * 2
    limited.delete_item(Key={"id": "paused"})

    start(session, BOB)
    [bob] = [item["person"] for item in limited.scan()["Items"] if "person" in item]
    limited.put_item(Item={"id": f"blocked#{bob}"})

    assert error(start(session, BOB))["code"] == "blocked"
    upstream.says(created("rtc_2"))
    assert start(session, ALICE)["statusCode"] == 201


@limits(CALLS_AT_ONCE=5, MINUTES_PER_DAY=150, MAX_CALL_MINUTES=15)
def test_a_hundred_reservations_at_once_never_pass_a_limit(limited: Any, environment: pytest.MonkeyPatch) -> None:
    for constant in ("realtime.ledger.LEDGER_SECONDS", "realtime.aws.AWS_SECONDS"):
        environment.setattr(constant, 100)  # however slow this machine is
    book = Ledger(Table(limited.name), Limits(max_call_minutes=15, calls_at_once=5, minutes_per_day=150))

    async def reserve_all() -> list[Any]:
        people = [f"person-{number % 2}" for number in range(100)]
        slots = asyncio.Semaphore(20)

        async def reserve(person: str) -> Any:
            async with slots:
                return await book.reserve("call", person, "assistant", 3600)

        return await asyncio.gather(*map(reserve, people), return_exceptions=True)

    outcomes = run(reserve_all())

    reserved_calls = [one for one in outcomes if isinstance(one, Reservation)]
    assert len(reserved_calls) == 10
    assert {type(one) for one in outcomes if not isinstance(one, Reservation)} <= {QuotaExceeded, TooManyCalls}
    assert reserved(limited) == 10 * 900
    settled = [run(book.settle(one, used_seconds=0)) for one in (*reserved_calls, *reserved_calls)]
    assert settled == [True] * 10 + [False] * 10
    assert reserved(limited) == 0


def test_without_limits_there_is_no_ledger(session: Invoke, token: Invoke, upstream: ScriptedUpstream) -> None:
    upstream.says(created("rtc_1"), HUNG_UP)

    assert "x-call-seconds" not in session(event("session"))["headers"]
    assert session(event("hang-up", path="/session/rtc_1"))["statusCode"] == 204
    answer = json.loads(token(event("usage"))["body"])
    assert (answer["used_seconds"], answer["left_seconds"], answer["calls"]) == (None, None, [])


def test_keys_can_be_turned_off(token: Invoke, environment: pytest.MonkeyPatch, upstream: ScriptedUpstream) -> None:
    environment.setenv("EPHEMERAL_KEYS", "off")

    response = token(event("token"))

    assert (response["statusCode"], error(response)["code"]) == (403, "ephemeral_keys_off")
    assert upstream.asked == []
