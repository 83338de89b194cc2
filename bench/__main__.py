"""`make bench`, or `python -m bench [functions] [connect] [gateway] [load]`: measures, and writes README's tables.

Those of docs/speed.md too. Everything is built first. The parts that are named are measured; without a name, all are.
`ROUNDS=` says how many cold starts each function makes.
"""

import os
import signal
import sys
import tempfile
from pathlib import Path

from bench import connect, functions, gateway, load, start
from bench.build import OURS, build
from bench.report import report
from bench.services import services
from bench.table import put

ROUNDS = int(os.environ.get("ROUNDS", "15"))
DELAYS = {0: functions.INVOCATIONS, 300: 25}
"""How many invocations, by the milliseconds that the upstream takes."""


def main() -> None:
    """Measure what is named."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # so that what runs is ended too
    parts = sys.argv[1:] or ["functions", "connect", "gateway", "load"]
    if "functions" in parts:
        _functions()
    if "connect" in parts:
        put("bench-connect", connect.measured())
    if "gateway" in parts:
        put("bench-gateway", gateway.measured())
    if "load" in parts:
        put("bench-load", load.measured())


def _functions() -> None:
    subjects = build()
    ours = next(subject for subject in subjects if subject.name == OURS)
    with tempfile.TemporaryDirectory() as folder, services(Path(folder)) as there:
        cold = functions.cold(subjects, there, rounds=ROUNDS)
        warm = {
            delay: functions.warm(subjects, there, milliseconds=delay, invocations=invocations)
            for delay, invocations in DELAYS.items()
        }
        imports = start.measured(ours, there.environment("start", 0), rounds=ROUNDS)
    put("bench", report(cold, warm, functions.sizes(subjects), rounds=ROUNDS))
    put("bench-start", imports)


if __name__ == "__main__":
    main()
