"""The presets: session configs that the server owns, and the choices that a client has within them."""

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, Literal, NamedTuple, Self, cast

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError, model_validator

from realtime.errors import ChoiceNotAllowed, Misconfigured, UnknownPreset
from realtime.session_config import FunctionTool, RealtimeSession, SessionConfig, TranscriptionSession

FILE = Path(__file__).with_name("presets.toml")

Choice = Literal["voice", "speed", "language", "eagerness", "effort"]
Value = str | int | float

PLACES: dict[Choice, str] = {
    "voice": "audio.output.voice",
    "speed": "audio.output.speed",
    "language": "audio.input.transcription.language",
    "eagerness": "audio.input.turn_detection.eagerness",
    "effort": "reasoning.effort",
}
"""Where in the session config each choice goes."""


class Chosen(NamedTuple):
    """What a client's query comes to."""

    preset: str
    session: dict[str, Any]
    """The session config to send upstream: the preset's own, the client's choices put in."""
    locked: bool
    key_lifetime_seconds: int


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
                _check_session(self.session_with({choice: value}), f"may_choose.{choice}: {value}")
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

    def session_with(self, choices: Mapping[Choice, Value]) -> dict[str, Any]:
        """Put choices into the session config.

        Args:
            choices: the value of each choice that was made.

        Returns:
            A session config of its own, with only the members that are set.
        """
        session = self.session.model_dump(mode="json", exclude_unset=True)
        for choice, value in choices.items():
            *parents, name = PLACES[choice].split(".")
            part = session
            for parent in parents:
                part = part.setdefault(parent, {})
            part[name] = value
        return session

    def chosen_already(self) -> dict[Choice, Value]:
        """Tell what the preset itself says of each thing that the client may choose."""
        session = self.session.model_dump(mode="json")
        there = {choice: _member(session, PLACES[choice]) for choice in self.may_choose}
        return {choice: value for choice, value in there.items() if value is not None}


class Presets(BaseModel):
    """The presets file."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    default: str
    presets: dict[str, Preset] = Field(min_length=1)

    @model_validator(mode="after")
    def _the_default_exists(self) -> Self:
        if self.default not in self.presets:
            raise ValueError(f"default: there is no preset {self.default!r}")
        return self

    def choose(self, query: Mapping[str, str], *, model: str | None = None) -> Chosen:
        """Find the session config that a query asks for.

        Args:
            query: `preset` and the choices that the client made.
            model: takes the place of the preset's own model.

        Returns:
            The session config, and how it may be used.

        Raises:
            UnknownPreset: there is no preset of that name.
            ChoiceNotAllowed: the preset leaves that to the server, or does not allow that value.
        """
        name = query.get("preset") or self.default
        if name not in self.presets:
            raise UnknownPreset(
                f"There is no preset of that name: take one of {', '.join(self.presets)}.", param="preset"
            )
        preset = self.presets[name]
        wanted = {key: value for key, value in query.items() if key != "preset"}
        session = preset.session_with(dict(_allowed(name, preset, key, value) for key, value in wanted.items()))
        if model and session["type"] == "realtime":
            session["model"] = model
        return Chosen(name, session, preset.locked, preset.key_lifetime_seconds)

    def catalogue(self) -> list[dict[str, Any]]:
        """Describe the presets to a person who picks one; nothing of what the server keeps to itself."""
        return [
            {
                "name": name,
                "title": preset.title,
                "description": preset.description,
                "type": preset.session.type,
                "locked": preset.locked,
                "tools": preset.functions(),
                "may_choose": {
                    choice: [spelt(value) for value in values] for choice, values in preset.may_choose.items()
                },
                "chosen": {choice: spelt(value) for choice, value in preset.chosen_already().items()},
            }
            for name, preset in self.presets.items()
        ]


def spelt(value: Value) -> str:
    """Write a value as a query has it: 1.0 is `1`, as JavaScript too writes it."""
    return value if isinstance(value, str) else f"{value:g}"


@cache
def presets(file: Path = FILE) -> Presets:
    """Read and validate the presets file.

    Args:
        file: the file; the one that ships, unless told.

    Returns:
        The presets; the same object for the life of the process.

    Raises:
        Misconfigured: the file is not TOML, or a field of it is wrong; the message names the field and the reason.
    """
    try:
        return Presets.model_validate(tomllib.loads(file.read_text()))
    except tomllib.TOMLDecodeError as broken:
        raise Misconfigured(f"{file.name}: {broken}.") from broken
    except ValidationError as invalid:
        raise Misconfigured.at(file.name, invalid) from invalid


def _allowed(name: str, preset: Preset, key: str, value: str) -> tuple[Choice, Value]:
    values = preset.may_choose.get(cast("Choice", key))
    if values is None:
        theirs = ", ".join(preset.may_choose) or "nothing"
        raise ChoiceNotAllowed(
            f"The preset {name} does not let the client choose that; it may choose: {theirs}.", param=key[:64]
        )
    for allowed in values:
        if spelt(allowed) == value:
            return cast("Choice", key), allowed
    raise ChoiceNotAllowed(f"The preset {name} allows for {key}: {', '.join(map(spelt, values))}.", param=key)


def _check_session(session: dict[str, Any], place: str) -> None:
    try:
        _SESSION.validate_python(session)
    except ValidationError as invalid:
        raise ValueError(f"{place}: {invalid.errors()[0]['msg']}") from invalid


def _member(part: Any, place: str) -> Any:
    for name in place.split("."):
        part = part.get(name) if isinstance(part, dict) else None
    return part


_SESSION: TypeAdapter[RealtimeSession | TranscriptionSession] = TypeAdapter(SessionConfig)
