"""The table about the functions: a figure a row, a subject a column, and what was aimed at."""

import datetime
import os
import platform
import statistics
import subprocess
from collections.abc import Callable, Mapping
from functools import partial

from bench import functions
from bench.build import EXPRESS, NAIVE, NODE, OURS, SHORTEST
from bench.functions import Cold, Warm
from bench.subject import ROUTES, Subject
from bench.table import Row, judged, markdown, ratio, spread

COLD_GOALS = {SHORTEST: 1.0, NAIVE: 0.55, EXPRESS: 1.0}
WARM_GOALS = {EXPRESS: 1.0}
"""What our time may be of theirs."""

WARM_MS_GOAL = 1.5

WarmByDelay = Mapping[int, Mapping[Subject, Warm]]


def report(cold: Mapping[Subject, Cold], warm: WarmByDelay, sizes: Mapping[Subject, int], *, rounds: int) -> str:
    """Write what was measured as a table of Markdown.

    Args:
        cold: each subject's starts.
        warm: each subject's later invocations, by the milliseconds that the upstream took.
        sizes: bytes that are uploaded of each.
        rounds: how many starts there were.
    """
    rows: list[Row] = []
    for route in ROUTES:
        of = {subject.name: subject for subject in sizes if subject.route == route}
        rows += [*_cold(of, cold, route), *_warm(of, warm), *_rest(of, warm[0], sizes)]
    return f"{_when_and_where(rounds)}\n\n{markdown(rows)}"


def _cold(of: Mapping[str, Subject], cold: Mapping[Subject, Cold], route: str) -> list[Row]:
    request = "POST /session" if route == "session" else "GET /token"
    ratios = {name: judged(ratio(cold[of[OURS]].cpu, cold[of[name]].cpu), goal) for name, goal in COLD_GOALS.items()}
    return [
        _row(f"`{request}`, start to first response: processor, ms", of, lambda one: spread(cold[one].cpu)),
        Row("- ours is that many times as much", ratios),
        _row("- by the clock, ms", of, lambda one: spread(cold[one].wall)),
    ]


def _warm(of: Mapping[str, Subject], warm: WarmByDelay) -> list[Row]:
    added = {name: warm[0][subject].added for name, subject in of.items()}
    goal = "met" if statistics.median(added[OURS]) * 1000 <= WARM_MS_GOAL else "**missed**"
    ratios = {name: judged(ratio(added[OURS], added[name]), goal) for name, goal in WARM_GOALS.items()}
    first, *later = (
        _row(f"- warm, added to an upstream of {delay} ms, ms", of, partial(_added, seen))
        for delay, seen in warm.items()
    )
    first.values[OURS] += f", goal {WARM_MS_GOAL}: {goal}"
    return [first, Row("- ours is that many times as much", ratios), *later]


def _added(seen: Mapping[Subject, Warm], subject: Subject) -> str:
    return spread(seen[subject].added)


def _rest(of: Mapping[str, Subject], warm: Mapping[Subject, Warm], sizes: Mapping[Subject, int]) -> list[Row]:
    connections = f"- upstream connections for {functions.INVOCATIONS} invocations"
    return [
        _row(connections, of, lambda one: str(warm[one].connections)),
        _row("- peak memory, MB", of, lambda one: f"{warm[one].peak_bytes / 1e6:.0f}"),
        _row("- uploaded, zipped, MB", of, lambda one: f"{sizes[one] / 1e6:.1f}"),
    ]


def _row(figure: str, of: Mapping[str, Subject], value: Callable[[Subject], str]) -> Row:
    return Row(figure, {name: value(subject) for name, subject in of.items()})


def _when_and_where(rounds: int) -> str:
    today = datetime.datetime.now(datetime.UTC).date().isoformat()
    node = subprocess.run([NODE, "--version"], capture_output=True, text=True, check=True).stdout.strip()  # noqa: S603
    machine = f"{os.cpu_count()} processors ({platform.machine()})"
    return (
        f"{today}, {machine}, Python {platform.python_version()}, Node {node}: "
        f"median (quartiles) of {rounds} cold starts and {functions.INVOCATIONS - 2 * functions.AT_ONCE} warm "
        "invocations, taken in turns"
    )
