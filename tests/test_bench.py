"""What `make bench` writes: a median with its quartiles, and whether a goal is met."""

import pytest

from bench.table import spread, with_goal


@pytest.mark.parametrize(
    ("value", "written"),
    [(1.99, "1.99, goal 2.00: met"), (2.0, "2.00, goal 2.00: met"), (2.01, "2.01, goal 2.00: **missed**")],
)
def test_a_goal_is_met_by_what_is_not_above_it(value: float, written: str) -> None:
    assert with_goal(value, 2.0) == written


@pytest.mark.parametrize(
    ("milliseconds", "digits", "written"),
    [
        ([1, 2, 3], None, "2.0 (1.0–3.0)"),
        ([10, 20, 30], None, "20 (10–30)"),
        ([19, 19.9, 21], None, "19.9 (19.0–21.0)"),
        ([1, 2, 3], 2, "2.00 (1.00–3.00)"),
    ],
)
def test_a_median_is_written_with_its_quartiles(milliseconds: list[float], digits: int | None, written: str) -> None:
    assert spread([value / 1000 for value in milliseconds], digits=digits) == written
