"""Where the start of a function goes: the processor's time for each thing that is imported, in its order.

What is not imported, and would be in most functions, is measured in the same run.
"""

import os
import statistics
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

import pydantic

from bench.subject import Subject


class Step(NamedTuple):
    """Something that the start of a function imports, and the statement that does it."""

    named: str
    statement: str


STEPS = (
    Step("the interpreter", "pass"),
    Step("AWS's runtime interface client", "import awslambdaric.bootstrap"),
    Step("Powertools: log and metrics", "import realtime.telemetry"),
    Step("asyncio", "import asyncio"),
    Step("httpx", "import httpx"),
    Step("httpcore, h11 and anyio", "import httpcore"),
    Step("Starlette", "import starlette.applications"),
    Step("Mangum", "import mangum"),
    Step("the layer's own code, the folder of CA certificates, and the handler", "import app"),
)

INSTEAD = (
    Step(
        "pydantic, its models not yet made", "import sys; sys.path.append({packages!r}); from pydantic import BaseModel"
    ),
    Step(
        "all CA certificates at once instead of the one that is needed",
        "import ssl; ssl.create_default_context(cafile={bundle!r})",
    ),
    Step("boto3, and its client for Secrets Manager", "import boto3; boto3.client('secretsmanager')"),
)
"""What our functions do not import: measured after all of STEPS."""

LEAVE = "; import os; os._exit(0)"
"""Ends the interpreter without its cleaning up, which is no part of a start."""

PACKAGES = Path(pydantic.__file__).parent.parent


def measured(subject: Subject, environment: Mapping[str, str], *, rounds: int) -> str:
    """Measure, and write a table of Markdown.

    Args:
        subject: our function.
        environment: its variables.
        rounds: how often each step is taken.
    """
    python = subject.command[0]
    path = os.pathsep.join(str(folder) for folder in subject.python_path)
    variables = {**environment, **dict(subject.settings), "PYTHONPATH": path, "PYTHONDONTWRITEBYTECODE": "1"}
    values = {"bundle": environment["SSL_CERT_FILE"], "packages": str(PACKAGES)}
    instead = [one.statement.format(**values) for one in INSTEAD]
    done = ["; ".join(step.statement for step in STEPS[: count + 1]) for count in range(len(STEPS))]
    scripts = done + [f"{done[-1]}; {statement}" for statement in instead]
    taken: list[list[float]] = [[] for _ in scripts]
    for _ in range(rounds):
        for script, seen in zip(scripts, taken, strict=True):
            seen.append(processor_seconds([python, "-S", "-c", script + LEAVE], variables, subject.folder))
    return table([statistics.median(seen) * 1000 for seen in taken])


def processor_seconds(command: list[str], environment: Mapping[str, str], folder: Path) -> float:
    """Run a program, and tell how many seconds of processor it used."""
    child = subprocess.Popen(command, env=environment, cwd=folder, stdout=subprocess.DEVNULL)  # noqa: S603
    _, status, used = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode:
        raise ChildProcessError(" ".join(command))
    return used.ru_utime + used.ru_stime


def table(medians: list[float]) -> str:
    """Write what each step adds to those before it."""
    whole = medians[len(STEPS) - 1]
    steps = [later - earlier for earlier, later in zip([0.0, *medians], medians[: len(STEPS)], strict=False)]
    lines = ["| imported, in this order | processor, ms |", "| --- | --- |"]
    lines += [f"| {step.named} | {took:.0f} |" for step, took in zip(STEPS, steps, strict=True)]
    lines += [f"| **together** | **{whole:.0f}** |", "| not imported, and on top if it were: | |"]
    extra = zip(INSTEAD, medians[len(STEPS) :], strict=True)
    return "\n".join(lines + [f"| {step.named} | {took - whole:.0f} |" for step, took in extra])
