"""`make fuzz`: atheris looks for an offer that breaks the check, guided by coverage; SECONDS= says for how long."""

import os
import sys
from pathlib import Path

import atheris

with atheris.instrument_imports():
    from tests.fuzz.offer_check import check_invariants

CORPUS = Path(__file__).parent / "corpus"
FOUND = Path(os.environ["FUZZ_FOLDER"])
"""Where inputs are written that reached new code, or broke the check."""


def main() -> None:
    """Run for SECONDS; atheris ends the process, with an error if an assertion failed."""
    limits = [f"-max_total_time={os.environ.get('SECONDS', '60')}", "-max_len=8192", "-timeout=5"]
    options = [*limits, f"-artifact_prefix={FOUND}/", str(FOUND), str(CORPUS)]
    atheris.Setup([sys.argv[0], *options], check_invariants)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
