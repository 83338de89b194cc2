"""The open calls. Of calls that have ended, only their number is kept, so that memory does not grow."""

import asyncio
from typing import Any

from local.stand_in.call import Call, MakeSession
from local.stand_in.errors import NotFound


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
        self, call_id: str, offer: str, make_session: MakeSession, safety_identifier: str | None, dcid: int | None
    ) -> str:
        """Create a call.

        Args:
            call_id: its id.
            offer: the client's SDP.
            make_session: makes the session on it.
            safety_identifier: the hashed end user, or None.
            dcid: the id of a negotiated data channel, or None.

        Returns:
            The answer.

        Raises:
            ApiError: the offer cannot be answered.
        """
        call = Call(call_id, make_session, safety_identifier, dcid, self._max_call_seconds, self._ended)
        self._open[call.id] = call
        answered = False
        try:
            answer = await call.answer(offer, self._connect_timeout)
            answered = True
        finally:
            if not answered:
                await self._close(call)
        self.created += 1
        return answer

    async def hang_up(self, call_id: str) -> None:
        """End a call; raises NotFound if there is no such call."""
        if call_id not in self._open:
            raise NotFound(f"No session found for call id '{call_id}'.", code="call_id_not_found")
        await self._open.pop(call_id).hang_up()

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
