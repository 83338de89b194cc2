"""How many requests a second the local gateway handles: `make run` with an upstream that answers without delay."""

import asyncio
import statistics
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

import httpx

from bench.services import run_local, run_server
from local.ports import free

IN_FLIGHT = (1, 8, 32)
SECONDS = 5
ROUNDS = 3
OFFER = b"v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\nm=audio 9 UDP/TLS/RTP/SAVPF 111\r\na=mid:0\r\n"
SDP = {"Content-Type": "application/sdp"}


def measured() -> str:
    """Measure, and write the result as a table of Markdown."""
    with _gateway() as url:
        asyncio.run(_rate(url, max(IN_FLIGHT), 2))  # so that all workers have started
        rates: dict[int, list[float]] = {count: [] for count in IN_FLIGHT}
        for _ in range(ROUNDS):
            for count, results in rates.items():
                results.append(asyncio.run(_rate(url, count, SECONDS)))
    cells = [f"{statistics.median(one):.0f} ({min(one):.0f}–{max(one):.0f})" for one in rates.values()]
    head = "| requests in flight | " + " | ".join(map(str, IN_FLIGHT)) + " |\n|" + " --- |" * (len(IN_FLIGHT) + 1)
    return f"{head}\n| `POST /session` a second through the local gateway | " + " | ".join(cells) + " |"


@contextmanager
def _gateway() -> Iterator[str]:
    upstream = free(0, "UPSTREAM_PORT")
    base_url = f"http://127.0.0.1:{upstream}/gateway/0/v1"
    with (
        run_server([sys.executable, "-m", "bench.upstream", str(upstream)], upstream),
        run_local(OPENAI_API_KEY="sk-local-bench", OPENAI_BASE_URL=base_url) as (ports, _),
    ):
        yield f"http://127.0.0.1:{ports['PORT']}"


async def _rate(url: str, count: int, seconds: float) -> float:
    limits = httpx.Limits(max_connections=count, max_keepalive_connections=count)
    async with httpx.AsyncClient(base_url=url, limits=limits, timeout=60) as client:
        start = time.monotonic()
        counts = await asyncio.gather(*(_send_requests(client, start + seconds) for _ in range(count)))
        return sum(counts) / (time.monotonic() - start)


async def _send_requests(client: httpx.AsyncClient, until: float) -> int:
    count = 0
    while time.monotonic() < until:
        response = await client.post("/session", content=OFFER, headers=SDP)
        response.raise_for_status()
        count += 1
    return count
