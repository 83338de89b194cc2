"""Parses the client events of the Realtime API, by the types of the openai package and by what those leave open."""

from local.stand_in.errors import ApiError
from local.stand_in.ranges import check_ranges
from local.stand_in.realtime.item_rules import check_audio, check_item
from local.stand_in.realtime.session_config import without_nulls
from local.stand_in.realtime.session_rules import check_rules
from local.stand_in.typed import ClientEvents, Json

_EVENTS = ClientEvents(
    "openai.types.realtime.realtime_client_event_param:RealtimeClientEventParam",
    "openai.types.realtime.response_create_event_with_references_param:ResponseCreateEventWithReferencesParam",
)

MAX_EVENT_ID = 512


def parse_event(event: Json) -> Json:
    """Check a client event.

    Args:
        event: its JSON.

    Returns:
        The same event.

    Raises:
        ApiError: its type is unknown, or a parameter is invalid.
    """
    is_update = event.get("type") == "session.update" and "session" in event
    _EVENTS.parse({**event, "session": without_nulls(event["session"])} if is_update else event)
    if len(event.get("event_id", "")) > MAX_EVENT_ID:
        message = f"Expected at most {MAX_EVENT_ID} characters."
        raise ApiError(message, code="string_above_max_length", param="event_id")
    match event["type"]:
        case "input_audio_buffer.append":
            check_audio(event["audio"], "audio")
        case "conversation.item.create":
            check_item(event["item"], "item")
        case "conversation.item.truncate":
            check_ranges(event, {"audio_end_ms": (0, None)}, "")
        case "response.create":
            _check_response(event.get("response", {}))
    return event


def _check_response(params: Json) -> None:
    check_rules(params, "response")
    if params.get("conversation", "auto") not in ("auto", "none"):
        message = "Supported values are: 'auto' and 'none'."
        raise ApiError(message, code="invalid_value", param="response.conversation")
    for n, item in enumerate(params.get("input", [])):
        if item.get("type", "item_reference") != "item_reference":
            check_item(item, f"response.input[{n}]")
