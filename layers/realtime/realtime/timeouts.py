"""All time limits and pauses of requests, and how they nest.

API Gateway waits 30 s for a function, and the template gives the function 28 s. Within these, one after the other: 6 s
for the safety key, which is read once; 3 s for the ledger, with the API key read meanwhile in at most 6 s; the
upstream's 15 s; 3 s for the ledger again; 3 s to hang up a call that nobody can use; 3 s to record a call that could
not be hung up; and the time to write the response. Whatever comes before the upstream leaves it less: what comes after
is reserved.
"""

import asyncio
import math
from contextvars import ContextVar

WARM_UP_SECONDS = 2
"""For reading the API key before the first request; that request tries again. Lambda allows 10 s for the start."""

SECRET_SECONDS = 6
"""For reading the API key from Secrets Manager, name look-up and retry included."""

AWS_SECONDS = 3
"""Limit for one request to an AWS service."""

KEY_MAX_AGE_SECONDS = 300
"""How long an API key is used before it is read again."""

AWS_RETRY_PAUSE_SECONDS = 0.2
"""Pause before the retry; most throttled requests are accepted after it."""

LEDGER_SECONDS = 3
"""For one change of the ledger, retries included: before the upstream, and again after it."""

LEDGER_RETRY_PAUSE_SECONDS = 0.05
"""Mean pause before a transaction that met another one is tried again."""

UNCONFIRMED_SECONDS = 60
"""How long a reservation waits to become a call; longer than any function runs."""

CONNECT_SECONDS = 5
"""Limit for name look-up and TCP together, and the same again for TLS. Connecting is tried twice."""

UPSTREAM_SECONDS = 15
"""Default of `UPSTREAM_TIMEOUT_SECONDS`: for one request of a client, a retry included."""

MAX_UPSTREAM_SECONDS = 20
"""Largest value of `UPSTREAM_TIMEOUT_SECONDS`. With limits, 18.5 s are left of it for the ledger's sake."""

REASON_SECONDS = 1
"""Limit for reading the body of an upstream error. Without the body, the status still decides which error it is."""

HANG_UP_SECONDS = 3
"""For hanging up a call that was accepted upstream and that nobody can use; up to two requests."""

RESPONSE_SECONDS = 0.5
"""Reserved at the end of the function's time for writing the response."""

IDLE_SECONDS = 5
"""A connection that was idle for longer is not used: common servers close idle ones after five seconds."""

_function_deadline = ContextVar("_function_deadline", default=math.inf)
"""When the response has to be written, on the event loop's clock."""


def set_function_deadline(remaining_milliseconds: int) -> None:
    """Limit all later waits of this request to the time that Lambda gives the function.

    Args:
        remaining_milliseconds: what `context.get_remaining_time_in_millis()` returned.
    """
    seconds = remaining_milliseconds / 1000 - RESPONSE_SECONDS
    _function_deadline.set(asyncio.get_running_loop().time() + seconds)


def remaining() -> float:
    """Return the seconds until the function has to write its response; infinite outside of Lambda."""
    return max(0.0, _function_deadline.get() - asyncio.get_running_loop().time())


def upstream_timeout(seconds: float, *, with_ledger: bool) -> asyncio.Timeout:
    """Return the time limit of one request of a client to the upstream.

    Args:
        seconds: the upstream's share; less if the function has less time left: what comes afterwards has to fit in.
        with_ledger: whether the ledger is written to afterwards, and again after a hang-up.
    """
    afterwards = HANG_UP_SECONDS + (2 * LEDGER_SECONDS if with_ledger else 0)
    reserve = min(afterwards, remaining() / 2)
    return asyncio.timeout(min(seconds, remaining() - reserve))


def hang_up_timeout() -> asyncio.Timeout:
    """Return the time limit for hanging up a call that nobody can use."""
    return asyncio.timeout(min(HANG_UP_SECONDS, remaining()))
