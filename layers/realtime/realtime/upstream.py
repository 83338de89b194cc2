"""The Realtime API, seen from the server: create a call, mint an ephemeral key, hang up.

Source of the wire facts: https://developers.openai.com/api/docs/guides/realtime-webrtc and the API reference's
`POST /realtime/calls`, `POST /realtime/client_secrets`, `POST /realtime/calls/{call_id}/hangup`.
"""

import asyncio
import json
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import cache
from typing import Any, NamedTuple

import httpx
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from realtime.connection import Connection, read
from realtime.errors import InvalidAnswer, RealtimeError, UpstreamFailed, UpstreamUnreachable
from realtime.offer import check_answer
from realtime.presets import Chosen
from realtime.settings import settings
from realtime.telemetry import logger

CALL_ID = re.compile(r"[A-Za-z0-9_-]{1,128}")

HANG_UP_SECONDS = 3
"""How long the upstream is given to hang up a call that nobody can use."""


class Call(NamedTuple):
    """A call that the upstream has accepted."""

    answer: bytes
    call_id: str | None
    """None where the upstream gave no usable `Location`: such a call cannot be hung up by us."""


class ClientSecret(BaseModel):
    """What the upstream returns for an ephemeral key; members that are not listed are passed on unread."""

    model_config = ConfigDict(frozen=True, hide_input_in_errors=True)

    value: str = Field(min_length=1)
    expires_at: int
    session: dict[str, Any]


class Upstream:
    """What the Realtime API does for us.

    Args:
        connection: the way there.
        one_form: whether offer and session config may be sent as one form.
    """

    def __init__(self, connection: Connection, *, one_form: bool = True) -> None:
        self._connection = connection
        self._one_form = one_form

    async def create_call(self, offer: bytes, chosen: Chosen, *, caller: str | None, dcid: int | None) -> Call:
        """Create a call.

        Args:
            offer: the browser's SDP offer, sent on byte for byte.
            chosen: the session config.
            caller: the safety identifier of the person, if one is known.
            dcid: the id of the data channel that the browser has negotiated beforehand, if it has.

        Returns:
            The answer, byte for byte, and the call's id.

        Raises:
            RealtimeError: the upstream did not create a call that the browser can use. If it did create one, that
                one has been hung up.
        """
        call_id = None
        try:
            async with self._connection.in_time(), self._calling(offer, chosen, caller, dcid) as response:
                call_id = _call_id(response.headers.get("Location", ""))
                answer = await read(response)
                check_answer(answer, locked=chosen.locked)
        except BaseException:  # whatever it was: a call that nobody can use costs money
            if call_id:
                await self._abandon(call_id)
            raise
        return Call(answer, call_id)

    async def create_client_secret(self, chosen: Chosen, *, caller: str | None) -> bytes:
        """Mint an ephemeral key.

        Args:
            chosen: the session config that the key is bound to.
            caller: the safety identifier of the person, if one is known.

        Returns:
            The upstream's JSON, byte for byte: `value`, `expires_at`, `session`.

        Raises:
            RealtimeError: the upstream did not mint one.
        """
        async with self._connection.in_time():
            minted, _ = await self._mint(chosen, caller)
        return minted

    async def hang_up(self, call_id: str) -> None:
        """End a call.

        Args:
            call_id: the call's id; it matches CALL_ID.

        Raises:
            RealtimeError: the upstream did not end it, or does not know it.
        """
        path = f"/realtime/calls/{call_id}/hangup"
        async with self._connection.in_time(), self._connection.send(path) as response:
            await read(response)

    async def _abandon(self, call_id: str) -> None:
        try:
            async with asyncio.timeout(HANG_UP_SECONDS):
                await self._hang_up_or_try_again(call_id)
        except (RealtimeError, TimeoutError):
            logger.exception("A call that nobody can use was accepted and could not be hung up", call_id=call_id)

    async def _hang_up_or_try_again(self, call_id: str) -> None:
        try:
            await self.hang_up(call_id)
        except (UpstreamFailed, UpstreamUnreachable):  # to hang up twice is harmless
            await self.hang_up(call_id)

    @asynccontextmanager
    async def _calling(
        self, offer: bytes, chosen: Chosen, caller: str | None, dcid: int | None
    ) -> AsyncIterator[httpx.Response]:
        path = "/realtime/calls" if dcid is None else f"/realtime/calls?dcid={dcid}"
        # Azure's guide knows no form, and the form's session is a conversation's only: those go by an ephemeral key.
        if self._one_form and chosen.session["type"] == "realtime":
            form = {
                "sdp": (None, offer, "application/sdp"),
                "session": (None, _json(chosen.session), "application/json"),
            }
            sending = self._connection.send(path, offer=offer, files=form, headers=_identify(caller))
        else:
            _, secret = await self._mint(chosen, caller)
            sdp = {"Content-Type": "application/sdp"}
            sending = self._connection.send(path, key=secret.value, offer=offer, content=offer, headers=sdp)
        async with sending as response:
            yield response

    async def _mint(self, chosen: Chosen, caller: str | None) -> tuple[bytes, ClientSecret]:
        expires_after = {"anchor": "created_at", "seconds": chosen.key_lifetime_seconds}
        content = _json({"expires_after": expires_after, "session": chosen.session})
        headers = _identify(caller) | {"Content-Type": "application/json"}
        async with self._connection.send("/realtime/client_secrets", content=content, headers=headers) as response:
            minted = await read(response)
        try:
            return minted, ClientSecret.model_validate_json(minted)
        except ValidationError:
            raise InvalidAnswer("The upstream accepted, but what it sent is not an ephemeral key.") from None


@cache
def upstream() -> Upstream:
    """Return the way to the upstream: one kept-alive connection for the life of the process.

    Raises:
        Misconfigured: the settings are not valid.
    """
    return Upstream(Connection(settings()), one_form=settings().openai_auth == "bearer")


def _identify(caller: str | None) -> dict[str, str]:
    return {"OpenAI-Safety-Identifier": caller} if caller else {}


def _json(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


def _call_id(location: str) -> str | None:
    last = location.partition("?")[0].rstrip("/").rpartition("/")[2]
    return last if CALL_ID.fullmatch(last) else None
