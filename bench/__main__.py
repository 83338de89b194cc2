"""`make bench`, or `python -m bench [functions] [connect] [gateway] [load]`: measures, and writes README's tables.

Everything is built first. The parts that are named are measured; without a name, all are. `ROUNDS=` says how many cold
starts each function makes.
"""

import datetime
import os
import platform
import signal
import subprocess
import sys
import tempfile
from functools import partial
from pathlib import Path

from bench import connect, functions, gateway, load
from bench.build import EXPRESS, NAIVE, NODE, OURS, SHORTEST, build
from bench.services import services
from bench.subject import ROUTES, Subject
from bench.table import Row, markdown, put, ratio, spread

ROUNDS = int(os.environ.get("ROUNDS", "15"))
DELAYS = {0: functions.INVOCATIONS, 300: 25}
"""How many invocations, by the milliseconds that the upstream takes."""


def main() -> None:
    """Measure what is named."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # so that what runs is ended too
    parts = sys.argv[1:] or ["functions", "connect", "gateway", "load"]
    if "functions" in parts:
        put("bench", _functions(build()))
    if "connect" in parts:
        put("bench-connect", connect.measured())
    if "gateway" in parts:
        put("bench-gateway", gateway.measured())
    if "load" in parts:
        put("bench-load", load.measured())


def _functions(subjects: list[Subject]) -> str:
    with tempfile.TemporaryDirectory() as folder, services(Path(folder)) as there:
        cold = functions.cold(subjects, there, rounds=ROUNDS)
        warm = {
            delay: functions.warm(subjects, there, milliseconds=delay, invocations=invocations)
            for delay, invocations in DELAYS.items()
        }
    sizes = functions.sizes(subjects)
    rows = []
    for route in ROUTES:
        of = {subject.name: subject for subject in subjects if subject.route == route}
        ours = cold[of[OURS]]
        ratios = {name: f"{ratio(ours.cpu, cold[of[name]].cpu):.2f}" for name in (SHORTEST, NAIVE, EXPRESS)}
        title = f"`{'POST /session' if route == 'session' else 'GET /token'}`"
        rows += [
            Row(f"{title}, start to first response: processor, ms", _each(of, lambda one: spread(cold[one].cpu))),
            Row("- ours is that many times as much", ratios),
            Row("- by the clock, ms", _each(of, lambda one: spread(cold[one].wall))),
            *(
                Row(f"- warm, added to an upstream of {delay} ms, ms", _each(of, partial(_added, seen)))
                for delay, seen in warm.items()
            ),
            Row(
                f"- upstream connections for {functions.INVOCATIONS} invocations",
                _each(of, lambda one: str(warm[0][one].connections)),
            ),
            Row("- peak memory, MB", _each(of, lambda one: f"{warm[0][one].peak_bytes / 1e6:.0f}")),
            Row("- uploaded, zipped, MB", _each(of, lambda one: f"{sizes[one] / 1e6:.1f}")),
        ]
    return f"{_when_and_where()}\n\n{markdown(rows)}"


def _added(seen: dict[Subject, functions.Warm], subject: Subject) -> str:
    return spread(seen[subject].added)


def _each(of: dict[str, Subject], figure: functions.Figure) -> dict[str, str]:
    return {name: figure(subject) for name, subject in of.items()}


def _when_and_where() -> str:
    today = datetime.datetime.now(datetime.UTC).date().isoformat()
    node = subprocess.run([NODE, "--version"], capture_output=True, text=True, check=True).stdout.strip()  # noqa: S603
    machine = f"{os.cpu_count()} processors ({platform.machine()})"
    return (
        f"{today}, {machine}, Python {platform.python_version()}, Node {node}: "
        f"median (quartiles) of {ROUNDS} cold starts and {functions.INVOCATIONS - 2 * functions.AT_ONCE} warm "
        "invocations, taken in turns"
    )


if __name__ == "__main__":
    main()
