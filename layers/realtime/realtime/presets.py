"""The presets: session configs that the server sets, and what a client may choose within them.

They are written in presets.toml. The build validates that file (build/presets.py) and ships the result as JSON.
"""

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, Literal, NamedTuple

from realtime.errors import ChoiceNotAllowed, Misconfigured, UnknownPreset
from realtime.sdp import Media
from realtime.settings import settings

BUILT = Path(__file__).with_name("presets.json")

Value = str | int | float

Type = Literal["realtime", "transcription", "translation", "live"]
"""What a session is; the upstream has different routes and session configs for each."""

CHOICE_PATHS: dict[Type, dict[str, str]] = {
    "realtime": {
        "voice": "audio.output.voice",
        "speed": "audio.output.speed",
        "language": "audio.input.transcription.language",
        "eagerness": "audio.input.turn_detection.eagerness",
        "effort": "reasoning.effort",
    },
    "transcription": {
        "language": "audio.input.transcription.language",
        "eagerness": "audio.input.turn_detection.eagerness",
    },
    "translation": {"language": "audio.output.language"},
    "live": {"voice": "audio.output.voice", "effort": "delegation.responses.reasoning.effort"},
}
"""What a preset of each type may let the client choose, and where that is in the session config."""


class ResolvedPreset(NamedTuple):
    """What a client's query selects."""

    name: str
    type: Type
    session: dict[str, Any]
    """The session config to send upstream: the preset's, with the client's choices."""
    locked: bool
    key_lifetime_seconds: int

    @property
    def media(self) -> Media:
        """What the call may consist of: the Live API limits the events of a locked call, Realtime cannot."""
        if not self.locked:
            return "any"
        return "audio and events" if self.type == "live" else "audio"


class Preset(NamedTuple):
    """One session config, and what a client may change of it."""

    type: Type
    session: dict[str, Any]
    may_choose: dict[str, list[Value]]
    locked: bool
    key_lifetime_seconds: int

    def session_with(self, choices: Mapping[str, Value]) -> dict[str, Any]:
        """Return the session config with choices.

        Args:
            choices: the value of each choice that was made.
        """
        session = self.session
        for choice, value in choices.items():
            session = set_path(session, CHOICE_PATHS[self.type][choice], value)
        return session


class Presets(NamedTuple):
    """All presets."""

    default: str
    presets: dict[str, Preset]
    catalogue: list[dict[str, Any]]
    """Describes them to the person who picks one; for /config.json: without what the server keeps private."""

    def resolve(
        self, query: Mapping[str, str], *, model: str | None = None, default: str | None = None
    ) -> ResolvedPreset:
        """Find the session config for a query.

        Args:
            query: `preset` and the client's choices.
            model: replaces the preset's model, where it is of the Realtime API's conversations.
            default: replaces the presets' default.

        Returns:
            The session config, and how it may be used.

        Raises:
            UnknownPreset: there is no preset of that name.
            Misconfigured: there is no preset of the default's name.
            ChoiceNotAllowed: the preset does not let the client choose that, or does not allow that value.
        """
        name = query.get("preset") or self.choose_default(default)
        if name not in self.presets:
            raise UnknownPreset(
                f"There is no preset of that name: take one of {', '.join(self.presets)}.", param="preset"
            )
        preset = self.presets[name]
        choices = {key: _parse_choice(name, preset, key, value) for key, value in query.items() if key != "preset"}
        session = preset.session_with(choices)
        if model and preset.type == "realtime":
            session = session | {"model": model}
        return ResolvedPreset(name, preset.type, session, preset.locked, preset.key_lifetime_seconds)

    def choose_default(self, name: str | None) -> str:
        """Return the preset of a client that names none.

        Args:
            name: what the deployer set; without, the presets' default.

        Raises:
            Misconfigured: there is no such preset.
        """
        if name and name not in self.presets:
            raise Misconfigured(f"DefaultPreset: there is no preset {name}: take one of {', '.join(self.presets)}.")
        return name or self.default

    def for_the_page(self, default: str | None = None) -> dict[str, Any]:
        """Return the members of /config.json that are about presets.

        Args:
            default: replaces the presets' default.

        Raises:
            Misconfigured: there is no such preset.
        """
        return {"default_preset": self.choose_default(default), "presets": self.catalogue}


@cache
def presets() -> Presets:
    """Load the presets: those that the build has written, or else, as in the repository, presets.toml itself.

    Returns:
        The presets; the same object for the life of the process.

    Raises:
        Misconfigured: presets.toml is not valid; the message names the field and the reason.
    """
    if BUILT.exists():
        return parse_presets(json.loads(BUILT.read_text()))
    from build.cache import built_presets

    return parse_presets(built_presets())


def resolve_preset(query: Mapping[str, str]) -> ResolvedPreset:
    """Find the session config for a query, with the deployer's model and default.

    Args:
        query: `preset` and the client's choices.

    Returns:
        The session config, and how it may be used.

    Raises:
        UnknownPreset: there is no preset of that name.
        Misconfigured: presets or settings are not valid.
        ChoiceNotAllowed: the preset does not let the client choose that, or does not allow that value.
    """
    return presets().resolve(query, model=settings().model, default=settings().default_preset)


def parse_presets(built: dict[str, Any]) -> Presets:
    """Make presets of what the build has written.

    Args:
        built: what `build.presets.read_presets` returned.
    """
    return Presets(
        built["default"], {name: Preset(**one) for name, one in built["presets"].items()}, built["catalogue"]
    )


def query_value(value: Value) -> str:
    """Write a value as it is in a query: 1.0 is `1`, as JavaScript writes it."""
    return value if isinstance(value, str) else f"{value:g}"


def set_path(part: dict[str, Any], path: str, value: Value | None) -> dict[str, Any]:
    """Return a copy of an object with one member set.

    Args:
        part: the object.
        path: the member, as `audio.output.voice`.
        value: its value.
    """
    name, _, rest = path.partition(".")
    return {**part, name: set_path(part.get(name) or {}, rest, value) if rest else value}


def _parse_choice(name: str, preset: Preset, key: str, value: str) -> Value:
    if key in preset.may_choose:
        return _parse_value(preset.may_choose[key], value, f"The preset {name} allows for {key}", key)
    allowed = ", ".join(preset.may_choose) or "nothing"
    raise ChoiceNotAllowed(
        f"The preset {name} does not let the client choose that; it may choose: {allowed}.", param=key[:64]
    )


def _parse_value(values: list[Value], value: str, message: str, param: str) -> Value:
    for allowed in values:
        if query_value(allowed) == value:
            return allowed
    raise ChoiceNotAllowed(f"{message}: {', '.join(map(query_value, values))}.", param=param)
