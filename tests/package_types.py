"""Writes types of the package: events.d.ts from the openai package, error-codes.d.ts from openapi.json.

`make lock` runs it. What a session of the Live API passes on of the Responses API stays unknown: those types are far
larger than all others, and nothing here reads them.
"""

import json
import types
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Annotated, Any, Literal, TypeAliasType, Union, get_args, get_origin

import openai
from openai.types import live, realtime
from openai.types.live.connect_server_event import ConnectServerEvent
from openai.types.realtime.realtime_translation_client_event import RealtimeTranslationClientEvent
from openai.types.realtime.realtime_translation_server_event import RealtimeTranslationServerEvent
from pydantic import BaseModel
from pydantic.fields import FieldInfo

WEB = Path(__file__).parent.parent / "web"

UNIONS = {
    "ServerEvent": [realtime.RealtimeServerEvent, RealtimeTranslationServerEvent, ConnectServerEvent],
    "ClientEvent": [realtime.RealtimeClientEvent, RealtimeTranslationClientEvent, live.ClientEvent],
}
"""Each union of this module, by those of the openai package that it joins."""

PLAIN = {
    str: "string",
    int: "number",
    float: "number",
    bool: "boolean",
    type(None): "null",
    Any: "unknown",
    object: "unknown",
}

FOREIGN_INTERFACE = """/** What the Live API passes on of the Responses API, as it is. */
export interface Foreign {
  type?: string
  [member: string]: unknown
}"""

FOREIGN = ("openai.types.responses", "openai.types.shared")


class Module:
    """The TypeScript that describes some models, and all those that they contain."""

    def __init__(self) -> None:
        self._models: list[type[BaseModel]] = []

    def type_of(self, annotation: Any) -> str:
        """Write a type, and remember the models in it."""
        if isinstance(annotation, TypeAliasType):
            return self.type_of(annotation.__value__)
        if annotation in PLAIN:
            return PLAIN[annotation]
        if isinstance(annotation, type) and issubclass(annotation, BaseModel):
            return self._reference(annotation)
        origin, arguments = get_origin(annotation), get_args(annotation)
        if origin is Annotated:
            return self.type_of(arguments[0])
        if origin is Literal:
            return " | ".join(json.dumps(value) for value in arguments)
        if origin in (Union, types.UnionType):
            return self._union(arguments)
        if origin is list:
            return f"Array<{self.type_of(arguments[0])}>"
        if origin is dict:
            return f"Record<string, {self.type_of(arguments[1])}>"
        raise TypeError(f"There is no TypeScript for {annotation} yet.")

    def interfaces(self) -> list[str]:
        """Write each model that was remembered; there are more while they are written."""
        written = [self._interface(model) for model in self._models]
        while len(written) < len(self._models):
            written.append(self._interface(self._models[len(written)]))
        return written

    def _reference(self, model: type[BaseModel]) -> str:
        if model.__module__.startswith(FOREIGN):
            return "Foreign"
        if model not in self._models:
            self._models.append(model)
        return name_of(model)

    def _union(self, members: tuple[Any, ...]) -> str:
        written = dict.fromkeys(part for member in members for part in self.type_of(member).split(" | "))
        # Any string will do there; the names are for whoever reads the documentation.
        if "string" in written:
            written = {part: None for part in written if not part.startswith('"')}
        return " | ".join(written)

    def _interface(self, model: type[BaseModel]) -> str:
        members = [self._member(field.alias or name, field) for name, field in model.model_fields.items()]
        return "\n".join([f"export interface {name_of(model)} {{", *members, "}"])

    def _member(self, name: str, field: FieldInfo) -> str:
        return f"  {name}{'' if field.is_required() else '?'}: {self.type_of(field.annotation)}"


def name_of(model: type[BaseModel]) -> str:
    """Name a model: many modules have an `Audio` of their own, so the module is in the name."""
    module = model.__module__.rpartition(".")[2]
    api = "Live" if ".live." in model.__module__ else ""
    prefix = "".join(part.title() for part in module.split("_"))
    own = model.__name__
    same = prefix.lower() == own.lower() or own.lower().startswith(prefix.lower())
    return api + (own if same else f"{prefix}{own}")


def event_types() -> str:
    """Write the whole file."""
    module = Module()
    unions = {name: " | ".join(module.type_of(union) for union in of) for name, of in UNIONS.items()}
    head = [
        f"// Written by `make lock` from the types of the openai package {openai.__version__}.",
        FOREIGN_INTERFACE,
    ]
    written = [_union(name, union.split(" | ")) for name, union in unions.items()]
    return "\n\n".join([*head, *written, *sorted(set(module.interfaces()))]) + "\n"


def error_codes() -> str:
    """Write the codes of the contract: those of the examples of each response, and of its schema."""
    document = json.loads((WEB / "openapi.json").read_text())
    codes = sorted(set(_codes(document)) - {"invalid_request_error"})
    head = "// Written by `make lock` from web/openapi.json.\n\n/** What is wrong, by the server's own word. */\n"
    return f"{head}{_union('ContractErrorCode', map(json.dumps, codes))}\n"


def _codes(value: Any) -> Iterator[str]:
    """Find each `code` in a document: its value, or the values that its schema allows."""
    if isinstance(value, list):
        value = dict(enumerate(value))
    if not isinstance(value, dict):
        return
    for name, member in value.items():
        match name, member:
            case "code", str():
                yield member
            case "code", {"enum": [*codes]}:
                yield from codes
        yield from _codes(member)


def _union(name: str, members: Iterable[str]) -> str:
    return f"export type {name} =\n  | " + "\n  | ".join(dict.fromkeys(members))


FILES = {"events.d.ts": event_types, "error-codes.d.ts": error_codes}

if __name__ == "__main__":
    for file, written in FILES.items():
        (WEB / "realtime" / file).write_text(written())
