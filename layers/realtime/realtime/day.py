"""The UTC day, whose minutes are counted together."""

import time

DAY_SECONDS = 24 * 60 * 60


def today() -> str:
    """Return the UTC day, as `2026-11-25`."""
    return time.strftime("%Y-%m-%d", time.gmtime(time.time()))


def seconds_until_tomorrow() -> int:
    """Return the seconds until the next UTC day, in which all minutes are free again."""
    return DAY_SECONDS - int(time.time()) % DAY_SECONDS
