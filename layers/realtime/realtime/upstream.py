"""The Realtime and Live APIs: create a call, mint an ephemeral key, hang up.

Source: https://developers.openai.com/api/docs/guides/realtime-webrtc and the API reference's `POST /realtime/calls`,
`POST /realtime/client_secrets`, `POST /realtime/calls/{call_id}/hangup`, `POST /live/sessions`,
`POST /live/sessions/{session_id}/hangup`; of translation, `POST /realtime/translations/client_secrets` there, and
`POST /realtime/translations/calls` in https://developers.openai.com/api/docs/guides/realtime-translation.
"""

import json
import re
from contextlib import suppress
from functools import cache
from typing import NamedTuple

import httpx

from realtime.api_key import is_header_value
from realtime.errors import InvalidAnswer, RealtimeError, UpstreamFailed, UpstreamRefused
from realtime.live import parse_answer, parse_session_id, session_request
from realtime.presets import ResolvedPreset
from realtime.sdp import check_answer
from realtime.settings import settings
from realtime.telemetry import logger
from realtime.upstream_client import UpstreamClient, read_body

CALL_ID = re.compile(r"[A-Za-z0-9_-]{1,128}")

_HANG_UPS = {"rtc_": "/realtime/calls", "live_": "/live/sessions"}
"""Where a call is hung up, by what its id begins with; translation is `rtc_` too. Other servers have other ids."""


class Call(NamedTuple):
    """A call that the upstream has accepted."""

    answer: bytes
    call_id: str | None
    """None if the upstream told no usable one: such a call cannot be hung up by us."""


class CallLeftOpen(Exception):
    """Raised when a call was accepted that nobody can use, and could not be hung up.

    Args:
        call_id: the call.
        reason: why nobody can use it.
    """

    def __init__(self, call_id: str, reason: BaseException) -> None:
        super().__init__(call_id)
        self.call_id = call_id
        self.reason = reason


class Upstream:
    """The operations of the Realtime API that the functions use.

    Args:
        client: sends the requests.
        multipart: whether the offer and the session config may be sent in one form.
    """

    def __init__(self, client: UpstreamClient, *, multipart: bool = True) -> None:
        self._client = client
        self._multipart = multipart

    async def create_call(self, offer: bytes, preset: ResolvedPreset, *, caller: str | None, dcid: int | None) -> Call:
        """Create a call.

        Args:
            offer: the browser's SDP offer, sent byte for byte.
            preset: the session config.
            caller: the person's safety identifier, if known.
            dcid: id of the data channel that the browser has negotiated, if it has.

        Returns:
            The answer, byte for byte, and the call's id.

        Raises:
            RealtimeError: the upstream did not create a call that the browser can use. If it did create one, that
                call has been hung up.
            CallLeftOpen: it did create one, and that call could not be hung up.
        """
        location, body = "", bytearray()
        try:
            async with self._client.timeout():
                response = await self._send_offer(offer, preset, caller, dcid)
                location = response.headers.get("Location", "")
                await read_body(response, into=body)
            answer = parse_answer(bytes(body)) if preset.type == "live" else bytes(body)
            check_answer(answer, media=preset.media)
        except BaseException as error:  # CancelledError too: a call that nobody can use costs money
            call_id = _parse_call_id(preset, location, bytes(body))
            if call_id and not await self.hang_up_quietly(call_id):
                raise CallLeftOpen(call_id, error) from error
            raise
        return Call(answer, _parse_call_id(preset, location, bytes(body)))

    async def create_client_secret(self, preset: ResolvedPreset, *, caller: str | None) -> bytes:
        """Mint an ephemeral key.

        Args:
            preset: the session config that the key is bound to.
            caller: the person's safety identifier, if known.

        Returns:
            The upstream's JSON, byte for byte: `value`, `expires_at`, `session`.

        Raises:
            RealtimeError: the upstream did not mint one.
        """
        async with self._client.timeout():
            body, _ = await self._mint(preset, caller)
        return body

    async def hang_up(self, call_id: str) -> None:
        """End a call.

        Args:
            call_id: matches CALL_ID.

        Raises:
            RealtimeError: the upstream did not end it, or does not know it.
        """
        async with self._client.timeout():
            await self._hang_up(call_id)

    async def hang_up_quietly(self, call_id: str) -> bool:
        """End a call that nobody can use; a failure is logged.

        Args:
            call_id: matches CALL_ID.

        Returns:
            Whether the call has ended.
        """
        try:
            async with self._client.hang_up_timeout():
                await self._hang_up_with_retry(call_id)
        except RealtimeError as error:
            if is_over(error):
                return True
            logger.exception("A call that nobody can use was accepted and could not be hung up", call_id=call_id)
            return False
        return True

    async def _hang_up(self, call_id: str) -> None:
        known = [api for prefix, api in _HANG_UPS.items() if call_id.startswith(prefix)]
        first, *other = known or _HANG_UPS.values()
        try:
            await read_body(await self._client.post(f"{first}/{call_id}/hangup"))
        except UpstreamRefused as refused:
            if not other or refused.status != httpx.codes.NOT_FOUND:
                raise
            with suppress(UpstreamRefused):
                await read_body(await self._client.post(f"{other[0]}/{call_id}/hangup"))
                return
            raise

    async def _hang_up_with_retry(self, call_id: str) -> None:
        try:
            await self._hang_up(call_id)
        except (UpstreamFailed, httpx.TransportError):  # hanging up twice is harmless
            await self._hang_up(call_id)

    async def _send_offer(
        self, offer: bytes, preset: ResolvedPreset, caller: str | None, dcid: int | None
    ) -> httpx.Response:
        if preset.type == "live":
            content, headers = _to_json(session_request(offer, preset, caller)), {"Content-Type": "application/json"}
            return await self._client.post("/live/sessions", offer=offer, content=content, headers=headers)
        path = _realtime_path(preset, "calls") + ("" if dcid is None else f"?dcid={dcid}")
        # The form is documented for OpenAI and sessions of type realtime; an ephemeral key carries any session config.
        if self._multipart and preset.type == "realtime":
            form = {
                "sdp": (None, offer, "application/sdp"),
                "session": (None, _to_json(preset.session), "application/json"),
            }
            return await self._client.post(path, offer=offer, files=form, headers=_safety_header(caller))
        _, key = await self._mint(preset, caller)
        headers = {"Content-Type": "application/sdp"}
        return await self._client.post(path, ephemeral_key=key, offer=offer, content=offer, headers=headers)

    async def _mint(self, preset: ResolvedPreset, caller: str | None) -> tuple[bytes, str]:
        expires_after = {"anchor": "created_at", "seconds": preset.key_lifetime_seconds}
        content = _to_json({"expires_after": expires_after, "session": preset.session})
        headers = _safety_header(caller) | {"Content-Type": "application/json"}
        path = _realtime_path(preset, "client_secrets")
        response = await self._client.post(path, content=content, headers=headers)
        body = await read_body(response)
        return body, _parse_ephemeral_key(body)


