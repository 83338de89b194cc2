"""Many sessions, and many calls at once, through `make run` as it is: is any lost, does the memory stay flat."""

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

from bench.services import running
from local.ports import free
from local.template import ROOT

SESSIONS, IN_FLIGHT = 1000, 32
CALLS, CALL_SECONDS = 24, 60
PACKETS = 50
"""A second, of 20 ms each."""
SDP = {"Content-Type": "application/sdp"}


class Running(NamedTuple):
    """`make run`, and its stand-in."""

    url: str
    stand_in: str
    process: int


def measured() -> str:
    """Measure, and write a list of Markdown."""
    with _local() as there:
        return "\n".join([asyncio.run(_sessions(there)), _calls(there)])


@contextmanager
def _local() -> Iterator[Running]:
    ports = {name: free(0, name) for name in ("PORT", "UPSTREAM_PORT", "MOTO_PORT")}
    own = {name: value for name, value in os.environ.items() if not name.startswith("OPENAI_")}
    environment = own | {name: str(number) for name, number in ports.items()}
    with running([sys.executable, "-m", "local"], ports["PORT"], environment) as process:
        url, stand_in = (f"http://127.0.0.1:{ports[name]}" for name in ("PORT", "UPSTREAM_PORT"))
        yield Running(url, f"{stand_in}/_stand_in", process)


async def _sessions(there: Running) -> str:
    """Create calls and hang them up."""
    limits = httpx.Limits(max_connections=IN_FLIGHT)
    async with httpx.AsyncClient(base_url=there.url, limits=limits, timeout=60) as client:
        await _create(client, SESSIONS)  # so that the workers are there, and every heap as large as it gets
        before, began = _memory(there.process), time.monotonic()
        lost = await _create(client, SESSIONS)
        seconds, after = time.monotonic() - began, _memory(there.process)
        state = (await client.get(there.stand_in)).json()
    return (
        f"- {SESSIONS} sessions created and hung up, {IN_FLIGHT} in flight: {lost} lost, "
        f"{len(state['open_calls'])} calls left open, {SESSIONS / seconds:.0f} a second; {_spelt(before)} before, "
        f"after a first {SESSIONS}; {_spelt(after)} after"
    )


async def _create(client: httpx.AsyncClient, count: int) -> int:
    """Return how many of them were lost."""
    offer = base64.b64decode(json.loads((ROOT / "events" / "session.json").read_text())["body"])
    at_once = asyncio.Semaphore(IN_FLIGHT)

    async def one() -> bool:
        async with at_once:
            created = await client.post("/session", content=offer, headers=SDP)
            if created.status_code != httpx.codes.CREATED:
                return False
            return (await client.delete(created.headers["Location"])).status_code == httpx.codes.NO_CONTENT

    return (await asyncio.gather(*(one() for _ in range(count)))).count(False)


def _calls(there: Running) -> str:
    command = [sys.executable, "-m", "bench.calls", there.url, str(CALLS), str(CALL_SECONDS)]
    holding = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)  # noqa: S603
    time.sleep(CALL_SECONDS / 4)
    before = _memory(there.process)
    time.sleep(CALL_SECONDS / 2)
    after = _memory(there.process)
    said, _ = holding.communicate(timeout=120)
    calls = json.loads(said or "[]")
    whole = [one for one in calls if one["state"] == "connected" and one["events"] == ["session.created"]]
    received = min((one["received"] for one in calls), default=0)
    return (
        f"- {CALLS} calls at once for {CALL_SECONDS} s: {CALLS - len(whole)} lost, "
        f"{sum(one['hung_up'] == 204 for one in calls)} hung up; of {CALL_SECONDS * PACKETS} packets of sound each "
        f"at least {received} came, {sum(one['lost'] for one in calls)} lost on the way; {_spelt(before)} "
        f"after {CALL_SECONDS // 4} s, {_spelt(after)} after {CALL_SECONDS * 3 // 4} s"
    )


class Memory(NamedTuple):
    """What is held, in bytes."""

    functions: int
    rest: int
    """By the gateway, Secrets Manager and the stand-in."""


def _spelt(memory: Memory) -> str:
    return f"{memory.functions / 1e6:.0f} MB in the functions and {memory.rest / 1e6:.0f} MB in the rest"


def _memory(process: int) -> Memory:
    """Add up what a process and its children hold."""
    held = Path(f"/proc/{process}/statm").read_text().split()[1]
    own = int(held) * os.sysconf("SC_PAGE_SIZE")
    is_function = b"local.worker" in Path(f"/proc/{process}/cmdline").read_bytes()
    threads = Path(f"/proc/{process}/task").iterdir()
    children = [_memory(int(child)) for thread in threads for child in (thread / "children").read_text().split()]
    functions = sum(child.functions for child in children) + own * is_function
    return Memory(functions, sum(child.rest for child in children) + own * (not is_function))
