"""What the Live API refuses in a session config although the openai package's types allow it.

Source: the descriptions of the members in that package. It is not the layer's list, so that a mistake in that one is
found when the stand-in checks what the layer sends.
"""

from typing import get_args

from local.stand_in.errors import ApiError
from local.stand_in.ranges import check_ranges
from local.stand_in.typed import Json, declared, member

_RANGES: dict[str, tuple[float, float | None]] = {
    "delegation.acknowledgement_delay_ms": (0, None),
    "delegation.responses.max_output_tokens": (1, None),
    "idle_timeout_s": (1, None),
    "wake_policy.vad_threshold": (0, 1),
}

MAX_HISTORY = 128
MAX_INSTRUCTION_TOKENS = 16_384


def check_session(session: Json) -> None:
    """Check what the types leave open.

    Args:
        session: a session config of the right type.

    Raises:
        ApiError: the API would refuse it, or it asks for what the stand-in does not have.
    """
    check_ranges(session, _RANGES, "session")
    check_tokens(session.get("instructions") or "", MAX_INSTRUCTION_TOKENS, "session.instructions")
    history = session.get("input", [])
    for is_wrong, param, reason in (
        (not session["model"].strip(), "model", "The model has no name."),
        (len(history) > MAX_HISTORY, "input", f"Expected at most {MAX_HISTORY} messages."),
        (any(len(message["content"]) != 1 for message in history), "input", "Expected one text in each message."),
        ("idle_timeout_s" in session and "wake_policy" not in session, "idle_timeout_s", "It needs a wake_policy."),
        (member(session, "delegation.type") == "decisions", "delegation.type", "The stand-in has no decisions."),
        ("triggers" in session, "triggers", "The stand-in has no decisions."),
    ):
        if is_wrong:
            raise _invalid(f"session.{param}", reason)
    check_permissions(member(session, "client.data_channel") or {}, "session.client.data_channel")


def check_permissions(data_channel: Json, at: str) -> None:
    """Raise ApiError if the permissions of a data channel name events that do not exist."""
    clients = data_channel.get("allowed_client_events", "all")
    known = _types_of("openai.types.live.client_event:ClientEvent")
    for n, kind in enumerate([] if clients == "all" else clients):
        if kind not in known:
            raise _invalid(f"{at}.allowed_client_events[{n}]", f"'{kind}' is no client event.")
    servers = data_channel.get("allowed_server_events", "all")
    known = _types_of("openai.types.live.server_event:ServerEvent")
    for n, selector in enumerate([] if servers == "all" else servers):
        path = f"{at}.allowed_server_events[{n}]"
        if selector["type"] not in known:
            raise _invalid(f"{path}.type", f"'{selector['type']}' is no server event.")
        if (selector["type"] == "response.event") != ("response_event" in selector):
            raise _invalid(f"{path}.response_event", "Every response.event has it, and no other.")


def check_tokens(text: str, most: int, at: str) -> None:
    """Raise ApiError if a text has too many tokens, of which each word is at least one."""
    if len(text.split()) > most:
        raise _invalid(at, f"Expected at most {most} tokens.")


def _types_of(union: str) -> set[str]:
    models = get_args(get_args(declared(union))[0])
    return {get_args(model.model_fields["type"].annotation)[0] for model in models}


def _invalid(param: str, reason: str) -> ApiError:
    return ApiError(f"Invalid value for '{param}': {reason}", code="invalid_value", param=param)
