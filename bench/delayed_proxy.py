"""A reverse proxy that delays each request as a network and the Realtime API would."""

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
from tests.waiting import wait_until

ROUND_TRIP, MINT, CALL = 0.040, 0.300, 0.400
"""Seconds. Every request takes a round trip, including preflights; minting and creating a call take more."""

CALLS = ("/session", "/v1/realtime/calls")
METHODS = ["GET", "POST", "DELETE", "OPTIONS"]
SET_BY_PROXY = ("content-encoding", "content-length", "transfer-encoding", "date")
"""Headers that the proxy's server sets itself."""


def delay(method: str, path: str) -> float:
    """Return how long a request takes at least, in seconds."""
    if method == "POST" and path in CALLS:
        return ROUND_TRIP + CALL
    return ROUND_TRIP + (MINT if path == "/token" else 0)


@contextmanager
def delayed_proxy(target: str, page: Path) -> Iterator[str]:
    """Run a proxy until the context ends.

    Args:
        target: the server's URL.
        page: a file that the proxy serves in addition, under the file's name.

    Yields:
        The proxy's URL.
    """

    async def forward(request: Request) -> Response:
        due = time.monotonic() + delay(request.method, request.url.path)
        headers = {name: value for name, value in request.headers.items() if name != "host"}
        # A new connection for each request: the server might close an idle one in the moment in which it is reused.
        async with httpx.AsyncClient(timeout=20) as client:
            url = str(request.url.replace(scheme="", netloc=""))
            body = await request.body()
            response = await client.request(request.method, target + url, headers=headers, content=body)
        await asyncio.sleep(due - time.monotonic())
        headers = {name: value for name, value in response.headers.items() if name not in SET_BY_PROXY}
        return Response(response.content, response.status_code, headers)

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
        wait_until(lambda: server.started, interval=0.01)
        yield f"http://{HOST}:{listener.getsockname()[1]}"
        server.should_exit = True
        thread.join()
