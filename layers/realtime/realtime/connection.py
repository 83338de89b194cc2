"""The connection to the upstream: the API key, the time limit, and what a refusal means."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx

from realtime.api_key import api_key_in_time
from realtime.errors import InvalidAnswer, UpstreamTimeout, UpstreamUnreachable
from realtime.refusal import refusal
from realtime.settings import Settings
from realtime.telemetry import logger
from realtime.trust import TLS

LARGEST_BODY = 1024 * 1024
"""Bytes of a response that are read; an answer has about 2 KiB, a client secret about 4."""

CONNECT_SECONDS = 5

IDLE_SECONDS = 5
"""How long a connection may have been idle; servers close theirs after five seconds and more."""

REASON_SECONDS = 1
"""How long the upstream may take to say why it refused; that it did is known by then."""


class Connection:
    """Sends requests to the upstream, signed with the API key.

    Args:
        settings: where the upstream is, how it is told the key, how long it may take.
    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._http, self._used = _client(settings), time.time()

    @asynccontextmanager
    async def in_time(self) -> AsyncIterator[None]:
        """Limit what is awaited inside to the time that the upstream has.

        Raises:
            UpstreamTimeout: it took longer.
        """
        try:
            async with asyncio.timeout(self._settings.upstream_timeout_seconds):
                yield
        except TimeoutError as late:
            raise UpstreamTimeout("The upstream took too long to answer; try again.") from late

    @asynccontextmanager
    async def send(
        self, path: str, *, key: str | None = None, offer: bytes = b"", **request: Any
    ) -> AsyncIterator[httpx.Response]:
        """Post a request; with an API key that was refused, once more with the one that Secrets Manager has by now.

        Args:
            path: what follows the base URL.
            key: an ephemeral key, to be used instead of the API key.
            offer: the one in the request, if one is: nothing of it is to be seen in the words of a refusal.
            request: what httpx is told besides.

        Yields:
            The response that was a success, its body unread.

        Raises:
            Misconfigured: there is no API key.
            UpstreamUnreachable: there is no connection, or it broke.
            UpstreamTimeout: the upstream keeps silent.
            RealtimeError: what the upstream's refusal means.
        """
        signed = key or await api_key_in_time()
        async with self._post(path, signed, **request) as response:
            if key or response.status_code != httpx.codes.UNAUTHORIZED:
                yield await _accepted(response, signed, offer)
                return
        signed = await api_key_in_time(afresh=True)
        async with self._post(path, signed, **request) as response:
            yield await _accepted(response, signed, offer)

    @asynccontextmanager
    async def _post(
        self, path: str, key: str, *, headers: dict[str, str] | None = None, **request: Any
    ) -> AsyncIterator[httpx.Response]:
        await self._awake()
        url = self._settings.openai_base_url.rstrip("/") + path
        signed = {**(headers or {}), **self._credentials(key)}
        try:
            async with self._http.stream("POST", url, headers=signed, **request) as response:
                upstream_request_id = response.headers.get("x-request-id")
                logger.info("Upstream responded", status=response.status_code, upstream_request_id=upstream_request_id)
                yield response
        except httpx.TimeoutException as late:
            raise UpstreamTimeout("The upstream took too long to answer; try again.") from late
        except httpx.TransportError as broken:
            raise UpstreamUnreachable("The upstream cannot be reached, or broke off; try again.") from broken

    async def _awake(self) -> None:
        """Leave a connection that may have died while the function was frozen: it could break only once it is used.

        By the clock on the wall, since the function's own may have stood still.
        """
        slept, self._used = time.time() - self._used, time.time()
        if not 0 <= slept < IDLE_SECONDS:
            await self._http.aclose()
            self._http = _client(self._settings)

    def _credentials(self, key: str) -> dict[str, str]:
        if self._settings.openai_auth == "api-key" and not key.startswith("ek_"):
            return {"api-key": key}
        return {"Authorization": f"Bearer {key}"}


async def read(response: httpx.Response) -> bytes:
    """Read a body.

    Args:
        response: a response, its body unread.

    Returns:
        The body.

    Raises:
        InvalidAnswer: it has more than LARGEST_BODY bytes.
    """
    body = bytearray()
    async for chunk in response.aiter_raw():
        body += chunk
        if len(body) > LARGEST_BODY:
            raise InvalidAnswer(f"The upstream sent more than {LARGEST_BODY} bytes.")
    return bytes(body)


async def _accepted(response: httpx.Response, key: str, offer: bytes) -> httpx.Response:
    # 201 is what a call is created with; compatible servers say 200.
    if response.status_code not in (httpx.codes.OK, httpx.codes.CREATED):
        retry_after = response.headers.get("Retry-After")
        raise refusal(response.status_code, retry_after, await _reason(response), key=key, offer=offer)
    return response


async def _reason(response: httpx.Response) -> bytes:
    """Read why the upstream refused, as far as it says so at once: the status alone decides what the refusal means."""
    try:
        async with asyncio.timeout(REASON_SECONDS):
            return await read(response)
    except (InvalidAnswer, TimeoutError, httpx.TransportError):
        return b""


def _client(settings: Settings) -> httpx.AsyncClient:
    # The transport tries once more to connect, never to send: no call can exist yet.
    transport = httpx.AsyncHTTPTransport(verify=TLS, retries=1)
    patience = httpx.Timeout(settings.upstream_timeout_seconds, connect=CONNECT_SECONDS)
    return httpx.AsyncClient(transport=transport, timeout=patience, headers=_headers(settings))


def _headers(settings: Settings) -> dict[str, str]:
    # identity: a compressed body can be a thousand times what was counted.
    headers = {"Accept": "*/*", "Accept-Encoding": "identity", "User-Agent": "realtime-serverless"}
    if settings.openai_organization:
        headers["OpenAI-Organization"] = settings.openai_organization
    if settings.openai_project:
        headers["OpenAI-Project"] = settings.openai_project
    return headers
