"""PCM audio as the stand-in processes it: 16 bit samples, 24,000 a second, one channel, in frames of 20 ms."""

from array import array
from math import cos, pi, sqrt
from operator import mul
from typing import cast

import av
from av.audio.codeccontext import AudioCodecContext

RATE = 24000
FRAME_SAMPLES = 480
FRAME = 960
"""Bytes in 20 ms."""

BYTES_PER_MS = 48


def milliseconds(pcm: bytes | bytearray) -> int:
    """Return the duration of audio, rounded down."""
    return len(pcm) // BYTES_PER_MS


def rms(frame: bytes) -> float:
    """Return the root mean square of the samples, 0 to 32768."""
    samples = array("h", frame)
    return sqrt(sum(map(mul, samples, samples)) / len(samples))


def dominant_hz(pcm: bytes) -> float | None:
    """Find the frequency with the most power, from 80 to 3000 Hz, by Goertzel's algorithm.

    Args:
        pcm: about a tenth of a second.

    Returns:
        Hertz, accurate to about 2 Hz for a tone; None for less than 50 ms.
    """
    samples = array("h", pcm)[::3]  # 8,000 samples a second are enough
    if milliseconds(pcm) < 50:
        return None
    coarse = max(range(80, 3000, 5), key=lambda hz: _power(samples, hz, RATE / 3))
    below, at, above = (_power(samples, coarse + step, RATE / 3) ** 0.5 for step in (-5, 0, 5))
    curvature = below - 2 * at + above
    return round(coarse + (2.5 * (below - above) / curvature if curvature else 0), 1)


def _power(samples: "array[int]", hz: float, rate: float) -> float:
    coefficient, last, previous = 2 * cos(2 * pi * hz / rate), 0.0, 0.0
    for sample in samples:
        last, previous = sample + coefficient * last - previous, last
    return last * last + previous * previous - coefficient * last * previous


_G711 = {"audio/pcmu": "pcm_mulaw", "audio/pcma": "pcm_alaw"}


def decode(data: bytes, audio_format: str) -> bytes:
    """Decode audio in one of the API's formats.

    Args:
        data: the samples.
        audio_format: `audio/pcm`, `audio/pcmu` or `audio/pcma`.

    Returns:
        PCM as this module describes it.
    """
    if audio_format == "audio/pcm":
        return data[: len(data) // 2 * 2]
    codec = cast(AudioCodecContext, av.CodecContext.create(_G711[audio_format], "r"))
    codec.sample_rate, codec.layout = 8000, "mono"
    resampler = av.AudioResampler("s16", "mono", RATE)
    frames = [*codec.decode(av.Packet(data)), None]
    parts = [part for frame in frames for part in resampler.resample(frame)]
    return b"".join(bytes(part.planes[0])[: 2 * part.samples] for part in parts)
