"""The table about the functions: a figure a row, a subject a column, and what was aimed at."""

import datetime
import os
import platform
import statistics
import subprocess
from collections.abc import Mapping

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
    processor = {name: cold[subject].cpu for name, subject in of.items()}
    route_named = f"`{'POST /session' if route == 'session' else 'GET /token'}`"
    ratios = {name: judged(ratio(processor[OURS], processor[name]), goal) for name, goal in COLD_GOALS.items()}
    return [
        Row(f"{route_named}, start to first response: processor, ms", {k: spread(v) for k, v in processor.items()}),
        Row("- ours is that many times as much", ratios),
        Row("- by the clock, ms", {name: spread(cold[subject].wall) for name, subject in of.items()}),
    ]


def _warm(of: Mapping[str, Subject], warm: WarmByDelay) -> list[Row]:
    added = {name: warm[0][subject].added for name, subject in of.items()}
    goal = "met" if statistics.median(added[OURS]) * 1000 <= WARM_MS_GOAL else "**missed**"
    shown = {name: spread(seconds) for name, seconds in added.items()}
    shown[OURS] += f", goal {WARM_MS_GOAL}: {goal}"
    ratios = {name: judged(ratio(added[OURS], added[name]), goal) for name, goal in WARM_GOALS.items()}
    later = [
        Row(
            f"- warm, added to an upstream of {delay} ms, ms",
            {name: spread(seen[subject].added) for name, subject in of.items()},
        )
        for delay, seen in warm.items()
        if delay
    ]
    return [
        Row("- warm, added to an upstream of 0 ms, ms", shown),
        Row("- ours is that many times as much", ratios),
        *later,
    ]


def _rest(of: Mapping[str, Subject], warm: Mapping[Subject, Warm], sizes: Mapping[Subject, int]) -> list[Row]:
    return [
        Row(
            f"- upstream connections for {functions.INVOCATIONS} invocations",
            {name: str(warm[subject].connections) for name, subject in of.items()},
        ),
        Row("- peak memory, MB", {name: f"{warm[subject].peak_bytes / 1e6:.0f}" for name, subject in of.items()}),
        Row("- uploaded, zipped, MB", {name: f"{sizes[subject] / 1e6:.1f}" for name, subject in of.items()}),
    ]


def _when_and_where(rounds: int) -> str:
    today = datetime.datetime.now(datetime.UTC).date().isoformat()
    node = subprocess.run([NODE, "--version"], capture_output=True, text=True, check=True).stdout.strip()  # noqa: S603
    machine = f"{os.cpu_count()} processors ({platform.machine()})"
    return (
        f"{today}, {machine}, Python {platform.python_version()}, Node {node}: "
        f"median (quartiles) of {rounds} cold starts and {functions.INVOCATIONS - 2 * functions.AT_ONCE} warm "
        "invocations, taken in turns"
    )
