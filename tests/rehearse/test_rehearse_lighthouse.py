"""The built page's scores in Lighthouse, with its profile of a mid-range phone."""

import json
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import sync_playwright

from local.stack import serve
from local.template import ROOT
from tests.browser.chromium import chromium
from tests.conftest import QUIET
from tests.sam import BUILT_PAGE

NODE = ROOT / ".venv" / "bin" / "node"
LIGHTHOUSE = ROOT / "tests" / "rehearse" / "lighthouse" / "node_modules" / "lighthouse" / "cli" / "index.js"

ROUNDS = 5
"""The best of so many rounds counts, since other processes on the machine can only make the page slower."""


@pytest.fixture(scope="module")
def url(built: Path) -> Iterator[str]:
    with serve(web=built / BUILT_PAGE, environment=QUIET) as running:
        yield running.url


@pytest.fixture(scope="module")
def browser() -> str:
    with sync_playwright() as playwright:
        return chromium() or playwright.chromium.executable_path


def audit(url: str, browser: str, report: Path) -> dict[str, Any]:
    """Audit the page, in Lighthouse's mobile profile."""
    flags = ["--chrome-flags=--headless=new --no-sandbox", "--output=json", f"--output-path={report}", "--quiet"]
    categories = "--only-categories=performance,accessibility,best-practices"
    environment = {**os.environ, "CHROME_PATH": browser}
    done = subprocess.run([NODE, LIGHTHOUSE, url, categories, *flags], env=environment, capture_output=True, text=True)
    assert report.is_file(), done.stderr
    read: dict[str, Any] = json.loads(report.read_text())
    return read


def scores(report: dict[str, Any]) -> dict[str, float]:
    return {name: category["score"] or 0 for name, category in report["categories"].items()}


def failed_audits(report: dict[str, Any], category: str) -> list[str]:
    audits = [report["audits"][one["id"]] for one in report["categories"][category]["auditRefs"] if one["weight"]]
    return [one["id"] for one in audits if one["score"] is not None and one["score"] < 1]


def test_the_page_is_accessible_fast_and_follows_best_practices(url: str, browser: str, tmp_path: Path) -> None:
    best = 0.0
    for number in range(ROUNDS):
        report = audit(url, browser, tmp_path / f"{number}.json")
        if scores(report)["performance"]:
            assert (failed_audits(report, "accessibility"), failed_audits(report, "best-practices")) == ([], [])
            assert (scores(report)["accessibility"], scores(report)["best-practices"]) == (1, 1)
        best = max(best, scores(report)["performance"])
        if best >= 0.95:
            return
    assert best >= 0.95, failed_audits(report, "performance")
