"""The session of one call: handles client events, and sends server events in the same order as the real API.

Source of the order: https://developers.openai.com/api/docs/guides/realtime-conversations
"""

import base64
import json
from collections.abc import Callable
from typing import Any, Literal

from local.stand_in.client_events import (
    AnyClientEvent,
    InputAudioBufferAppend,
    InputAudioBufferClear,
    InputAudioBufferCommit,
    ItemCreate,
    ItemDelete,
    ItemRetrieve,
    ItemTruncate,
    OutputAudioBufferClear,
    ResponseCancel,
    ResponseCreate,
    SessionUpdate,
    parse_event,
    parse_message,
)
from local.stand_in.conversation import new_id
from local.stand_in.entries import entry_from_item
from local.stand_in.errors import ApiError
from local.stand_in.pcm import FRAME, decode
from local.stand_in.session_config import RealtimeSession, merge
from local.stand_in.session_config import Session as Config
from local.stand_in.state import State
from local.stand_in.turns import Turns


def effective(config: Config, session_id: str, expires_at: int) -> dict[str, Any]:
    """Make the effective session config as the API shows it, including the settings that have their defaults.

    Args:
        config: the session config.
        session_id: the session's id.
        expires_at: seconds since the epoch; 0 for a session that has not started.

    Returns:
        The JSON of `session.created` and of a client secret's `session`.
    """
    kind = "realtime.session" if isinstance(config, RealtimeSession) else "realtime.transcription_session"
    return {"id": session_id, "object": kind, "expires_at": expires_at, **config.model_dump()}


class Session:
    """The session of one call.

    Args:
        config: the session config that the call was created with.
        expires_at: when the call ends at the latest, in seconds since the epoch.
        transmit: sends a message on the data channel.
    """

    def __init__(self, config: Config, expires_at: int, transmit: Callable[[str], None]) -> None:
        self.kind: str = config.type
        self._id = new_id("sess")
        self._expires_at = expires_at
        self._transmit = transmit
        self._appended = bytearray()
        self._state = State(config, self._send)
        self._turns = Turns(self._state)

    @property
    def heard_hz(self) -> float | None:
        """The dominant frequency of the person's last speech, or None."""
        return self._turns.input_buffer.dominant_hz

    def opened(self) -> None:
        """Send `session.created`, since the data channel is open now."""
        self._send("session.created", session=self._effective())

    def receive(self, message: str | bytes) -> None:
        """Handle a client event; an invalid one is answered by an `error` event."""
        event_id = None
        try:
            event = parse_message(message)
            event_id = event["event_id"] if isinstance(event.get("event_id"), str) else None
            self._handle(parse_event(event))
        except ApiError as error:
            self._state.send_error(error, event_id)

    def append(self, frame: bytes) -> None:
        """Take 20 ms of the person's audio."""
        self._turns.append(frame)

    def next_packet(self) -> bytes:
        """Return the next 20 ms of audio as an Opus packet."""
        return self._turns.responses.output_buffer.next_packet()

    def end(self, reason: Literal["expired", "close_requested"]) -> bool:
        """Tell the client that the session has reached its maximum duration; nothing tells it of a hang-up."""
        if reason == "expired":
            message = "Your session hit the maximum duration of 60 minutes."
            self._state.send_error(ApiError(message, code="session_expired"))
        return reason == "expired"

    def close(self) -> None:
        """Stop everything: the call has ended."""
        self._turns.close()

    def _send(self, event: str, /, **members: Any) -> None:
        self._transmit(json.dumps({"type": event, "event_id": new_id("event"), **members}))

    def _effective(self) -> dict[str, Any]:
        return effective(self._state.config, self._id, self._expires_at)

    def _handle(self, event: AnyClientEvent) -> None:
        match event:
            case SessionUpdate():
                self._state.config = merge(self._state.config, event.session, spoke=self._state.spoke)
                self._send("session.updated", session=self._effective())
            case InputAudioBufferAppend():
                self._append(event.audio)
            case InputAudioBufferCommit():
                self._turns.commit()
            case InputAudioBufferClear():
                self._turns.clear()
            case OutputAudioBufferClear():
                self._turns.responses.clear()
            case ResponseCreate():
                self._turns.responses.create(event.response)
            case ResponseCancel():
                self._turns.responses.cancel(event.response_id)
            case _:
                self._change_conversation(event)

    def _change_conversation(self, event: ItemCreate | ItemDelete | ItemRetrieve | ItemTruncate) -> None:
        conversation = self._state.conversation
        match event:
            case ItemCreate():
                entry = entry_from_item(event.item, self._audio_format)
                previous = conversation.add(entry, event.previous_item_id)
                self._send("conversation.item.added", previous_item_id=previous, item=entry.item)
                self._send("conversation.item.done", previous_item_id=previous, item=entry.item)
            case ItemDelete():
                conversation.remove(event.item_id)
                self._send("conversation.item.deleted", item_id=event.item_id)
            case ItemRetrieve():
                entry = conversation.find(event.item_id, "retrieve")
                self._send("conversation.item.retrieved", item=entry.item)
            case ItemTruncate():
                conversation.truncate(event.item_id, event.audio_end_ms)
                about = {"item_id": event.item_id, "content_index": event.content_index}
                self._send("conversation.item.truncated", **about, audio_end_ms=event.audio_end_ms)

    @property
    def _audio_format(self) -> str:
        return self._state.config.audio.input.format.type

    def _append(self, audio: str) -> None:
        self._appended += decode(base64.b64decode(audio), self._audio_format)
        while len(self._appended) >= FRAME:
            self._turns.append(bytes(self._appended[:FRAME]))
            del self._appended[:FRAME]
