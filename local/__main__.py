"""`python -m local`: the page, both routes, the secret and the Realtime API's stand-in on 127.0.0.1.

Environment:
    PORT, UPSTREAM_PORT, MOTO_PORT: where gateway, stand-in and Secrets Manager listen (8000, 8001, 5000).
    OPENAI_API_KEY: your own key; the upstream is then the real Realtime API, and calls cost money.
    OPENAI_BASE_URL, OPENAI_AUTH: another upstream for that key, and how it takes it (`bearer` or `api-key`).
    ALLOWED_ORIGINS: other sites that may use that key in your browser, separated by commas; none, unless told.
    POWERTOOLS_*: passed on to the functions.
"""

import signal
import sys
from types import FrameType
from typing import NoReturn

SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def main() -> None:
    """Serve until told to stop."""
    for number in SIGNALS:
        signal.signal(number, _stop)
    # Only now: what this imports takes a second, in which Ctrl-C is to work as well.
    from local.command import run

    run()


def _stop(*_: int | FrameType | None) -> NoReturn:
    for number in SIGNALS:
        signal.signal(number, signal.SIG_IGN)  # once is enough: what runs is being ended
    sys.exit(0)


if __name__ == "__main__":
    main()
