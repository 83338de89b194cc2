"""A running stand-in, and the official SDK as its client."""

import asyncio
import socket
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager, contextmanager
from typing import Any

import httpx
import openai
import pytest
import uvicorn
from starlette.types import ASGIApp

from local.stand_in.app import create_app
from tests.stand_in.caller import Caller, an_offer, calling
from tests.waiting import wait_until

API_KEY = "sk-local-standard-key-of-the-tests"


@contextmanager
def serving(app: ASGIApp) -> Iterator[str]:
    """Serve an app in a thread until the context ends; yield its URL."""
    listener = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(app, log_level="warning", timeout_graceful_shutdown=1))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
    thread.start()
    try:
        wait_until(lambda: server.started, interval=0.01)
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join()
        listener.close()


@pytest.fixture(scope="session")
def stand_in() -> Iterator[str]:
    """The URL of a stand-in."""
    with serving(create_app(API_KEY)) as url:
        yield url


@pytest.fixture(scope="session")
def http(stand_in: str) -> Iterator[httpx.Client]:
    """An HTTP client with the standard API key."""
    with httpx.Client(base_url=stand_in, headers={"authorization": f"Bearer {API_KEY}"}) as client:
        yield client


@pytest.fixture(scope="session")
def sdk(stand_in: str) -> Iterator[openai.OpenAI]:
    """The official client with the standard API key."""
    with openai.OpenAI(api_key=API_KEY, base_url=f"{stand_in}/v1", max_retries=0) as client:
        yield client


@pytest.fixture(scope="session")
def offer() -> bytes:
    return an_offer()


Calling = Callable[..., AbstractAsyncContextManager[Caller]]


@pytest.fixture(scope="session")
def call(sdk: openai.OpenAI) -> Calling:
    """Makes a call through the unified interface, or, for transcription, with an ephemeral key."""

    @asynccontextmanager
    async def open_call(
        session: dict[str, Any] | None = None, *, channel: bool = True, dcid: int | None = None
    ) -> AsyncIterator[Caller]:
        config: Any = {"type": "realtime", **(session or {})}

        def signal(offer: bytes) -> str:
            if config["type"] == "transcription":
                key = sdk.realtime.client_secrets.create(session=config).value
                with openai.OpenAI(api_key=key, base_url=sdk.base_url) as browser:
                    return browser.realtime.calls.create(sdp=offer.decode()).text
            query = {} if dcid is None else {"dcid": dcid}
            return sdk.realtime.calls.create(sdp=offer.decode(), session=config, extra_query=query).text

        async with calling(lambda offer: asyncio.to_thread(signal, offer), channel=channel, dcid=dcid) as caller:
            yield caller

    return open_call


Live = Callable[..., AbstractAsyncContextManager[Caller]]

LIVE_SESSION: dict[str, Any] = {"model": "gpt-live-1.1", "audio": {"output": {"voice": "cedar"}}}


@pytest.fixture(scope="session")
def live(sdk: openai.OpenAI) -> Live:
    """Makes a Live call with these members of the session config; its id is `caller.call_id`."""

    @asynccontextmanager
    async def open_call(**session: Any) -> AsyncIterator[Caller]:
        created: list[str] = []

        def signal(offer: bytes) -> str:
            transport: Any = {"type": "webrtc", "sdp": offer.decode()}
            config: Any = {**LIVE_SESSION, **session}
            answer = sdk.live.create(session=config, transport=transport)
            created.append(answer.session.id)
            return answer.transport.sdp

        async with calling(lambda offer: asyncio.to_thread(signal, offer), kind="live") as caller:
            caller.call_id = created[0]
            yield caller

    return open_call
