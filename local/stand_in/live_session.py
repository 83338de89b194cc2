"""The session of a Live call: no turns, transcripts of both sides while they speak, and delegation of tasks.

Source: `openai/types/live/server_event.py` and `client_event.py`. It understands no words: of speech it writes down a
"bla" for each 300 ms, and repeats it; speech of two seconds is a task, which it delegates.
"""

import json
from collections.abc import Callable
from typing import Any, Literal

from local.stand_in.audio_config import ServerVad
from local.stand_in.client_events import parse_message
from local.stand_in.conversation import new_id
from local.stand_in.errors import ApiError
from local.stand_in.input_audio_buffer import FRAME_MS, InputAudioBuffer
from local.stand_in.live_backend import LiveBackend
from local.stand_in.live_events import parse_live_event
from local.stand_in.live_permissions import Permissions
from local.stand_in.live_usage import LiveUsage
from local.stand_in.live_voice import LiveVoice
from local.stand_in.pcm import FRAME
from local.stand_in.reply import Speech
from local.stand_in.typed import merged

DETECTION = ServerVad(type="server_vad")
WORD_MS = 300
TASK_MS = 2_000
VOICE = "marin"
ACKNOWLEDGEMENT = "One moment."

Json = dict[str, Any]


class LiveSession:
    """The session of one call.

    Args:
        session_id: its id.
        config: the session config that it was created with.
        expires_at: when it ends at the latest, in seconds since the epoch.
        transmit: sends a message on the data channel.
        end_call: ends the call, after the last message was sent.
    """

    kind = "live"

    def __init__(
        self,
        session_id: str,
        config: Json,
        expires_at: int,
        transmit: Callable[[str], None],
        end_call: Callable[[], None],
    ) -> None:
        self._resource = _resource(session_id, config, expires_at)
        self._transmit = transmit
        self._end_call = end_call
        self._permissions = Permissions(config)
        self._usage = LiveUsage(config.get("idle_timeout_s"))
        self._input = InputAudioBuffer()
        self._voice = LiveVoice(_voice_name(config), self._told)
        self._backend = self._make_backend(config.get("delegation") or {})
        self._delegations: set[str] = set()
        self._muted = False
        self._spoke_since_ms = 0
        self._words = 0

    @property
    def heard_hz(self) -> float | None:
        """The dominant frequency of the person's last speech, or None."""
        return self._input.dominant_hz

    def opened(self) -> None:
        """Send `session.started`, since the data channel is open now."""
        self._send("session.started", session=self._resource)
        if self._permissions.are_limited:
            message = "This data channel may not send or receive every event."
            self._send("info", code="data_channel_permissions", message=message)

    def receive(self, message: str | bytes) -> None:
        """Handle a client event; an invalid one, or one that is not allowed, is answered by an `error` event."""
        event: Json = {}
        try:
            event = parse_message(message)
            self._permissions.check_sending(event.get("type"))
            self._handle(parse_live_event(event))
        except ApiError as error:
            self._send_error(error, event.get("event_id"))

    def append(self, frame: bytes) -> None:
        """Take 20 ms of the person's audio; while it is muted, the model hears silence."""
        change = self._input.append(bytes(FRAME) if self._muted else frame, DETECTION)
        if change == "started":
            self._voice.stop()
            self._spoke_since_ms, self._words = self._input.now_ms, 0
        if self._input.speaking:
            self._transcribe()
        elif change == "stopped":
            self._answer()
        if self._usage.add(FRAME_MS, speech=self._input.speaking or not self._voice.is_silent):
            self._send("session.usage.updated", usage=self._usage.usage, context_window=self._usage.context_window)

    def next_packet(self) -> bytes:
        """Return the next 20 ms of the model's audio, as an Opus packet."""
        return self._voice.buffer.next_packet()

    def end(self, reason: Literal["expired", "close_requested"], client_event_id: str | None = None) -> bool:
        """Send `session.closed`."""
        self.close()
        self._acknowledge(
            "session.closed", client_event_id, reason=reason, session=self._resource, usage=self._usage.usage
        )
        return True

    def close(self) -> None:
        """Stop everything: the call has ended."""
        self._voice.stop()

    def _handle(self, event: Json) -> None:
        event_id = event.get("event_id")
        match event["type"]:
            case "session.close":
                self.end("close_requested", event_id)
                self._end_call()
            case "session.input_audio.mute" | "session.input_audio.unmute" as kind:
                self._muted = kind.endswith(".mute")
                self._acknowledge(f"{kind}d", event_id)
            case "session.update":
                self._update(event["session"])
                self._acknowledge("session.updated", event_id, session=self._resource)
            case "response.item.create":
                self._require_backend().add(event["item"])
            case "response.create":
                self._require_backend().respond()
            case kind if kind.endswith(".append"):
                self._append_context(kind, event)
            case kind:
                raise ApiError(f"'{kind}' needs delegation to decisions.", code="invalid_event", param="type")

    def _append_context(self, kind: str, event: Json) -> None:
        delegation = event["delegation_id"]
        if delegation is not None and delegation not in self._delegations:
            raise ApiError(f"Unknown delegation: '{delegation}'.", code="invalid_value", param="delegation_id")
        now_ms = self._input.now_ms
        self._acknowledge(f"{kind}ed", event.get("event_id"), start_ms=now_ms, end_ms=now_ms)
        if kind == "session.commentary.append":
            self._voice.say(Speech(event["content"]))

    def _update(self, changes: Json) -> None:
        delegation = changes.get("delegation")
        if delegation and delegation["type"] != self._resource["delegation"]["type"]:
            message = "The delegation type of a session cannot change."
            raise ApiError(message, code="invalid_value", param="session.delegation.type")
        if "triggers" in changes:
            raise ApiError("The stand-in has no decisions.", code="invalid_value", param="session.triggers")
        if delegation:
            self._resource["delegation"] = merged(self._resource["delegation"], delegation)
            self._backend = self._make_backend(self._resource["delegation"])

    def _transcribe(self) -> None:
        """Write down a word for each 300 ms of the speech so far."""
        while self._words <= self._input.speech_ms // WORD_MS:
            delta = " bla" if self._words else "Bla"
            start_ms = self._spoke_since_ms + self._words * WORD_MS
            self._words += 1
            self._send("session.input_transcript.delta", delta=delta, start_ms=start_ms, end_ms=start_ms + WORD_MS)

    def _answer(self) -> None:
        recording = self._input.commit()
        if recording.speech_ms >= TASK_MS:
            self._delegate()
        else:
            self._voice.say(Speech("Bla" + " bla" * (self._words - 1), recording.pcm))

    def _delegate(self) -> None:
        delegation = new_id("delegation")
        self._delegations.add(delegation)
        about = {"id": delegation, "type": "delegation", "target": "responses" if self._backend else "client"}
        self._send("session.delegation.created", delegation=about, offset_ms=self._input.now_ms)
        self._voice.say(Speech(ACKNOWLEDGEMENT))
        if self._backend:
            self._backend.respond(delegation=delegation)

    def _make_backend(self, delegation: Json) -> LiveBackend | None:
        if delegation.get("type") != "responses":
            return None
        return LiveBackend(delegation["responses"], self._send, lambda text: self._voice.say(Speech(text)))

    def _require_backend(self) -> LiveBackend:
        if self._backend is None:
            raise ApiError("This needs delegation to Responses.", code="invalid_event", param="type")
        return self._backend

    def _told(self, word: str, milliseconds: int) -> None:
        start_ms = self._input.now_ms
        self._send("session.output_transcript.delta", delta=word, start_ms=start_ms, end_ms=start_ms + milliseconds)

    def _acknowledge(self, kind: str, client_event_id: str | None, **members: Any) -> None:
        self._send(kind, **members, **({"client_event_id": client_event_id} if client_event_id else {}))

    def _send_error(self, error: ApiError, event_id: object) -> None:
        about = {name: value for name, value in error.members.items() if value is not None}
        if isinstance(event_id, str):
            about["client_event_id"] = event_id
        self._send("error", error=about)

    def _send(self, kind: str, /, **members: Any) -> None:
        event = {"type": kind, "event_id": new_id("event"), **members}
        if self._permissions.allow_receiving(event):
            self._transmit(json.dumps(event))


def _resource(session_id: str, config: Json, expires_at: int) -> Json:
    """Make the session as `session.started` shows it (`openai/types/live/session_resource.py`)."""
    shown = {name: value for name, value in config.items() if name not in ("idle_timeout_s", "wake_policy")}
    return {
        "store": False,
        **shown,
        "id": session_id,
        "status": "active",
        "expires_at": expires_at,
        "audio": {"output": {"voice": config.get("audio", {}).get("output", {}).get("voice", VOICE)}},
        "delegation": config.get("delegation") or {"type": "client"},
    }


def _voice_name(config: Json) -> str:
    voice = config.get("audio", {}).get("output", {}).get("voice", VOICE)
    return str(voice["id"] if isinstance(voice, dict) else voice)
