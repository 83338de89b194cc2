"""The usage of a response: invented numbers of a realistic size, whose sums are correct."""

from typing import Any

from local.stand_in.realtime.conversation import Entry

RATE_LIMITS = [
    {"name": "requests", "limit": 1000, "remaining": 999, "reset_seconds": 0.06},
    {"name": "tokens", "limit": 40000, "remaining": 39000, "reset_seconds": 1.5},
]
"""The content of `rate_limits.updated`; the stand-in enforces no limits."""


def usage(context: list[Entry], answer: Entry, text: str) -> dict[str, Any]:
    """Count the tokens of a response: one a word, ten a second of speech heard, twenty a second spoken.

    Args:
        context: the items that the response answers.
        answer: the response's item.
        text: the response's text.

    Returns:
        The `usage` of `response.done` (OpenAPI: RealtimeResponseUsage).
    """
    heard = sum(entry.recording.speech_ms for entry in context if entry.recording) // 100
    read = sum(len(str(entry.item.get("content", "")).split()) for entry in context)
    spoken, written = answer.audio_ms // 50, len(text.split())
    return {
        "total_tokens": heard + read + spoken + written,
        "input_tokens": heard + read,
        "output_tokens": spoken + written,
        "input_token_details": {
            "text_tokens": read,
            "audio_tokens": heard,
            "image_tokens": 0,
            "cached_tokens": 0,
            "cached_tokens_details": {"text_tokens": 0, "audio_tokens": 0, "image_tokens": 0},
        },
        "output_token_details": {"text_tokens": written, "audio_tokens": spoken},
    }
