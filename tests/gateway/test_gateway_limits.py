"""Limits through the whole local stack: the template's table in moto, the sweep at its own rate, a killed function."""

import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import boto3
import httpx
import pytest

from local.stack import Stack, serve
from tests.conftest import QUIET, SDP
from tests.scripted_upstream import ANSWER, HUNG_UP, Reply, ScriptedUpstream, scripted_upstream

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


def ledger(stack: Stack) -> Any:
    session = boto3.Session(stack.aws["AWS_ACCESS_KEY_ID"], "local", region_name=stack.aws["AWS_DEFAULT_REGION"])
    return session.resource("dynamodb", endpoint_url=stack.aws["AWS_ENDPOINT_URL"]).Table(stack.ledger_table)


def seconds_until(is_so: Callable[[], bool], at_most: float) -> float:
    began = time.monotonic()
    while not is_so():
        assert time.monotonic() - began < at_most, "it has not happened in time"
        time.sleep(0.5)
    return time.monotonic() - began


def kill_while_upstream_answers(upstream: ScriptedUpstream, requests_before: int) -> None:
    while len(upstream.asked) == requests_before:
        time.sleep(0.01)
    ours = f"OPENAI_BASE_URL={upstream.url}".encode()
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if ours in (process / "environ").read_bytes().split(b"\0"):
                os.kill(int(process.name), signal.SIGKILL)
        except OSError:  # it has ended, or belongs to somebody else
            continue


def test_a_call_is_ended_and_a_killed_functions_minutes_are_given_back_by_the_sweep() -> None:
    with limited(MaxCallMinutes="1", MinutesPerDay="10") as (stack, upstream):
        upstream.says(created(1), Reply(raw=[9.0]), HUNG_UP)
        began = time.monotonic()
        assert start(stack).headers["x-call-seconds"] == "60"
        threading.Thread(target=kill_while_upstream_answers, args=[upstream, 1]).start()
        assert start(stack).json() == {"message": "Internal Server Error"}
        assert used_seconds(stack) == 120

        seconds_until(lambda: upstream.open_calls == [], 60 + 70)
        assert time.monotonic() - began >= 60
        seconds_until(lambda: used_seconds(stack) == 60, 70)
        assert {item["id"].partition("#")[0] for item in ledger(stack).scan()["Items"]} == {"day", "person"}


def test_pausing_ends_running_calls_within_a_minute_and_lets_none_start() -> None:
    with limited(MaxCallMinutes="30", MinutesPerDay="100") as (stack, upstream):
        upstream.says(created(1), created(2), HUNG_UP)
        assert [start(stack).status_code for _ in range(2)] == [201, 201]
        ledger(stack).put_item(Item={"id": "paused"})

        assert (start(stack).status_code, upstream.open_calls) == (503, ["rtc_1", "rtc_2"])
        seconds_until(lambda: upstream.open_calls == [], 70)
        ledger(stack).delete_item(Key={"id": "paused"})
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
