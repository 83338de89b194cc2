"""Many sessions and many simultaneous calls through `make run`: counts those that fail, and measures memory."""

import asyncio
import base64
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import httpx

from bench.services import run_local
from local.template import ROOT

SESSIONS, IN_FLIGHT = 1000, 32
CALLS, CALL_SECONDS = 24, 60
PACKETS_PER_SECOND = 50
SDP = {"Content-Type": "application/sdp"}


class Running(NamedTuple):
    """A running `make run`."""

    url: str
    stand_in: str
    """The URL of the stand-in's state."""
    process: int


def measured() -> str:
    """Measure, and write the results as a list of Markdown."""
    with _local() as running:
        return "\n".join([asyncio.run(_sessions(running)), _calls(running)])


@contextmanager
def _local() -> Iterator[Running]:
    with run_local() as (ports, process):
        url, stand_in = (f"http://127.0.0.1:{ports[name]}" for name in ("PORT", "UPSTREAM_PORT"))
        yield Running(url, f"{stand_in}/_stand_in", process)


async def _sessions(running: Running) -> str:
    """Create calls and hang them up."""
    limits = httpx.Limits(max_connections=IN_FLIGHT)
    async with httpx.AsyncClient(base_url=running.url, limits=limits, timeout=60) as client:
        await _create(client, SESSIONS)  # so that all workers have started and the heaps have reached their size
        before, start = _memory(running.process), time.monotonic()
        lost = await _create(client, SESSIONS)
        seconds, after = time.monotonic() - start, _memory(running.process)
        state = (await client.get(running.stand_in)).json()
    return (
        f"- {SESSIONS} sessions created and hung up, {IN_FLIGHT} in flight: {lost} lost, "
        f"{len(state['open_calls'])} calls left open, {SESSIONS / seconds:.0f} a second; "
        f"{_memory_text(before)} before, after a first {SESSIONS}; {_memory_text(after)} after"
    )


async def _create(client: httpx.AsyncClient, count: int) -> int:
    """Create and hang up so many calls; return how many of them failed."""
    offer = base64.b64decode(json.loads((ROOT / "events" / "session.json").read_text())["body"])
    at_once = asyncio.Semaphore(IN_FLIGHT)

    async def one() -> bool:
        async with at_once:
            created = await client.post("/session", content=offer, headers=SDP)
            if created.status_code != httpx.codes.CREATED:
                return False
            return (await client.delete(created.headers["Location"])).status_code == httpx.codes.NO_CONTENT

    return (await asyncio.gather(*(one() for _ in range(count)))).count(False)


def _calls(running: Running) -> str:
    command = [sys.executable, "-m", "bench.calls", running.url, str(CALLS), str(CALL_SECONDS)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:  # noqa: S603
        try:
            time.sleep(CALL_SECONDS / 4)
            before = _memory(running.process)
            time.sleep(CALL_SECONDS / 2)
            after = _memory(running.process)
            output, _ = process.communicate(timeout=120)
        finally:
            process.kill()  # without effect if it has ended
    calls = json.loads(output or "[]")
    complete = [one for one in calls if one["state"] == "connected" and one["events"] == ["session.created"]]
    received = min((one["received"] for one in calls), default=0)
    return (
        f"- {CALLS} calls at once for {CALL_SECONDS} s: {CALLS - len(complete)} lost, "
        f"{sum(one['hung_up'] == 204 for one in calls)} hung up; "
        f"of {CALL_SECONDS * PACKETS_PER_SECOND} packets of sound each at least {received} arrived, "
        f"{sum(one['lost'] for one in calls)} lost; "
        f"{_memory_text(before)} after {CALL_SECONDS // 4} s, {_memory_text(after)} after {CALL_SECONDS * 3 // 4} s"
    )


class Memory(NamedTuple):
    """Resident memory in bytes."""

    functions: int
    rest: int
    """The memory of the gateway, Secrets Manager and the stand-in."""


def _memory_text(memory: Memory) -> str:
    return f"{memory.functions / 1e6:.0f} MB in the functions and {memory.rest / 1e6:.0f} MB in the rest"


def _memory(process: int) -> Memory:
    """Add up the memory of a process and its children."""
    pages = Path(f"/proc/{process}/statm").read_text().split()[1]
    resident = int(pages) * os.sysconf("SC_PAGE_SIZE")
    is_function = b"local.worker" in Path(f"/proc/{process}/cmdline").read_bytes()
    threads = Path(f"/proc/{process}/task").iterdir()
    children = [_memory(int(child)) for thread in threads for child in (thread / "children").read_text().split()]
    functions = sum(child.functions for child in children) + resident * is_function
    return Memory(functions, sum(child.rest for child in children) + resident * (not is_function))
