"""The page's only library: the deployed version is the tested one, and it has the exports that the page uses."""

import json
import re

from local.template import ROOT

PUBLISH = ROOT / "functions" / "publish"


def test_the_library_that_is_deployed_is_the_one_that_is_tested() -> None:
    versions = [
        json.loads((folder / "package-lock.json").read_text())["packages"]["node_modules/oauth4webapi"]["version"]
        for folder in (ROOT, PUBLISH)
    ]

    assert len(set(versions)) == 1


def test_exactly_the_exports_that_the_page_uses_are_deployed() -> None:
    used = {
        name for script in (ROOT / "web").rglob("*.js") for name in re.findall(r"\boauth\.(\w+)", script.read_text())
    }
    exported = re.findall(r"^  (\w+),?$", (PUBLISH / "oauth4webapi.js").read_text(), re.MULTILINE)

    assert sorted(used) == exported
