"""The session of a translation: no turns, and a voice that follows the person's by a second.

Source: `openai/types/realtime/realtime_translation_*.py`. It understands no words: each 400 ms of speech are one word
of the target language, and the audio is the person's own.
"""

import json
from collections import deque
from collections.abc import Callable
from typing import Any, Literal

from openai.types.realtime.realtime_translation_session_update_event_param import (
    RealtimeTranslationSessionUpdateEventParam,
)
from openai.types.realtime.translations.client_secret_create_params import ClientSecretCreateParams

from local.stand_in.audio_config import ServerVad
from local.stand_in.client_events import parse_message
from local.stand_in.conversation import new_id
from local.stand_in.errors import ApiError
from local.stand_in.input_audio_buffer import FRAME_MS, InputAudioBuffer
from local.stand_in.output_audio_buffer import OutputAudioBuffer
from local.stand_in.pcm import FRAME
from local.stand_in.typed import Typed, merged

Json = dict[str, Any]

CLIENT_SECRET = Typed(ClientSecretCreateParams)
_UPDATE = Typed(RealtimeTranslationSessionUpdateEventParam)

DETECTION = ServerVad(type="server_vad")
DELAY_FRAMES = 50
WORD_MS = 400
ALIGNMENT_MS = 200
LANGUAGE = "en"
WORDS = {"de": "ja", "en": "yes", "es": "sí", "fr": "oui", "it": "sì", "ja": "はい", "pt": "sim"}


def effective_translation(config: Json, session_id: str, expires_at: int) -> Json:
    """Make the session as the API shows it.

    Args:
        config: the session config.
        session_id: the session's id.
        expires_at: seconds since the epoch; 0 for a session that has not started.

    Returns:
        The JSON of `session.created` and of a client secret's `session`.
    """
    audio = config.get("audio", {})
    shown = {"input": audio.get("input", {}), "output": {"language": LANGUAGE, **audio.get("output", {})}}
    return {
        "id": session_id,
        "type": "translation",
        "model": config["model"],
        "expires_at": expires_at,
        "audio": shown,
    }


class TranslationSession:
    """The session of one call.

    Args:
        config: the session config that its key was minted for.
        expires_at: when the call ends at the latest, in seconds since the epoch.
        transmit: sends a message on the data channel.
        end_call: ends the call, after the last message was sent.
    """

    kind = "translation"

    def __init__(
        self, config: Json, expires_at: int, transmit: Callable[[str], None], end_call: Callable[[], None]
    ) -> None:
        self._session = effective_translation(config, new_id("sess"), expires_at)
        self._transmit = transmit
        self._end_call = end_call
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
            self._handle(event)
        except ApiError as error:
            self._send("error", error={**error.members, "event_id": event.get("event_id")})

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

    def end(self, reason: Literal["expired", "close_requested"]) -> bool:
        """Send `session.closed`, which has no reason in this API."""
        self._send("session.closed")
        return True

    def close(self) -> None:
        """Stop everything: the call has ended."""
        self._output.clear()

    def _handle(self, event: Json) -> None:
        match event.get("type"):
            case "session.update":
                changes = _UPDATE.parse(event)["session"]
                self._session["audio"] = merged(self._session["audio"], changes.get("audio", {}))
                self._send("session.updated", session=self._session)
            case "session.close":
                # What was said already is still translated.
                self._frames_left = DELAY_FRAMES
            case kind:
                raise ApiError(f"Unknown event type: '{kind}'.", code="invalid_value", param="type")

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
        self._end_call()

    def _send(self, kind: str, /, **members: Any) -> None:
        self._transmit(json.dumps({"type": kind, "event_id": new_id("event"), **members}))
