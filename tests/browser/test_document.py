"""The unchanged snippets of OpenAI's guide in a real browser."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Route

from local.stack import Stack, serve
from local.template import Template
from tests.browser.conftest import Open, about
from tests.browser.page import THE_TONE, heard_hz
from tests.waiting import wait_until

pytestmark = pytest.mark.thorough

DOCUMENT = Path(__file__).parent / "document"


def run(page: Page, snippet: str) -> None:
    """Run a snippet, which expects an `audioElement`, a React ref."""
    code = (DOCUMENT / f"{snippet}.js").read_text()
    page.evaluate(f"(async () => {{ const audioElement = {{}}; {code} window.guide = {{ pc, dc, audioElement }} }})()")


def until(page: Page, expression: str) -> None:
    """Wait for an expression; Playwright's `wait_for_function` uses `eval`, which the page's policy forbids."""
    wait_until(lambda: page.evaluate(expression))


def speak_and_listen(stack: Stack, page: Page) -> None:
    until(page, "guide.pc.connectionState === 'connected' && guide.dc.readyState === 'open'")
    assert heard_hz(page, "guide.audioElement.current.srcObject") == THE_TONE
    assert about(stack)["open_calls"][-1]["heard_hz"] == THE_TONE


def send_and_receive(page: Page) -> None:
    # The snippet's first statement is left out: it makes the channel, which another snippet has made already.
    _, _, code = (DOCUMENT / "events.js").read_text().partition('createDataChannel("oai-events");')
    page.evaluate(
        f"{{ const {{ dc }} = guide; const console = {{ log: (e) => (window.logged ??= []).push(e.type) }}; {code} }}"
    )
    until(page, "window.logged?.includes('conversation.item.done')")


def test_the_unified_interface_works_unchanged(stack: Stack, speaking: Browser, page_of: Open) -> None:
    page = page_of(speaking)

    run(page, "session")

    speak_and_listen(stack, page)
    send_and_receive(page)
    page.evaluate("guide.pc.close()")


@pytest.fixture
def deployed() -> Iterator[Stack]:
    """The stack with the deployed page's headers, whose Content-Security-Policy allows calls to OpenAI."""
    headers = Template(parameters={"Access": "open"}).page_headers
    with serve(headers=headers, environment={"POWERTOOLS_METRICS_DISABLED": "true"}) as running:
        yield running


def test_the_ephemeral_key_works_unchanged_on_the_deployed_page(
    deployed: Stack, speaking: Browser, page_of: Open
) -> None:
    stack = deployed
    page = page_of(speaking, stack.url)
    urls = []

    def to_the_stand_in(route: Route) -> None:
        urls.append(route.request.url)
        route.fulfill(response=route.fetch(url=f"{stack.base_url}/realtime/calls"))

    page.route("https://api.openai.com/**", to_the_stand_in)

    run(page, "token")

    speak_and_listen(stack, page)
    send_and_receive(page)
    assert urls == ["https://api.openai.com/v1/realtime/calls"]
    page.evaluate("guide.pc.close()")


def test_closing_the_connection_ends_the_call_upstream(stack: Stack, speaking: Browser, page_of: Open) -> None:
    page = page_of(speaking)
    run(page, "session")
    until(page, "guide.pc.connectionState === 'connected'")

    page.evaluate("guide.pc.close()")

    wait_until(lambda: about(stack)["open_calls"] == [], seconds=5)
