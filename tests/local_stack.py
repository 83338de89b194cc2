"""What tests need of a running local stack beside its URL: its AWS, its processes, a changed template."""

import os
import signal
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

import boto3

from local.stack import Stack
from local.template import TEMPLATE

TRANSPORT_HEADERS = ("date", "server", "content-length", "connection", "apigw-requestid")
"""Headers of the HTTP server and of the gateway."""


def client(stack: Stack, service: str) -> Any:
    """Make a boto3 client of the stack's AWS."""
    session = boto3.Session(stack.aws["AWS_ACCESS_KEY_ID"], "local", region_name=stack.aws["AWS_DEFAULT_REGION"])
    make: Any = session.client
    return make(service, endpoint_url=stack.aws["AWS_ENDPOINT_URL"])


def function_headers(headers: Mapping[str, str], *others: str) -> dict[str, str]:
    """Return the headers that the function has set, without these others."""
    return {name: value for name, value in headers.items() if name not in (*TRANSPORT_HEADERS, *others)}


def kill_functions(upstream: str) -> None:
    """Kill the processes of the functions that call this upstream."""
    variable = f"OPENAI_BASE_URL={upstream}".encode()
    for process in [int(one.name) for one in Path("/proc").glob("[0-9]*") if variable in environment_in(one)]:
        with suppress(ProcessLookupError):  # it has ended meanwhile
            os.kill(process, signal.SIGKILL)


def environment_in(process: Path) -> list[bytes]:
    try:
        return (process / "environ").read_bytes().split(b"\0")
    except OSError:  # the process has ended, or belongs to somebody else
        return []


def write_template(
    folder: Path, change: Callable[[str], str] = lambda text: text, *, first: Mapping[str, str] | None = None
) -> Path:
    """Write a changed copy of the template, with links to its functions and its layer.

    Args:
        folder: where it is written.
        change: returns the changed text.
        first: code that Python runs at the start of a function's process, by the function's folder.
    """
    (folder / "layers").symlink_to(TEMPLATE.parent / "layers")
    for name in ("session", "token", "sweep"):
        function = folder / "functions" / name
        function.mkdir(parents=True)
        (function / "app.py").symlink_to(TEMPLATE.parent / "functions" / name / "app.py")
        if first and name in first:
            (function / "sitecustomize.py").write_text(first[name])
    file = folder / "template.yaml"
    file.write_text(change(TEMPLATE.read_text()))
    return file
