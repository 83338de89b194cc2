"""The Realtime API, seen from the server: create a call, mint an ephemeral key, hang up.

Source of the wire facts: https://developers.openai.com/api/docs/guides/realtime-webrtc and the API reference's
`POST /realtime/calls`, `POST /realtime/client_secrets`, `POST /realtime/calls/{call_id}/hangup`.
"""

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import NamedTuple

import httpx

from realtime.api_key import is_a_key
from realtime.connection import HANG_UP_SECONDS, Connection, read
from realtime.deadline import within
from realtime.errors import InvalidAnswer, RealtimeError, UpstreamFailed, UpstreamUnreachable
from realtime.offer import check_answer
from realtime.presets import Chosen
from realtime.settings import settings
from realtime.telemetry import logger

CALL_ID = re.compile(r"[A-Za-z0-9_-]{1,128}")


class Call(NamedTuple):
    """A call that the upstream has accepted."""

    answer: bytes
    call_id: str | None
    """None where the upstream gave no usable `Location`: such a call cannot be hung up by us."""


class Upstream:
    """What the Realtime API does for us.

    Args:
        connection: the way there.
        one_form: whether offer and session config may be sent as one form.
    """

    def __init__(self, connection: Connection, *, one_form: bool = True) -> None:
        self._connection = connection
        self._one_form = one_form

    def create_call(self, offer: bytes, chosen: Chosen, *, caller: str | None, dcid: int | None) -> Call:
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
            with self._connection.in_time(), self._calling(offer, chosen, caller, dcid) as response:
                call_id = _call_id(response.headers.get("Location", ""))
                answer = read(response)
                check_answer(answer, locked=chosen.locked)
        except BaseException:  # whatever it was: a call that nobody can use costs money
            if call_id:
                self._abandon(call_id)
            raise
        return Call(answer, call_id)

    def create_client_secret(self, chosen: Chosen, *, caller: str | None) -> bytes:
        """Mint an ephemeral key.

        Args:
            chosen: the session config that the key is bound to.
            caller: the safety identifier of the person, if one is known.

        Returns:
            The upstream's JSON, byte for byte: `value`, `expires_at`, `session`.

        Raises:
            RealtimeError: the upstream did not mint one.
        """
        with self._connection.in_time():
            minted, _ = self._mint(chosen, caller)
        return minted

    def hang_up(self, call_id: str) -> None:
        """End a call.

        Args:
            call_id: the call's id; it matches CALL_ID.

        Raises:
            RealtimeError: the upstream did not end it, or does not know it.
        """
        with self._connection.in_time():
            self._hang_up(call_id)

    def _hang_up(self, call_id: str) -> None:
        with self._connection.send(f"/realtime/calls/{call_id}/hangup") as response:
            read(response)

    def _abandon(self, call_id: str) -> None:
        try:
            with within(HANG_UP_SECONDS):
                self._hang_up_or_try_again(call_id)
        except RealtimeError:
            logger.exception("A call that nobody can use was accepted and could not be hung up", call_id=call_id)

    def _hang_up_or_try_again(self, call_id: str) -> None:
        try:
            self._hang_up(call_id)
        except (UpstreamFailed, UpstreamUnreachable):  # to hang up twice is harmless
            self._hang_up(call_id)

    @contextmanager
    def _calling(self, offer: bytes, chosen: Chosen, caller: str | None, dcid: int | None) -> Iterator[httpx.Response]:
        path = "/realtime/calls" if dcid is None else f"/realtime/calls?dcid={dcid}"
        # Azure's guide knows no form, and the form's session is a conversation's only: those go by an ephemeral key.
        if self._one_form and chosen.session["type"] == "realtime":
            form = {
                "sdp": (None, offer, "application/sdp"),
                "session": (None, _json(chosen.session), "application/json"),
            }
            sending = self._connection.send(path, offer=offer, files=form, headers=_identify(caller))
        else:
            _, key = self._mint(chosen, caller)
            sdp = {"Content-Type": "application/sdp"}
            sending = self._connection.send(path, key=key, offer=offer, content=offer, headers=sdp)
        with sending as response:
            yield response

    def _mint(self, chosen: Chosen, caller: str | None) -> tuple[bytes, str]:
        expires_after = {"anchor": "created_at", "seconds": chosen.key_lifetime_seconds}
        content = _json({"expires_after": expires_after, "session": chosen.session})
        headers = _identify(caller) | {"Content-Type": "application/json"}
        with self._connection.send("/realtime/client_secrets", content=content, headers=headers) as response:
            minted = read(response)
        return minted, _ephemeral_key(minted)


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


def _ephemeral_key(minted: bytes) -> str:
    """Make sure that it is a client secret, and take the key out of it."""
    try:
        match json.loads(minted.decode()):
            case {"value": str(key), "expires_at": int(), "session": dict()} if is_a_key(key):
                return key
    except (RecursionError, ValueError):
        pass
    # Not with what was read: the key may be in it.
    raise InvalidAnswer("The upstream accepted, but what it sent is not an ephemeral key.")


def _call_id(location: str) -> str | None:
    last = location.partition("?")[0].rstrip("/").rpartition("/")[2]
    return last if CALL_ID.fullmatch(last) else None
