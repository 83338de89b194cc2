"""Requests to the upstream: the API key, the time limit, the 401 retry, and what a failure means."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, aclosing, asynccontextmanager
from typing import Any

import httpx

from realtime.api_key import get_api_key
from realtime.errors import InvalidAnswer, UpstreamCredentials, UpstreamTimeout, UpstreamUnreachable
from realtime.http_client import CONNECTION_ERRORS, http_client, without_content
from realtime.settings import Settings
from realtime.telemetry import logger
from realtime.timeouts import REASON_SECONDS, hang_up_timeout, upstream_timeout
from realtime.upstream_errors import error_from_response, redact

MAX_BODY_BYTES = 1024 * 1024
"""Of a response; an answer has about 2 KiB, a client secret about 4."""


class UpstreamClient:
    """Posts to the upstream with the API key.

    Args:
        settings: where the upstream is, and how the key is sent.
    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._headers = _headers(settings)

    def timeout(self) -> AbstractAsyncContextManager[None]:
        """Limit everything inside to `UPSTREAM_TIMEOUT_SECONDS`; raises UpstreamTimeout or UpstreamUnreachable."""
        seconds, with_ledger = self._settings.upstream_timeout_seconds, self._settings.ledger_table is not None
        return _translate_failures(upstream_timeout(seconds, with_ledger=with_ledger))

    def hang_up_timeout(self) -> AbstractAsyncContextManager[None]:
        """Limit everything inside to the time for a hang-up; raises UpstreamTimeout or UpstreamUnreachable."""
        return _translate_failures(hang_up_timeout())

    async def post(
        self, path: str, *, ephemeral_key: str | None = None, offer: bytes = b"", **request: Any
    ) -> httpx.Response:
        """Post a request; a refused API key is read again, and the request sent once more.

        Args:
            path: what follows the base URL.
            ephemeral_key: to be used instead of the API key.
            offer: the SDP offer in the request, if any: its private values are removed from the upstream's message.
            request: further arguments of `httpx.Request`.

        Returns:
            A successful response, its body not yet read; the caller closes it.

        Raises:
            Misconfigured: there is no API key.
            RealtimeError: the upstream's error.
        """
        request["offer"] = offer
        if ephemeral_key:
            return await self._send(path, ephemeral_key, is_ephemeral=True, **request)
        try:
            return await self._send(path, await get_api_key(), **request)
        except UpstreamCredentials as error:
            if not error.key_refused:
                raise
        logger.warning("The upstream refuses the API key; reading it again")
        return await self._send(path, await get_api_key(force_refresh=True), **request)

    async def _send(
        self,
        path: str,
        key: str,
        *,
        is_ephemeral: bool = False,
        offer: bytes,
        headers: dict[str, str] | None = None,
        **request: Any,
    ) -> httpx.Response:
        url = self._settings.openai_base_url.rstrip("/") + path
        all_headers = {**self._headers, **(headers or {}), **self._authorization(key, is_ephemeral=is_ephemeral)}
        began = time.monotonic()
        response = await http_client.send("POST", url, headers=all_headers, **request)
        http_client.mark_upstream_used()
        _log_response(response, time.monotonic() - began, key)
        if response.is_success:  # a call is created with 201, and compatible servers answer 200
            return response
        reason = await _read_reason(response)
        raise error_from_response(response, reason, key=key, is_ephemeral=is_ephemeral, offer=offer)

    def _authorization(self, key: str, *, is_ephemeral: bool) -> dict[str, str]:
        if self._settings.openai_auth == "api-key" and not is_ephemeral:
            return {"api-key": key}
        return {"Authorization": f"Bearer {key}"}


@asynccontextmanager
async def _translate_failures(limit: asyncio.Timeout) -> AsyncIterator[None]:
    """Turn a timeout or a failed connection into an error of ours.

    Raises:
        UpstreamTimeout: it took too long.
        UpstreamUnreachable: there is no connection, or it broke.
    """
    try:
        async with limit:
            yield
    except (TimeoutError, httpx.TimeoutException) as error:
        raise UpstreamTimeout("The upstream took too long to answer; try again.") from error
    except CONNECTION_ERRORS as error:
        message = "The upstream cannot be reached, or broke off; try again."
        raise UpstreamUnreachable(message) from without_content(error)


async def read_body(response: httpx.Response, *, into: bytearray | None = None) -> bytes:
    """Read and close a response.

    Args:
        response: a response whose body is not yet read.
        into: has what arrived, also if it breaks off.

    Returns:
        The body.

    Raises:
        InvalidAnswer: it has more than MAX_BODY_BYTES.
    """
    body = bytearray() if into is None else into
    async with aclosing(response):
        async for chunk in response.aiter_raw():
            body += chunk
            if len(body) > MAX_BODY_BYTES:
                raise InvalidAnswer(f"The upstream sent more than {MAX_BODY_BYTES} bytes.")
    return bytes(body)


def _log_response(response: httpx.Response, seconds: float, key: str) -> None:
    """Add to this request's log line, and to no other's, what OpenAI's support asks for."""
    request_id = redact(response.headers.get("x-request-id", ""), {key}) or None
    logger.thread_safe_append_keys(
        upstream_status=response.status_code,
        upstream_ms=round(seconds * 1000),
        upstream_request_id=request_id,
        upstream_code=None,  # of an earlier request
        upstream_message=None,
    )


async def _read_reason(response: httpx.Response) -> bytes:
    """Read the body of an error, if it comes soon: the status alone already decides what the error is."""
    try:
        async with asyncio.timeout(REASON_SECONDS):
            return await read_body(response)
    except (TimeoutError, InvalidAnswer, *CONNECTION_ERRORS):
        return b""


def _headers(settings: Settings) -> dict[str, str]:
    optional = {"OpenAI-Organization": settings.openai_organization, "OpenAI-Project": settings.openai_project}
    return {name: value for name, value in optional.items() if value}
