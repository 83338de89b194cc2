"""What a call needs of the session on it, of whatever kind."""

from typing import Literal, Protocol


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

    def end(self, reason: Literal["expired", "close_requested"]) -> bool:
        """Tell the client why the session ends, `close_requested` being a hang-up; return whether an event says so."""

    def close(self) -> None:
        """Stop everything: the call has ended."""
