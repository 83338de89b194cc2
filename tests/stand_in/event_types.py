"""Validates server events by the openai SDK's types.

The SDK's unions and `construct_type` accept everything, and its models accept unknown members. So each event is
validated by the model of its type, and a member that the model does not declare is a problem.
"""

from typing import Any, get_args

from openai.types.live.server_event import ServerEvent
from openai.types.realtime import RealtimeServerEvent
from openai.types.realtime.realtime_translation_server_event import RealtimeTranslationServerEvent
from openai.types.responses import ResponseStreamEvent
from pydantic import BaseModel, ValidationError

Models = dict[str, type[BaseModel]]


def models(union: Any) -> Models:
    """The models of a union of events, by the type of event."""
    return {
        get_args(model.model_fields["type"].annotation)[0]: model
        for model in get_args(get_args(union)[0])
        if "type" in model.model_fields
    }


KINDS = {
    "realtime": models(RealtimeServerEvent),
    "live": models(ServerEvent),
    "translation": models(RealtimeTranslationServerEvent),
}
RESPONSES = models(ResponseStreamEvent)

SENT_THOUGH_UNTYPED = {"session.id", "session.object", "session.expires_at"}
"""Members of `session.created` and `session.updated` of the Realtime API."""


def problems(event: dict[str, Any], kind: str = "realtime") -> list[str]:
    """List the problems of a server event in a kind of session; empty if it is valid."""
    known = SENT_THOUGH_UNTYPED if kind == "realtime" else set()
    found = [problem for problem in _problems(event, KINDS[kind]) if problem.partition(": ")[2] not in known]
    return found + (_problems(event["event"], RESPONSES) if event.get("type") == "response.event" else [])


def _problems(event: dict[str, Any], types: Models) -> list[str]:
    if event.get("type") not in types:
        return [f"unknown type {event.get('type')!r}"]
    try:
        read = types[event["type"]].model_validate(event)
    except ValidationError as error:
        return [f"{event['type']}: {error}"]
    return [f"{event['type']}: {path}" for path in unknown_members(read)]


def unknown_members(value: object, path: str = "") -> list[str]:
    """List the members, at any depth, that no model declares."""
    if isinstance(value, list):
        return [found for part in value for found in unknown_members(part, path)]
    if not isinstance(value, BaseModel):
        return []
    unknown = [f"{path}.{name}".lstrip(".") for name in value.model_extra or {}]
    for name in type(value).model_fields:
        unknown += unknown_members(getattr(value, name), f"{path}.{name}".lstrip("."))
    return unknown
