"""What the openai package declares: the members of session configs, the events, the routes; one a line.

`make lock` writes them into sdk_types.txt. A new version of the package is then a diff of that file.
"""

import re
import typing
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import openai
import typing_extensions
from build.session_config import TYPES
from openai.types.live.client_event import ClientEvent as LiveClientEvent
from openai.types.live.server_event import ServerEvent as LiveServerEvent
from openai.types.realtime.realtime_client_event import RealtimeClientEvent
from openai.types.realtime.realtime_server_event import RealtimeServerEvent
from openai.types.realtime.realtime_translation_client_event import RealtimeTranslationClientEvent
from openai.types.realtime.realtime_translation_server_event import RealtimeTranslationServerEvent

RECORDED = Path(__file__).with_suffix(".txt")

EVENTS = {
    "live client event": LiveClientEvent,
    "live server event": LiveServerEvent,
    "realtime client event": RealtimeClientEvent,
    "realtime server event": RealtimeServerEvent,
    "translation client event": RealtimeTranslationClientEvent,
    "translation server event": RealtimeTranslationServerEvent,
}
_RESOURCES = ("live", "realtime")


def declared() -> list[str]:
    """List what the installed package declares."""
    lines = {f"{kind}: {path}" for kind, one in TYPES.items() for path in _members(one, "", ())}
    lines |= {f"{kind}: {name}" for kind, union in EVENTS.items() for name in _event_types(union)}
    folder = Path(openai.__file__).parent / "resources"
    lines |= {
        f"route: {route}"
        for name in _RESOURCES
        for route in re.findall(r'<code title="([^"]+)">', (folder / name / "api.md").read_text())
    }
    return sorted(lines)


def recorded() -> list[str]:
    """List what sdk_types.txt says."""
    return RECORDED.read_text().splitlines()


def used(kind: str, session: dict[str, Any]) -> set[str]:
    """List the members that a session config has, as `declared` writes them."""
    return {f"{kind}: {path}" for path in _used_members(session, "")}


def _members(declared_type: Any, path: str, above: tuple[Any, ...]) -> Iterator[str]:
    """List the paths below a type, and the literals at a path: `audio.output.voice = marin`."""
    if declared_type in above:  # filters of a search may contain filters
        return
    if typing_extensions.is_typeddict(declared_type):
        for name, member in typing.get_type_hints(declared_type).items():
            inner = f"{path}.{name}" if path else name
            yield inner
            yield from _members(member, inner, (*above, declared_type))
    elif typing.get_origin(declared_type) is typing.Literal:
        yield from (f"{path} = {value}" for value in typing.get_args(declared_type))
    else:
        for inner_type in typing.get_args(declared_type):
            yield from _members(inner_type, path, above)


def _event_types(union: Any) -> Iterator[str]:
    fields = getattr(union, "model_fields", {})
    if "type" in fields:
        yield from typing.get_args(fields["type"].annotation)
        return
    for member in typing.get_args(union):
        yield from _event_types(member)


def _used_members(value: Any, path: str) -> Iterator[str]:
    if isinstance(value, dict):
        for name, member in value.items():
            inner = f"{path}.{name}" if path else name
            yield inner
            if name != "parameters":  # a JSON Schema
                yield from _used_members(member, inner)
    elif isinstance(value, list):
        for member in value:
            yield from _used_members(member, path)


if __name__ == "__main__":
    RECORDED.write_text("".join(f"{line}\n" for line in declared()))
