"""A deployment without limits, then with limits, then without again, and what its users and its deployer see of it.

The tests run in this order, on one stack. The emulator does not turn TTL on for tables that CloudFormation creates, and
does not read a rule's retry policy: tests/template/test_template_ledger.py has both.
"""

import asyncio
import shutil
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.rehearse.conftest import ARCHITECTURE
from tests.rehearse.stack import Stack
from tests.stand_in.caller import Caller, calling
from tests.template.translated import CASES

SDP = {"content-type": "application/sdp"}
LIMITS = {"MaxCallMinutes": "15", "CallsAtOnce": "0", "MinutesPerPersonPerDay": "0", "MinutesPerDay": "16"}
SWEPT_SECONDS = 75
"""The sweep runs once a minute."""


@pytest.fixture(scope="module")
def stack(
    tmp_path_factory: pytest.TempPathFactory, built: Path, endpoint: str, upstream: str, api_key: str
) -> Iterator[Stack]:
    """A stack without limits, with the API key in its secret."""
    folder = tmp_path_factory.mktemp("limits") / "repository"
    shutil.copytree(built, folder, symlinks=True)
    parameters = {"Architecture": ARCHITECTURE, "Access": "open", "OpenAIBaseUrl": upstream, **CASES["no limits"]}
    stack = Stack(folder, endpoint, parameters)
    stack.deploy()
    (folder / "key.txt").write_text(api_key)
    run(stack, "PutApiKey")
    yield stack
    stack.delete()


@pytest.fixture
def api(stack: Stack) -> Iterator[httpx.Client]:
    with stack.browser() as client:
        yield client


def run(stack: Stack, output: str) -> None:
    """Run a command of the stack's outputs."""
    done = stack.run(stack.outputs()[output])
    assert done.returncode == 0, done.stderr


def start(api: httpx.Client) -> httpx.Response:
    """Start a call that nobody connects to; the upstream ends it by itself."""

    async def offer() -> bytes:
        caller = Caller()
        try:
            return await caller.offer()
        finally:
            await caller.close()

    return api.post("/session", content=asyncio.run(offer()), headers=SDP)


def posted(api: httpx.Client) -> Callable[[bytes], Awaitable[str]]:
    async def signal(offer: bytes) -> str:
        response = await asyncio.to_thread(api.post, "/session", content=offer, headers=SDP)
        return response.text

    return signal


def resources_of_the_ledger(stack: Stack) -> tuple[list[str], list[str], bool]:
    """The tables, the schedules of the rules, and whether there is a sweep."""
    tables = stack.client("dynamodb").list_tables()["TableNames"]
    rules = [one["ScheduleExpression"] for one in stack.client("events").list_rules()["Rules"]]
    functions = [one["FunctionName"] for one in stack.client("lambda").list_functions()["Functions"]]
    return tables, rules, any("SweepFunction" in name for name in functions)


def usage(api: httpx.Client) -> dict[str, Any]:
    told: dict[str, Any] = api.get("/usage").raise_for_status().json()
    return told


def test_without_limits_there_is_no_table_no_sweep_and_no_last_second_of_a_call(
    stack: Stack, api: httpx.Client
) -> None:
    call = start(api)

    assert resources_of_the_ledger(stack) == ([], [], False)
    assert (call.status_code, call.headers.get("x-call-seconds")) == (201, None)
    assert usage(api)["left_seconds"] is None
    assert not {"PauseCalls", "ResumeCalls", "BlockPerson"} & stack.outputs().keys()


def test_an_update_sets_limits_and_a_limit_is_reached(stack: Stack, api: httpx.Client) -> None:
    stack.parameters |= LIMITS
    stack.deploy()

    calls = [start(api) for _ in range(3)]

    table = stack.resource("Ledger")
    described = stack.client("dynamodb").describe_table(TableName=table)["Table"]
    assert resources_of_the_ledger(stack) == ([table], ["rate(1 minute)"], True)
    assert described["BillingModeSummary"]["BillingMode"] == "PAY_PER_REQUEST"
    # Fifteen minutes, the one that is left, none.
    assert [(one.status_code, one.headers.get("x-call-seconds")) for one in calls] == [
        (201, "900"),
        (201, "60"),
        (429, None),
    ]
    assert {name: calls[2].json()["error"][name] for name in ("code", "param")} == {
        "code": "quota_exceeded",
        "param": "minutes_per_day",
    }
    assert 0 < int(calls[2].headers["retry-after"]) <= 86400
    assert (usage(api)["used_seconds"], usage(api)["left_seconds"]) == (960, 0)
    # The upstream may have ended them by itself; either way their minutes are given back.
    assert {api.delete(one.headers["location"]).status_code for one in calls[:2]} <= {204, 404}
    assert usage(api)["used_seconds"] < 60


def test_pausing_refuses_calls_at_once_and_the_sweep_ends_the_one_that_runs(stack: Stack, api: httpx.Client) -> None:
    async def call() -> None:
        async with calling(posted(api)) as caller:
            await asyncio.to_thread(run, stack, "PauseCalls")
            refused = await asyncio.to_thread(start, api)
            assert (refused.status_code, refused.json()["error"]["code"]) == (503, "paused")
            await caller.until(lambda: caller.peer.connectionState == "closed", within=SWEPT_SECONDS)

    asyncio.run(call())

    assert usage(api)["used_seconds"] < 2 * SWEPT_SECONDS
    run(stack, "ResumeCalls")
    assert start(api).status_code == 201


def test_blocking_refuses_the_person(stack: Stack, api: httpx.Client) -> None:
    command = stack.outputs()["BlockPerson"]
    assert command.count("0123456789abcdef") == 1
    done = stack.run(command.replace("0123456789abcdef", "everybody"))  # the person of all in an open deployment
    assert done.returncode == 0, done.stderr

    refused = start(api)

    assert (refused.status_code, refused.json()["error"]["code"]) == (403, "blocked")


def test_an_update_back_removes_the_table_and_the_sweep_and_calls_work(stack: Stack, api: httpx.Client) -> None:
    stack.parameters |= CASES["no limits"]
    stack.deploy()

    call = start(api)

    assert resources_of_the_ledger(stack) == ([], [], False)
    assert (call.status_code, call.headers.get("x-call-seconds")) == (201, None)
    assert api.delete(call.headers["location"]).status_code == 204
