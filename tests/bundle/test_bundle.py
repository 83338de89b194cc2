"""The packaged functions work: what `sam build` made, run by AWS's runtime client, answers the events in events/."""

import json
import stat
import subprocess
from pathlib import Path

import certifi
import pytest
from build.presets import read_presets

from tests.bundle.conftest import Invoke, copy_tree
from tests.conftest import ROOT, event
from tests.sam import python_of_the_functions, sam
from tests.scripted_upstream import ANSWER, LOCATION, Reply, ScriptedUpstream

pytestmark = pytest.mark.thorough

SECRET = json.dumps({"value": "ek_test", "expires_at": 1, "session": {"type": "realtime"}})
LIVE_SESSION = json.dumps({"session": {"id": "live_1"}, "transport": {"type": "webrtc", "sdp": ANSWER}})

EXPECTED = {
    "hang-up": ("SessionFunction", Reply(200, ""), 204),
    "hang-up-live": ("SessionFunction", Reply(200, ""), 204),
    "session": ("SessionFunction", Reply(201, ANSWER, LOCATION), 201),
    "session-empty": ("SessionFunction", Reply(201, ANSWER), 400),
    "session-live": ("SessionFunction", Reply(201, LIVE_SESSION), 201),
    "session-locked": ("SessionFunction", Reply(201, ANSWER, LOCATION), 201),
    "session-v1": ("SessionFunction", Reply(201, ANSWER, LOCATION), 201),
    "token": ("TokenFunction", Reply(200, SECRET), 200),
    "token-live": ("TokenFunction", Reply(200, SECRET), 400),
    "token-locked": ("TokenFunction", Reply(200, SECRET), 403),
    "usage": ("TokenFunction", Reply(200, ""), 200),
}


def test_every_event_has_an_expected_response() -> None:
    assert sorted(path.stem for path in (ROOT / "events").glob("*.json")) == sorted(EXPECTED)


def test_the_bundle_answers_every_event(emulated: Invoke, upstream: ScriptedUpstream) -> None:
    statuses = {}
    for name, (function, reply, _) in EXPECTED.items():
        upstream.says(reply)
        statuses[name] = emulated(function, event(name)).get("statusCode")

    assert statuses == {name: status for name, (_, _, status) in EXPECTED.items()}


def test_the_bundle_relays_byte_for_byte(emulated: Invoke, upstream: ScriptedUpstream) -> None:
    upstream.says(Reply(201, ANSWER, LOCATION))

    assert emulated("SessionFunction", event("session")) == {
        "statusCode": 201,
        "headers": {
            "content-type": "application/sdp",
            "content-length": str(len(ANSWER)),
            "location": "/session/rtc_1",
            "cache-control": "no-store",
            "x-request-id": event("session")["requestContext"]["requestId"],
        },
        "body": ANSWER,
        "isBase64Encoded": False,
    }


def test_an_unexpected_error_is_lambdas_own(emulated: Invoke) -> None:
    assert emulated("SessionFunction", {"requestContext": {}, "version": "2.0"})["errorType"] == "UnsupportedEvent"


def test_the_layer_leaves_out_what_the_runtime_has(built: Path) -> None:
    shipped = {path.name for path in (built / "RealtimeLayer" / "python").iterdir()}

    assert {"realtime", "httpx", "mangum", "starlette", "aws_lambda_powertools"} <= shipped
    assert not shipped & {"boto3", "botocore", "urllib3", "pytest", "moto", "build"}


IMPORT_ALL = """
import importlib, pathlib, sys
layer, *others = sys.argv[1:]
sys.argv[1:], sys.path[:0] = [], [layer, *others]
for file in sorted(pathlib.Path(layer).rglob("*.py")):
    parts = file.relative_to(layer).with_suffix("").parts
    importlib.import_module(".".join(parts[:-1] if parts[-1] == "__init__" else parts))
"""


def test_every_module_that_ships_can_be_imported(built: Path, runtime: Path) -> None:
    layer = built / "RealtimeLayer" / "python"
    command = [python_of_the_functions(), "-S", "-B", "-W", "ignore", "-c", IMPORT_ALL, layer, runtime]
    done = subprocess.run([*map(str, command)], capture_output=True, text=True)

    assert (done.returncode, done.stderr) == (0, "")


def test_the_presets_are_read_and_validated_by_the_build(built: Path) -> None:
    shipped = built / "RealtimeLayer" / "python"

    assert json.loads((shipped / "realtime" / "presets.json").read_text()) == read_presets()
    assert [path.name for name in ("pydantic", "openai") for path in shipped.glob(f"{name}*")] == []
    assert [path.name for path in shipped.rglob("*.toml")] == []


def test_the_ca_certificates_are_split_by_the_build(built: Path) -> None:
    folder = built / "RealtimeLayer" / "python" / "realtime" / "ca_certificates"

    assert len(list(folder.iterdir())) == certifi.contents().count("BEGIN CERTIFICATE") > 100


def test_a_build_ends_with_what_is_wrong_in_the_presets(tmp_path: Path) -> None:
    copy_tree(tmp_path)
    file = tmp_path / "layers" / "realtime" / "presets.toml"
    file.write_text(file.read_text().replace('voice = "cedar"', "voice = 5"))

    done = sam("build", "RealtimeLayer", cwd=tmp_path)

    assert done.returncode == 1
    assert "presets.toml: presets.private.session.audio.output.voice: Input should be a valid string" in done.stderr


def test_the_functions_are_their_code_alone(built: Path) -> None:
    for function in ("SessionFunction", "TokenFunction", "SweepFunction"):
        assert [path.name for path in (built / function).iterdir()] == ["app.py"]


def test_everything_in_the_bundle_can_be_read_by_lambdas_user(built: Path) -> None:
    closed = [path for path in built.rglob("*") if not path.stat().st_mode & stat.S_IROTH]

    assert closed == []


def test_the_layer_runs_on_either_processor(built: Path) -> None:
    assert [path.name for path in built.rglob("*.so*")] == []


def test_all_of_the_layer_is_compiled_to_bytecode(built: Path) -> None:
    sources = {path.with_suffix("") for path in (built / "RealtimeLayer").rglob("*.py")}
    bytecode = list((built / "RealtimeLayer").rglob("*.pyc"))

    assert {path.parent.parent / path.name.removesuffix(".cpython-313.pyc") for path in bytecode} == sources
    # Unchecked (PEP 552): Python could not compare the sources' dates with those in SAM's zip file.
    assert {path.read_bytes()[4:8] for path in bytecode} == {b"\x01\0\0\0"}


def test_the_template_is_valid() -> None:
    done = sam("validate", "--lint")

    assert (done.returncode, done.stderr) == (0, "")


def test_no_generated_file_is_left_in_the_tree_by_a_build(tree: Path, before_the_build: set[Path], built: Path) -> None:
    assert built.is_dir()
    assert {*tree.rglob("*")} - before_the_build == set()