@cache
def upstream() -> Upstream:
    """Return the upstream, the same object for the life of the process.

    Raises:
        Misconfigured: the settings are not valid.
    """
    return Upstream(UpstreamClient(settings()), multipart=settings().openai_auth == "bearer")


def calls_url(preset: ResolvedPreset) -> str:
    """Tell where the browser creates a call with an ephemeral key for this preset.

    Args:
        preset: the session config.
    """
    return settings().openai_base_url.rstrip("/") + _realtime_path(preset, "calls")


def is_over(error: RealtimeError) -> bool:
    """Tell whether a hang-up failed because the call had ended by itself.

    A 404 without a code, or Azure's code `404`, does not say so: a proxy gives it, or a server that cannot hang up.

    Args:
        error: what the hang-up raised.
    """
    return error.status == httpx.codes.NOT_FOUND and error.code not in (None, "404")


def _realtime_path(preset: ResolvedPreset, resource: str) -> str:
    return f"/realtime/translations/{resource}" if preset.type == "translation" else f"/realtime/{resource}"


def _safety_header(caller: str | None) -> dict[str, str]:
    return {"OpenAI-Safety-Identifier": caller} if caller else {}


def _to_json(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


def _parse_ephemeral_key(body: bytes) -> str:
    """Make sure that it is a client secret, and return its key."""
    try:
        match json.loads(body.decode()):
            case {"value": str(key), "expires_at": int(), "session": dict()} if is_header_value(key):
                return key
    except (RecursionError, ValueError):
        pass
    # Without the body: the key may be in it.
    raise InvalidAnswer("The upstream accepted, but what it sent is not an ephemeral key.")


def _parse_call_id(preset: ResolvedPreset, location: str, body: bytes) -> str | None:
    """Find the call's id: the Live API tells it in the body, the Realtime API in `Location`."""
    if preset.type == "live":
        told = parse_session_id(body) or ""
    else:
        told = location.partition("?")[0].rstrip("/").rpartition("/")[2]
    return told if CALL_ID.fullmatch(told) else None
