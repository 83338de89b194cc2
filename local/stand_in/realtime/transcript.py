"""Transcripts of recordings. The stand-in does not recognise words, so a transcript states the duration."""

from collections.abc import Iterator
from typing import Any

from local.stand_in.input_audio_buffer import Recording
from local.stand_in.pcm import milliseconds


def deltas(recording: Recording, logprobs: bool) -> Iterator[dict[str, Any]]:
    """Yield the transcript word by word, with log probabilities if they were asked for."""
    for n, word in enumerate(str(recording).split()):
        delta = word if n == 0 else f" {word}"
        yield {"delta": delta, "logprobs": [_logprob(delta)] if logprobs else None}


def completed(recording: Recording, model: str | None, logprobs: bool) -> dict[str, Any]:
    """Return the whole transcript and its usage: the duration for whisper-1, tokens for other models."""
    words = [delta["delta"] for delta in deltas(recording, logprobs=False)]
    return {
        "transcript": "".join(words),
        "logprobs": [_logprob(word) for word in words] if logprobs else None,
        "usage": _duration(recording) if model == "whisper-1" else _tokens(recording, len(words)),
    }


def _logprob(token: str) -> dict[str, Any]:
    return {"token": token, "logprob": 0.0, "bytes": list(token.encode())}


def _duration(recording: Recording) -> dict[str, Any]:
    return {"type": "duration", "seconds": milliseconds(recording.pcm) / 1000}


def _tokens(recording: Recording, words: int) -> dict[str, Any]:
    audio_tokens = milliseconds(recording.pcm) // 100
    return {
        "type": "tokens",
        "input_tokens": audio_tokens,
        "output_tokens": words,
        "total_tokens": audio_tokens + words,
        "input_token_details": {"text_tokens": 0, "audio_tokens": audio_tokens},
    }
