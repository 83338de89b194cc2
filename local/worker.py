"""A Lambda execution environment: `python -m local.worker FD` imports a handler and gives it one event at a time.

What it is to run is in the variables that Lambda itself sets: `LAMBDA_TASK_ROOT`, `_HANDLER` and so on. Events come and
answers go as lines of JSON through the socket whose file descriptor is FD, so that what the handler prints stays apart.
"""

import dataclasses
import importlib
import json
import os
import socket
import sys
import time
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

Handler = Callable[[Any, "Context"], Any]


@dataclasses.dataclass
class Context:
    """What a handler is told about its invocation.

    Source: https://docs.aws.amazon.com/lambda/latest/dg/python-context.html
    """

    aws_request_id: str
    invoked_function_arn: str
    function_name: str
    function_version: str
    memory_limit_in_mb: str
    log_group_name: str
    log_stream_name: str
    deadline: float
    """Seconds since the epoch."""
    identity: None = None
    client_context: None = None

    def get_remaining_time_in_millis(self) -> int:
        """Tell how many milliseconds are left before the function is ended."""
        return max(0, int((self.deadline - time.time()) * 1000))


def main() -> None:
    """Import the handler, say so, then answer events until the other end of the socket is closed."""
    sys.path.remove(str(Path.cwd()))  # where this module was found; a function does not see the repository
    os.chdir(os.environ["LAMBDA_TASK_ROOT"])
    channel = socket.socket(fileno=int(sys.argv[1]))
    channel.set_inheritable(False)
    handler = _load(os.environ["_HANDLER"])
    with channel, channel.makefile("rwb") as lines:
        _send(lines, {"ready": True})
        for line in lines:
            _send(lines, _answer(handler, json.loads(line)))


def _load(name: str) -> Handler:
    module, _, function = name.rpartition(".")
    handler: Handler = getattr(importlib.import_module(module.replace("/", ".")), function)
    return handler


def _answer(handler: Handler, invocation: dict[str, Any]) -> dict[str, Any]:
    os.environ["_X_AMZN_TRACE_ID"] = invocation["trace_id"]
    try:
        result = handler(invocation["event"], _context(invocation))
        json.dumps(result)
    except Exception as unhandled:  # noqa: BLE001 - as Lambda's runtime does: it outlives its handler's errors
        traceback.print_exc()
        return {"error": type(unhandled).__name__}
    else:
        return {"result": result}
    finally:
        sys.stdout.flush()


def _context(invocation: dict[str, Any]) -> Context:
    return Context(
        aws_request_id=invocation["request_id"],
        invoked_function_arn=invocation["arn"],
        function_name=os.environ["AWS_LAMBDA_FUNCTION_NAME"],
        function_version=os.environ["AWS_LAMBDA_FUNCTION_VERSION"],
        memory_limit_in_mb=os.environ["AWS_LAMBDA_FUNCTION_MEMORY_SIZE"],
        log_group_name=os.environ["AWS_LAMBDA_LOG_GROUP_NAME"],
        log_stream_name=os.environ["AWS_LAMBDA_LOG_STREAM_NAME"],
        deadline=invocation["deadline"],
    )


def _send(lines: Any, message: dict[str, Any]) -> None:
    lines.write(json.dumps(message).encode() + b"\n")
    lines.flush()


if __name__ == "__main__":
    main()
