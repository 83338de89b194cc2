"""The open calls. Of calls that have ended, only their number is kept, so that memory does not grow."""

import asyncio
import secrets
from typing import Any

from local.stand_in.call import Call
from local.stand_in.errors import NotFound
from local.stand_in.session_config import Session


class Calls:
    """All calls of the stand-in.

    Args:
        connect_timeout: seconds within which a client must connect.
        max_call_seconds: seconds after which a call ends.
    """

    def __init__(self, connect_timeout: float, max_call_seconds: float) -> None:
        self.created = 0
        self._connect_timeout = connect_timeout
        self._max_call_seconds = max_call_seconds
        self._open: dict[str, Call] = {}
        self._closing: set[asyncio.Task[None]] = set()

    async def create(
        self, offer: str, config: Session, safety_identifier: str | None, dcid: int | None
    ) -> tuple[str, str]:
        """Create a call.

        Args:
            offer: the client's SDP.
            config: the session config.
            safety_identifier: the hashed end user, or None.
            dcid: the id of a negotiated data channel, or None.

        Returns:
            The call's id, and the answer.

        Raises:
            ApiError: the offer cannot be answered.
        """
        call_id = f"rtc_u1_{secrets.token_hex(16)}"
        call = Call(call_id, config, safety_identifier, dcid, self._max_call_seconds, self._ended)
        self._open[call.id] = call
        answered = False
        try:
            answer = await call.answer(offer, self._connect_timeout)
            answered = True
        finally:
            if not answered:
                await self._close(call)
        self.created += 1
        return call.id, answer

    async def hang_up(self, call_id: str) -> None:
        """End a call; raises NotFound if there is no such call."""
        if call_id not in self._open:
            raise NotFound(f"No session found for call id '{call_id}'.", code="call_id_not_found")
        await self._close(self._open[call_id])

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
        self._open.pop(call.id, None)
        await call.close()
