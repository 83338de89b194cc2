"""Writes tables into docs/speed.md."""

import statistics
import sys
from collections.abc import Sequence
from typing import NamedTuple

from bench.build import BARE, EXPRESS, LIMITED, NAIVE, OURS, SHORTEST
from docs.section import Section
from local.template import ROOT

NAMES = {
    OURS: "**these functions**",
    LIMITED: "with limits",
    SHORTEST: "shortest Python (boto3, urllib)",
    NAIVE: "same packages, naively",
    EXPRESS: "Express, AWS SDK",
    BARE: "fixed bytes, a socket: the floor",
}
DOCUMENT = ROOT / "docs" / "speed.md"


class Row(NamedTuple):
    """A row of a table: the figure's name, and its values by column."""

    figure: str
    values: dict[str, str]


def spread(values: Sequence[float], unit: float = 1e3, *, digits: int | None = None) -> str:
    """Format the median and the quartiles.

    Args:
        values: seconds.
        unit: the factor from seconds to the unit of the table.
        digits: how many after the point; None is one, and none from 20 on.
    """
    low, middle, high = (value * unit for value in statistics.quantiles(values, n=4))
    if digits is None:
        digits = 0 if middle >= 20 else 1
    return f"{middle:.{digits}f} ({low:.{digits}f}–{high:.{digits}f})"


def ratio(ours: Sequence[float], theirs: Sequence[float]) -> float:
    """Return the median of the ratios of values that were measured in pairs."""
    return statistics.median(one / other for one, other in zip(ours, theirs, strict=True))


def with_goal(value: float, goal: float, digits: int = 2) -> str:
    """Format a value, its goal, and whether the goal is met."""
    return f"{value:.{digits}f}, {goal_of(value, goal, digits)}"


def goal_of(value: float, goal: float, digits: int) -> str:
    """Format a goal, and whether a value meets it."""
    return f"goal {goal:.{digits}f}: {'met' if value <= goal else '**missed**'}"


def markdown(rows: Sequence[Row]) -> str:
    """Format rows as a table of Markdown with a column for each implementation."""
    lines = ["| | " + " | ".join(NAMES.values()) + " |", "| --- |" + " --- |" * len(NAMES)]
    lines += [f"| {row.figure} | " + " | ".join(row.values.get(name, "") for name in NAMES) + " |" for row in rows]
    return "\n".join(lines)


def put(name: str, text: str) -> None:
    """Print a text, and write it into its section of the document.

    Args:
        name: of the section.
        text: the new one.

    Raises:
        MissingMarks: the document does not have the section.
    """
    sys.stdout.write(text + "\n")
    Section(DOCUMENT, name).write(f"{text}\n")
