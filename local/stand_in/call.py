"""A call: a peer connection, the session on it, and its timeouts."""

import asyncio
import time
from collections.abc import Callable

from local.stand_in.call_session import CallContext, EndReason, MakeSession
from local.stand_in.connection import Callbacks, Connection
from local.stand_in.offer import without_candidates

LAST_EVENT_SECONDS = 0.2
"""How long a session's last event may take before the connection is closed."""


class Call:
    """A call, from its offer to its end.

    Args:
        call_id: the last segment of its `Location`, or the id of its Live session.
        make_session: makes the session on it.
        safety_identifier: the hashed end user that it was created for, or None.
        dcid: the id of a negotiated data channel, or None.
        max_seconds: seconds after which it ends in any case.
        ended: called when the call has ended for another reason than `close`.
    """

    def __init__(
        self,
        call_id: str,
        make_session: MakeSession,
        safety_identifier: str | None,
        dcid: int | None,
        max_seconds: float,
        ended: Callable[["Call"], None],
    ) -> None:
        self.id = call_id
        self.dcid = dcid
        self.safety_identifier = safety_identifier
        self.state = "connecting"
        self.end_reason: EndReason = "connection_lost"
        """Why it has ended."""
        self._max_seconds = max_seconds
        self._ended = ended
        self._timer: asyncio.TimerHandle | None = None
        expires_at = int(time.time() + max_seconds)
        self._session = make_session(CallContext(call_id, expires_at, self._send, self._end_as_asked))
        self._connection = Connection(
            Callbacks(
                state_changed=self._state_changed,
                audio_received=self._session.append,
                next_packet=self._session.next_packet,
                channel_opened=self._session.opened,
                message_received=self._session.receive,
            )
        )

    @property
    def heard_hz(self) -> float | None:
        """The dominant frequency of the person's last speech, or None."""
        return self._session.heard_hz

    @property
    def session_type(self) -> str:
        """The kind of session on it."""
        return self._session.kind

    async def answer(self, offer: str, connect_timeout: float) -> str:
        """Answer the offer.

        Args:
            offer: the client's SDP.
            connect_timeout: seconds after which the call ends if the client has not connected.

        Raises:
            ApiError: the offer cannot be answered.
        """
        answer = await self._connection.answer(without_candidates(offer), self.dcid)
        # aioice has no timeout for a client that never connects.
        self._end_after(connect_timeout)
        return answer

    async def hang_up(self) -> None:
        """Tell the client that the call is hung up, and end it."""
        self.end_reason = "close_requested"
        if self._session.end("close_requested"):
            await asyncio.sleep(LAST_EVENT_SECONDS)
        await self.close()

    async def close(self) -> None:
        """End the call."""
        self.state = "closed"
        if self._timer:
            self._timer.cancel()
        self._session.close()
        await self._connection.close()

    def _send(self, message: str) -> None:
        self._connection.send(message)

    def _state_changed(self, state: str) -> None:
        if self.state == "closed":
            return
        if state == "connected":
            self.state = state
            self._end_after(self._max_seconds)
        elif state in ("failed", "closed"):
            self._ended(self)

    def _end_after(self, seconds: float) -> None:
        self._set_timer(seconds, self._timed_out)

    def _end_as_asked(self) -> None:
        self.end_reason = "close_requested"
        self._end_soon()

    def _end_soon(self) -> None:
        """End the call when the session's last event has been sent."""
        self._set_timer(LAST_EVENT_SECONDS, self._ended, self)

    def _timed_out(self) -> None:
        if self.state != "connected":
            self._ended(self)
            return
        self.end_reason = "expired"
        if self._session.end("expired"):
            self._end_soon()
        else:
            self._ended(self)

    def _set_timer(self, seconds: float, callback: Callable[..., None], *arguments: object) -> None:
        if self._timer:
            self._timer.cancel()
        self._timer = asyncio.get_running_loop().call_later(seconds, callback, *arguments)
