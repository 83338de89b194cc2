"""What is installed is pinned by hash, and the pins name no registry's host: they hold wherever packages come from."""

import json
import os
import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
LAYER = ROOT / "layers" / "realtime"
REQUIREMENTS = sorted(
    [*ROOT.glob("requirements/*.txt"), *LAYER.glob("requirements.txt"), *LAYER.glob("*/requirements.txt")]
)
LOCKS = [
    ROOT / "package-lock.json",
    ROOT / "bench" / "baselines" / "express" / "package-lock.json",
    ROOT / "functions" / "publish" / "package-lock.json",
    ROOT / "tests" / "rehearse" / "lighthouse" / "package-lock.json",
]


@pytest.mark.parametrize("file", REQUIREMENTS, ids=lambda file: f"{file.parent.name}/{file.name}")
def test_every_package_has_one_version_and_its_hashes(file: Path) -> None:
    packages = re.split(r"\n(?=\S)", file.read_text().strip())

    assert packages
    assert [
        one
        for one in packages
        if not re.match(r"[a-z0-9_.\[\],-]+==\S+.*( \\\n {4}--hash=sha256:[0-9a-f]{64})+\Z", one)
    ] == []


def test_every_group_of_dependencies_has_its_file_of_pins() -> None:
    groups = tomllib.loads((ROOT / "pyproject.toml").read_text())["dependency-groups"]

    pinned = {file.stem for file in ROOT.glob("requirements/*.txt")} | {
        file.parent.name for file in LAYER.glob("*/requirements.txt")
    }
    assert pinned == set(groups)


def test_every_lock_file_of_npm_is_checked() -> None:
    """Also the one that `npm install` would leave beside a package.json that has none."""
    found = []
    for folder, folders, files in os.walk(ROOT):
        folders[:] = [name for name in folders if name != "node_modules" and not name.startswith(".")]
        found += [Path(folder) / name for name in files if name == "package-lock.json"]

    assert sorted(found) == sorted(LOCKS)


@pytest.mark.parametrize("file", LOCKS, ids=lambda file: file.parent.name)
def test_every_npm_package_has_its_hash_and_no_address(file: Path) -> None:
    packages = {
        name: one for name, one in json.loads(file.read_text())["packages"].items() if name and not one.get("link")
    }

    assert packages
    assert [name for name, one in packages.items() if not one.get("integrity", "").startswith("sha512-")] == []
    assert [name for name, one in packages.items() if "resolved" in one] == []


@pytest.mark.parametrize("file", [*REQUIREMENTS, *LOCKS], ids=lambda file: f"{file.parent.name}/{file.name}")
def test_no_pin_names_a_registry(file: Path) -> None:
    text = file.read_text()

    assert not re.search(r"--(extra-)?index-url|--find-links|\bregistry\.|pypi\.org|files\.pythonhosted", text)
