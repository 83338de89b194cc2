"""The input audio buffer: audio of the person, and voice activity detection on it."""

from dataclasses import dataclass

from local.stand_in.pcm import BYTES_PER_MS, FRAME, dominant_hz, milliseconds, rms

FRAME_MS = 20
MAX_BUFFER_MS = 30_000
SPEECH_LEVEL = 1000
"""The level of speech at threshold 1, as by `pcm.rms`; a quiet voice has some 600, a silent room under 100."""

MIN_SPEECH_MS = 60
"""A shorter sound is taken for a click."""

PITCH_MS = 100


@dataclass(frozen=True)
class TurnDetection:
    """When a person's turn starts and ends."""

    threshold: float = 0.5
    """The level of speech, 0 to 1."""
    prefix_padding_ms: int = 300
    """How much of the audio before the speech belongs to the turn."""
    pause_ms: int = 500
    """The silence that ends the turn."""


@dataclass(frozen=True)
class Recording:
    """Audio of the person that was committed to the conversation."""

    pcm: bytes
    speech_ms: int

    def __str__(self) -> str:
        if self.speech_ms:
            return f"({self.speech_ms / 1000:.1f} s of speech)"
        return f"({milliseconds(self.pcm) / 1000:.1f} s of silence)"


class InputAudioBuffer:
    """Buffers the person's audio and detects when speech starts and stops."""

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
        """The duration of the buffered audio."""
        return milliseconds(self._buffer)

    @property
    def speech_ms(self) -> int:
        """The time from the first to the last loud sound in the buffered audio."""
        first = self._first_loud_ms
        return 0 if first is None else max(self._last_loud_ms - max(first, self.start_ms), 0)

    @property
    def start_ms(self) -> int:
        """When the buffered audio begins, counted from the start of the call's audio."""
        return self.now_ms - self.buffered_ms

    @property
    def dominant_hz(self) -> float | None:
        """The dominant frequency of the last speech, or None."""
        return dominant_hz(bytes(self._loud))

    def append(self, frame: bytes, detection: TurnDetection | None) -> str | None:
        """Append 20 ms of audio.

        Args:
            frame: the audio.
            detection: the session's turn detection; with None the client commits turns itself.

        Returns:
            "started" or "stopped" if speech starts or stops with this frame, else None.
        """
        self.now_ms += FRAME_MS
        self._buffer += frame
        self._note_level(frame, detection)
        change = self._detect_turn(detection) if detection else None
        self.speaking = self.speaking and detection is not None
        if change != "stopped":  # the whole buffer is about to be committed
            self._trim(detection)
        return change

    def commit(self) -> Recording:
        """Empty the buffer, and return its audio."""
        recording = Recording(bytes(self._buffer), self.speech_ms)
        self.clear()
        return recording

    def clear(self) -> None:
        """Empty the buffer."""
        self._buffer.clear()
        self._first_loud_ms = None
        self._loud_run_ms = 0
        self.speaking = False

    def _note_level(self, frame: bytes, detection: TurnDetection | None) -> None:
        threshold = detection.threshold if detection else TurnDetection.threshold
        if rms(frame) < SPEECH_LEVEL * threshold:
            self._loud_run_ms = 0
            return
        self._loud_run_ms += FRAME_MS
        self._last_loud_ms = self.now_ms
        if self._first_loud_ms is None:
            self._first_loud_ms = self.now_ms - FRAME_MS
        self._loud = (self._loud + frame)[-PITCH_MS * BYTES_PER_MS :]

    def _detect_turn(self, detection: TurnDetection) -> str | None:
        if not self.speaking and self._loud_run_ms >= MIN_SPEECH_MS:
            self.speaking = True
            self._first_loud_ms = self.now_ms - self._loud_run_ms
            return "started"
        if self.speaking and self.now_ms - self._last_loud_ms >= detection.pause_ms:
            self.speaking = False
            return "stopped"
        return None

    def _trim(self, detection: TurnDetection | None) -> None:
        waiting = not self.speaking and self._loud_run_ms == 0
        max_ms = detection.prefix_padding_ms if detection and waiting else MAX_BUFFER_MS
        if self.buffered_ms > max_ms:
            del self._buffer[: len(self._buffer) - max_ms * BYTES_PER_MS]


def record(pcm: bytes) -> Recording:
    """Measure the speech in audio that came as a whole, in an item of the conversation."""
    buffer = InputAudioBuffer()
    for start in range(0, len(pcm), FRAME):
        buffer.append(pcm[start : start + FRAME], None)
    return buffer.commit()
