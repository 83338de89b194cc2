"""Measures the functions: cold, warm, their connections, memory and size."""

import time
from collections.abc import Iterable
from typing import NamedTuple

from bench.build import zipped
from bench.services import Services
from bench.subject import Process, Subject, start
from local.template import ROOT

EVENTS = {route: (ROOT / "events" / f"{route}.json").read_bytes() for route in ("session", "token")}

INVOCATIONS = 100
AT_ONCE = 5
"""Warm invocations of one subject before it is the next one's turn."""


class Cold(NamedTuple):
    """From the start of the process to its first response."""

    cpu: list[float]
    wall: list[float]


class Warm(NamedTuple):
    """What later invocations cost."""

    added: list[float]
    """Seconds of each invocation, less those that the upstream took itself."""
    connections: int
    peak_bytes: int


def cold(subjects: Iterable[Subject], there: Services, *, rounds: int) -> dict[Subject, Cold]:
    """Start each subject again and again, in turns.

    Args:
        subjects: what is started.
        there: what it speaks to.
        rounds: how often.
    """
    measured = {subject: Cold([], []) for subject in subjects}
    for _ in range(rounds):
        for subject, figures in measured.items():
            environment = there.environment(f"cold-{subject.key}", 0)
            began = time.perf_counter()
            process = start(subject, environment)
            try:
                process.invoke(EVENTS[subject.route])
                figures.wall.append(time.perf_counter() - began)
            finally:
                used = process.end()
            figures.cpu.append(used.cpu_seconds)
    return measured


def warm(
    subjects: Iterable[Subject], there: Services, *, milliseconds: int, invocations: int = INVOCATIONS
) -> dict[Subject, Warm]:
    """Invoke each subject many times, in turns of AT_ONCE.

    Args:
        subjects: what is invoked.
        there: what it speaks to.
        milliseconds: that the upstream takes.
        invocations: how many.
    """
    names = {subject: f"warm-{milliseconds}-{subject.key}" for subject in subjects}
    processes: dict[Subject, Process] = {}
    try:
        for subject, name in names.items():
            processes[subject] = start(subject, there.environment(name, milliseconds))
        took = _in_turns(processes, invocations)
        seen = {subject: there.seen(name) for subject, name in names.items()}
    finally:
        used = {subject: process.end() for subject, process in processes.items()}
    # The first ones are the cold start, and what is still made once.
    return {
        subject: Warm(
            [all_of_it - theirs for all_of_it, theirs in zip(took[subject], seen[subject][1], strict=True)][
                2 * AT_ONCE :
            ],
            seen[subject][0],
            used[subject].peak_bytes,
        )
        for subject in names
    }


def sizes(subjects: Iterable[Subject]) -> dict[Subject, int]:
    """Return how many bytes of each subject are uploaded, zipped."""
    return {subject: zipped(subject.zipped) for subject in subjects}


def _in_turns(processes: dict[Subject, Process], invocations: int) -> dict[Subject, list[float]]:
    took: dict[Subject, list[float]] = {subject: [] for subject in processes}
    for _ in range(invocations // AT_ONCE):
        for subject, process in processes.items():
            took[subject] += [process.invoke(EVENTS[subject.route]) for _ in range(AT_ONCE)]
    return took
