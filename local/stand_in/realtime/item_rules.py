"""What the Realtime API refuses in a client's conversation item although the openai package's types allow it."""

import base64

from local.stand_in.errors import ApiError
from local.stand_in.typed import Json

MAX_ID = 64

ITEMS = ("message", "function_call", "function_call_output")
"""The items that a client may add here: the stand-in calls no MCP servers."""

CONTENT = {"input_text": "text", "output_text": "text", "input_audio": "audio", "input_image": "image_url"}
"""The member that a content part must have, by its type; the assistant's audio cannot be added to a conversation."""


def check_item(item: Json, at: str) -> None:
    """Check a client's item.

    Args:
        item: the JSON, of the right type.
        at: its path in the event, for the error.

    Raises:
        ApiError: the API, or the stand-in, would refuse it.
    """
    if item["type"] not in ITEMS:
        raise _invalid(f"{at}.type", f"Supported values are: {', '.join(ITEMS)}.")
    if not 1 <= len(item.get("id", "item")) <= MAX_ID:
        raise _invalid(f"{at}.id", f"Expected 1 to {MAX_ID} characters.")
    for n, part in enumerate(item.get("content", [])):
        _check_part(part, f"{at}.content[{n}]")


def check_audio(audio: str, at: str) -> None:
    """Raise ApiError unless a string is base64."""
    try:
        base64.b64decode(audio, validate=True)
    except ValueError:  # binascii.Error is one; another says that it is not ASCII
        raise _invalid(at, "It is not base64.") from None


def _check_part(part: Json, at: str) -> None:
    _require(part, "type", at)
    if part["type"] not in CONTENT:
        raise _invalid(f"{at}.type", f"Supported values are: {', '.join(CONTENT)}.")
    _require(part, CONTENT[part["type"]], at)
    if "audio" in part:
        check_audio(part["audio"], f"{at}.audio")


def _require(part: Json, name: str, at: str) -> None:
    if name not in part:
        message = f"Missing required parameter: '{at}.{name}'."
        raise ApiError(message, code="missing_required_parameter", param=f"{at}.{name}")


def _invalid(param: str, reason: str) -> ApiError:
    return ApiError(f"Invalid value for '{param}': {reason}", code="invalid_value", param=param)
