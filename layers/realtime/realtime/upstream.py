"""The Realtime and Live APIs: create a call, mint an ephemeral key, hang up.

Source: https://developers.openai.com/api/docs/guides/realtime-webrtc and the API reference's `POST /realtime/calls`,
`POST /realtime/client_secrets`, `POST /realtime/calls/{call_id}/hangup`, `POST /live/sessions`,
`POST /live/sessions/{session_id}/hangup`; of translation, `POST /realtime/translations/client_secrets` there, and
`POST /realtime/translations/calls` in https://developers.openai.com/api/docs/guides/realtime-translation.
"""

import json
from functools import cache
from typing import NamedTuple

import httpx

from realtime.ephemeral_key import key_request, parse_key
from realtime.errors import RealtimeError
from realtime.hang_up import CALL_ID, hang_up, hang_up_with_retry, is_over
from realtime.live import parse_answer, parse_session_id, session_request
from realtime.presets import ResolvedPreset
from realtime.sdp import check_answer
from realtime.settings import settings
from realtime.telemetry import logger
from realtime.upstream_client import UpstreamClient, read_body


class Call(NamedTuple):
    """A call that the upstream has accepted."""

    answer: bytes
    call_id: str | None
    """None if the upstream returned no usable one: such a call cannot be hung up by us."""


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
            if call_id := _parse_call_id(preset, location, bytes(body)):
                await self.hang_up_unusable(call_id, error)
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
            await hang_up(self._client, call_id)

    async def hang_up_unusable(self, call_id: str, reason: BaseException) -> None:
        """End a call that nobody can use.

        Args:
            call_id: matches CALL_ID.
            reason: why nobody can use it.

        Raises:
            CallLeftOpen: it could not be hung up.
        """
        try:
            async with self._client.hang_up_timeout():
                await hang_up_with_retry(self._client, call_id)
        except RealtimeError as error:
            if not is_over(error):
                logger.exception("A call that nobody can use was accepted and could not be hung up", call_id=call_id)
                raise CallLeftOpen(call_id, reason) from reason
        except BaseException as unexpected:  # noqa: BLE001 - whatever it is, the call is open
            logger.exception("An unexpected exception left a call open that nobody can use", call_id=call_id)
            raise CallLeftOpen(call_id, unexpected) from reason

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
        headers = _safety_header(caller) | {"Content-Type": "application/json"}
        path, content = _realtime_path(preset, "client_secrets"), _to_json(key_request(preset))
        body = await read_body(await self._client.post(path, content=content, headers=headers))
        return body, parse_key(body)


@cache
def upstream() -> Upstream:
    """Return the upstream, the same object for the life of the process.

    Raises:
        Misconfigured: the settings are not valid.
    """
    return Upstream(UpstreamClient(settings()), multipart=settings().openai_auth == "bearer")


def calls_url(preset: ResolvedPreset) -> str:
    """Return the URL at which the browser creates a call with an ephemeral key.

    Args:
        preset: the session config that the key is bound to.
    """
    return settings().openai_base_url.rstrip("/") + _realtime_path(preset, "calls")


def _realtime_path(preset: ResolvedPreset, resource: str) -> str:
    return f"/realtime/translations/{resource}" if preset.type == "translation" else f"/realtime/{resource}"


def _safety_header(caller: str | None) -> dict[str, str]:
    return {"OpenAI-Safety-Identifier": caller} if caller else {}


def _to_json(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


def _parse_call_id(preset: ResolvedPreset, location: str, body: bytes) -> str | None:
    """Find the call's id: the Live API tells it in the body, the Realtime API in `Location`."""
    if preset.type == "live":
        call_id = parse_session_id(body) or ""
    else:
        call_id = location.partition("?")[0].rstrip("/").rpartition("/")[2]
    return call_id if CALL_ID.fullmatch(call_id) else None
