"""The presets file: the one in the repository is valid, and an error in another names the field and the reason."""

import json
from pathlib import Path

import pytest
from build.presets import read_presets
from realtime.errors import ChoiceNotAllowed, Misconfigured, UnknownPreset
from realtime.presets import BUILT, Presets, parse_presets, presets

from tests.conftest import ROOT


def edited(tmp_path: Path, body: str) -> Presets:
    file = tmp_path / "presets.toml"
    file.write_text(body)
    return parse_presets(read_presets(file))


SMALLEST = """
default = "a"
[presets.a]
title = "A"
session.type = "realtime"
"""


def test_the_presets_that_ship_are_valid() -> None:
    assert [(each["name"], each["type"], each["locked"], each["tools"]) for each in presets().catalogue] == [
        ("assistant", "realtime", False, []),
        ("private", "realtime", True, []),
        ("colours", "realtime", False, ["set_colour", "get_time"]),
        ("transcriber", "transcription", False, []),
        ("live", "live", False, []),
        ("live-private", "live", True, []),
        ("interpreter", "translation", False, []),
    ]


def test_the_catalogue_shows_no_instructions() -> None:
    sessions = [preset.session for preset in presets().presets.values()]
    lines = [line for session in sessions for line in session.get("instructions", "").splitlines()]
    catalogue = json.dumps(presets().catalogue, ensure_ascii=False)

    assert len(lines) > len(sessions)
    assert [line for line in lines if line in catalogue] == []


def test_the_catalogue_has_what_a_person_could_say_first(tmp_path: Path) -> None:
    body = SMALLEST.replace('title = "A"', 'title = "A"\nsuggestions = ["Tell me a story."]')

    assert [one["suggestions"] for one in edited(tmp_path, body).catalogue] == [["Tell me a story."]]
    assert [one["suggestions"] for one in edited(tmp_path, SMALLEST).catalogue] == [[]]


def test_the_smallest_preset_sends_only_what_it_says(tmp_path: Path) -> None:
    assert edited(tmp_path, SMALLEST).resolve({}).session == {"type": "realtime"}


@pytest.mark.parametrize(
    ("line", "named"),
    [
        ("default = [", "presets.toml: Invalid value"),
        ('session.voice = "marin"', "presets.toml: presets.a.session.voice: Extra inputs are not permitted."),
        (
            "session.audio.output.speed = 2",
            "presets.toml: presets.a.session.audio.output.speed: Input should be from 0.25 to 1.5.",
        ),
        ('session.audio.output.speed = "1"', "presets.a.session.audio.output.speed: Input should be a valid number."),
        (
            'session.output_modalities = ["audio", "text"]',
            'output_modalities: Input should be ["audio"] or ["text"], not',
        ),
        ("key_lifetime_seconds = 5", "presets.toml: presets.a.key_lifetime_seconds: Input should be greater than"),
        ("may_choose.speed = [9]", "presets.toml: presets.a.may_choose.speed: 9: Input should be from 0.25 to 1.5."),
        (
            'may_choose.temperature = ["1"]',
            "presets.a.may_choose.temperature: Of a realtime session one may choose voice, speed",
        ),
        ('may_choose.eagerness = ["low"]', "presets.toml: presets.a.may_choose.eagerness: low: Field required."),
        ('suggestions = ["1", "2", "3", "4", "5"]', "presets.toml: presets.a.suggestions: List should have at most 4"),
        ('[[presets.a.session.tools]]\nname = "f"', "presets.a.session.tools.0.type: Field required."),
        ("lockd = true", "presets.toml: presets.a.lockd: Extra inputs are not permitted."),
    ],
)
def test_a_broken_file_is_named_with_the_field_and_the_reason(tmp_path: Path, line: str, named: str) -> None:
    with pytest.raises(Misconfigured) as broken:
        edited(tmp_path, SMALLEST + line)

    assert named in broken.value.message


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ('default = "b"\n[presets.a]\ntitle = "A"\nsession.type = "realtime"', "there is no preset 'b'"),
        (SMALLEST.replace("realtime", "transcription") + "locked = true", "a locked transcription"),
        (
            SMALLEST + 'locked = true\n[[presets.a.session.tools]]\ntype = "function"\nname = "f"',
            "a locked preset has no data channel",
        ),
        (
            SMALLEST + 'locked = true\n[[presets.a.session.tools]]\ntype = "mcp"\nserver_label = "s"',
            "set require_approval to never",
        ),
        (
            SMALLEST.replace("realtime", "talk"),
            "presets.a.session.type: Input should be one of realtime, transcription, translation, live.",
        ),
        ('default = "a"\npresets = {}', "presets.toml: presets: Dictionary should have at least 1 item"),
    ],
)
def test_presets_that_could_not_work_are_refused(tmp_path: Path, body: str, reason: str) -> None:
    with pytest.raises(Misconfigured) as broken:
        edited(tmp_path, body)

    assert reason in broken.value.message


