"""`make run` serves the package under the URLs that a deployment has."""

import json
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

import local.package
from local.stack import Stack, serve
from tests.conftest import ROOT

VERSION = json.loads((ROOT / "web" / "realtime" / "package.json").read_text())["version"]
MAJOR = VERSION.partition(".")[0]


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("built")


@pytest.fixture(scope="module")
def stack(built: Path) -> Iterator[Stack]:
    with pytest.MonkeyPatch.context() as patch, serve(base_url="http://127.0.0.1:1/v1") as running:
        patch.setattr(local.package, "BUILT", built)
        yield running


@pytest.mark.parametrize("version", [VERSION, MAJOR])
def test_the_module_is_there_by_its_version(stack: Stack, version: str) -> None:
    answer = httpx.get(f"{stack.url}/realtime/{version}/index.js")

    assert (answer.status_code, answer.headers["content-type"]) == (200, "text/javascript; charset=utf-8")
    assert answer.headers["access-control-allow-origin"] == "*"
    assert answer.text.splitlines() == [
        "export * from '/realtime/index.js'",
        "export * from '/realtime/conversation/index.js'",
    ]


def test_another_version_is_not_there(stack: Stack) -> None:
    assert httpx.get(f"{stack.url}/realtime/0/index.js").status_code == 404


def test_what_only_a_build_makes_says_so_before_there_was_one(stack: Stack) -> None:
    answer = httpx.get(f"{stack.url}/realtime/reference/index.html")

    assert (answer.status_code, answer.text) == (404, "`make build` makes what is served here.\n")


def test_what_a_build_made_is_served(stack: Stack, built: Path) -> None:
    page = built / "realtime" / "reference" / "classes" / "Call.html"
    page.parent.mkdir(parents=True)
    page.write_text("<!doctype html>")

    answer = httpx.get(f"{stack.url}/realtime/reference/classes/Call.html")

    assert (answer.status_code, answer.text) == (200, "<!doctype html>")
    assert answer.headers["content-security-policy"].startswith("default-src 'none'; script-src 'self' 'sha256-")


def test_no_other_file_of_this_machine_is_served(stack: Stack, built: Path) -> None:
    (built.parent / "secret").write_text("x")

    assert httpx.get(f"{stack.url}/realtime/reference/%2e%2e/%2e%2e/%2e%2e/secret").status_code == 404
