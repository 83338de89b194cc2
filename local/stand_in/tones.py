"""Turns text into tones: one for each syllable, whose pitch depends on its letters and on the voice."""

import re
from array import array
from functools import lru_cache
from math import pi, sin

from local.stand_in.pcm import RATE

SYLLABLE_SECONDS = 0.13
PAUSE_SECONDS = 0.07
PEAK = 7000
PENTATONIC = (0, 2, 4, 7, 9, 12)
"""Semitones; any order of them sounds pleasant."""

LOWEST_HZ = 262.0


def synthesise(word: str, voice: str) -> bytes:
    """Turn a word into audio.

    Args:
        word: any text without spaces.
        voice: the voice's name, which raises the pitch by up to half an octave.

    Returns:
        A tone for each syllable, and a pause.
    """
    lowest = LOWEST_HZ * 2 ** (sum(voice.encode()) % 7 / 12)
    pitches = [PENTATONIC[sum(part.lower().encode()) % len(PENTATONIC)] for part in syllables(word)]
    return b"".join(_tone(lowest * 2 ** (pitch / 12)) for pitch in pitches) + bytes(2 * int(RATE * PAUSE_SECONDS))


def syllables(word: str) -> list[str]:
    """Split a word approximately, after each group of vowels; text without vowels is one syllable."""
    return re.findall(r"[^aeiouy]*[aeiouy]+(?:[^aeiouy]+$)?", word, re.IGNORECASE) or [word]


@lru_cache(maxsize=64)
def _tone(hz: float) -> bytes:
    count = int(RATE * SYLLABLE_SECONDS)
    return array("h", (_sample(hz, n, count) for n in range(count))).tobytes()


def _sample(hz: float, n: int, count: int) -> int:
    envelope = min(1.0, n / (RATE * 0.015)) * (1 - n / count) ** 1.5
    angle = 2 * pi * hz * n / RATE
    return int(PEAK * envelope * (sin(angle) + 0.25 * sin(2 * angle)) / 1.25)