def test_a_number_is_chosen_as_javascript_writes_it() -> None:
    assert presets().resolve({"speed": "1"}).session["audio"]["output"]["speed"] == 1.0
    assert presets().resolve({"speed": "0.8"}).session["audio"]["output"]["speed"] == 0.8


def test_a_choice_leaves_the_preset_itself_as_it_was() -> None:
    presets().resolve({"voice": "cedar"})

    assert presets().resolve({}).session["audio"]["output"] == {"voice": "marin"}


@pytest.mark.parametrize(
    ("query", "param", "named"),
    [
        ({"voice": "hal"}, "voice", "The preset assistant allows for voice: marin, cedar"),
        ({"instructions": "obey"}, "instructions", "it may choose: voice, speed."),
        (
            {"preset": "private", "speed": "1"},
            "speed",
            "The preset private does not let the client choose that; it may choose: voice.",
        ),
        ({"x" * 65: "1"}, "x" * 64, "does not let the client choose that"),
        ({"voise": "marin"}, "voise", "does not let the client choose that"),
    ],
)
def test_what_may_not_be_chosen_is_refused_with_what_may(query: dict[str, str], param: str, named: str) -> None:
    with pytest.raises(ChoiceNotAllowed) as refused:
        presets().resolve(query)

    assert refused.value.param == param
    assert named in refused.value.message


CHOICES = """
default = "a"
[presets.a]
title = "A"
may_choose = { voice = ["marin"], speed = [1.5], language = ["de"], eagerness = ["low"], effort = ["high"] }
session = { type = "realtime", audio = { input = { turn_detection = { type = "semantic_vad" } } } }
"""


def test_every_choice_is_written_to_its_member_of_the_session_config(tmp_path: Path) -> None:
    query = {"voice": "marin", "speed": "1.5", "language": "de", "eagerness": "low", "effort": "high"}

    assert edited(tmp_path, CHOICES).resolve(query).session == {
        "type": "realtime",
        "audio": {
            "input": {
                "turn_detection": {"type": "semantic_vad", "eagerness": "low"},
                "transcription": {"language": "de"},
            },
            "output": {"voice": "marin", "speed": 1.5},
        },
        "reasoning": {"effort": "high"},
    }


def test_the_build_writes_the_file_that_the_layer_reads() -> None:
    recipe = (ROOT / "layers" / "realtime" / "Makefile").read_text()

    assert f'build.presets "$(TO)/realtime/{BUILT.name}"\n' in recipe


def test_presets_that_the_build_has_written_are_read_instead_of_the_file(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    built = tmp_path / "presets.json"
    built.write_text(json.dumps(read_presets() | {"default": "private"}))
    monkeypatch.setattr("realtime.presets.BUILT", built)
    presets.cache_clear()
    read = presets()
    presets.cache_clear()

    assert read.default == "private"


def test_a_preset_without_choices_says_that_nothing_may_be_chosen(tmp_path: Path) -> None:
    with pytest.raises(ChoiceNotAllowed, match=r"; it may choose: nothing\.$"):
        edited(tmp_path, SMALLEST).resolve({"voice": "marin"})


def test_an_unknown_preset_is_refused_with_the_ones_there_are() -> None:
    with pytest.raises(UnknownPreset) as refused:
        presets().resolve({"preset": "nope"})

    assert "assistant, private, colours, transcriber, live, live-private, interpreter" in refused.value.message


def test_the_deployment_may_have_another_default() -> None:
    assert presets().resolve({}, default="live").name == "live"
    assert presets().resolve({"preset": "colours"}, default="live").name == "colours"
    assert presets().for_the_page("live") == {"default_preset": "live", "presets": presets().catalogue}


def test_a_default_that_does_not_exist_is_a_mistake_of_the_deployer() -> None:
    with pytest.raises(Misconfigured, match=r"^DefaultPreset: there is no preset nope: take one of assistant, "):
        presets().resolve({}, default="nope")


def test_turn_detection_can_be_turned_off_in_toml(tmp_path: Path) -> None:
    preset = edited(tmp_path, SMALLEST + 'session.audio.input.turn_detection = "none"')

    assert preset.resolve({}).session["audio"]["input"] == {"turn_detection": None}


def test_a_locked_preset_may_have_an_mcp_tool_that_needs_no_approval(tmp_path: Path) -> None:
    tool = '[[presets.a.session.tools]]\ntype = "mcp"\nserver_label = "s"\nrequire_approval = "never"'

    assert edited(tmp_path, f"{SMALLEST}locked = true\n{tool}").resolve({}).locked
