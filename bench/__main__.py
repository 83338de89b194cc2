"""`make bench`, or `python -m bench [functions] [connect] [turns] [gateway] [load]`: measures and writes tables.

The tables go into docs/speed.md. Without arguments all parts are measured. `ROUNDS=` sets the number of
cold starts of each function.
"""

import os
import signal
import sys
import tempfile
from pathlib import Path

from bench import connect, functions, gateway, load, start, turns
from bench.build import OURS, build
from bench.report import report
from bench.services import services
from bench.table import put

TABLES = {"connect": connect.measured, "turns": turns.measured, "gateway": gateway.measured, "load": load.measured}
"""What measures a part, and writes its table; the functions have two."""
PARTS = ["functions", *TABLES]
ROUNDS = int(os.environ.get("ROUNDS", "15"))
DELAYS = {0: functions.INVOCATIONS, 300: 25}
"""The number of warm invocations, by the upstream's delay in milliseconds."""


def main() -> None:
    """Measure the parts that the arguments name."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # so that context managers end the child processes
    parts = sys.argv[1:] or PARTS
    if unknown := set(parts) - set(PARTS):
        sys.exit(f"There is no part {', '.join(sorted(unknown))}: take some of {', '.join(PARTS)}.")
    if "functions" in parts:
        _functions()
    for name, measured in TABLES.items():
        if name in parts:
            put(f"bench-{name}", measured())


def _functions() -> None:
    subjects = build()
    ours = next(subject for subject in subjects if subject.name == OURS)
    with tempfile.TemporaryDirectory() as folder, services(Path(folder)) as running:
        cold = functions.cold(subjects, running, rounds=ROUNDS)
        warm = {
            delay: functions.warm(subjects, running, milliseconds=delay, invocations=invocations)
            for delay, invocations in DELAYS.items()
        }
        imports = start.measured(ours, running.environment("start", 0), rounds=ROUNDS)
    put("bench", report(cold, warm, functions.sizes(subjects), rounds=ROUNDS))
    put("bench-start", imports)


if __name__ == "__main__":
    main()
