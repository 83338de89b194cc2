"""What a call and the session on it need of each other, whatever kind of session it is."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, Protocol

EndReason = Literal["close_requested", "expired", "connection_lost"]
"""Why a call ended, in the words of the Live API: an event or a request asked for it, its time was over, or it has no
connection any more. The API says `remote_hangup` if the client closed it; aiortc does not tell that from a failure."""


@dataclass(frozen=True)
class CallContext:
    """The call that a session is on."""

    call_id: str
    """Its id."""
    expires_at: int
    """When it ends at the latest, in seconds since the epoch."""
    transmit: Callable[[str], None]
    """Sends a message on the data channel."""
    end_call: Callable[[], None]
    """Ends the call as the client has asked for, after the last message was sent."""


class CallSession(Protocol):
    """The session of one call: realtime or transcription, Live, or translation."""

    kind: str
    """`realtime`, `transcription`, `live` or `translation`."""

    @property
    def heard_hz(self) -> float | None:
        """The dominant frequency of the person's last speech, or None."""

    def opened(self) -> None:
        """Send the first event, since the data channel is open now."""

    def receive(self, message: str | bytes) -> None:
        """Handle a message of the data channel."""

    def append(self, frame: bytes) -> None:
        """Take 20 ms of the person's audio."""

    def next_packet(self) -> bytes:
        """Return the next 20 ms of the model's audio, as an Opus packet."""

    def end(self, reason: EndReason) -> bool:
        """Tell the client why the session ends, `close_requested` being a hang-up; return whether an event says so."""

    def close(self) -> None:
        """Stop everything: the call has ended."""


MakeSession = Callable[[CallContext], CallSession]
