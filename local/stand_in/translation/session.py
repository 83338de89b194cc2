"""The session of a translation: no turns, and a voice that follows the person's by a second.

Source: `openai/types/realtime/realtime_translation_*.py`. It understands no words: each 400 ms of speech are one word
of the target language, and the audio is the person's own.
"""

import json
from collections import deque
from typing import Any

from local.stand_in.call_session import CallContext, EndReason
from local.stand_in.errors import ApiError
from local.stand_in.ids import new_id
from local.stand_in.input_audio_buffer import FRAME_MS, InputAudioBuffer, TurnDetection
from local.stand_in.messages import parse_message
from local.stand_in.output_audio_buffer import OutputAudioBuffer
from local.stand_in.pcm import FRAME
from local.stand_in.translation.session_config import effective
from local.stand_in.typed import ClientEvents, Json, merged

_EVENTS = ClientEvents(
    "openai.types.realtime.realtime_translation_client_event_param:RealtimeTranslationClientEventParam"
)

DETECTION = TurnDetection()
DELAY_FRAMES = 50
WORD_MS = 400
ALIGNMENT_MS = 200
WORDS = {"de": "ja", "en": "yes", "es": "sí", "fr": "oui", "it": "sì", "ja": "はい", "pt": "sim"}


class TranslationSession:
    """The session of one call.

    Args:
        config: the session config that its key was minted for.
        call: the call.
    """

    kind = "translation"

    def __init__(self, config: Json, call: CallContext) -> None:
        self._session = effective(config, new_id("sess"), call.expires_at)
        self._call = call
        self._input = InputAudioBuffer()
        self._output = OutputAudioBuffer(lambda _: None, lambda _: None)
        self._delayed: deque[bytes] = deque([bytes(FRAME)] * DELAY_FRAMES)
        self._speech_ms = 0
        self._frames_left: int | None = None

    @property
    def heard_hz(self) -> float | None:
        """The dominant frequency of the person's last speech, or None."""
        return self._input.dominant_hz

    def opened(self) -> None:
        """Send `session.created`, since the data channel is open now."""
        self._send("session.created", session=self._session)

    def receive(self, message: str | bytes) -> None:
        """Handle a client event; an invalid one is answered by an `error` event."""
        event: Json = {}
        try:
            event = parse_message(message)
            self._handle(_EVENTS.parse(event))
        except ApiError as error:
            event_id = event.get("event_id")
            self._send("error", error={**error.members, "event_id": event_id if isinstance(event_id, str) else None})

    def append(self, frame: bytes) -> None:
        """Take 20 ms of the person's audio, and play those of a second ago."""
        self._delayed.append(frame if self._frames_left is None else bytes(FRAME))
        self._output.append("translation", "translation", self._delayed.popleft())
        if self._frames_left is None:
            self._translate(frame)
        elif self._frames_left == 0:
            self._closed()
        if self._frames_left is not None:
            self._frames_left -= 1

    def next_packet(self) -> bytes:
        """Return the next 20 ms of the translation, as an Opus packet."""
        return self._output.next_packet()

    def end(self, reason: EndReason) -> bool:
        """Send `session.closed`, which has no reason in this API."""
        self._send("session.closed")
        return True

    def close(self) -> None:
        """Stop everything: the call has ended."""
        self._output.clear()

    def _handle(self, event: Json) -> None:
        match event["type"]:
            case "session.update":
                self._session["audio"] = merged(self._session["audio"], event["session"].get("audio", {}))
                self._send("session.updated", session=self._session)
            case "session.close":
                # What was said already is still translated.
                self._frames_left = DELAY_FRAMES
            case kind:
                raise ApiError(f"'{kind}' is for WebSockets.", code="invalid_event", param="type")

    def _translate(self, frame: bytes) -> None:
        self._input.append(frame, DETECTION)
        if not self._input.speaking:
            return
        if self._speech_ms % WORD_MS == 0:
            self._tell_word()
        self._speech_ms += FRAME_MS

    def _tell_word(self) -> None:
        space = " " if self._speech_ms else ""
        about = {"elapsed_ms": self._input.now_ms // ALIGNMENT_MS * ALIGNMENT_MS}
        if self._session["audio"]["input"].get("transcription"):
            self._send("session.input_transcript.delta", delta=f"{space}bla", **about)
        language = self._session["audio"]["output"]["language"]
        self._send("session.output_transcript.delta", delta=space + WORDS.get(language, language), **about)

    def _closed(self) -> None:
        self.end("close_requested")
        self._call.end_call()

    def _send(self, kind: str, /, **members: Any) -> None:
        self._call.transmit(json.dumps({"type": kind, "event_id": new_id("event"), **members}))
