"""The one event loop of the process: a connection can be used only on the loop that opened it."""

import asyncio
from functools import cache


@cache
def event_loop() -> asyncio.AbstractEventLoop:
    """Return the loop on which every request is served; the same for the life of the process."""
    return asyncio.new_event_loop()
