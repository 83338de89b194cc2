"""What the build makes of presets: warnings of what will stop working, and the same result again without checking."""

import datetime
import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import openai
import pytest
from build.cache import built_presets
from build.presets import read_presets
from build.warn import WARNING_DAYS, ending_models, model_ends, unknown_names

from tests.conftest import ROOT

FAILING_DAYS = 60
TODAY = datetime.datetime.now(datetime.UTC).date()


def preset(**session: Any) -> dict[str, Any]:
    return {"a": {"type": "realtime", "session": session, "may_choose": {}}}


def transcribed_by(model: str) -> dict[str, Any]:
    return preset(audio={"input": {"transcription": {"model": model}}})


def test_no_model_of_the_presets_that_ship_ends_within_60_days() -> None:
    assert list(ending_models(read_presets()["presets"], TODAY, within_days=FAILING_DAYS)) == []


@pytest.mark.parametrize(
    ("today", "warned"),
    [
        ("2026-07-23", []),
        ("2026-07-24", ["in 180 days"]),
        ("2026-11-26", ["in 55 days"]),
        ("2027-01-21", ["in -1 days"]),
    ],
)
def test_a_model_is_warned_of_from_180_days_before_its_end(today: str, warned: list[str]) -> None:
    date = datetime.date.fromisoformat(today)

    assert list(ending_models(preset(model="gpt-realtime"), date, within_days=WARNING_DAYS)) == [
        f"presets.a.session.model: gpt-realtime ends on 2027-01-20, {when}; its replacement is gpt-realtime-2.1"
        for when in warned
    ]


def test_a_pinned_model_that_ends_within_60_days_is_found() -> None:
    near, far = datetime.date(2026, 12, 28), datetime.date(2026, 12, 27)
    presets = transcribed_by("whisper-1")

    assert list(ending_models(presets, far, within_days=FAILING_DAYS)) == []
    [found] = ending_models(presets, near, within_days=FAILING_DAYS)
    assert found == (
        "presets.a.session.audio.input.transcription.model: whisper-1 ends on 2027-02-26, in 60 days;"
        " its replacement is gpt-transcribe or gpt-live-transcribe"
    )


def test_the_table_has_every_end_that_the_openai_package_announces() -> None:
    folder = Path(openai.__file__).parent / "types"
    announced = [
        (model, datetime.date.fromisoformat(date))
        for file in [*folder.glob("realtime/*.py"), *folder.glob("live/*.py")]
        for names, date in re.findall(r"- (\"[^:]+):\s+Announced shutdown\s+date:\s+([\d-]+)", file.read_text())
        for model in re.findall(r'"([^"]+)"', names)
    ]

    assert announced
    assert dict(announced) == {model: end.date for model, end in model_ends().items()}


def test_the_build_warns_of_a_voice_and_a_model_that_are_not_known() -> None:
    presets = preset(model="gpt-reeltime", audio={"output": {"voice": "hal"}})
    presets["a"]["may_choose"] = {"voice": ["marin", "eliza"]}

    assert list(unknown_names(presets)) == [
        "presets.a.session.model: the openai package does not name gpt-reeltime",
        "presets.a: the openai package does not name the voice hal",
        "presets.a: the openai package does not name the voice eliza",
    ]


def test_the_build_warns_of_an_event_that_does_not_exist() -> None:
    allowed = {
        "allowed_client_events": ["session.close", "session.end"],
        "allowed_server_events": [{"type": "session.input_transcript.delta"}, {"type": "session.transcript.delta"}],
    }
    presets = preset(client={"data_channel": allowed})
    presets["a"]["type"] = "live"

    assert list(unknown_names(presets)) == [
        "presets.a.session.client.data_channel: the openai package has no event session.end",
        "presets.a.session.client.data_channel: the openai package has no event session.transcript.delta",
    ]


def test_every_name_in_the_presets_that_ship_is_known() -> None:
    assert list(unknown_names(read_presets()["presets"])) == []


def test_the_build_prints_its_warnings_where_sam_build_shows_them(tmp_path: Path) -> None:
    layer = tmp_path / "layer"
    layer.mkdir()
    for name in ("build", "realtime"):
        (layer / name).symlink_to(ROOT / "layers" / "realtime" / name)
    file = (ROOT / "layers" / "realtime" / "presets.toml").read_text()
    (layer / "presets.toml").write_text(file.replace('voice = "marin"', 'voice = "hal"', 1))

    built = in_a_process("-m", "build.presets", "presets.json", folder=layer)

    assert built == "Warning: presets.toml: presets.assistant: the openai package does not name the voice hal.\n"
    assert json.loads((layer / "presets.json").read_text())["default"] == "assistant"


def test_what_was_built_is_read_again_without_checking_it(tmp_path: Path) -> None:
    assert built_presets(tmp_path) == read_presets()

    code = f"from build.cache import built_presets as b; from pathlib import Path; b(Path({str(tmp_path)!r}))"
    check = "; import sys; print([name for name in ('openai', 'pydantic') if name in sys.modules])"
    assert in_a_process("-c", code + check, folder=ROOT / "layers" / "realtime") == "[]\n"


@pytest.mark.parametrize("edited", ["presets.toml", "realtime/presets.py", "build/rules.py"])
def test_after_a_file_was_edited_the_presets_are_built_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, edited: str
) -> None:
    layer, cache = tmp_path / "layer", tmp_path / "cache"
    for name in ("presets.toml", "realtime/presets.py", "build/rules.py"):
        (layer / name).parent.mkdir(parents=True, exist_ok=True)
        (layer / name).write_bytes((ROOT / "layers" / "realtime" / name).read_bytes())
    monkeypatch.setattr("build.cache.LAYER", layer)
    built_presets(cache)
    before = {file.name for file in cache.iterdir()}
    with (layer / edited).open("a") as file:
        file.write("# edited\n")

    built_presets(cache)

    after = {file.name for file in cache.iterdir()}
    assert (len(before), len(after)) == (1, 1)
    assert before.isdisjoint(after)


def in_a_process(*arguments: str, folder: Path) -> str:
    command = [sys.executable, *arguments]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=True).stdout
