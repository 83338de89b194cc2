"""What the build adds to the package: one file by its version, a tarball that npm installs, the reference."""

import json
import shutil
import subprocess
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

import local.package
from local.package import VERSION
from local.stack import Stack
from tests.browser.conftest import Open
from tests.conftest import ROOT
from tests.sam import BIN

pytestmark = pytest.mark.thorough

NODE = BIN / "node"


@pytest.fixture(scope="module")
def package(built: Path) -> Path:
    return built / "PublishFunction" / "web" / "realtime"


def exports(module: Path | str, cwd: Path) -> list[str]:
    script = f"console.log(JSON.stringify(Object.keys(await import({json.dumps(str(module))})).sort()))"
    done = subprocess.run([NODE, "--input-type=module", "--eval", script], cwd=cwd, capture_output=True, check=True)
    names: list[str] = json.loads(done.stdout)
    return names


@pytest.mark.parametrize("version", [VERSION, VERSION.partition(".")[0]])
def test_the_file_of_a_version_has_all_exports_and_imports_nothing(package: Path, version: str, tmp_path: Path) -> None:
    alone = shutil.copy(package / version / "index.js", tmp_path / "index.mjs")

    entries = [exports(package / entry, tmp_path) for entry in ("index.js", "conversation/index.js")]
    assert exports(alone, tmp_path) == sorted([*entries[0], *entries[1]])


def test_npm_installs_the_tarball(package: Path, tmp_path: Path) -> None:
    (tmp_path / "package.json").write_text('{"type": "module"}')
    tarball = package / VERSION / "realtime-serverless.tgz"
    install = [str(BIN / "npm"), "install", "--offline", "--no-audit", "--no-fund", str(tarball)]
    subprocess.run(install, cwd=tmp_path, env={"PATH": f"{BIN}:/usr/bin:/bin", "HOME": str(tmp_path)}, check=True)

    source = ROOT / "web" / "realtime"
    assert exports("realtime-serverless", tmp_path) == exports(source / "index.js", tmp_path)
    conversation = exports("realtime-serverless/conversation", tmp_path)
    assert conversation == exports(source / "conversation" / "index.js", tmp_path)
    installed = tmp_path / "node_modules" / "realtime-serverless"
    assert (installed / "types" / "index.d.ts").is_file()
    assert (installed / "LICENSE").read_text() == (ROOT / "LICENSE").read_text()
    assert f"## {VERSION}" in (installed / "CHANGELOG.md").read_text()


def test_the_reference_describes_every_export(package: Path) -> None:
    pages = {page.stem.rpartition(".")[2] for page in (package / "reference").rglob("*.html")}

    for entry in ("index.js", "conversation/index.js"):
        assert set(exports(package / entry, package)) <= pages


def test_the_reference_can_be_read_and_searched_under_its_policy(
    stack: Stack, silent: Browser, page_of: Open, built: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(local.package, "BUILT", built / "PublishFunction" / "web")

    page = page_of(silent, f"{stack.url}/realtime/reference/index.html")

    page.get_by_role("button", name="Search").click()
    page.keyboard.type("openMicrophone")
    page.get_by_role("option", name="openMicrophone").first.click()
    expect(page.get_by_role("heading", name="Function openMicrophone")).to_be_visible()
