"""Presets of Live and translation: what their APIs would refuse is named, and a locked one stays locked."""

from pathlib import Path

import pytest
from realtime.errors import Misconfigured

from tests.test_presets import SMALLEST, edited

LIVE = """
default = "a"
[presets.a]
title = "A"
[presets.a.session]
type = "live"
model = "gpt-live-1"
"""
BACKEND = 'delegation.type = "responses"\ndelegation.responses.'
OWN = "[presets.a.session.client.data_channel]\n"


@pytest.mark.parametrize(
    ("lines", "named"),
    [
        ('voice = "marin"', "voice: Extra inputs are not permitted"),
        ("audio.output.voice = 5", "audio.output.voice: Input should be a valid string"),
        (
            'delegation = { type = "clients" }',
            "delegation.type: Input should be 'client' or 'responses'",
        ),
        ('delegation = { type = "responses" }', "delegation.responses: Field required"),
        (BACKEND + 'tools = [{ type = "function", name = "f" }]', "delegation.responses.model: Field required"),
        ('input = [{ role = "user", content = [{ txt = "hi" }] }]', "input.0.content.0.text: Field required"),
        ('input = [{ role = "user", content = [{ text = "hi", x = 1 }] }]', "input.0.content.0.x: Extra inputs are"),
        (
            OWN + 'allowed_server_events = [{ type = "info", x = 1 }]',
            "client.data_channel.allowed_server_events.0.x: Extra inputs are",
        ),
        (
            OWN + 'allowed_server_events = [{ type = "response.event" }]',
            "client.data_channel.allowed_server_events.0: Input should have",
        ),
        (OWN + 'allowed_client_events = "none"', "client.data_channel.allowed_client_events: Input should be 'all'"),
        ("idle_timeout_s = 60", "idle_timeout_s: It needs a wake_policy"),
        (
            'wake_policy = { type = "speech", vad_threshold = 2 }',
            "wake_policy.vad_threshold: Input should be from",
        ),
    ],
)
def test_a_broken_live_session_is_named_with_the_field_and_the_reason(tmp_path: Path, lines: str, named: str) -> None:
    with pytest.raises(Misconfigured) as broken:
        edited(tmp_path, LIVE + lines)

    assert broken.value.message.startswith(f"presets.toml: presets.a.session.{named}")


@pytest.mark.parametrize("kind", ["live", "translation"])
def test_a_session_of_the_newer_kinds_needs_a_model(tmp_path: Path, kind: str) -> None:
    with pytest.raises(Misconfigured, match=r"presets\.a\.session\.model: Field required\.$"):
        edited(tmp_path, SMALLEST.replace("realtime", kind))


LOCKED_LIVE = LIVE.replace('title = "A"', 'title = "A"\nlocked = true')


def test_a_locked_live_preset_may_limit_its_data_channel_itself(tmp_path: Path) -> None:
    own = {"allowed_client_events": ["session.close"], "allowed_server_events": [{"type": "session.closed"}]}
    lines = 'allowed_client_events = ["session.close"]\nallowed_server_events = [{ type = "session.closed" }]'

    read = edited(tmp_path, LOCKED_LIVE + OWN + lines)

    assert read.resolve({}).session["client"] == {"data_channel": own}
    assert read.catalogue[0]["data_channel"]


@pytest.mark.parametrize(
    "lines",
    ['allowed_client_events = ["session.close"]', 'allowed_client_events = "all"\nallowed_server_events = []'],
)
def test_a_locked_live_preset_cannot_allow_everything(tmp_path: Path, lines: str) -> None:
    with pytest.raises(Misconfigured, match="all would unlock it"):
        edited(tmp_path, LOCKED_LIVE + OWN + lines)


def test_a_data_channel_that_nothing_can_cross_is_none(tmp_path: Path) -> None:
    lines = "allowed_client_events = []\nallowed_server_events = []"

    assert not edited(tmp_path, LOCKED_LIVE + OWN + lines).catalogue[0]["data_channel"]


def test_the_functions_of_a_live_preset_are_those_of_its_backend(tmp_path: Path) -> None:
    lines = (
        'delegation = { type = "responses", responses = { model = "m", tools = [{ type = "function", name = "f" }] } }'
    )

    assert edited(tmp_path, LIVE + lines).catalogue[0]["tools"] == ["f"]
    with pytest.raises(Misconfigured, match="no data channel to answer function tools by"):
        edited(tmp_path, LOCKED_LIVE + lines)


def test_a_locked_interpreter_is_audio_only(tmp_path: Path) -> None:
    read = edited(tmp_path, SMALLEST.replace("realtime", "translation") + 'locked = true\nsession.model = "m"')

    assert (read.resolve({}).media, read.catalogue[0]["data_channel"]) == ("audio", False)
