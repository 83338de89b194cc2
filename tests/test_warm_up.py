"""What is prepared before the first request and after a pause, and what is not."""

import asyncio
import json
import time
from collections.abc import Callable, Iterator

import pytest
import snapshot_restore_py
from realtime.api_key import get_api_key
from realtime.caller import get_safety_key
from realtime.event_loop import event_loop
from realtime.upstream import upstream as cached_upstream
from realtime.warm_up import warm_up

from tests.conftest import API_KEY, Invoke, event, run
from tests.scripted_upstream import ANSWER, LOCATION, Reply, ScriptedUpstream, created, scripted_upstream

Hook = Callable[[], None]


@pytest.fixture
def after_restore(environment: pytest.MonkeyPatch) -> list[Hook]:
    hooks: list[Hook] = []
    environment.setattr(snapshot_restore_py, "register_after_restore", hooks.append)
    return hooks


@pytest.fixture
def counted(environment: pytest.MonkeyPatch, new_process: None) -> Iterator[ScriptedUpstream]:
    """A Secrets Manager that counts its requests."""
    with scripted_upstream() as secrets_manager:
        environment.setenv("AWS_ENDPOINT_URL", secrets_manager.root)
        environment.delenv("SAFETY_KEY_SECRET_ID")
        secrets_manager.says(Reply(200, json.dumps({"SecretString": API_KEY})))
        yield secrets_manager


@pytest.mark.parametrize("kind", ["on-demand", "provisioned-concurrency"])
def test_the_key_is_read_before_the_first_request(
    environment: pytest.MonkeyPatch, counted: ScriptedUpstream, after_restore: list[Hook], kind: str
) -> None:
    environment.setenv("AWS_LAMBDA_INITIALIZATION_TYPE", kind)

    warm_up()

    assert (len(counted.asked), after_restore) == (1, [])
    assert run(get_api_key()) == API_KEY
    assert len(counted.asked) == 1


def test_where_people_sign_in_the_key_of_their_identifiers_is_read_too(
    environment: pytest.MonkeyPatch, counted: ScriptedUpstream
) -> None:
    environment.setenv("AWS_LAMBDA_INITIALIZATION_TYPE", "on-demand")
    environment.setenv("SAFETY_KEY_SECRET_ID", "safety-key")

    warm_up()

    assert sorted(json.loads(asked.body)["SecretId"] for asked in counted.asked) == ["openai-api-key", "safety-key"]
    run(get_safety_key())
    assert len(counted.asked) == 2


def test_a_snapshot_has_neither_key_nor_connection_and_gets_the_key_when_restored(
    environment: pytest.MonkeyPatch, counted: ScriptedUpstream, upstream: ScriptedUpstream, after_restore: list[Hook]
) -> None:
    environment.setenv("AWS_LAMBDA_INITIALIZATION_TYPE", "snap-start")

    warm_up()

    assert cached_upstream.cache_info().currsize == 1
    assert (counted.asked, upstream.connections) == ([], set())
    [read_api_key] = after_restore
    read_api_key()
    assert len(counted.asked) == 1


def test_nothing_is_prepared_outside_of_lambda(counted: ScriptedUpstream) -> None:
    warm_up()

    assert (counted.asked, cached_upstream.cache_info().currsize) == ([], 0)


def test_an_error_is_left_to_the_first_request(
    environment: pytest.MonkeyPatch, counted: ScriptedUpstream, after_restore: list[Hook]
) -> None:
    environment.setenv("AWS_LAMBDA_INITIALIZATION_TYPE", "on-demand")
    environment.setenv("OPENAI_AUTH", "nonsense")

    warm_up()

    assert (after_restore, counted.asked) == ([], [])


def test_secrets_manager_is_not_waited_for_without_end_and_the_first_request_asks_it_again(
    environment: pytest.MonkeyPatch, counted: ScriptedUpstream
) -> None:
    environment.setenv("AWS_LAMBDA_INITIALIZATION_TYPE", "on-demand")
    environment.setattr("realtime.warm_up.WARM_UP_SECONDS", 0)

    warm_up()

    assert counted.asked == []
    assert run(get_api_key()) == API_KEY


