"""A Lambda execution environment: `python -m local.worker FD` imports a handler and invokes it for one event at a time.

The handler is named by the variables that Lambda sets: `LAMBDA_TASK_ROOT`, `_HANDLER` and so on. Events and results are
lines of JSON on the socket with the file descriptor FD, so that they do not mix with what the handler prints.
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
    """The context object that a handler gets.

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
        """Return how many milliseconds are left until the function times out."""
        return max(0, int((self.deadline - time.time()) * 1000))


def main() -> None:
    """Import the handler, report that it is ready, then handle events until the other end closes the socket."""
    sys.path.remove(str(Path.cwd()))  # the repository's folder, which a function on Lambda does not have
    os.chdir(os.environ["LAMBDA_TASK_ROOT"])
    channel = socket.socket(fileno=int(sys.argv[1]))
    channel.set_inheritable(False)
    handler = _load(os.environ["_HANDLER"])
    with channel, channel.makefile("rwb") as lines:
        _send(lines, {"ready": True})
        for line in lines:
            _send(lines, _invoke(handler, json.loads(line)))


def _load(name: str) -> Handler:
    module, _, function = name.rpartition(".")
    handler: Handler = getattr(importlib.import_module(module.replace("/", ".")), function)
    return handler


def _invoke(handler: Handler, invocation: dict[str, Any]) -> dict[str, Any]:
    os.environ["_X_AMZN_TRACE_ID"] = invocation["trace_id"]
    try:
        result = handler(invocation["event"], _context(invocation))
        json.dumps(result)
    except Exception as unhandled:  # noqa: BLE001 - Lambda's runtime too goes on after any exception of the handler
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
