"""For each fault the client gets the expected response in time, no call is created twice, and none is left open."""

import pytest

from tests.faults.broken_stack import Outcome, measure
from tests.faults.fault import Fault
from tests.faults.faults import FAULTS
from tests.faults.matrix import committed, table

LONGEST = 6 + 6
"""Seconds: what Secrets Manager is given, in a cold function on a busy machine; all else is given less here."""


@pytest.fixture(scope="module")
def measured() -> dict[str, Outcome]:
    return measure(FAULTS)


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.id)
def test_every_fault_gets_the_expected_response_in_time_and_leaves_no_call_open(
    measured: dict[str, Outcome], fault: Fault
) -> None:
    outcome = measured[fault.id]

    assert outcome.answer == fault.expected(outcome.request_id, outcome.secret)
    assert (outcome.asked, outcome.left) == (fault.asked, fault.left)
    assert outcome.asked_for_key or fault.component != "secrets"
    assert outcome.seconds < LONGEST


def test_a_fault_that_leaves_a_call_open_has_a_reason() -> None:
    assert all(fault.left_because for fault in FAULTS if fault.left)


def test_the_table_in_the_docs_is_what_was_measured(measured: dict[str, Outcome]) -> None:
    assert committed() == table(measured), "write it again: python -m tests.faults.matrix"
