"""What a function does before its first event: a starting function has a full processor.

With SnapStart it becomes part of the snapshot, except for the API key and connections: these come after each restore.
Source: https://docs.aws.amazon.com/lambda/latest/dg/snapstart-runtime-hooks-python.html
"""

import asyncio
import contextlib
import os
from collections.abc import Awaitable, Callable

from realtime.api_key import get_api_key
from realtime.caller import get_safety_key
from realtime.errors import RealtimeError
from realtime.event_loop import event_loop
from realtime.presets import presets
from realtime.settings import settings
from realtime.timeouts import WARM_UP_SECONDS
from realtime.upstream import upstream


def warm_up() -> None:
    """Load presets, settings and secrets, in Lambda alone. The first request raises again what fails here."""
    kind = os.environ.get("AWS_LAMBDA_INITIALIZATION_TYPE")
    if not kind:
        return
    with contextlib.suppress(RealtimeError):
        presets()
        upstream()
    if kind == "snap-start":
        from snapshot_restore_py import register_after_restore

        register_after_restore(read_secrets)
    else:
        read_secrets()


def read_secrets() -> None:
    """Read the API key, and the key of the safety identifiers, before they are needed."""
    with contextlib.suppress(RealtimeError, TimeoutError):
        event_loop().run_until_complete(asyncio.wait_for(_read_secrets(), WARM_UP_SECONDS))


async def _read_secrets() -> None:
    reads: list[Callable[[], Awaitable[str]]] = [get_api_key]
    if settings().safety_key_secret_id:
        reads.append(get_safety_key)
    await asyncio.gather(*(read() for read in reads), return_exceptions=True)  # the request raises them again
