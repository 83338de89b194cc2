"""Parses `POST /v1/live/sessions`, by the openai package's type and by what that leaves open.

Source: `openai/types/live/live_create_params.py`.
"""

from typing import Any

from openai.types.live.live_create_params import LiveCreateParams

from local.stand_in.errors import ApiError
from local.stand_in.typed import Typed

MAX_HISTORY = 128
"""Messages of history that a session may start with (`media_session_config_param.py`)."""

_BODY = Typed(LiveCreateParams)


def parse_live_request(value: object) -> tuple[bytes, dict[str, Any]]:
    """Parse the body.

    Args:
        value: its JSON.

    Returns:
        The offer, and the session config.

    Raises:
        ApiError: a parameter is invalid, or is one that the stand-in does not have.
    """
    body = _BODY.parse(value)
    _check_session(body["session"])
    offer: str = body["transport"]["sdp"]
    return offer.encode(), body["session"]


def _check_session(session: dict[str, Any]) -> None:
    for holds, param, message in (
        (not session["model"].strip(), "model", "The model has no name."),
        (len(session.get("input", [])) > MAX_HISTORY, "input", f"Expected at most {MAX_HISTORY} messages."),
        (session.get("idle_timeout_s", 1) < 1, "idle_timeout_s", "Expected at least 1."),
        ("idle_timeout_s" in session and "wake_policy" not in session, "idle_timeout_s", "It needs a wake_policy."),
        (_threshold(session) is None, "wake_policy.vad_threshold", "Expected a value from 0 to 1."),
        (_delegates_decisions(session), "delegation.type", "The stand-in has no decisions."),
        ("triggers" in session, "triggers", "The stand-in has no decisions."),
    ):
        if holds:
            raise ApiError(f"Invalid '{param}': {message}", code="invalid_value", param=f"session.{param}")


def _threshold(session: dict[str, Any]) -> float | None:
    threshold: float = session.get("wake_policy", {}).get("vad_threshold", 0.5)
    return threshold if 0 <= threshold <= 1 else None


def _delegates_decisions(session: dict[str, Any]) -> bool:
    return bool((session.get("delegation") or {}).get("type") == "decisions")
