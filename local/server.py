"""Serves the page and the gateway in a thread."""

import asyncio
import socket
import time
from collections.abc import Coroutine, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

import uvicorn
from starlette.types import ASGIApp

from local.gateway import Gateway
from local.ports import HOST


class ServerEnded(Exception):
    """Raised when the server has ended by itself; its cause is the exception that ended it, if there was one."""

    def __init__(self) -> None:
        super().__init__("the server of the page and the routes ended by itself")


class Server:
    """A running server.

    Args:
        url: its URL, without a slash at the end.
        thread: done when the server has ended.
    """

    def __init__(self, url: str, thread: Future[None]) -> None:
        self.url = url
        self._thread = thread

    def check(self) -> None:
        """Check that the server is running.

        Raises:
            ServerEnded: it has ended.
        """
        if self._thread.done():
            raise ServerEnded from self._thread.exception()


@contextmanager
def serving(app: ASGIApp, listener: socket.socket, gateway: Gateway) -> Iterator[Server]:
    """Serve an application and run the gateway's schedule until the context ends.

    Args:
        app: the application.
        listener: a socket that listens on its port.
        gateway: the gateway in it, which is closed at the end.

    Yields:
        The server, which answers.

    Raises:
        ServerEnded: it ended before it answered.
    """
    quiet: dict[str, Any] = {"log_config": None, "access_log": False, "server_header": False, "proxy_headers": False}
    config = uvicorn.Config(app, lifespan="off", timeout_graceful_shutdown=1, **quiet)
    server, loop = uvicorn.Server(config), asyncio.new_event_loop()

    async def run() -> None:
        schedule = asyncio.create_task(gateway.schedule.run())
        await server.serve([listener])
        schedule.cancel()
        gateway.close()

    def end() -> None:
        gateway.close()  # first, since the server would wait for the requests that are being answered
        server.should_exit = True

    with ThreadPoolExecutor(1) as pool:  # waits for the thread at its end
        thread = pool.submit(_run, loop, run())
        try:
            while not (server.started or thread.done()):
                time.sleep(0.01)
            running = Server(f"http://{HOST}:{listener.getsockname()[1]}", thread)
            running.check()
            yield running
        finally:
            if not thread.done():
                loop.call_soon_threadsafe(end)


def _run(loop: asyncio.AbstractEventLoop, main: Coroutine[None, None, None]) -> None:
    with asyncio.Runner(loop_factory=lambda: loop) as runner:
        runner.run(main)
