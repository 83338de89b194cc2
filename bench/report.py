"""The table about the functions: a row for each figure with its goal, a column for each implementation."""

import datetime
import os
import platform
import statistics
import subprocess
from collections.abc import Callable, Mapping
from functools import partial

from bench import functions
from bench.build import EXPRESS, LIMITED, NAIVE, NODE, OURS, SHORTEST
from bench.functions import Cold, Warm
from bench.subject import ROUTES, Subject
from bench.table import Row, goal_of, markdown, ratio, spread, with_goal

COLD_GOALS = {SHORTEST: 0.75, NAIVE: 0.30, EXPRESS: 0.90}
WARM_GOALS = {EXPRESS: 0.95}
"""The largest acceptable ratios of our time to theirs."""

WARM_MS_GOAL = 2.5
"""On a machine that does nothing else."""

CONNECTIONS_GOAL = 1

SIZE_MB_GOAL = 3.0
"""For the layer; measured with a function, which has a few KB."""

WarmByDelay = Mapping[int, Mapping[Subject, Warm]]


def report(cold: Mapping[Subject, Cold], warm: WarmByDelay, sizes: Mapping[Subject, int], *, rounds: int) -> str:
    """Write the results as a table of Markdown.

    Args:
        cold: the cold starts of each subject.
        warm: the warm invocations of each subject, by the upstream's delay in milliseconds.
        sizes: the zipped size of each subject in bytes.
        rounds: the number of cold starts.
    """
    rows: list[Row] = []
    for route in ROUTES:
        subjects = {subject.name: subject for subject in sizes if subject.route == route}
        rows += [*_cold(subjects, cold, route), *_warm(subjects, warm), *_rest(subjects, warm[0], sizes)]
    return f"{_conditions(rounds)}\n\n{markdown(rows)}"


def _cold(subjects: Mapping[str, Subject], cold: Mapping[Subject, Cold], route: str) -> list[Row]:
    request = "POST /session" if route == "session" else "GET /token"
    ours = cold[subjects[OURS]].cpu
    ratios = {name: with_goal(ratio(ours, cold[subjects[name]].cpu), goal) for name, goal in COLD_GOALS.items()}
    ratios[LIMITED] = f"{ratio(cold[subjects[LIMITED]].cpu, ours):.2f} of ours"
    return [
        _row(f"`{request}`, start to first response: processor, ms", subjects, lambda one: spread(cold[one].cpu)),
        Row("- ours is that many times as much", ratios),
        _row("- by the clock, ms", subjects, lambda one: spread(cold[one].wall)),
    ]


def _warm(subjects: Mapping[str, Subject], warm: WarmByDelay) -> list[Row]:
    added = {name: warm[0][subject].added for name, subject in subjects.items()}
    ratios = {name: with_goal(ratio(added[OURS], added[name]), goal) for name, goal in WARM_GOALS.items()}
    first, *later = (
        _row(f"- warm, added to an upstream of {delay} ms, ms", subjects, partial(_added, results))
        for delay, results in warm.items()
    )
    first.values[OURS] += f", {goal_of(statistics.median(added[OURS]) * 1000, WARM_MS_GOAL, 1)}"
    return [first, Row("- ours is that many times as much", ratios), *later]


def _added(results: Mapping[Subject, Warm], subject: Subject) -> str:
    return spread(results[subject].added)


def _rest(subjects: Mapping[str, Subject], warm: Mapping[Subject, Warm], sizes: Mapping[Subject, int]) -> list[Row]:
    figure = f"- upstream connections for {functions.INVOCATIONS} invocations"
    connections = _row(figure, subjects, lambda one: str(warm[one].connections))
    size = _row("- uploaded, zipped, MB", subjects, lambda one: f"{sizes[one] / 1e6:.1f}")
    ours = subjects[OURS]
    connections.values[OURS] = with_goal(warm[ours].connections, CONNECTIONS_GOAL, 0)
    size.values[OURS] = with_goal(sizes[ours] / 1e6, SIZE_MB_GOAL, 1)
    memory = _row("- peak memory, MB", subjects, lambda one: f"{warm[one].peak_bytes / 1e6:.0f}")
    return [connections, memory, size]


def _row(figure: str, subjects: Mapping[str, Subject], value: Callable[[Subject], str]) -> Row:
    return Row(figure, {name: value(subject) for name, subject in subjects.items()})


def _conditions(rounds: int) -> str:
    today = datetime.datetime.now(datetime.UTC).date().isoformat()
    node = subprocess.run([NODE, "--version"], capture_output=True, text=True, check=True).stdout.strip()  # noqa: S603
    machine = f"{os.cpu_count()} processors ({platform.machine()})"
    return (
        f"{today}, {machine}, Python {platform.python_version()}, Node {node}: "
        f"median (quartiles) of {rounds} cold starts and {functions.INVOCATIONS - 2 * functions.AT_ONCE} warm "
        "invocations, taken in turns"
    )
