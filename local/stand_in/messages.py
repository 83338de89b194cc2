"""Messages of the data channel."""

import json

from local.stand_in.errors import ApiError
from local.stand_in.typed import Json


def parse_message(message: str | bytes) -> Json:
    """Parse a message; raises ApiError if it is not a JSON object."""
    try:
        event = json.loads(message) if isinstance(message, str) else None
    except ValueError:
        event = None
    if not isinstance(event, dict):
        raise ApiError("A client event is a JSON object, sent as text.", code="invalid_json")
    return event
