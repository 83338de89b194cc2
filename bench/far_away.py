"""What a network, and the Realtime API, would take: a server that passes everything on to another, but later."""

import asyncio
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import Route

from local.ports import HOST, bind

ROUND_TRIP, MINT, CALL = 0.040, 0.300, 0.400
"""Seconds. Every request pays a round trip, a preflight too; minting and calling come on top."""

CALLS = ("/session", "/v1/realtime/calls")
METHODS = ["GET", "POST", "DELETE", "OPTIONS"]
OUR_OWN = ("content-encoding", "content-length", "transfer-encoding", "date")


def delay(method: str, path: str) -> float:
    """Tell how long a request takes at least, in seconds."""
    if method == "POST" and path in CALLS:
        return ROUND_TRIP + CALL
    return ROUND_TRIP + (MINT if path == "/token" else 0)


@contextmanager
def far_away(target: str, page: Path) -> Iterator[str]:
    """Put a network before a server.

    Args:
        target: the server's URL.
        page: a file that is served beside what it serves, under its own name.

    Yields:
        The URL to use in the place of the server's.
    """

    async def forward(request: Request) -> Response:
        due = time.monotonic() + delay(request.method, request.url.path)
        headers = {name: value for name, value in request.headers.items() if name != "host"}
        # A connection each: one that is kept might be closed by the other side just when it is used.
        async with httpx.AsyncClient(timeout=20) as client:
            url = str(request.url.replace(scheme="", netloc=""))
            body = await request.body()
            answer = await client.request(request.method, target + url, headers=headers, content=body)
        await asyncio.sleep(due - time.monotonic())
        kept = {name: value for name, value in answer.headers.items() if name not in OUR_OWN}
        return Response(answer.content, answer.status_code, kept)

    async def serve_page(_: Request) -> Response:
        return FileResponse(page)

    routes = [Route(f"/{page.name}", serve_page), Route("/{path:path}", forward, methods=METHODS)]
    with _listening(Starlette(routes=routes)) as url:
        yield url


@contextmanager
def _listening(app: Starlette) -> Iterator[str]:
    with bind(0, "PORT") as listener:
        server = uvicorn.Server(uvicorn.Config(app, log_config=None, lifespan="off", timeout_graceful_shutdown=1))
        thread = threading.Thread(target=lambda: asyncio.run(server.serve([listener])), daemon=True)
        thread.start()
        while not server.started:
            time.sleep(0.01)
        yield f"http://{HOST}:{listener.getsockname()[1]}"
        server.should_exit = True
        thread.join()
