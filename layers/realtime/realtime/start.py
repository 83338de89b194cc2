"""What is done before the first event, while Lambda lends a function more processor than it has later.

With SnapStart all of it goes into the snapshot, the API key and connections excepted: those come after each restore.
Source: https://docs.aws.amazon.com/lambda/latest/dg/snapstart-runtime-hooks-python.html
"""

import contextlib
import os

from realtime.api_key import read_the_key
from realtime.errors import RealtimeError
from realtime.presets import presets
from realtime.upstream import upstream


def prepare() -> None:
    """Make what every request needs, where there is a Lambda function to prepare."""
    kind = os.environ.get("AWS_LAMBDA_INITIALIZATION_TYPE")
    if not kind:
        return
    with contextlib.suppress(RealtimeError):  # the first request will be told
        presets()
        upstream()
    if kind == "snap-start":
        from snapshot_restore_py import register_after_restore

        register_after_restore(read_the_key)
