"""The presets: session configs that the server owns, and the choices that a client has within them.

They are written in presets.toml. `sam build` reads that once and for all (preset_file.py) and ships what it comes to.
"""

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, Literal, NamedTuple

from realtime.errors import ChoiceNotAllowed, UnknownPreset

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


class Preset(NamedTuple):
    """One session config, and what a client may change of it."""

    session: dict[str, Any]
    may_choose: dict[Choice, list[Value]]
    locked: bool
    key_lifetime_seconds: int

    def session_with(self, choices: Mapping[Choice, Value]) -> dict[str, Any]:
        """Put choices into the session config.

        Args:
            choices: the value of each choice that was made.

        Returns:
            The session config that they come to.
        """
        session = self.session
        for choice, value in choices.items():
            session = put(session, PLACES[choice], value)
        return session


class Presets(NamedTuple):
    """All presets."""

    default: str
    presets: dict[str, Preset]
    catalogue: list[dict[str, Any]]
    """Describes them to a person who picks one; nothing of what the server keeps to itself."""

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
            session = session | {"model": model}
        return Chosen(name, session, preset.locked, preset.key_lifetime_seconds)


@cache
def presets(file: Path = FILE) -> Presets:
    """Load the presets.

    Args:
        file: where they are written; the file that ships, unless told. Where `sam build` has left what it comes to
            beside it, that is taken.

    Returns:
        The presets; the same object for the life of the process.

    Raises:
        Misconfigured: the file is not TOML, or a field of it is wrong; the message names the field and the reason.
    """
    built = file.with_suffix(".json")
    if built.exists():
        read = json.loads(built.read_text())
    else:
        from realtime.preset_file import read_presets

        read = read_presets(file)
    return Presets(read["default"], {name: Preset(**one) for name, one in read["presets"].items()}, read["catalogue"])


def spelt(value: Value) -> str:
    """Write a value as a query has it: 1.0 is `1`, as JavaScript too writes it."""
    return value if isinstance(value, str) else f"{value:g}"


def put(part: dict[str, Any], place: str, value: Value) -> dict[str, Any]:
    """Put a value into an object; the object itself stays as it is.

    Args:
        part: the object.
        place: where in it, as `audio.output.voice`.
        value: the value.
    """
    name, _, rest = place.partition(".")
    return {**part, name: put(part.get(name) or {}, rest, value) if rest else value}


def _allowed(name: str, preset: Preset, key: str, value: str) -> tuple[Choice, Value]:
    for choice, values in preset.may_choose.items():
        if choice == key:
            return choice, _one_of(values, value, f"The preset {name} allows for {key}", key)
    theirs = ", ".join(preset.may_choose) or "nothing"
    raise ChoiceNotAllowed(
        f"The preset {name} does not let the client choose that; it may choose: {theirs}.", param=key[:64]
    )


def _one_of(values: list[Value], value: str, allows: str, param: str) -> Value:
    for allowed in values:
        if spelt(allowed) == value:
            return allowed
    raise ChoiceNotAllowed(f"{allows}: {', '.join(map(spelt, values))}.", param=param)
