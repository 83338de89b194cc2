"""Reads presets.toml, and makes sure that every session config in it is one that the Realtime API takes.

`python -m realtime.preset_file`, as `sam build` runs it, prints what it comes to, as JSON. The functions then need
neither this file nor pydantic: to import that, make its models and validate was two fifths of a cold start.
"""

import json
import sys
import tomllib
from pathlib import Path
from typing import Any, Self

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError, model_validator

from realtime.errors import Misconfigured
from realtime.presets import FILE, PLACES, Choice, Value, put, spelt
from realtime.session_config import FunctionTool, RealtimeSession, SessionConfig, TranscriptionSession


class Preset(BaseModel):
    """One session config, and what a client may change of it."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    title: str
    description: str = ""
    locked: bool = False
    may_choose: dict[Choice, list[Value]] = {}
    key_lifetime_seconds: int = Field(default=600, ge=10, le=7200)
    session: SessionConfig

    @model_validator(mode="after")
    def _every_choice_is_possible(self) -> Self:
        for choice, values in self.may_choose.items():
            for value in values:
                _check_session(put(self.session_config(), PLACES[choice], value), f"may_choose.{choice}: {value}")
        return self

    @model_validator(mode="after")
    def _locked_leaves_something_to_hear(self) -> Self:
        if self.locked and isinstance(self.session, TranscriptionSession):
            raise ValueError("a locked transcription could show nothing to anybody: leave one of the two out")
        if self.locked and self.functions():
            raise ValueError(
                "a locked preset has no data channel to answer function tools by: leave one of the two out"
            )
        return self

    def functions(self) -> list[str]:
        """Name the functions that the client is asked to run."""
        if not isinstance(self.session, RealtimeSession):
            return []
        return [tool.name for tool in self.session.tools or [] if isinstance(tool, FunctionTool)]

    def session_config(self) -> dict[str, Any]:
        """Write the session config, with only the members that are set."""
        return self.session.model_dump(mode="json", exclude_unset=True)

    def chosen_already(self) -> dict[Choice, Value]:
        """Tell what the preset itself says of each thing that the client may choose."""
        session = self.session.model_dump(mode="json")
        there = {choice: _member(session, PLACES[choice]) for choice in self.may_choose}
        return {choice: value for choice, value in there.items() if value is not None}

    def as_the_functions_take_it(self) -> dict[str, Any]:
        """Leave out what is for people alone; see `realtime.presets.Preset`."""
        kept = self.model_dump(include={"may_choose", "locked", "key_lifetime_seconds"})
        return {"session": self.session_config(), **kept}

    def as_a_person_picks_it(self, name: str) -> dict[str, Any]:
        """Describe it; nothing of what the server keeps to itself."""
        return {
            "name": name,
            "title": self.title,
            "description": self.description,
            "type": self.session.type,
            "locked": self.locked,
            "tools": self.functions(),
            "may_choose": {choice: [spelt(value) for value in values] for choice, values in self.may_choose.items()},
            "chosen": {choice: spelt(value) for choice, value in self.chosen_already().items()},
        }


class PresetFile(BaseModel):
    """The whole file."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    default: str
    presets: dict[str, Preset] = Field(min_length=1)

    @model_validator(mode="after")
    def _the_default_exists(self) -> Self:
        if self.default not in self.presets:
            raise ValueError(f"default: there is no preset {self.default!r}")
        return self


def read_presets(file: Path = FILE) -> dict[str, Any]:
    """Read and validate a presets file.

    Args:
        file: the file.

    Returns:
        What it comes to, as JSON has it: the members of `realtime.presets.Presets`.

    Raises:
        Misconfigured: the file is not TOML, or a field of it is wrong; the message names the field and the reason.
    """
    try:
        read = PresetFile.model_validate(tomllib.loads(file.read_text()))
    except tomllib.TOMLDecodeError as broken:
        raise Misconfigured(f"{file.name}: {broken}.") from broken
    except ValidationError as invalid:
        # Not as the cause, which is logged: pydantic shows what it was given, and that is nobody's business.
        raise Misconfigured(f"{file.name}: {_first_fault(invalid)}.") from None
    return {
        "default": read.default,
        "presets": {name: preset.as_the_functions_take_it() for name, preset in read.presets.items()},
        "catalogue": [preset.as_a_person_picks_it(name) for name, preset in read.presets.items()],
    }


def _check_session(session: dict[str, Any], place: str) -> None:
    try:
        _SESSION.validate_python(session)
    except ValidationError as invalid:
        raise ValueError(f"{place}: {invalid.errors()[0]['msg']}") from invalid


def _first_fault(invalid: ValidationError) -> str:
    fault = invalid.errors(include_url=False, include_context=False, include_input=False)[0]
    field = ".".join(str(part) for part in fault["loc"])
    return f"{field}: {fault['msg']}" if field else fault["msg"]


def _member(part: Any, place: str) -> Any:
    for name in place.split("."):
        part = part.get(name) if isinstance(part, dict) else None
    return part


_SESSION: TypeAdapter[RealtimeSession | TranscriptionSession] = TypeAdapter(SessionConfig)

if __name__ == "__main__":
    try:
        json.dump(read_presets(), sys.stdout, ensure_ascii=False)
    except Misconfigured as wrong:
        sys.exit(wrong.message)
