"""The connection to the upstream: the API key, the time limit, and what a refusal means."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx

from realtime.api_key import api_key
from realtime.errors import InvalidAnswer, UpstreamTimeout, UpstreamUnreachable
from realtime.refusal import refusal
from realtime.settings import Settings
from realtime.telemetry import logger

LARGEST_BODY = 1024 * 1024
"""Bytes of a response that are read; an answer has about 2 KiB, a client secret about 4."""

CONNECT_SECONDS = 5


class Connection:
    """Sends requests to the upstream, signed with the API key.

    Args:
        settings: where the upstream is, how it is told the key, how long it may take.
    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        # The transport tries once more to connect, never to send: no call can exist yet.
        transport = httpx.AsyncHTTPTransport(retries=1)
        patience = httpx.Timeout(settings.upstream_timeout_seconds, connect=CONNECT_SECONDS)
        self._http = httpx.AsyncClient(transport=transport, timeout=patience, headers=_headers(settings))

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
    async def send(self, path: str, *, key: str | None = None, **request: Any) -> AsyncIterator[httpx.Response]:
        """Post a request; with an API key that was refused, once more with the one that Secrets Manager has by now.

        Args:
            path: what follows the base URL.
            key: an ephemeral key, to be used instead of the API key.
            request: what httpx is told besides.

        Yields:
            The response that was a success, its body unread.

        Raises:
            Misconfigured: there is no API key.
            UpstreamUnreachable: there is no connection, or it broke.
            UpstreamTimeout: the upstream keeps silent.
            RealtimeError: what the upstream's refusal means.
        """
        async with self._post(path, key or api_key(), **request) as response:
            if key or response.status_code != httpx.codes.UNAUTHORIZED:
                yield await _accepted(response)
                return
        async with self._post(path, api_key(afresh=True), **request) as response:
            yield await _accepted(response)

    @asynccontextmanager
    async def _post(
        self, path: str, key: str, *, headers: dict[str, str] | None = None, **request: Any
    ) -> AsyncIterator[httpx.Response]:
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


async def _accepted(response: httpx.Response) -> httpx.Response:
    # 201 is what a call is created with; compatible servers say 200.
    if response.status_code not in (httpx.codes.OK, httpx.codes.CREATED):
        raise refusal(response.status_code, response.headers.get("Retry-After"), await read(response))
    return response


def _headers(settings: Settings) -> dict[str, str]:
    # identity: a compressed body can be a thousand times what was counted.
    headers = {"Accept": "*/*", "Accept-Encoding": "identity", "User-Agent": "realtime-serverless"}
    if settings.openai_organization:
        headers["OpenAI-Organization"] = settings.openai_organization
    if settings.openai_project:
        headers["OpenAI-Project"] = settings.openai_project
    return headers
