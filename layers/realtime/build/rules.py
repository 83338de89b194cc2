"""What an API refuses in a session config although the openai package's types allow it.

Source: the descriptions of the members in that package, and https://developers.openai.com/api/reference.
"""

import re
from typing import Any

from realtime.presets import Type

from build.session_config import InvalidSession, Path

RANGES: dict[str, tuple[float, float]] = {
    "audio.input.turn_detection.idle_timeout_ms": (5_000, 30_000),
    "audio.input.turn_detection.prefix_padding_ms": (0, float("inf")),
    "audio.input.turn_detection.silence_duration_ms": (0, float("inf")),
    "audio.input.turn_detection.threshold": (0, 1),
    "audio.output.speed": (0.25, 1.5),
    "delegation.acknowledgement_delay_ms": (0, float("inf")),
    "idle_timeout_s": (1, float("inf")),
    "max_output_tokens": (1, 4_096),
    "truncation.retention_ratio": (0, 1),
    "truncation.token_limits.post_instructions": (0, float("inf")),
    "wake_policy.vad_threshold": (0, 1),
}
"""The least and the most of each number."""

MAX_INPUT = 128
"""Messages of history that a Live session may begin with."""

FUNCTION_NAME = re.compile(r"[a-zA-Z0-9_-]{1,64}")


def check_rules(kind: Type, session: dict[str, Any]) -> None:
    """Check what the types leave open.

    Args:
        kind: the type of session.
        session: a session config that its type allows.

    Raises:
        InvalidSession: the API would refuse it.
    """
    for name, (least, most) in RANGES.items():
        path: Path = tuple(name.split("."))
        number = get_member(session, path)
        if isinstance(number, int | float) and not least <= number <= most:
            above = f"Input should be {least} or more"
            raise InvalidSession(path, above if most == float("inf") else f"Input should be from {least} to {most}")
    if len(session.get("output_modalities", ["audio"])) != 1:
        raise InvalidSession(("output_modalities",), 'Input should be ["audio"] or ["text"], not both')
    for where, tool in tools(kind, session):
        if "type" not in tool:
            raise InvalidSession((*where, "type"), "Field required")
    for where, tool in function_tools(kind, session):
        if not FUNCTION_NAME.fullmatch(tool.get("name", "")):
            raise InvalidSession((*where, "name"), "Input should be 1 to 64 letters, digits, _ or -")
    if kind == "live":
        _check_live(session)


def _check_live(session: dict[str, Any]) -> None:
    if len(session.get("input", [])) > MAX_INPUT:
        raise InvalidSession(("input",), f"Input should be at most {MAX_INPUT} messages")
    if "idle_timeout_s" in session and "wake_policy" not in session:
        raise InvalidSession(("idle_timeout_s",), "It needs a wake_policy")
    path: Path = ("client", "data_channel", "allowed_server_events")
    events = get_member(session, path)
    for index, event in enumerate(events if isinstance(events, list) else []):
        if (event["type"] == "response.event") != ("response_event" in event):
            reason = "Input should have response_event with the type response.event, and with no other"
            raise InvalidSession((*path, index), reason)


def tools(kind: Type, session: dict[str, Any]) -> list[tuple[Path, dict[str, Any]]]:
    """List the tools of a session config, each with its path.

    Args:
        kind: the type of session.
        session: the session config.
    """
    path: Path = ("tools",) if kind == "realtime" else ("delegation", "responses", "tools")
    return [((*path, index), tool) for index, tool in enumerate(get_member(session, path) or [])]


def function_tools(kind: Type, session: dict[str, Any]) -> list[tuple[Path, dict[str, Any]]]:
    """List the functions that the client has to run, each with its path."""
    return [(path, tool) for path, tool in tools(kind, session) if tool["type"] == "function"]


def get_member(part: Any, path: Path) -> Any:
    """Return a member of a session config; None if it has none.

    Args:
        part: the session config.
        path: the member, as `("audio", "output", "voice")`.
    """
    for name in path:
        part = part.get(name) if isinstance(part, dict) else None
    return part
