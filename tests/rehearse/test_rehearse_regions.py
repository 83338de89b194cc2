"""One stack name in two regions of one account: each is a stack of its own, whichever is removed first."""

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.rehearse.emulated_aws import REGION
from tests.rehearse.stack import Stack, deployed

REGIONS = (REGION, "eu-west-1")


@pytest.fixture(scope="module")
def stacks(built: Path, endpoint: str, upstream: str) -> Iterator[list[Stack]]:
    with ExitStack() as running:
        yield [
            running.enter_context(deployed(built, endpoint, upstream, region=region, Access="open"))
            for region in REGIONS
        ]


def test_both_serve_the_page(stacks: list[Stack]) -> None:
    urls = [stack.outputs()["PageUrl"] for stack in stacks]
    answers = []
    for stack in stacks:
        with stack.browser() as browser:
            answers.append(browser.get("/config.json").json()["access"])

    assert answers == ["open", "open"]
    assert urls[0] != urls[1]


def test_their_dashboards_are_two(stacks: list[Stack]) -> None:
    """The emulator has a dashboard for each region, and AWS does not: so the names are compared."""
    assert [stack.resource("Dashboard") for stack in stacks] == [f"realtime-serverless-{one}" for one in REGIONS]


def test_the_removal_of_one_leaves_the_other(stacks: list[Stack]) -> None:
    first, second = stacks
    first.delete()

    with second.browser() as browser:
        assert browser.get("/").status_code == 200
    assert (first.statuses(), list(second.statuses().values())) == ({}, ["CREATE_COMPLETE"])
