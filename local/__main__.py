"""`python -m local` serves the page, both routes, Secrets Manager and a stand-in for the Realtime API on 127.0.0.1.

CONTRIBUTING.md lists the environment variables that it reads.
"""

import signal
import sys
from types import FrameType
from typing import NoReturn

SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def main() -> None:
    """Serve until a signal arrives."""
    for number in SIGNALS:
        signal.signal(number, _stop)
    # Imported after the signal handlers are set: the import takes a second, and Ctrl-C must work during it.
    from local.command import run

    run()


def _stop(*_: int | FrameType | None) -> NoReturn:
    for number in SIGNALS:
        signal.signal(number, signal.SIG_IGN)  # a second signal would interrupt the clean-up
    sys.exit(0)


if __name__ == "__main__":
    main()
