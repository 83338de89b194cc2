"""The open calls. Of calls that have ended, only numbers remain, so that memory does not grow."""

import asyncio
import secrets
from collections import Counter
from typing import Any

from local.stand_in.call import Call
from local.stand_in.call_session import MakeSession
from local.stand_in.errors import NotFound

MAX_CALL_SECONDS = 3_600.0


class Calls:
    """All calls of the stand-in.

    Args:
        connect_timeout: seconds within which a client must connect.
        max_call_seconds: seconds after which a call ends; None for what its API allows.
    """

    def __init__(self, connect_timeout: float, max_call_seconds: float | None) -> None:
        self.created = 0
        self.ended: Counter[str] = Counter()
        """The number of calls that have ended, by the reason."""
        self._connect_timeout = connect_timeout
        self._max_call_seconds = max_call_seconds
        self._open: dict[str, Call] = {}
        self._closing: set[asyncio.Task[None]] = set()

    async def create(
        self,
        prefix: str,
        offer: str,
        make_session: MakeSession,
        safety_identifier: str | None = None,
        dcid: int | None = None,
        max_seconds: float = MAX_CALL_SECONDS,
    ) -> tuple[str, str]:
        """Create a call.

        Args:
            prefix: what its id begins with.
            offer: the client's SDP.
            make_session: makes the session on it.
            safety_identifier: the hashed end user, or None.
            dcid: the id of a negotiated data channel, or None.
            max_seconds: seconds after which its API ends it.

        Returns:
            The call's id, and the answer.

        Raises:
            ApiError: the offer cannot be answered.
        """
        call_id, most = prefix + secrets.token_hex(16), self._max_call_seconds or max_seconds
        call = Call(call_id, make_session, safety_identifier, dcid, most, self._ended)
        self._open[call.id] = call
        answered = False
        try:
            answer = await call.answer(offer, self._connect_timeout)
            answered = True
        finally:
            if not answered:
                del self._open[call.id]
                await call.close()
        self.created += 1
        return call.id, answer

    async def hang_up(self, call_id: str, prefix: str) -> None:
        """End a call of the API whose ids begin like this; raises NotFound if there is no such call."""
        if call_id not in self._open or not call_id.startswith(prefix):
            raise NotFound(f"No session found for call id '{call_id}'.", code="call_id_not_found")
        call = self._open.pop(call_id)
        await call.hang_up()
        self.ended[call.end_reason] += 1

    async def close(self) -> None:
        """End all calls."""
        await asyncio.gather(*(self._close(call) for call in list(self._open.values())), *self._closing)

    def describe(self) -> list[dict[str, Any]]:
        """Describe each open call, for tests."""
        return [
            {
                "call_id": call.id,
                "state": call.state,
                "session_type": call.session_type,
                "heard_hz": call.heard_hz,
                "safety_identifier": call.safety_identifier,
                "dcid": call.dcid,
            }
            for call in self._open.values()
        ]

    def _ended(self, call: Call) -> None:
        task = asyncio.create_task(self._close(call))
        self._closing.add(task)
        task.add_done_callback(self._closing.discard)

    async def _close(self, call: Call) -> None:
        if self._open.pop(call.id, None):
            self.ended[call.end_reason] += 1
        await call.close()
