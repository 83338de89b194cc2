"""The unchanged snippets of OpenAI's guide in a real browser."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Route

from local.stack import Stack, serve
from local.template import Template
from tests.browser.conftest import LOUDEST, TONE_HZ, about, eventually

pytestmark = pytest.mark.thorough

Open = Callable[..., Page]
DOCUMENT = Path(__file__).parent / "document"


def run(page: Page, snippet: str) -> None:
    """Run a snippet, which expects an `audioElement`, a React ref."""
    code = (DOCUMENT / f"{snippet}.js").read_text()
    page.evaluate(f"(async () => {{ const audioElement = {{}}; {code} window.guide = {{ pc, dc, audioElement }} }})()")


def until(page: Page, expression: str) -> None:
    """Wait for an expression; Playwright's `wait_for_function` uses `eval`, which the page's policy forbids."""
    eventually(lambda: page.evaluate(expression))


def speak_and_listen(stack: Stack, page: Page) -> None:
    until(page, "guide.pc.connectionState === 'connected' && guide.dc.readyState === 'open'")
    back = page.evaluate(f"({LOUDEST})(guide.audioElement.current.srcObject)")
    assert back == pytest.approx(TONE_HZ, abs=15)
    assert about(stack)["open_calls"][-1]["heard_hz"] == pytest.approx(TONE_HZ, abs=15)


def send_and_receive(page: Page) -> None:
    # The snippet's first statement is left out: it makes the channel, which another snippet has made already.
    _, _, code = (DOCUMENT / "events.js").read_text().partition('createDataChannel("oai-events");')
    page.evaluate(
        f"{{ const {{ dc }} = guide; const console = {{ log: (e) => (window.told ??= []).push(e.type) }}; {code} }}"
    )
    until(page, "window.told?.includes('conversation.item.done')")


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

    eventually(lambda: about(stack)["open_calls"] == [], seconds=5)
