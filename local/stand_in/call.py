"""A call: a peer connection, the session on it, and its timeouts."""

import asyncio
import time
from collections.abc import Callable

from local.stand_in.connection import Callbacks, Connection
from local.stand_in.offer import without_candidates
from local.stand_in.session import Session
from local.stand_in.session_config import Session as Config


class Call:
    """A call, from its offer to its end.

    Args:
        call_id: the last segment of its `Location`.
        config: the session config.
        safety_identifier: the hashed end user that it was created for, or None.
        dcid: the id of a negotiated data channel, or None.
        max_seconds: seconds after which it ends in any case.
        ended: called when the call has ended for another reason than `close`.
    """

    def __init__(
        self,
        call_id: str,
        config: Config,
        safety_identifier: str | None,
        dcid: int | None,
        max_seconds: float,
        ended: Callable[["Call"], None],
    ) -> None:
        self.id = call_id
        self.dcid = dcid
        self.safety_identifier = safety_identifier
        self.session_type = config.type
        self.state = "connecting"
        self._max_seconds = max_seconds
        self._ended = ended
        self._timer: asyncio.TimerHandle | None = None
        self._session = Session(config, int(time.time() + max_seconds), self._send)
        turns = self._session.turns
        self._connection = Connection(
            Callbacks(
                state_changed=self._state_changed,
                audio_received=turns.append,
                next_packet=turns.responses.output_buffer.next_packet,
                channel_opened=self._session.opened,
                message_received=self._session.receive,
            )
        )

    @property
    def heard_hz(self) -> float | None:
        """The dominant frequency of the person's last speech, or None."""
        return self._session.turns.input_buffer.dominant_hz

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

    async def close(self) -> None:
        """End the call."""
        self.state = "closed"
        if self._timer:
            self._timer.cancel()
        self._session.turns.close()
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
        if self._timer:
            self._timer.cancel()
        self._timer = asyncio.get_running_loop().call_later(seconds, self._timed_out)

    def _timed_out(self) -> None:
        if self.state == "connected":
            self._session.expire()
        self._ended(self)