def test_a_connection_that_was_closed_while_the_function_was_frozen_is_replaced(
    session: Invoke, upstream: ScriptedUpstream
) -> None:
    head = f"HTTP/1.1 201 Created\r\nContent-Length: {len(ANSWER)}\r\nLocation: {LOCATION['Location']}\r\n\r\n"
    upstream.says(Reply(raw=[(head + ANSWER).encode(), 60.0]))  # and closes the connection when it is released
    statuses = [session(event("session"))["statusCode"]]
    upstream.released.set()
    assert upstream.closed.wait(10)
    upstream.says(created())

    statuses += [session(event("session"))["statusCode"] for _ in range(2)]

    assert statuses == [201, 201, 201]
    assert (len(upstream.asked), len(upstream.connections)) == (3, 2)


@pytest.mark.parametrize("seconds", [5, 60, -60])
def test_a_connection_that_was_idle_for_too_long_by_the_wall_clock_is_not_used_again(
    environment: pytest.MonkeyPatch, session: Invoke, upstream: ScriptedUpstream, seconds: float
) -> None:
    upstream.says(created())
    now = time.time()
    for moment in (now, now, now + 4, now + 4 + seconds):
        environment.setattr(time, "time", lambda moment=moment: moment)
        assert session(event("session"))["statusCode"] == 201

    assert (len(upstream.asked), len(upstream.connections)) == (4, 2)


def test_requests_to_aws_do_not_make_an_idle_connection_to_the_upstream_usable(
    environment: pytest.MonkeyPatch, session: Invoke, upstream: ScriptedUpstream
) -> None:
    upstream.says(created())
    now = time.time()
    session(event("session"))
    environment.setattr(time, "time", lambda: now + 4)
    run(get_api_key(force_refresh=True))
    environment.setattr(time, "time", lambda: now + 8)

    assert session(event("session"))["statusCode"] == 201
    assert len(upstream.connections) == 2


def test_a_connection_to_aws_that_was_idle_for_too_long_is_not_used_again(
    environment: pytest.MonkeyPatch, session: Invoke, counted: ScriptedUpstream
) -> None:
    now = time.time()
    for moment in (now, now + 4, now + 9):
        environment.setattr(time, "time", lambda moment=moment: moment)
        session(event("session", rawQueryString="preset=unknown"))  # for a new invocation, without the upstream
        run(get_api_key(force_refresh=True))

    assert (len(counted.asked), len(counted.connections)) == (3, 2)


def test_a_request_that_begins_late_does_not_break_off_those_in_flight(
    environment: pytest.MonkeyPatch, session: Invoke, upstream: ScriptedUpstream
) -> None:
    upstream.says(created())
    session(event("session"))
    upstream.arrivals.acquire()
    upstream.says(Reply(200, "", after_seconds=60))
    now = time.time()

    async def hang_up_all() -> None:
        async with asyncio.timeout(10), asyncio.TaskGroup() as tasks:
            for number in range(3):
                environment.setattr(time, "time", lambda number=number: now + 10 * number)
                tasks.create_task(cached_upstream().hang_up(f"rtc_{number}"))
                await asyncio.to_thread(upstream.arrivals.acquire, timeout=10)
            upstream.released.set()

    run(hang_up_all())

    assert upstream.paths()[1:] == [f"/v1/realtime/calls/rtc_{number}/hangup" for number in range(3)]


def test_a_secret_that_cannot_be_read_does_not_leave_the_other_being_read(
    environment: pytest.MonkeyPatch, counted: ScriptedUpstream
) -> None:
    environment.setenv("AWS_LAMBDA_INITIALIZATION_TYPE", "on-demand")
    environment.setenv("SAFETY_KEY_SECRET_ID", "safety-key")
    denied = Reply(400, json.dumps({"__type": "AccessDeniedException", "message": "no"}))
    counted.says(denied, Reply(200, json.dumps({"SecretString": API_KEY}), after_seconds=0.1))

    warm_up()

    left = [task for task in asyncio.all_tasks(event_loop()) if not task.done()]
    assert (len(counted.asked), left) == (2, [])
