"""The limits of time: how they nest, and what is answered when one is over. No test measures a duration."""

import asyncio

import pytest
from realtime.settings import Settings
from realtime.timeouts import (
    AWS_SECONDS,
    CONNECT_SECONDS,
    HANG_UP_SECONDS,
    LEDGER_SECONDS,
    MAX_UPSTREAM_SECONDS,
    RESPONSE_SECONDS,
    SECRET_SECONDS,
    UNCONFIRMED_SECONDS,
    UPSTREAM_SECONDS,
    WARM_UP_SECONDS,
    set_function_deadline,
    upstream_timeout,
)
from realtime.upstream_client import UpstreamClient

from local.template import Template
from tests.conftest import Invoke, Response, error, event, run
from tests.scripted_upstream import ANSWER, HUNG_UP, LOCATION, Reply, ScriptedUpstream, created

FUNCTION_SECONDS = 28
"""What the context of these tests says is left."""
NO_REASON: list[bytes | float] = [b"HTTP/1.1 429 Too Many Requests\r\nContent-Length: 9\r\n\r\n", 9.0]
"""A response whose body does not come."""


def described(response: Response) -> tuple[int, str | None, str]:
    answered = error(response)
    return response["statusCode"], answered["code"], answered["message"]


def test_the_limits_fit_into_each_other() -> None:
    assert {(route.timeout, route.function.timeout) for route in Template().routes} == {(30, FUNCTION_SECONDS)}
    assert UPSTREAM_SECONDS <= MAX_UPSTREAM_SECONDS
    assert FUNCTION_SECONDS < UNCONFIRMED_SECONDS
    assert MAX_UPSTREAM_SECONDS + HANG_UP_SECONDS + RESPONSE_SECONDS <= FUNCTION_SECONDS
    assert UPSTREAM_SECONDS + HANG_UP_SECONDS + 3 * LEDGER_SECONDS + RESPONSE_SECONDS <= FUNCTION_SECONDS
    assert 2 * AWS_SECONDS <= SECRET_SECONDS < UPSTREAM_SECONDS
    assert 2 * CONNECT_SECONDS < UPSTREAM_SECONDS
    assert WARM_UP_SECONDS < 10  # what Lambda allows for the start


@pytest.mark.parametrize(("with_ledger", "seconds"), [(False, 24.5), (True, 18.5)])
def test_the_upstream_gets_what_is_not_reserved_for_later(with_ledger: bool, seconds: float) -> None:
    async def given() -> float:
        set_function_deadline(FUNCTION_SECONDS * 1000)
        now = asyncio.get_running_loop().time()
        limit = upstream_timeout(FUNCTION_SECONDS, with_ledger=with_ledger).when()
        return (limit or 0) - now

    assert run(given()) == pytest.approx(seconds, abs=0.1)


@pytest.mark.parametrize("table", [None, "ledger"])
def test_time_is_reserved_for_the_ledger_where_there_is_one(environment: pytest.MonkeyPatch, table: str | None) -> None:
    asked: list[tuple[float, bool]] = []

    def limit(seconds: float, *, with_ledger: bool) -> asyncio.Timeout:
        asked.append((seconds, with_ledger))
        return asyncio.timeout(seconds)

    async def enter() -> None:
        async with UpstreamClient(Settings("openai-api-key", ledger_table=table)).timeout():
            pass

    environment.setattr("realtime.upstream_client.upstream_timeout", limit)

    run(enter())

    assert asked == [(UPSTREAM_SECONDS, bool(table))]


def test_time_is_reserved_for_writing_the_response(
    session: Invoke, upstream: ScriptedUpstream, environment: pytest.MonkeyPatch
) -> None:
    environment.setattr("realtime.timeouts.RESPONSE_SECONDS", FUNCTION_SECONDS)

    response = session(event("session"))

    assert described(response) == (504, "upstream_timeout", "The upstream took too long to answer; try again.")
    assert upstream.asked == []


def test_time_is_reserved_for_a_hang_up(
    session: Invoke, upstream: ScriptedUpstream, environment: pytest.MonkeyPatch
) -> None:
    environment.setattr("realtime.timeouts.RESPONSE_SECONDS", FUNCTION_SECONDS - 1)
    upstream.says(Reply(201, ANSWER, LOCATION | {"Content-Length": "9999"}), HUNG_UP)

    response = session(event("session"))

    assert described(response)[:2] == (504, "upstream_timeout")
    assert upstream.paths() == ["/v1/realtime/calls", "/v1/realtime/calls/rtc_1/hangup"]


def test_a_hang_up_that_takes_too_long_is_given_up(
    session: Invoke, upstream: ScriptedUpstream, environment: pytest.MonkeyPatch
) -> None:
    environment.setattr("realtime.timeouts.HANG_UP_SECONDS", 0)
    upstream.says(created(answer="not SDP"), HUNG_UP)

    assert described(session(event("session")))[1] == "invalid_answer"
    assert upstream.open_calls == ["rtc_1"]


def test_a_429_is_answered_though_its_reason_does_not_come(
    session: Invoke, upstream: ScriptedUpstream, environment: pytest.MonkeyPatch
) -> None:
    environment.setattr("realtime.upstream_client.REASON_SECONDS", 0.01)
    environment.setenv("UPSTREAM_TIMEOUT_SECONDS", "3")
    upstream.says(Reply(raw=NO_REASON))

    assert described(session(event("session"))) == (429, None, "The upstream gave no reason.")


@pytest.mark.parametrize("constant", ["realtime.secret.SECRET_SECONDS", "realtime.aws.AWS_SECONDS"])
def test_secrets_manager_is_not_waited_for_without_end(
    session: Invoke, upstream: ScriptedUpstream, environment: pytest.MonkeyPatch, constant: str
) -> None:
    environment.setattr(constant, 0)
    environment.setattr("realtime.aws.AWS_RETRY_PAUSE_SECONDS", 0)

    assert described(session(event("session")))[:2] == (500, "misconfigured")
    assert upstream.asked == []


def test_a_slow_upstream_is_given_up_after_its_time(
    session: Invoke, upstream: ScriptedUpstream, environment: pytest.MonkeyPatch
) -> None:
    environment.setenv("UPSTREAM_TIMEOUT_SECONDS", "1")
    upstream.says(Reply(after_seconds=30))

    response = session(event("session"))

    assert (response["statusCode"], error(response)["code"]) == (504, "upstream_timeout")
    assert len(upstream.asked) == 1
