"""The session of one call: handles client events, and sends server events in the same order as the real API.

Source of the order: https://developers.openai.com/api/docs/guides/realtime-conversations
"""

import base64
import json
from typing import Any

from local.stand_in.call_session import CallContext, EndReason
from local.stand_in.errors import ApiError
from local.stand_in.ids import new_id
from local.stand_in.messages import parse_message
from local.stand_in.pcm import FRAME, decode
from local.stand_in.realtime.client_events import parse_event
from local.stand_in.realtime.entries import entry_from_item
from local.stand_in.realtime.session_config import merge
from local.stand_in.realtime.state import State
from local.stand_in.realtime.turns import Turns
from local.stand_in.typed import Json


def effective(config: Json, session_id: str, expires_at: int) -> Json:
    """Make the effective session config as the API shows it, including the settings that have their defaults.

    Args:
        config: the session config.
        session_id: the session's id.
        expires_at: seconds since the epoch; 0 for a session that has not started.

    Returns:
        The JSON of `session.created` and of a client secret's `session`.
    """
    kind = "realtime.session" if config["type"] == "realtime" else "realtime.transcription_session"
    return {"id": session_id, "object": kind, "expires_at": expires_at, **config}


class Session:
    """The session of one call.

    Args:
        config: the session config that the call was created with.
        call: the call.
    """

    def __init__(self, config: Json, call: CallContext) -> None:
        self.kind: str = config["type"]
        self._id = new_id("sess")
        self._call = call
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

    def end(self, reason: EndReason) -> bool:
        """Tell the client that the session has reached its maximum duration; nothing tells it of a hang-up."""
        if reason == "expired":
            message = "Your session hit the maximum duration of 60 minutes."
            self._state.send_error(ApiError(message, code="session_expired"))
        return reason == "expired"

    def close(self) -> None:
        """Stop everything: the call has ended."""
        self._turns.close()

    def _send(self, event: str, /, **members: Any) -> None:
        self._call.transmit(json.dumps({"type": event, "event_id": new_id("event"), **members}))

    def _effective(self) -> Json:
        return effective(self._state.config, self._id, self._call.expires_at)

    def _handle(self, event: Json) -> None:
        responses = self._turns.responses
        match event["type"]:
            case "session.update":
                self._state.config = merge(self._state.config, event["session"], spoke=self._state.spoke)
                self._send("session.updated", session=self._effective())
            case "input_audio_buffer.append":
                self._append(event["audio"])
            case "input_audio_buffer.commit":
                self._turns.commit()
            case "input_audio_buffer.clear":
                self._turns.clear()
            case "output_audio_buffer.clear":
                responses.clear()
            case "response.create":
                responses.create(event.get("response", {}))
            case "response.cancel":
                responses.cancel(event.get("response_id"))
            case _:
                self._change_conversation(event)

    def _change_conversation(self, event: Json) -> None:
        conversation, item_id = self._state.conversation, event.get("item_id", "")
        match event["type"]:
            case "conversation.item.create":
                entry = entry_from_item(event["item"], self._audio_format)
                previous = conversation.add(entry, event.get("previous_item_id"))
                self._send("conversation.item.added", previous_item_id=previous, item=entry.item)
                self._send("conversation.item.done", previous_item_id=previous, item=entry.item)
            case "conversation.item.delete":
                conversation.remove(item_id)
                self._send("conversation.item.deleted", item_id=item_id)
            case "conversation.item.retrieve":
                self._send("conversation.item.retrieved", item=conversation.find(item_id, "retrieve").item)
            case "conversation.item.truncate":
                conversation.truncate(item_id, event["audio_end_ms"])
                about = {"item_id": item_id, "content_index": event["content_index"]}
                self._send("conversation.item.truncated", **about, audio_end_ms=event["audio_end_ms"])

    @property
    def _audio_format(self) -> str:
        return str(self._state.config["audio"]["input"]["format"]["type"])

    def _append(self, audio: str) -> None:
        self._appended += decode(base64.b64decode(audio), self._audio_format)
        while len(self._appended) >= FRAME:
            self._turns.append(bytes(self._appended[:FRAME]))
            del self._appended[:FRAME]
