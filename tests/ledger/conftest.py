"""Fixtures: a table of the ledger, a clock that tests set, and the sweep."""

from collections.abc import Iterator
from typing import Any

import pytest

from local.aws import Aws
from tests.conftest import Invoke, function
from tests.ledger.table import UNLIMITED, Clock, services, use_ledger
from tests.ledger.transactions import DONE
from tests.scripted_upstream import ScriptedUpstream, scripted_upstream

LIMITS = {"MAX_CALL_MINUTES": 15, "CALLS_AT_ONCE": 2, "MINUTES_PER_PERSON_PER_DAY": 50, "MINUTES_PER_DAY": 100}


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


@pytest.fixture
def dynamodb(environment: pytest.MonkeyPatch, new_process: None) -> Iterator[ScriptedUpstream]:
    """A DynamoDB that gives a test's replies, and the clock at noon."""
    Clock(environment)
    with scripted_upstream() as scripted:
        scripted.says(DONE)
        environment.setenv("AWS_ENDPOINT_URL_DYNAMODB", scripted.root)
        environment.setenv("LEDGER_TABLE", "ledger")
        for name, value in (UNLIMITED | LIMITS).items():
            environment.setenv(name, str(value))
        yield scripted


@pytest.fixture(autouse=True)
def _ledger_is_repaired(environment: pytest.MonkeyPatch) -> None:
    """Undo `break_ledger` after a test."""
    environment.setenv("AWS_ENDPOINT_URL_DYNAMODB", "")
