"""Measures the subjects: cold starts, warm invocations, connections, memory and size."""

import time
from collections.abc import Iterable
from typing import NamedTuple

from bench.services import Services
from bench.subject import Process, Subject, start
from local.template import ROOT
from tests.sam import zipped

EVENTS = {route: (ROOT / "events" / f"{route}.json").read_bytes() for route in ("session", "token")}

INVOCATIONS = 100
AT_ONCE = 5
"""Warm invocations of a subject before the next subject's turn."""


class Cold(NamedTuple):
    """Seconds from the start of the process to its first response, one for each cold start."""

    cpu: list[float]
    wall: list[float]


class Warm(NamedTuple):
    """The cost of warm invocations."""

    added: list[float]
    """Seconds of each invocation, without those that the upstream took."""
    connections: int
    peak_bytes: int


def cold(subjects: Iterable[Subject], services: Services, *, rounds: int) -> dict[Subject, Cold]:
    """Start each subject many times, in turns.

    Args:
        subjects: the subjects.
        services: Secrets Manager and the upstream.
        rounds: how often each subject is started.
    """
    measured = {subject: Cold([], []) for subject in subjects}
    for _ in range(rounds):
        for subject, figures in measured.items():
            environment = services.environment(f"cold-{subject.key}", 0)
            start_time = time.perf_counter()
            process = start(subject, environment)
            try:
                process.invoke(EVENTS[subject.route])
                figures.wall.append(time.perf_counter() - start_time)
            finally:
                used = process.end()
            figures.cpu.append(used.cpu_seconds)
    return measured


def warm(
    subjects: Iterable[Subject], services: Services, *, milliseconds: int, invocations: int = INVOCATIONS
) -> dict[Subject, Warm]:
    """Invoke each subject many times, in turns of AT_ONCE.

    Args:
        subjects: the subjects.
        services: Secrets Manager and the upstream.
        milliseconds: the upstream's delay.
        invocations: the number of invocations of each subject.
    """
    names = {subject: f"warm-{milliseconds}-{subject.key}" for subject in subjects}
    processes: dict[Subject, Process] = {}
    try:
        for subject, name in names.items():
            processes[subject] = start(subject, services.environment(name, milliseconds))
        took = _in_turns(processes, invocations)
        seen = {subject: services.seen(name) for subject, name in names.items()}
    finally:
        used = {subject: process.end() for subject, process in processes.items()}
    # The first invocations are left out: they include the cold start and other work that is done once.
    return {
        subject: Warm(
            [total - upstream for total, upstream in zip(took[subject], seen[subject][1], strict=True)][2 * AT_ONCE :],
            seen[subject][0],
            used[subject].peak_bytes,
        )
        for subject in names
    }


def sizes(subjects: Iterable[Subject]) -> dict[Subject, int]:
    """Return the zipped size of each subject in bytes."""
    return {subject: sum(zipped(folder) for folder in subject.zipped) for subject in subjects}


def _in_turns(processes: dict[Subject, Process], invocations: int) -> dict[Subject, list[float]]:
    took: dict[Subject, list[float]] = {subject: [] for subject in processes}
    for _ in range(invocations // AT_ONCE):
        for subject, process in processes.items():
            took[subject] += [process.invoke(EVENTS[subject.route]) for _ in range(AT_ONCE)]
    return took
