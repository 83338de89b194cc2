"""The connection to the upstream: the API key, the time limit, and what a refusal means."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from typing import Any

import httpx

from realtime.api_key import api_key_in_time
from realtime.deadline import left, within
from realtime.errors import InvalidAnswer, UpstreamTimeout, UpstreamUnreachable
from realtime.network import Transport
from realtime.refusal import refusal
from realtime.settings import Settings
from realtime.telemetry import logger

LARGEST_BODY = 1024 * 1024
"""Bytes of a response that are read; an answer has about 2 KiB, a client secret about 4."""

REASON_SECONDS = 1
"""How long the upstream may take to say why it refused; that it did is known by then."""

HANG_UP_SECONDS = 3
"""How long the upstream is given to hang up a call that nobody can use."""


class Connection:
    """Sends requests to the upstream, signed with the API key.

    Args:
        settings: where the upstream is, how it is told the key, how long it may take.
    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._headers = _headers(settings)
        self._transport = Transport()

    @contextmanager
    def in_time(self) -> Iterator[None]:
        """Limit what is done inside to the time that the upstream has.

        Where the function itself has less, what is left is halved, or enough of it kept to hang up what was created.
        """
        kept = min(HANG_UP_SECONDS, left() / 2)
        with within(min(self._settings.upstream_timeout_seconds, left() - kept)):
            yield

    @contextmanager
    def send(
        self, path: str, *, key: str | None = None, offer: bytes = b"", **request: Any
    ) -> Iterator[httpx.Response]:
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
        signed = key or api_key_in_time()
        with self._post(path, signed, **request) as response:
            if key or response.status_code != httpx.codes.UNAUTHORIZED:
                yield _accepted(response, signed, offer)
                return
        logger.warning("The upstream refuses the API key, which is read afresh")
        signed = api_key_in_time(afresh=True)
        with self._post(path, signed, **request) as response:
            yield _accepted(response, signed, offer)

    @contextmanager
    def _post(
        self, path: str, key: str, *, headers: dict[str, str] | None = None, **request: Any
    ) -> Iterator[httpx.Response]:
        url = self._settings.openai_base_url.rstrip("/") + path
        signed = {**self._headers, **(headers or {}), **self._credentials(key)}
        made = httpx.Request("POST", _parsed(url), headers=signed, **request)
        made.read()  # or a form would be sent part by part, in as many packets
        began = time.monotonic()
        try:
            # Without a client around it, which would keep one caller's cookies for the next.
            response = self._transport.handle_request(made)
            try:
                _note(response, time.monotonic() - began)
                yield response
            finally:
                response.close()
        except httpx.TimeoutException as late:
            raise UpstreamTimeout("The upstream took too long to answer; try again.") from late
        except httpx.TransportError as broken:
            raise UpstreamUnreachable("The upstream cannot be reached, or broke off; try again.") from broken

    def _credentials(self, key: str) -> dict[str, str]:
        if self._settings.openai_auth == "api-key" and not key.startswith("ek_"):
            return {"api-key": key}
        return {"Authorization": f"Bearer {key}"}


def read(response: httpx.Response) -> bytes:
    """Read a body.

    Args:
        response: a response, its body unread.

    Returns:
        The body.

    Raises:
        InvalidAnswer: it has more than LARGEST_BODY bytes.
    """
    body = bytearray()
    for chunk in response.iter_raw():
        body += chunk
        if len(body) > LARGEST_BODY:
            raise InvalidAnswer(f"The upstream sent more than {LARGEST_BODY} bytes.")
    return bytes(body)


@lru_cache(16)
def _parsed(url: str) -> httpx.URL:
    return httpx.URL(url)


def _note(response: httpx.Response, seconds: float) -> None:
    """Have the log's next line say what the upstream did, by what it can be asked about."""
    request_id = response.headers.get("x-request-id")
    logger.append_keys(
        upstream_status=response.status_code, upstream_ms=round(seconds * 1000), upstream_request_id=request_id
    )


def _accepted(response: httpx.Response, key: str, offer: bytes) -> httpx.Response:
    # 201 is what a call is created with; compatible servers say 200.
    if response.status_code not in (httpx.codes.OK, httpx.codes.CREATED):
        retry_after = response.headers.get("Retry-After")
        raise refusal(response.status_code, retry_after, _reason(response), key=key, offer=offer)
    return response


def _reason(response: httpx.Response) -> bytes:
    """Read why the upstream refused, as far as it says so at once: the status alone decides what the refusal means."""
    try:
        with within(REASON_SECONDS):
            return read(response)
    except (InvalidAnswer, httpx.TransportError):
        return b""


def _headers(settings: Settings) -> dict[str, str]:
    # identity: a compressed body can be a thousand times what was counted.
    headers = {"Accept": "*/*", "Accept-Encoding": "identity", "User-Agent": "realtime-serverless"}
    if settings.openai_organization:
        headers["OpenAI-Organization"] = settings.openai_organization
    if settings.openai_project:
        headers["OpenAI-Project"] = settings.openai_project
    return headers
