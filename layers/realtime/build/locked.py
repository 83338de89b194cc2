"""Locked presets: nobody in the browser can read or replace the session config.

A locked conversation of the Realtime API has no data channel at all. The Live API limits the data channel's events by
itself, so a locked one has a transcript.
Source: openai/types/live/data_channel_config_param.py of the openai package.
"""

from typing import Any

from realtime.presets import Type

from build.rules import function_tools, get_member, tools

CLIENT_EVENTS = ["session.close", "session.input_audio.mute", "session.input_audio.unmute"]
"""What a page may send: to end the session, and to mute the microphone. Nothing that the model would read."""

SERVER_EVENTS = [
    "session.input_transcript.delta",
    "session.output_transcript.delta",
    "session.input_audio.muted",
    "session.input_audio.unmuted",
    "session.usage.updated",
    "error",
    "info",
]
"""What a page may receive. Not `session.started`, `session.updated` and `session.closed`: they contain the session
config, with its instructions."""


def lock(kind: Type, session: dict[str, Any]) -> dict[str, Any]:
    """Limit the data channel of a Live session, unless its config does so itself.

    Args:
        kind: the type of session.
        session: the session config.

    Returns:
        The session config with `client.data_channel`.
    """
    if kind != "live" or "client" in session:
        return session
    allowed = {
        "allowed_client_events": CLIENT_EVENTS,
        "allowed_server_events": [{"type": name} for name in SERVER_EVENTS],
    }
    return session | {"client": {"data_channel": allowed}}


def check_locked(kind: Type, session: dict[str, Any]) -> None:
    """Check that a locked preset can work, and that it is locked.

    Args:
        kind: the type of session.
        session: the session config.

    Raises:
        ValueError: it could do nothing, or its `client.data_channel` is open.
    """
    if kind == "transcription":
        raise ValueError("a locked transcription could show nothing to anybody: leave one of the two out")
    if "client" in session:
        _check_own_data_channel(session["client"]["data_channel"])
        return
    if function_tools(kind, session):
        raise ValueError("a locked preset has no data channel to answer function tools by: leave one of the two out")
    if any(tool["type"] == "mcp" and tool.get("require_approval") != "never" for _, tool in tools(kind, session)):
        raise ValueError(
            "a locked preset has no data channel to approve calls of MCP tools by: set require_approval to never"
        )


def _check_own_data_channel(allowed: dict[str, Any]) -> None:
    for side in ("allowed_client_events", "allowed_server_events"):
        if get_member(allowed, (side,)) in (None, "all"):
            raise ValueError(f"a locked preset lists {side}, or leaves client.data_channel out: all would unlock it")
