"""The page as `sam build` bundles it: what it names is there, and it works in a browser with the template's headers."""

import gzip
import json
import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urljoin, urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect
from realtime.presets import presets

from docs import cost
from local.stack import Stack, serve
from tests.browser.conftest import Open
from tests.browser.locked import ANN, Locked, locked_stack
from tests.browser.page import THE_TONE, connect, heard_hz, send, show_events
from tests.browser.test_sign_in import hang_up, sign_in
from tests.conftest import QUIET
from tests.first_load import SIGN_IN, first_load, imported, opened, transferred

pytestmark = pytest.mark.thorough

NAMED = re.compile(r"""["'`(}](\.?/?[\w./-]+\.(?:js|css|svg|webmanifest)|/[\w./-]+\.(?:json|html))["'`)]""")
AT_THE_DEPLOYMENT = "/config.json"


@pytest.fixture(scope="module")
def web(built: Path) -> Path:
    return built / "PublishFunction" / "web"


@pytest.fixture(scope="module")
def stack(web: Path) -> Iterator[Stack]:
    with serve(web=web, environment=QUIET) as running:
        yield running


@pytest.fixture(scope="module")
def locked(web: Path) -> Iterator[Locked]:
    """The built page where people sign in."""
    with locked_stack(life=3600, web=web) as running:
        yield running


def requests_of(page: Page) -> list[str]:
    """The paths of what a page asks for from now on."""
    asked: list[str] = []
    page.on("request", lambda request: asked.append(urlsplit(request.url).path))
    return asked


def named_by(web: Path, file: Path) -> set[str]:
    """The paths that a file names: a bundle's imports are relative to it, and all else is relative to the document."""
    base = f"/{file.relative_to(web)}" if file.suffix == ".js" else "/"
    names = NAMED.findall(file.read_text())
    return {urljoin(base if name.startswith("./") else "/", name) for name in names}


def test_every_file_that_the_page_and_its_bundles_name_is_in_the_build(web: Path) -> None:
    files = [web / "index.html", *(web / "assets").iterdir()]
    named = {path for file in files for path in named_by(web, file)}

    bundles = {f"/{file.relative_to(web)}" for file in (web / "assets").iterdir()}
    assert bundles | {AT_THE_DEPLOYMENT, "/icon-call.svg", "/openapi.json", "/realtime/1/index.js"} <= named
    assert [path for path in sorted(named - {AT_THE_DEPLOYMENT}) if not (web / path.lstrip("/")).is_file()] == []


def test_the_page_is_published_as_bundles_alone(web: Path) -> None:
    scripts = [path.relative_to(web) for pattern in ("*.js", "*.css", "*.ts") for path in web.rglob(pattern)]

    assert {path.parts[0] for path in scripts} == {"assets", "realtime"}


def test_the_page_is_as_many_files_and_as_large_as_the_table_of_costs_says(web: Path) -> None:
    files = first_load(web)
    config = gzip.compress(json.dumps(presets().for_the_page()).encode())

    assert len(files) == cost.PAGE_FILES
    assert transferred(web, files - {"config.json"}) + len(config) == pytest.approx(cost.PAGE_BYTES, rel=0.02)


def test_a_page_that_is_opened_is_two_scripts_and_one_stylesheet(web: Path) -> None:
    names = [re.sub("-[A-Z2-7]{8}", "", name) for name in opened(web)]

    assert sorted(names) == [
        "app.webmanifest",
        "assets/chunk.js",
        "assets/main.js",
        "assets/style.css",
        "icon.svg",
        "index.html",
    ]


def test_a_visit_with_a_call_asks_for_what_the_table_of_costs_counts(
    web: Path, silent: Browser, page_of: Open, stack: Stack
) -> None:
    page = page_of(silent, "about:blank")
    asked = requests_of(page)

    page.goto(stack.url)
    connect(page)
    page.locator("#call").click()
    expect(page.locator("body")).to_have_attribute("data-state", "closed")

    files = {path.removeprefix("/") or "index.html" for path in asked if not re.match("/(session|token|usage)", path)}
    # A headless browser does without the manifest, and here nobody signs in.
    assert files | {"app.webmanifest"} | imported(web, SIGN_IN) == first_load(web)


def test_what_is_loaded_later_is_loaded_when_it_is_needed(speaking: Browser, page_of: Open) -> None:
    page = page_of(speaking)
    asked = requests_of(page)
    connect(page, preset="colours")
    assert heard_hz(page) == THE_TONE

    send(page, "# Title\n\nset the background colour to teal")
    expect(page.get_by_role("heading", name="Title", exact=True)).to_be_visible()
    expect(page.locator("html")).to_have_css("--background", "teal")
    show_events(page)
    expect(page.locator("#developer-panel .figures")).to_have_css("display", "grid")

    later = [re.sub("-[A-Z2-7]{8}", "", path) for path in asked if path.startswith("/assets/")]
    assert sorted(later) == [
        "/assets/developer.css",
        "/assets/developer.js",
        "/assets/markdown.js",
        "/assets/system.js",
        "/assets/tools.js",
    ]
    hang_up(page)


@pytest.mark.parametrize("preset", ["live", "interpreter"])
def test_the_events_of_other_apis_are_read(speaking: Browser, page_of: Open, preset: str) -> None:
    page = page_of(speaking)

    connect(page, preset=preset)

    expect(page.locator("#transcript > li[data-speaker=model] .text").first).not_to_be_empty()
    hang_up(page)


def test_a_person_signs_in_and_calls(locked: Locked, silent: Browser, page_of: Open) -> None:
    page = page_of(silent, locked.url)
    page.route(re.compile(r"^https:"), lambda route: route.fulfill(body="", content_type="text/css"))

    sign_in(page)

    expect(page.locator("#who")).to_have_text(ANN)
    connect(page)
    hang_up(page)
