"""The sizes of what is uploaded: Lambda fetches a function's bundle before it starts."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from local.template import ROOT
from tests.first_load import opened, transferred
from tests.sam import BIN, BUILT_PAGE, zipped

NODE = BIN / "node"
KB = 1000
FUNCTIONS = ("SessionFunction", "TokenFunction", "SweepFunction", "PublishFunction")

UNUSED = """
import sys
from pathlib import Path
sys.path[:0] = [{function!r}, {layer!r}]
import app, mangum  # for events of another format
loaded = {{Path(one.__file__) for one in list(sys.modules.values()) if getattr(one, "__file__", None)}}
packages = {{path for path in Path({layer!r}).iterdir() if path.suffix == ".py" or (path / "__init__.py").is_file()}}
print(*sorted(one.name for one in packages if not any(file.is_relative_to(one) for file in loaded)))
"""
"""Prints the packages of the layer that a handler does not import."""


@pytest.mark.parametrize("function", FUNCTIONS)
def test_a_function_is_under_50_kb(built: Path, function: str) -> None:
    # The page in the publish function is not loaded when it starts.
    assert zipped(built / ".aws-sam" / "build" / function, leaving_out="web") < 50 * KB


def test_the_page_is_six_files_of_under_41_kb_when_it_is_opened(built: Path) -> None:
    web = built / BUILT_PAGE
    names = opened(web)

    assert {"index.html", "icon.svg", "app.webmanifest"} < names
    assert (len(names), transferred(web, names) < 41 * KB) == (6, True)


def test_the_sign_in_library_has_all_its_exports(built: Path) -> None:
    [library] = (built / BUILT_PAGE).glob("assets/oauth4webapi-*.js")
    script = "console.log(JSON.stringify(Object.keys(await import(process.argv[1]))))"
    node = [str(NODE), "--input-type=module", "--eval", script, str(library)]
    exported = json.loads(subprocess.run(node, capture_output=True, text=True, check=True).stdout)
    wanted = (ROOT / "functions" / "publish" / "oauth4webapi.js").read_text()

    assert [name for name in exported if f"  {name}" not in wanted] == []
    assert len(exported) == wanted.count("\n  ")


def test_the_layer_is_under_three_megabytes_and_under_two_without_bytecode(built: Path) -> None:
    layer = built / ".aws-sam" / "build" / "RealtimeLayer"

    assert zipped(layer, leaving_out="__pycache__") < 2000 * KB
    assert zipped(layer) < 3000 * KB


def test_nothing_is_in_the_layer_that_no_handler_imports(built: Path) -> None:
    build = built / ".aws-sam" / "build"
    unused = []
    for function in ("SessionFunction", "TokenFunction"):
        script = UNUSED.format(function=str(build / function), layer=str(build / "RealtimeLayer" / "python"))
        python = [sys.executable, "-c", script]
        # As in a start on Lambda, which reads the API key: httpx imports the rest of itself with its first client.
        environment = {
            "API_KEY_SECRET_ID": "none",
            "AWS_DEFAULT_REGION": "us-east-1",
            "AWS_LAMBDA_INITIALIZATION_TYPE": "on-demand",
            "AWS_ACCESS_KEY_ID": "none",
            "AWS_SECRET_ACCESS_KEY": "none",
            "AWS_ENDPOINT_URL": "http://127.0.0.1:9",
        }
        done = subprocess.run(python, capture_output=True, text=True, env=environment, check=True)
        unused.append(set(done.stdout.split()))

    assert set.intersection(*unused) == set()


def test_boto3_is_not_shipped(built: Path) -> None:
    packages = {path.name for path in (built / ".aws-sam" / "build").rglob("*") if path.is_dir()}

    assert "httpx" in packages
    assert packages & {"boto3", "botocore", "s3transfer", "urllib3"} == set()
