"""The page's libraries: the deployed versions are the tested ones, and they have the exports that the page uses."""

import json
import re

import pytest

from local.template import ROOT

PUBLISH = ROOT / "functions" / "publish"


@pytest.mark.parametrize("library", ["marked", "oauth4webapi"])
def test_the_library_that_is_deployed_is_the_one_that_is_tested(library: str) -> None:
    versions = [
        json.loads((folder / "package-lock.json").read_text())["packages"][f"node_modules/{library}"]["version"]
        for folder in (ROOT, PUBLISH)
    ]

    assert len(set(versions)) == 1


def test_exactly_the_exports_that_the_page_uses_are_deployed() -> None:
    used = {
        name for script in (ROOT / "web").rglob("*.js") for name in re.findall(r"\boauth\.(\w+)", script.read_text())
    }
    exported = re.findall(r"^  (\w+),?$", (PUBLISH / "oauth4webapi.js").read_text(), re.MULTILINE)

    assert sorted(used) == exported
    assert "export { lexer } from 'marked'" in (PUBLISH / "marked.js").read_text()
    assert "import { lexer } from '/vendor/marked.js'" in (ROOT / "web" / "conversation" / "markdown.js").read_text()
