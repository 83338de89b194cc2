"""The ears: what is heard, and when a person starts and stops to speak."""

from dataclasses import dataclass

from local.stand_in.audio_config import SemanticVad, ServerVad
from local.stand_in.pcm import BYTES_PER_MS, FRAME, dominant_hz, level, milliseconds

FRAME_MS = 20
LONGEST_MS = 30_000
LOUD = 1000
"""The level at which threshold 1 hears speech; a quiet voice has some 600, a silent room under 100."""

CERTAIN_MS = 60
"""What is shorter is a click."""

PITCH_MS = 100
PAUSES_MS = {"low": 1200, "medium": 600, "auto": 600, "high": 300}
"""The pause after which semantic VAD takes the sentence to be over: the stand-in knows no words to tell by."""


@dataclass(frozen=True)
class Heard:
    """What is committed to the conversation."""

    pcm: bytes
    speech_ms: int

    def __str__(self) -> str:
        if self.speech_ms:
            return f"({self.speech_ms / 1000:.1f} s of speech)"
        return f"({milliseconds(self.pcm) / 1000:.1f} s of silence)"


class Ears:
    """The input audio buffer, and voice activity detection on it."""

    def __init__(self) -> None:
        self.now_ms = 0
        self.speaking = False
        self._buffer = bytearray()
        self._first_loud_ms: int | None = None
        self._last_loud_ms = 0
        self._loud_run_ms = 0
        self._loud = bytearray()

    @property
    def buffered_ms(self) -> int:
        """How much a commit would take."""
        return milliseconds(self._buffer)

    @property
    def start_ms(self) -> int:
        """Where the buffer begins, counted from the first sound of the call."""
        return self.now_ms - self.buffered_ms

    @property
    def hz(self) -> float | None:
        """The dominant frequency of the last sound that was loud, or None."""
        return dominant_hz(bytes(self._loud))

    def hear(self, frame: bytes, detection: ServerVad | SemanticVad | None) -> str | None:
        """Hear 20 ms.

        Args:
            frame: the sound.
            detection: the session's turn detection; None leaves turns to the client.

        Returns:
            "started" or "stopped" where speech does, else None.
        """
        self.now_ms += FRAME_MS
        self._buffer += frame
        self._note_level(frame, detection)
        change = self._turn(detection) if detection else None
        self.speaking = self.speaking and detection is not None
        if change != "stopped":  # then all of it is about to be taken
            self._trim(detection)
        return change

    def take(self) -> Heard:
        """Empty the buffer; return what was in it."""
        first = self._first_loud_ms
        speech_ms = 0 if first is None else self._last_loud_ms - max(first, self.start_ms)
        heard = Heard(bytes(self._buffer), max(speech_ms, 0))
        self.clear()
        return heard

    def clear(self) -> None:
        """Forget what is in the buffer."""
        self._buffer.clear()
        self._first_loud_ms = None
        self._loud_run_ms = 0
        self.speaking = False

    def _note_level(self, frame: bytes, detection: ServerVad | SemanticVad | None) -> None:
        threshold = detection.threshold if isinstance(detection, ServerVad) else 0.5
        if level(frame) < LOUD * threshold:
            self._loud_run_ms = 0
            return
        self._loud_run_ms += FRAME_MS
        self._last_loud_ms = self.now_ms
        if self._first_loud_ms is None:
            self._first_loud_ms = self.now_ms - FRAME_MS
        self._loud = (self._loud + frame)[-PITCH_MS * BYTES_PER_MS :]

    def _turn(self, detection: ServerVad | SemanticVad) -> str | None:
        if not self.speaking and self._loud_run_ms >= CERTAIN_MS:
            self.speaking = True
            self._first_loud_ms = self.now_ms - self._loud_run_ms
            return "started"
        if self.speaking and self.now_ms - self._last_loud_ms >= _pause_ms(detection):
            self.speaking = False
            return "stopped"
        return None

    def _trim(self, detection: ServerVad | SemanticVad | None) -> None:
        waiting = detection is not None and not self.speaking and self._loud_run_ms == 0
        prefix = detection.prefix_padding_ms if isinstance(detection, ServerVad) else 300
        longest = prefix if waiting else LONGEST_MS
        if self.buffered_ms > longest:
            del self._buffer[: len(self._buffer) - longest * BYTES_PER_MS]


def heard(pcm: bytes) -> Heard:
    """Listen to a recording."""
    ears = Ears()
    for start in range(0, len(pcm), FRAME):
        ears.hear(pcm[start : start + FRAME], None)
    return ears.take()


def _pause_ms(detection: ServerVad | SemanticVad) -> int:
    if isinstance(detection, ServerVad):
        return detection.silence_duration_ms
    return PAUSES_MS[detection.eagerness]
