"""Validates server events by the openai SDK's types.

The SDK's union and `construct_type` accept everything, and its models accept unknown members. So each event is
validated by the model of its type, and a member that the model does not declare is a problem.
"""

from typing import Any, get_args

from openai.types.realtime import RealtimeServerEvent
from pydantic import BaseModel, ValidationError

MODELS: dict[str, type[BaseModel]] = {
    get_args(model.model_fields["type"].annotation)[0]: model for model in get_args(get_args(RealtimeServerEvent)[0])
}

SENT_THOUGH_UNTYPED = {"session.id", "session.object", "session.expires_at"}


def problems(event: dict[str, Any]) -> list[str]:
    """List the problems of a server event; empty if it is valid."""
    if event.get("type") not in MODELS:
        return [f"unknown type {event.get('type')!r}"]
    try:
        read = MODELS[event["type"]].model_validate(event)
    except ValidationError as error:
        return [f"{event['type']}: {error}"]
    return [f"{event['type']}: {path}" for path in unknown_members(read) if path not in SENT_THOUGH_UNTYPED]


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
