"""The table in README.md, between its markers."""

import re
import statistics
import sys
from collections.abc import Sequence
from typing import NamedTuple

from bench.build import EXPRESS, NAIVE, OURS, SHORTEST
from local.template import ROOT

NAMES = {
    OURS: "**these functions**",
    SHORTEST: "shortest Python (boto3, urllib)",
    NAIVE: "same packages, naively",
    EXPRESS: "Express, AWS SDK",
}
README = ROOT / "README.md"


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


def markdown(rows: Sequence[Row]) -> str:
    """Write rows as a table of Markdown, a column for each subject."""
    lines = ["| | " + " | ".join(NAMES.values()) + " |", "| --- |" + " --- |" * len(NAMES)]
    lines += [f"| {row.figure} | " + " | ".join(row.values.get(name, "") for name in NAMES) + " |" for row in rows]
    return "\n".join(lines)


def put(marker: str, text: str) -> None:
    """Print a text, and put it between its markers in README.md, if they are there.

    Args:
        marker: the word of the markers: `<!-- word -->` and `<!-- /word -->`.
        text: what stands between them.
    """
    sys.stdout.write(text + "\n")
    begin, end = f"<!-- {marker} -->", f"<!-- /{marker} -->"
    before = README.read_text()
    between = re.compile(f"{re.escape(begin)}.*?{re.escape(end)}", re.DOTALL)
    after = between.sub(lambda _: f"{begin}\n{text}\n{end}", before)
    if after != before:
        README.write_text(after)
