"""What is done before the first event, while Lambda lends a function more processor than it has later.

With SnapStart all of it goes into the snapshot, the API key and connections excepted: those come after each restore.
Source: https://docs.aws.amazon.com/lambda/latest/dg/snapstart-runtime-hooks-python.html
"""

import asyncio
import contextlib
import os

from anyio.lowlevel import checkpoint

from realtime.api_key import read_the_key
from realtime.errors import RealtimeError
from realtime.presets import presets
from realtime.upstream import upstream


def prepare(loop: asyncio.AbstractEventLoop) -> None:
    """Make what every request needs, where there is a Lambda function to prepare.

    Args:
        loop: the one that the requests will run in.
    """
    kind = os.environ.get("AWS_LAMBDA_INITIALIZATION_TYPE")
    if not kind:
        return
    with contextlib.suppress(RealtimeError):  # the first request will be told
        presets()
        upstream()
    loop.run_until_complete(checkpoint())  # has anyio, by which httpx speaks, import what it needs of asyncio
    if kind == "snap-start":
        from snapshot_restore_py import register_after_restore

        register_after_restore(read_the_key)
