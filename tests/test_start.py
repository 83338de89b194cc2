"""Before the first request, and after a pause: what is made ahead, and what must not be."""

import time

import pytest
import realtime.api_key
import snapshot_restore_py
from realtime.api_key import read_the_key
from realtime.start import prepare
from realtime.upstream import upstream as upstream_of_the_process

from tests.conftest import API_KEY, Invoke, event
from tests.scripted_upstream import ANSWER, Reply, ScriptedUpstream

LOCATION = {"Location": "/v1/realtime/calls/rtc_1"}


@pytest.fixture
def after_restore(environment: pytest.MonkeyPatch) -> list[object]:
    hooks: list[object] = []
    environment.setattr(snapshot_restore_py, "register_after_restore", hooks.append)
    return hooks


def test_a_snapshot_has_neither_key_nor_connection_and_gets_the_key_when_restored(
    environment: pytest.MonkeyPatch, fresh: None, upstream: ScriptedUpstream, after_restore: list[object]
) -> None:
    environment.setenv("AWS_LAMBDA_INITIALIZATION_TYPE", "snap-start")

    prepare()

    assert upstream_of_the_process.cache_info().currsize == 1
    assert (realtime.api_key._kept, upstream.connections) == ({}, set())
    assert after_restore == [read_the_key]
    read_the_key()
    assert [key for key, _ in realtime.api_key._kept.values()] == [API_KEY]


def test_what_is_wrong_is_left_to_the_first_request(
    environment: pytest.MonkeyPatch, fresh: None, after_restore: list[object]
) -> None:
    environment.setenv("AWS_LAMBDA_INITIALIZATION_TYPE", "on-demand")
    environment.setenv("OPENAI_AUTH", "nonsense")

    prepare()
    read_the_key()

    assert (after_restore, realtime.api_key._kept) == ([], {})


def test_a_connection_that_was_closed_while_the_function_slept_is_replaced(
    session: Invoke, upstream: ScriptedUpstream
) -> None:
    head = f"HTTP/1.1 201 Created\r\nContent-Length: {len(ANSWER)}\r\nLocation: {LOCATION['Location']}\r\n\r\n"
    upstream.says(Reply(raw=[(head + ANSWER).encode(), 0.1]))  # and then, unannounced, closes the connection
    statuses = [session(event("session"))["statusCode"]]
    time.sleep(0.3)
    upstream.says(Reply(201, ANSWER, LOCATION))

    statuses += [session(event("session"))["statusCode"] for _ in range(2)]

    assert statuses == [201, 201, 201]
    assert (len(upstream.asked), len(upstream.connections)) == (3, 2)


def test_a_connection_of_which_nobody_knows_whether_it_lives_is_not_used_again(
    environment: pytest.MonkeyPatch, session: Invoke, upstream: ScriptedUpstream
) -> None:
    upstream.says(Reply(201, ANSWER, LOCATION))
    now = time.time()
    for moment in (now, now + 4, now + 60):
        environment.setattr(time, "time", lambda moment=moment: moment)
        assert session(event("session"))["statusCode"] == 201

    assert (len(upstream.asked), len(upstream.connections)) == (3, 2)
