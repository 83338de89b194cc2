"""A deployment without limits, then with limits, then without again, and what its users and its deployer see of it.

Each state of the one stack is a fixture that follows from the one before: a test can be run alone. The emulator does
not turn TTL on for tables that CloudFormation creates, and does not read a rule's retry policy:
tests/template/test_template_ledger.py has both.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import httpx
import pytest

from tests.conftest import SDP
from tests.rehearse.stack import Stack, deployed
from tests.stand_in.caller import an_offer, calling
from tests.template.translated import CASES

LIMITS = {"MaxCallMinutes": "15", "CallsAtOnce": "0", "MinutesPerPersonPerDay": "0", "MinutesPerDay": "16"}
SWEPT_SECONDS = 75
"""The sweep runs once a minute."""


@pytest.fixture(scope="module")
def stack(built: Path, endpoint: str, upstream: str, api_key: str) -> Iterator[Stack]:
    """A stack without limits, with the API key in its secret."""
    with deployed(built, endpoint, upstream, Access="open", **CASES["no limits"]) as stack:
        (stack.folder / "key.txt").write_text(api_key)
        run(stack, "PutApiKey")
        yield stack


@pytest.fixture(scope="module")
def api(stack: Stack) -> Iterator[httpx.Client]:
    with stack.browser() as client:
        yield client


def run(stack: Stack, output: str) -> None:
    """Run a command of the stack's outputs."""
    done = stack.run(stack.outputs()[output])
    assert done.returncode == 0, done.stderr


def start(api: httpx.Client) -> httpx.Response:
    """Start a call that nobody connects to; the upstream ends it by itself."""
    return api.post("/session", content=an_offer(), headers=SDP)


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


class Unlimited(NamedTuple):
    """What is seen of a stack without limits."""

    call: httpx.Response
    resources: tuple[list[str], list[str], bool]
    left_seconds: int | None
    outputs: set[str]


@pytest.fixture(scope="module")
def unlimited(stack: Stack, api: httpx.Client) -> Unlimited:
    return Unlimited(start(api), resources_of_the_ledger(stack), usage(api)["left_seconds"], {*stack.outputs()})


@pytest.fixture(scope="module")
def limited(stack: Stack, unlimited: Unlimited) -> Stack:
    """The stack after an update that sets limits."""
    stack.parameters |= LIMITS
    stack.deploy()
    return stack


def test_without_limits_there_is_no_table_no_sweep_and_no_last_second_of_a_call(unlimited: Unlimited) -> None:
    assert unlimited.resources == ([], [], False)
    assert (unlimited.call.status_code, unlimited.call.headers.get("x-call-seconds")) == (201, None)
    assert unlimited.left_seconds is None
    assert not {"PauseCalls", "ResumeCalls", "BlockPerson"} & unlimited.outputs


def test_an_update_sets_limits_and_a_limit_is_reached(limited: Stack, api: httpx.Client) -> None:
    stack = limited

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


def test_pausing_refuses_calls_at_once_and_the_sweep_ends_the_one_that_runs(limited: Stack, api: httpx.Client) -> None:
    stack = limited

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


def test_blocking_refuses_the_person(limited: Stack, api: httpx.Client) -> None:
    stack = limited
    command = stack.outputs()["BlockPerson"]
    assert command.count("0123456789abcdef") == 1
    done = stack.run(command.replace("0123456789abcdef", "everybody"))  # the person of all in an open deployment
    assert done.returncode == 0, done.stderr

    refused = start(api)

    assert (refused.status_code, refused.json()["error"]["code"]) == (403, "blocked")


# The last test of this file, since the others need the limits.
def test_an_update_back_removes_the_table_and_the_sweep_and_calls_work(limited: Stack, api: httpx.Client) -> None:
    stack = limited
    assert resources_of_the_ledger(stack)[2]

    stack.parameters |= CASES["no limits"]
    stack.deploy()

    call = start(api)

    assert resources_of_the_ledger(stack) == ([], [], False)
    assert (call.status_code, call.headers.get("x-call-seconds")) == (201, None)
    assert api.delete(call.headers["location"]).status_code == 204
