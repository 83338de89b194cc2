"""Fixtures: a table of the ledger, a clock that tests set, and the sweep."""

from collections.abc import Iterator
from typing import Any

import pytest

from local.aws import Aws
from tests.conftest import Invoke, function
from tests.ledger.table import Clock, services, use_ledger


@pytest.fixture(scope="module")
def aws_services() -> Iterator[Aws]:
    with services() as running:
        yield running


@pytest.fixture
def clock(environment: pytest.MonkeyPatch) -> Clock:
    return Clock(environment)


@pytest.fixture
def sweep(new_process: None) -> Invoke:
    return function("sweep")


@pytest.fixture
def limited(
    environment: pytest.MonkeyPatch, new_process: None, aws_services: Aws, clock: Clock, request: pytest.FixtureRequest
) -> Any:
    """A table, with the limits that the test names."""
    return use_ledger(environment, aws_services, **getattr(request, "param", {"MAX_CALL_MINUTES": 15}))


@pytest.fixture(autouse=True)
def ledger_is_mended(environment: pytest.MonkeyPatch) -> None:
    """Undo `break_ledger` after a test."""
    environment.setenv("AWS_ENDPOINT_URL_DYNAMODB", "")
