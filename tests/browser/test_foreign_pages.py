"""Pages of other sites, in a real Chromium whose names they choose: they spend no key and read no token."""

from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any

import pytest
from playwright.sync_api import Page, Playwright

from local.stack import Stack, serve
from tests.browser.chromium import chromium
from tests.browser.conftest import CHROMIUM_ARGUMENTS
from tests.conftest import QUIET
from tests.error_rows import OFFER
from tests.scripted_upstream import Reply, ScriptedUpstream, scripted_upstream

FOREIGN = "evil.example"

SPEND = """async ([url, offer]) => {
  const init = { method: 'POST', mode: 'no-cors', headers: { 'Content-Type': 'text/plain' }, body: offer }
  return (await fetch(url, init)).type
}"""


@pytest.fixture(scope="module")
def lines() -> list[str]:
    return []


@pytest.fixture(scope="module")
def running(lines: list[str]) -> Iterator[tuple[Stack, ScriptedUpstream]]:
    """The local stack as with a key of one's own: no other origin is allowed."""
    with ExitStack() as stacked:
        upstream = stacked.enter_context(scripted_upstream())
        parameters = {"AllowedOrigins": ""}
        serving = serve(base_url=upstream.url, environment=QUIET, parameters=parameters, log=lines.append)
        yield stacked.enter_context(serving), upstream


@pytest.fixture
def page(playwright: Playwright) -> Iterator[Page]:
    """A browser for which the foreign name is this machine's address."""
    arguments = [*CHROMIUM_ARGUMENTS, f"--host-resolver-rules=MAP {FOREIGN} 127.0.0.1"]
    browser = playwright.chromium.launch(executable_path=chromium(), args=arguments)
    yield browser.new_page()
    browser.close()


def test_a_name_that_leads_to_this_machine_reads_nothing(page: Page, running: tuple[Stack, Any]) -> None:
    stack, upstream = running
    port = stack.url.rpartition(":")[2]

    for path in ("/", "/token"):
        response = page.goto(f"http://{FOREIGN}:{port}{path}")
        assert response is not None
        assert (response.status, response.text()) == (400, "Invalid host header")
    assert upstream.asked == []


def test_a_foreign_page_starts_no_call_although_its_request_needs_no_preflight(
    page: Page, running: tuple[Stack, ScriptedUpstream], lines: list[str]
) -> None:
    stack, upstream = running
    with scripted_upstream() as foreign:
        foreign.says(Reply(200, "<title>foreign</title>", {"Content-Type": "text/html"}))
        page.goto(foreign.url.replace("127.0.0.1", FOREIGN))
        lines.clear()

        assert page.evaluate(SPEND, [f"{stack.url}/session", OFFER]) == "opaque"

    [line] = lines
    assert line.split()[:3] == ["POST", "/session", "403"]
    assert upstream.asked == []
