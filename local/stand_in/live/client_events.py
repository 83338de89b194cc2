"""Parses the client events of a Live session, by the types of the openai package and by what those leave open."""

from local.stand_in.errors import ApiError
from local.stand_in.live.session_rules import check_tokens
from local.stand_in.typed import ClientEvents, Json

CLIENT_EVENTS = ClientEvents("openai.types.live.client_event_param:ClientEventParam")

OF_WEBSOCKETS = ("session.start", "session.input_audio.append", "session.output_audio.fixture.play")
"""Only a WebSocket or a sideband connection may send these."""

MAX_CONTEXT_TOKENS = 500


def parse_live_event(event: Json) -> Json:
    """Check a client event of the data channel.

    Args:
        event: its JSON.

    Returns:
        The same event.

    Raises:
        ApiError: its type is unknown or not for the data channel, or a member is invalid.
    """
    if event.get("type") in OF_WEBSOCKETS:
        message = f"'{event['type']}' cannot be sent on a data channel."
        raise ApiError(message, code="invalid_event", param="type")
    CLIENT_EVENTS.parse(event)
    if event["type"].endswith(".append"):
        check_tokens(event["content"], MAX_CONTEXT_TOKENS, "content")
    return event
