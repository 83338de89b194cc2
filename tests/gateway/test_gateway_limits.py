"""Limits through the whole local stack: the template's table in moto, the sweep at its own rate, a killed function."""

import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager

import httpx
import pytest

from local.stack import Stack, serve
from tests.conftest import QUIET, SDP
from tests.local_stack import client, kill_functions
from tests.scripted_upstream import ANSWER, HUNG_UP, Reply, ScriptedUpstream, scripted_upstream
from tests.waiting import wait_until

pytestmark = pytest.mark.thorough


def created(number: int) -> Reply:
    return Reply(201, ANSWER, {"Location": f"/v1/realtime/calls/rtc_{number}"})


@contextmanager
def limited(**parameters: str) -> Iterator[tuple[Stack, ScriptedUpstream]]:
    """A stack with limits, and its upstream."""
    with ExitStack() as running:
        upstream = running.enter_context(scripted_upstream())
        stack = running.enter_context(serve(base_url=upstream.url, environment=QUIET, parameters=parameters))
        yield stack, upstream


def start(stack: Stack) -> httpx.Response:
    return httpx.post(f"{stack.url}/session", content=ANSWER.encode(), headers=SDP, timeout=40)


def used_seconds(stack: Stack) -> int:
    used: int = httpx.get(f"{stack.url}/usage", timeout=40).json()["used_seconds"]
    return used


def kill_while_upstream_answers(upstream: ScriptedUpstream, requests_before: int) -> None:
    wait_until(lambda: len(upstream.asked) > requests_before, interval=0.01)
    kill_functions(upstream.url)


SWEPT_SECONDS = 70
"""The sweep runs once a minute."""


def test_a_call_is_ended_and_a_killed_functions_minutes_are_given_back_by_the_sweep() -> None:
    with limited(MaxCallMinutes="1", MinutesPerDay="10") as (stack, upstream):
        upstream.says(created(1), Reply(raw=[9.0]), HUNG_UP)
        began = time.monotonic()
        assert start(stack).headers["x-call-seconds"] == "60"
        threading.Thread(target=kill_while_upstream_answers, args=[upstream, 1]).start()
        assert start(stack).json() == {"message": "Internal Server Error"}
        assert used_seconds(stack) == 120

        wait_until(lambda: upstream.open_calls == [], 60 + SWEPT_SECONDS)
        assert time.monotonic() - began >= 60
        wait_until(lambda: used_seconds(stack) == 60, SWEPT_SECONDS, interval=0.5)
        items = client(stack, "dynamodb").scan(TableName=stack.ledger_table)["Items"]
        assert {item["id"]["S"].partition("#")[0] for item in items} == {"day", "person"}


def test_pausing_ends_running_calls_within_a_minute_and_lets_none_start() -> None:
    with limited(MaxCallMinutes="30", MinutesPerDay="100") as (stack, upstream):
        upstream.says(created(1), created(2), HUNG_UP)
        assert [start(stack).status_code for _ in range(2)] == [201, 201]
        dynamodb, paused = client(stack, "dynamodb"), {"id": {"S": "paused"}}
        dynamodb.put_item(TableName=stack.ledger_table, Item=paused)

        assert (start(stack).status_code, upstream.open_calls) == (503, ["rtc_1", "rtc_2"])
        wait_until(lambda: upstream.open_calls == [], SWEPT_SECONDS)
        dynamodb.delete_item(TableName=stack.ledger_table, Key=paused)
        upstream.says(created(3))
        assert start(stack).status_code == 201


def test_two_hundred_calls_at_once_never_pass_the_limit() -> None:
    with limited(MaxCallMinutes="1", MinutesPerDay="30") as (stack, upstream), ThreadPoolExecutor(32) as pool:
        upstream.says(*map(created, range(31)))

        statuses = [response.status_code for response in pool.map(lambda _: start(stack), range(200))]

        created_calls = statuses.count(201)
        assert 0 < created_calls <= 30
        assert set(statuses) <= {201, 429, 503}  # 503 where this machine is too busy for the ledger's three seconds
        assert len(upstream.open_calls) >= created_calls
        assert created_calls * 60 <= used_seconds(stack) <= 1800
