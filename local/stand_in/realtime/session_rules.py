"""What the Realtime API refuses in a session config although the openai package's types allow it.

Source: the descriptions of the members in that package. It is not the layer's list, so that a mistake in that one is
found when the stand-in checks what the layer sends.
"""

import re

from local.stand_in.errors import ApiError
from local.stand_in.ranges import check_ranges
from local.stand_in.typed import Json, member

_RANGES: dict[str, tuple[float, float | None]] = {
    "audio.input.turn_detection.threshold": (0, 1),
    "audio.input.turn_detection.prefix_padding_ms": (0, None),
    "audio.input.turn_detection.silence_duration_ms": (0, None),
    "audio.input.turn_detection.idle_timeout_ms": (5_000, 30_000),
    "audio.output.speed": (0.25, 1.5),
    "max_output_tokens": (1, 4_096),
    "truncation.retention_ratio": (0, 1),
    "truncation.token_limits.post_instructions": (0, None),
}

LISTED = ("gpt-transcribe", "gpt-live-transcribe")
"""The transcription models that take lists of languages and keywords."""

WHISPER = "gpt-realtime-whisper"


def check_rules(session: Json, at: str = "session") -> None:
    """Check what the types leave open, in a session config or in the settings of one response.

    Args:
        session: the JSON, of the right type.
        at: its path in the request, for the error.

    Raises:
        ApiError: the API would refuse it.
    """
    check_ranges(session, _RANGES, at)
    if len(session.get("output_modalities", ["audio"])) != 1:
        raise _invalid(f"{at}.output_modalities", 'Expected ["audio"] or ["text"], not both.')
    for n, tool in enumerate(session.get("tools") or []):
        _check_tool(tool, f"{at}.tools[{n}]")
    _check_transcription(session, f"{at}.audio.input")


def check_choice(tools: list[Json], choice: object, at: str) -> None:
    """Raise ApiError if the tool choice names a function that is not among the tools."""
    chosen = choice.get("name") if isinstance(choice, dict) and choice["type"] == "function" else None
    if chosen and chosen not in [tool.get("name") for tool in tools]:
        raise _invalid(f"{at}.tool_choice", f"'{chosen}' is not among the tools.")


def _check_tool(tool: Json, at: str) -> None:
    if tool.get("type") == "mcp":
        if not any(tool.get(name) for name in ("server_url", "connector_id", "tunnel_id")):
            raise _invalid(at, "Give one of server_url, connector_id and tunnel_id.")
        return
    for name in ("type", "name"):
        if name not in tool:
            message = f"Missing required parameter: '{at}.{name}'."
            raise ApiError(message, code="missing_required_parameter", param=f"{at}.{name}")
    if not re.fullmatch(r"[a-zA-Z0-9_-]{1,64}", tool["name"]):
        raise _invalid(f"{at}.name", "A function's name has 1 to 64 of a-z, A-Z, 0-9, _ and -.")


def _check_transcription(session: Json, at: str) -> None:
    transcription = member(session, "audio.input.transcription") or {}
    model = transcription.get("model")
    for name, is_supported in {
        "delay": model == WHISPER,
        "prompt": model != WHISPER,
        "languages": model in LISTED,
        "keywords": model in LISTED,
    }.items():
        if transcription.get(name) and not is_supported:
            raise _invalid(f"{at}.transcription.{name}", f"The model '{model}' does not take it.")
    if model == WHISPER and member(session, "audio.input.turn_detection"):
        raise _invalid(f"{at}.turn_detection", f"It must be null for {WHISPER}.")


def _invalid(param: str, reason: str) -> ApiError:
    return ApiError(f"Invalid value for '{param}': {reason}", code="invalid_value", param=param)
