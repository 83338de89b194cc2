"""The session as the Live API shows it (`openai/types/live/session_resource.py`), and what changes it."""

from typing import Any

from local.stand_in.errors import ApiError
from local.stand_in.typed import Json, member, merged

VOICE = "marin"

NOT_SHOWN = ("idle_timeout_s", "wake_policy")
"""Members of a session config that the resource does not have."""


def resource(session_id: str, config: Json, expires_at: int) -> Json:
    """Make the `session` of `session.started`.

    Args:
        session_id: its id.
        config: the session config that it was created with.
        expires_at: when it ends at the latest, in seconds since the epoch.
    """
    given = {name: value for name, value in config.items() if name not in NOT_SHOWN}
    return {
        "store": False,
        **given,
        "id": session_id,
        "status": "active",
        "expires_at": expires_at,
        "audio": {"output": {"voice": member(config, "audio.output.voice") or VOICE}},
        "delegation": _without_credentials(config.get("delegation") or {"type": "client"}),
    }


def voice_name(config: Json) -> str:
    """Return the name of a session's voice, or the id of a custom one."""
    voice: Any = member(config, "audio.output.voice") or VOICE
    return str(voice["id"] if isinstance(voice, dict) else voice)


def updated_delegation(delegation: Json, changes: Json) -> Json:
    """Apply a `session.update`.

    Args:
        delegation: the session's.
        changes: the event's `session`.

    Returns:
        The session's delegation now.

    Raises:
        ApiError: a change is not possible.
    """
    if "triggers" in changes:
        raise ApiError("The stand-in has no decisions.", code="invalid_value", param="session.triggers")
    update = changes.get("delegation") or delegation
    if update["type"] != delegation["type"]:
        message = "The delegation type of a session cannot change."
        raise ApiError(message, code="invalid_value", param="session.delegation.type")
    return merged(delegation, update)


def _without_credentials(delegation: Json) -> Json:
    """Leave out what an MCP server is called with: the API does not return it."""
    tools = [
        {name: value for name, value in tool.items() if name != "authorization"}
        for tool in member(delegation, "responses.tools") or []
    ]
    return merged(delegation, {"responses": {"tools": tools}}) if tools else delegation
