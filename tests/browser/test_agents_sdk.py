"""OpenAI's Agents SDK in a page of another origin: by ephemeral key, and with our /session as its URL."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from local.stack import Stack
from tests.browser.conftest import Open, static_site
from tests.conftest import ROOT

pytestmark = pytest.mark.thorough

BUNDLE = "node_modules/@openai/agents-realtime/dist/bundle/openai-realtime-agents.umd.js"

CONNECT = """async ({ key, url, tools }) => {
  const { RealtimeAgent, RealtimeSession, OpenAIRealtimeWebRTC, tool } = OpenAIAgentsRealtime
  window.events = []
  window.painted = []
  const paint = tool({
    name: 'set_colour',
    description: 'Paint the page in a colour.',
    strict: false,
    parameters: {
      type: 'object', properties: { colour: { type: 'string' } }, required: ['colour'], additionalProperties: false
    },
    execute: ({ colour }) => { painted.push(colour); return `It is ${colour} now.` }
  })
  const agent = new RealtimeAgent({ name: 'Test', instructions: 'Be brief.', tools: tools ? [paint] : [] })
  const audioElement = document.createElement('audio')
  const transport = new OpenAIRealtimeWebRTC({ baseUrl: url, audioElement })
  const session = (window.session = new RealtimeSession(agent, { transport }))
  transport.on('*', (event) => events.push(event))
  await session.connect({ apiKey: key })
}"""


@pytest.fixture(scope="module")
def elsewhere() -> Iterator[str]:
    """The URL of another site, which serves the SDK's bundle."""
    assert (ROOT / BUNDLE).exists(), "run `npm ci` first, as `make test` does"
    with static_site(ROOT) as url:
        yield url


@pytest.fixture
def sdk_page(page_of: Open, elsewhere: str) -> Callable[[Browser], Page]:
    def open_page(browser: Browser) -> Page:
        page = page_of(browser, f"{elsewhere}/tests/browser/blank.html")
        page.add_script_tag(url=f"{elsewhere}/{BUNDLE}")
        return page

    return open_page


def connect_sdk(page: Page, stack: Stack, route: str, **more: Any) -> None:
    if route == "token":
        key = page.evaluate("async (url) => (await (await fetch(url)).json()).value", f"{stack.url}/token")
        page.evaluate(CONNECT, {"key": key, "url": f"{stack.base_url}/realtime/calls", "tools": False} | more)
    else:
        page.evaluate(CONNECT, {"key": "ek_placeholder", "url": f"{stack.url}/session", "tools": False} | more)


def has_event(kind: str) -> str:
    """An expression that is true in the page once there was an event of this type."""
    return f"events.some((event) => event.type === '{kind}')"


BOTH_ROUTES = pytest.mark.parametrize("route", ["token", "session"])


@BOTH_ROUTES
def test_a_typed_turn_is_answered(
    stack: Stack, silent: Browser, sdk_page: Callable[[Browser], Page], route: str
) -> None:
    page = sdk_page(silent)
    connect_sdk(page, stack, route)

    page.evaluate("session.sendMessage('good morning')")

    page.wait_for_function(has_event("response.done"))
    history = page.evaluate(
        "session.history.map(({ role, content }) => [role, content[0].text ?? content[0].transcript])"
    )
    assert history[0] == ["user", "good morning"]
    assert history[1][0] == "assistant"
    assert "good morning" in history[1][1]
    page.evaluate("session.close()")


@BOTH_ROUTES
def test_a_spoken_turn_is_heard_and_answered(
    stack: Stack, speaking: Browser, sdk_page: Callable[[Browser], Page], route: str
) -> None:
    page = sdk_page(speaking)

    connect_sdk(page, stack, route)

    page.wait_for_function(has_event("response.done"), timeout=20_000)
    page.wait_for_function("session.history.length >= 2 && session.history[0].content[0].transcript")
    roles = page.evaluate("session.history.slice(0, 2).map(({ role }) => role)")
    assert roles == ["user", "assistant"]
    page.evaluate("session.close()")


@BOTH_ROUTES
def test_a_tool_is_run_and_its_result_spoken(
    stack: Stack, silent: Browser, sdk_page: Callable[[Browser], Page], route: str
) -> None:
    page = sdk_page(silent)
    connect_sdk(page, stack, route, tools=True)

    page.evaluate("session.sendMessage('set the colour to teal')")

    page.wait_for_function("events.filter((event) => event.type === 'response.done').length === 2")
    assert page.evaluate("painted") == ["teal"]
    assert "It is teal now." in page.evaluate("session.history.at(-1).content[0].transcript")
    page.evaluate("session.close()")


@BOTH_ROUTES
def test_an_answer_is_interrupted(
    stack: Stack, silent: Browser, sdk_page: Callable[[Browser], Page], route: str
) -> None:
    page = sdk_page(silent)
    connect_sdk(page, stack, route)
    page.evaluate("session.sendMessage('tell me a long story about ' + 'many '.repeat(60) + 'things')")
    page.wait_for_function(has_event("output_audio_buffer.started"))

    page.evaluate("session.interrupt()")

    page.wait_for_function(has_event("output_audio_buffer.cleared"))
    page.wait_for_function("events.some((e) => e.type === 'response.done' && e.response.status === 'cancelled')")
    page.evaluate("session.close()")


def test_the_call_id_can_be_read_from_another_origin(
    stack: Stack, silent: Browser, sdk_page: Callable[[Browser], Page]
) -> None:
    page = sdk_page(silent)

    connect_sdk(page, stack, "session")

    assert page.evaluate("session.transport.callId").startswith("rtc_")
    page.evaluate("session.close()")


def test_an_error_response_becomes_the_sdks_error_with_our_message(
    stack: Stack, silent: Browser, page_of: Open, elsewhere: str
) -> None:
    page = page_of(silent, f"{elsewhere}/tests/browser/blank.html", expected="status of 400")
    page.add_script_tag(url=f"{elsewhere}/{BUNDLE}")
    options = {"key": "ek_placeholder", "url": f"{stack.url}/session?preset=nope", "tools": False}

    failed = page.evaluate(f"(options) => ({CONNECT})(options).catch((error) => error.message)", options)

    assert "There is no preset of that name: take one of assistant" in failed
