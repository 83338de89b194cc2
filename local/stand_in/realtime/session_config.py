"""The session config of the Realtime API, with which a call is created and which `session.update` changes.

Source: the types RealtimeSessionCreateRequestParam and RealtimeTranscriptionSessionCreateRequestParam of the openai
package. A config here is JSON in which each setting that was not given has its default.
"""

from typing import Any

from local.stand_in.errors import ApiError
from local.stand_in.realtime.session_rules import check_choice, check_rules
from local.stand_in.typed import Json, Typed, member

_SESSION = Typed("openai.types.realtime.session_update_event_param:Session")

_DEFAULTS_BY_TYPE: dict[str, Json] = {
    "audio/pcm": {"rate": 24000},
    "near_field": {"strength": 1.0},
    "far_field": {"strength": 1.0},
    "server_vad": {
        "threshold": 0.5,
        "prefix_padding_ms": 300,
        "silence_duration_ms": 500,
        "create_response": True,
        "interrupt_response": True,
        "idle_timeout_ms": None,
    },
    "semantic_vad": {"eagerness": "auto", "create_response": True, "interrupt_response": True},
}
"""The defaults of the objects in `audio` that have a type."""

_PCM: Json = {"type": "audio/pcm", **_DEFAULTS_BY_TYPE["audio/pcm"]}

_INPUT: Json = {
    "format": _PCM,
    "noise_reduction": None,
    "transcription": None,
    "turn_detection": {"type": "server_vad", **_DEFAULTS_BY_TYPE["server_vad"]},
}

_DEFAULTS: dict[str, Json] = {
    "realtime": {
        "model": "gpt-realtime-2.1",
        "output_modalities": ["audio"],
        "instructions": "You are a friendly parrot. Say back what you hear, and say what you were sent in writing.",
        "audio": {"input": _INPUT, "output": {"format": _PCM, "voice": "alloy", "speed": 1.0}},
        "include": None,
        "tools": [],
        "tool_choice": "auto",
        "max_output_tokens": "inf",
        "truncation": "auto",
        "tracing": None,
        "prompt": None,
    },
    "transcription": {"audio": {"input": _INPUT}, "include": None},
}

_MERGED = {"audio", "audio.input", "audio.input.noise_reduction", "audio.output"}
"""The objects that are merged member by member; any other value is replaced as a whole."""

_NULLABLE = ("noise_reduction", "transcription")
"""Members of `audio.input` that null turns off: their descriptions say so, their types do not."""


def parse_session(value: object) -> Json:
    """Parse a session config.

    Args:
        value: its JSON.

    Returns:
        The effective config, which has every default.

    Raises:
        ApiError: a parameter is invalid.
    """
    _SESSION.parse(without_nulls(value), "session")
    given: Any = value
    config = _merged(_DEFAULTS[given["type"]], given)
    _check(config)
    return config


def merge(session: Json, update: Json, *, spoke: bool) -> Json:
    """Apply a `session.update`: the settings that it has are replaced, except for the model; all others stay.

    Args:
        session: the current config.
        update: the event's `session`, of the right type.
        spoke: whether audio was emitted already, after which the voice cannot change.

    Returns:
        The new config.

    Raises:
        ApiError: a parameter is invalid, or cannot be changed any more.
    """
    if update["type"] != session["type"]:
        raise ApiError(f"The session's type stays '{session['type']}'.", code="invalid_value", param="session.type")
    changed = _merged(session, {name: value for name, value in update.items() if name != "model"})
    _check(changed)
    _check_immutable(session, changed, spoke)
    return changed


def without_nulls(value: object) -> object:
    """Leave out the members of a session config that null turns off, so that their types need not allow null."""
    audio_input = member(value, "audio.input")
    if not isinstance(value, dict) or not isinstance(audio_input, dict):
        return value
    present = {name: part for name, part in audio_input.items() if part is not None or name not in _NULLABLE}
    return {**value, "audio": {**value["audio"], "input": present}}


def _check(config: Json) -> None:
    check_rules(config)
    check_choice(config.get("tools", []), config.get("tool_choice"), "session")


def _merged(old: Json, new: Json, at: str = "") -> Json:
    result = dict(old)
    for name, value in new.items():
        path, before = f"{at}.{name}".lstrip("."), old.get(name)
        if path in _MERGED and isinstance(value, dict) and isinstance(before, dict):
            result[name] = _merged(before, value, path)
        else:
            result[name] = _with_defaults(value) if path.startswith("audio.") else value
    return result


def _with_defaults(value: Any) -> Any:
    kind = value.get("type") if isinstance(value, dict) else None
    return {**_DEFAULTS_BY_TYPE.get(kind, {}), **value} if kind else value


def _check_immutable(old: Json, new: Json, spoke: bool) -> None:
    if spoke and member(new, "audio.output.voice") != member(old, "audio.output.voice"):
        raise ApiError(
            "Cannot update a conversation's voice if assistant audio is present.", code="cannot_update_voice"
        )
    if old.get("tracing") is not None and new["tracing"] != old["tracing"]:
        raise ApiError("Tracing cannot be changed once it is on.", code="invalid_value", param="session.tracing")
