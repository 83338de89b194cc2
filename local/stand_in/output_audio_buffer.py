"""The output audio buffer: the audio of responses, played one after the other as Opus packets of 20 ms."""

from collections.abc import Callable
from dataclasses import dataclass, field
from fractions import Fraction

import av

from local.stand_in.pcm import BYTES_PER_MS, FRAME, FRAME_SAMPLES, RATE

SILENCE = bytes.fromhex("f8fffe")
"""20 ms of silence in Opus (RFC 6716)."""


@dataclass
class Utterance:
    """The audio of one response, of which a part may be played already and a part not made yet."""

    response_id: str
    item_id: str
    pcm: bytearray = field(default_factory=bytearray)
    played: int = 0
    complete: bool = False

    @property
    def played_ms(self) -> int:
        """How much of it was played."""
        return self.played // BYTES_PER_MS


class OutputAudioBuffer:
    """Plays one utterance after the other.

    Args:
        started: called with the response's id when its first packet is sent.
        stopped: called with the response's id when its last packet was sent.
    """

    def __init__(self, started: Callable[[str], None], stopped: Callable[[str], None]) -> None:
        self._started = started
        self._stopped = stopped
        self._utterances: list[Utterance] = []
        self._encoder = Encoder()

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to play."""
        return not self._utterances

    def append(self, response_id: str, item_id: str, pcm: bytes) -> None:
        """Append audio to the utterance of a response."""
        utterance = self._find(response_id)
        if utterance is None:
            utterance = Utterance(response_id, item_id)
            self._utterances.append(utterance)
        utterance.pcm += pcm

    def complete(self, response_id: str) -> None:
        """Mark the utterance of a response as complete: no audio will be appended to it."""
        utterance = self._find(response_id)
        if utterance:
            utterance.complete = True

    def clear(self) -> list[Utterance]:
        """Stop playing, and return the utterances that were cut off."""
        cut, self._utterances = self._utterances, []
        return cut

    def next_packet(self) -> bytes:
        """Return the next 20 ms as an Opus packet: silence if there is nothing to play."""
        while self._utterances:
            utterance = self._utterances[0]
            left = len(utterance.pcm) - utterance.played
            if left >= FRAME or (left and utterance.complete):
                return self._play(utterance)
            if not utterance.complete:
                break
            self._utterances.pop(0)
            self._stopped(utterance.response_id)
        return SILENCE

    def _play(self, utterance: Utterance) -> bytes:
        if utterance.played == 0:
            self._started(utterance.response_id)
        frame = bytes(utterance.pcm[utterance.played : utterance.played + FRAME])
        utterance.played += len(frame)
        return self._encoder.encode(frame.ljust(FRAME, b"\0"))

    def _find(self, response_id: str) -> Utterance | None:
        return next((u for u in self._utterances if u.response_id == response_id), None)


class Encoder:
    """An Opus encoder with one channel; aiortc's would turn the audio into stereo at half the power."""

    def __init__(self) -> None:
        codec = av.CodecContext.create("libopus", "w")
        codec.sample_rate, codec.layout, codec.format, codec.bit_rate = RATE, "mono", "s16", 48000
        codec.time_base = Fraction(1, RATE)
        self._codec = codec
        self._samples = 0

    def encode(self, frame: bytes) -> bytes:
        """Encode 20 ms."""
        sound = av.AudioFrame(format="s16", layout="mono", samples=FRAME_SAMPLES)
        sound.planes[0].update(frame)
        sound.sample_rate, sound.pts, sound.time_base = RATE, self._samples, Fraction(1, RATE)
        self._samples += FRAME_SAMPLES
        return b"".join(bytes(packet) for packet in self._codec.encode(sound))
