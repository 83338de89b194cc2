"""What was heard, in writing: the stand-in knows no words, so it says how long it was."""

from collections.abc import Iterator
from typing import Any

from local.stand_in.audio_config import Transcription
from local.stand_in.ears import Heard
from local.stand_in.pcm import milliseconds


def deltas(sound: Heard, likely: bool) -> Iterator[dict[str, Any]]:
    """Yield the transcript word by word, with log probabilities where they were asked for."""
    for n, word in enumerate(str(sound).split()):
        delta = word if n == 0 else f" {word}"
        yield {"delta": delta, "logprobs": [_certain(delta)] if likely else None}


def completed(sound: Heard, transcription: Transcription, likely: bool) -> dict[str, Any]:
    """Return the whole transcript and what it costs: by duration for whisper, by tokens for the rest."""
    words = [delta["delta"] for delta in deltas(sound, likely=False)]
    return {
        "transcript": "".join(words),
        "logprobs": [_certain(word) for word in words] if likely else None,
        "usage": _duration(sound) if transcription.model == "whisper-1" else _tokens(sound, len(words)),
    }


def _certain(token: str) -> dict[str, Any]:
    return {"token": token, "logprob": 0.0, "bytes": list(token.encode())}


def _duration(sound: Heard) -> dict[str, Any]:
    return {"type": "duration", "seconds": milliseconds(sound.pcm) / 1000}


def _tokens(sound: Heard, words: int) -> dict[str, Any]:
    heard = milliseconds(sound.pcm) // 100
    return {
        "type": "tokens",
        "input_tokens": heard,
        "output_tokens": words,
        "total_tokens": heard + words,
        "input_token_details": {"text_tokens": 0, "audio_tokens": heard},
    }
