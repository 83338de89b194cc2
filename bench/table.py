"""The tables in README.md and docs/, between their markers."""

import re
import statistics
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from bench.build import BARE, EXPRESS, NAIVE, OURS, SHORTEST
from local.template import ROOT

NAMES = {
    OURS: "**these functions**",
    SHORTEST: "shortest Python (boto3, urllib)",
    NAIVE: "same packages, naively",
    EXPRESS: "Express, AWS SDK",
    BARE: "fixed bytes, a socket: the floor",
}
DOCUMENTS = (ROOT / "README.md", ROOT / "docs" / "speed.md")


class Row(NamedTuple):
    """A figure: what it is, and its value by column."""

    figure: str
    values: dict[str, str]


def spread(values: Sequence[float], unit: float = 1e3) -> str:
    """Write a median, and the quartiles around it.

    Args:
        values: in seconds.
        unit: what they are multiplied with.
    """
    low, middle, high = (value * unit for value in statistics.quantiles(values, n=4))
    digits = 0 if middle >= 20 else 1
    return f"{middle:.{digits}f} ({low:.{digits}f}–{high:.{digits}f})"


def ratio(ours: Sequence[float], theirs: Sequence[float]) -> float:
    """Compare what was measured in pairs: the median of the pairs' ratios."""
    return statistics.median(one / other for one, other in zip(ours, theirs, strict=True))


def judged(value: float, goal: float) -> str:
    """Write a ratio, its goal, and whether that is met."""
    return f"{value:.2f}, goal {goal:.2f}: {'met' if value <= goal else '**missed**'}"


def markdown(rows: Sequence[Row]) -> str:
    """Write rows as a table of Markdown, a column for each subject."""
    lines = ["| | " + " | ".join(NAMES.values()) + " |", "| --- |" + " --- |" * len(NAMES)]
    lines += [f"| {row.figure} | " + " | ".join(row.values.get(name, "") for name in NAMES) + " |" for row in rows]
    return "\n".join(lines)


def put(marker: str, text: str) -> None:
    """Print a text, and put it between its markers, where a document has them.

    Args:
        marker: the word of the markers: `<!-- word -->` and `<!-- /word -->`.
        text: what stands between them.
    """
    sys.stdout.write(text + "\n")
    for document in DOCUMENTS:
        _put(document, f"<!-- {marker} -->", f"<!-- /{marker} -->", text)


def _put(document: Path, begin: str, end: str, text: str) -> None:
    before = document.read_text()
    between = re.compile(f"{re.escape(begin)}.*?{re.escape(end)}", re.DOTALL)
    after = between.sub(lambda _: f"{begin}\n{text}\n{end}", before)
    if after != before:
        document.write_text(after)
