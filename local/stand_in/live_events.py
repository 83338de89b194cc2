"""Parses the client events of a Live session (`openai/types/live/client_event_param.py`)."""

from typing import Any, get_args, get_type_hints

from openai.types.live.client_event_param import ClientEventParam

from local.stand_in.errors import ApiError
from local.stand_in.typed import Typed


def _type_of(declared: Any) -> str:
    [name] = get_args(get_type_hints(declared)["type"])
    return str(name)


_EVENTS = {_type_of(declared): Typed(declared) for declared in get_args(ClientEventParam)}

OF_WEBSOCKETS = ("session.start", "session.input_audio.append", "session.output_audio.fixture.play")
"""Only a WebSocket or a sideband connection may send these."""


def parse_live_event(event: dict[str, Any]) -> dict[str, Any]:
    """Check a client event of the data channel.

    Args:
        event: its JSON.

    Returns:
        The same event.

    Raises:
        ApiError: its type is unknown or not for the data channel, or a member is invalid.
    """
    kind = event.get("type")
    if not isinstance(kind, str) or kind not in _EVENTS:
        raise ApiError(f"Unknown event type: '{kind}'.", code="invalid_value", param="type")
    if kind in OF_WEBSOCKETS:
        raise ApiError(f"'{kind}' cannot be sent on a data channel.", code="invalid_event", param="type")
    return _EVENTS[kind].parse(event)
