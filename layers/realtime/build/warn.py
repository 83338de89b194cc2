"""What may be wrong with valid presets: a model that ends soon, a name that the openai package does not have."""

import datetime
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple, get_args, get_type_hints

from openai.types.live.client_event_param import ClientEventParam
from openai.types.live.media_session_config_param import AudioOutputVoice
from openai.types.live.server_event import ServerEvent
from openai.types.realtime.realtime_audio_config_output_param import Voice
from realtime.presets import Type

from build.rules import get_member
from build.session_config import TYPES

WARNING_DAYS = 180
"""How long before a model's end the build warns of it."""

FILE = Path(__file__).with_name("model_ends.toml")
MODEL_PATHS = ("model", "audio.input.transcription.model", "delegation.responses.model", "delegation.decisions.model")

EVENTS = {
    *(name for event in get_args(ClientEventParam) for name in get_args(get_type_hints(event)["type"])),
    *(name for event in get_args(get_args(ServerEvent)[0]) for name in get_args(event.model_fields["type"].annotation)),
}
"""The types of all events of the Live API."""

Presets = Mapping[str, Mapping[str, Any]]
"""What `build.presets.read_presets` returns as `presets`."""


class End(NamedTuple):
    """The announced end of a model."""

    date: datetime.date
    replacement: str


def model_ends() -> dict[str, End]:
    """Return the announced ends by model."""
    ends = tomllib.loads(FILE.read_text())["ends"]
    return {model: End(one["date"], one["replacement"]) for one in ends for model in one["models"]}


def ending_models(presets: Presets, today: datetime.date, *, within_days: int) -> Iterator[str]:
    """Describe the models of presets that end soon, or have ended.

    Args:
        presets: the built presets.
        today: the date.
        within_days: what is soon.
    """
    ends = model_ends()
    for path, model in _models(presets):
        if model in ends and (days := (ends[model].date - today).days) <= within_days:
            date, replacement = ends[model]
            yield f"{path}: {model} ends on {date}, in {days} days; its replacement is {replacement}"


def unknown_names(presets: Presets) -> Iterator[str]:
    """Describe models, voices and events that are not in the openai package: new, another server's, or misprints.

    Args:
        presets: the built presets.
    """
    for name, preset in presets.items():
        kind: Type = preset["type"]
        model, voice = (get_member(preset["session"], path) for path in (("model",), ("audio", "output", "voice")))
        known = _named(get_type_hints(TYPES[kind]).get("model", str))
        if known and model and model not in known:
            yield f"presets.{name}.session.model: the openai package does not name {model}"
        for one in [voice, *preset["may_choose"].get("voice", [])]:
            if isinstance(one, str) and one not in _named(AudioOutputVoice if kind == "live" else Voice):
                yield f"presets.{name}: the openai package does not name the voice {one}"
        for event in _events(preset["session"]):
            if event not in EVENTS:
                yield f"presets.{name}.session.client.data_channel: the openai package has no event {event}"


def warnings(presets: Presets, today: datetime.date) -> list[str]:
    """List what the build warns of."""
    return [*ending_models(presets, today, within_days=WARNING_DAYS), *unknown_names(presets)]


def _models(presets: Presets) -> Iterator[tuple[str, str]]:
    for name, preset in presets.items():
        for path in MODEL_PATHS:
            model = get_member(preset["session"], tuple(path.split(".")))
            if isinstance(model, str):
                yield f"presets.{name}.session.{path}", model


def _events(session: Mapping[str, Any]) -> Iterator[str]:
    """Return the events that a Live session's data channel may carry, where they are listed."""
    for side in ("allowed_client_events", "allowed_server_events"):
        allowed = get_member(session, ("client", "data_channel", side))
        for event in allowed if isinstance(allowed, list) else []:
            yield event["type"] if isinstance(event, dict) else event


def _named(declared: Any) -> set[str]:
    """Return the names in a type such as `Union[str, Literal[...]]`."""
    return {name for member in get_args(declared) for name in get_args(member)}
