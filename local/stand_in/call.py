"""A call: one connection, one session on it, and its end."""

import asyncio
import time
from collections.abc import Callable

from local.stand_in.connection import Connection, Events
from local.stand_in.offer import without_candidates
from local.stand_in.session import Session
from local.stand_in.session_config import Session as Config


class Call:
    """A call, from its offer to its end.

    Args:
        call_id: the last segment of its `Location`.
        config: the session config.
        safety_identifier: the hashed end user that it was created for.
        dcid: the id of the data channel that both sides make by themselves, or None.
        longest: seconds after which it ends whatever happens.
        ended: called when it ended by itself.
    """

    def __init__(
        self,
        call_id: str,
        config: Config,
        safety_identifier: str | None,
        dcid: int | None,
        longest: float,
        ended: Callable[["Call"], None],
    ) -> None:
        self.id = call_id
        self.dcid = dcid
        self.safety_identifier = safety_identifier
        self.session_type = config.type
        self.state = "connecting"
        self._longest = longest
        self._ended = ended
        self._timer: asyncio.TimerHandle | None = None
        self._session = Session(config, int(time.time() + longest), self._send)
        turns = self._session.turns
        self._connection = Connection(
            Events(
                state=self._changed,
                heard=turns.hear,
                next_packet=turns.responses.voice.next_packet,
                opened=self._session.opened,
                message=self._session.receive,
            )
        )

    @property
    def heard_hz(self) -> float | None:
        """The dominant frequency of what was last heard, or None."""
        return self._session.turns.ears.hz

    async def answer(self, offer: str, connect_within: float) -> str:
        """Answer the offer; where nobody connects within so many seconds, the call ends.

        Raises:
            ApiError: the offer cannot be answered.
        """
        answer = await self._connection.answer(without_candidates(offer), self.dcid)
        # ICE itself waits for ever for a client that never comes.
        self._end_after(connect_within)
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

    def _changed(self, state: str) -> None:
        if self.state == "closed":
            return
        if state == "connected":
            self.state = state
            self._end_after(self._longest)
        elif state in ("failed", "closed"):
            self._ended(self)

    def _end_after(self, seconds: float) -> None:
        if self._timer:
            self._timer.cancel()
        self._timer = asyncio.get_running_loop().call_later(seconds, self._time_is_over)

    def _time_is_over(self) -> None:
        if self.state == "connected":
            self._session.expire()
        self._ended(self)
