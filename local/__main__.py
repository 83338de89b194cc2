"""`python -m local` serves the page, both routes, Secrets Manager and a stand-in for the Realtime API on 127.0.0.1.

Environment:
    PORT, UPSTREAM_PORT, MOTO_PORT: ports of the gateway, the stand-in and Secrets Manager (8000, 8001, 5000).
    MEDIA_ADDRESS: the IPv4 address of this machine at which the stand-in accepts calls (127.0.0.1, which Firefox does
        not call: for Firefox, the address in a network).
    OPENAI_API_KEY: an API key of yours; the upstream is then the real Realtime API, and calls cost money.
    OPENAI_BASE_URL, OPENAI_AUTH: another upstream for that key, and how it expects the key (`bearer` or `api-key`).
    ALLOWED_ORIGINS: other sites that may use that key in your browser, separated by commas; the default is none.
    DEFAULT_PRESET, EPHEMERAL_KEYS, MAX_CALL_MINUTES, CALLS_AT_ONCE, MINUTES_PER_PERSON_PER_DAY, MINUTES_PER_DAY: the
        template's parameters of these names.
    POWERTOOLS_*: passed on to the functions.
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
