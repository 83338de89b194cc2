"""What people report of what is sent and written down in a call."""

from collections.abc import Callable
from typing import Any

import httpx
import pytest
from playwright.sync_api import Browser, Page, Route, expect

from local.stack import Stack
from tests.browser.test_page import connect

pytestmark = pytest.mark.thorough

Open = Callable[..., Page]

CHANNEL = """
const { createDataChannel } = RTCPeerConnection.prototype
RTCPeerConnection.prototype.createDataChannel = function (...given) {
  return (window.channel = createDataChannel.apply(this, given))
}
window.receive = (event) => channel.dispatchEvent(new MessageEvent('message', { data: JSON.stringify(event) }))
"""
"""Keeps the data channel: what the stand-in never sends is received on it as if it had been sent."""

SEND_EARLY = """async () => {
  const { Call, relayed } = await import('/realtime/index.js')
  const call = new Call(relayed())
  const told = { refused: [], sent: [], errors: [] }
  call.addEventListener('client-event-refused', ({ detail: { event, error } }) => told.refused.push([event.event_id, error.limit]))
  call.addEventListener('client-event', ({ detail }) => told.sent.push(detail.event_id))
  call.addEventListener('server-event', ({ detail }) => detail.type === 'error' && told.errors.push(detail.error.message))
  const answered = new Promise((resolve) => call.addEventListener('server-event', ({ detail }) => detail.type === 'response.done' && resolve()))
  const message = (event_id, text) => ({
    type: 'conversation.item.create', event_id, item: { type: 'message', role: 'user', content: [{ type: 'input_text', text }] }
  })
  call.send(message('first', 'hello'))
  call.send(message('large', 'x'.repeat(270_000)))
  call.send({ type: 'response.create', event_id: 'last' })
  await call.connect()
  await Promise.race([answered, new Promise((resolve) => setTimeout(resolve, 8000))])
  try {
    call.send(message('later', 'x'.repeat(270_000)))
  } catch ({ code, limit }) {
    told.thrown = [code, limit]
  }
  await call.hangUp()
  return told
}"""  # noqa: E501 - as a page has it


def test_an_event_that_is_too_large_is_refused_alone(silent: Browser, page_of: Open) -> None:
    page = page_of(silent)

    told: dict[str, Any] = page.evaluate(SEND_EARLY)

    assert told == {
        "refused": [["large", 262144]],
        "sent": ["first", "last"],
        "errors": [],
        "thrown": ["event_too_large", 262144],
    }


def test_a_message_that_is_too_long_stays_to_be_shortened(silent: Browser, page_of: Open) -> None:
    page = page_of(silent)
    connect(page)
    message = page.locator("#message")

    message.fill("x" * 270_000)
    message.press("Enter")

    expect(page.locator("#error p").first).to_contain_text("the other side takes 262,144 at most")
    expect(page.locator("#error .facts")).to_have_text("event_too_large")
    expect(message).to_have_value("x" * 270_000)
    message.fill("hello")
    message.press("Enter")
    expect(page.locator("#error")).to_be_empty()
    expect(page.locator("#transcript > li[data-speaker=model] .text").last).to_contain_text("hello")
    page.locator("#call").click()


def connect_with(page: Page, stack: Stack, session: dict[str, Any]) -> None:
    """Connect to a session that no preset has: its ephemeral key is minted by the test."""

    def mint(route: Route) -> None:
        headers = {"Authorization": f"Bearer {stack.api_key}"}
        given = {"session": {"type": "realtime", **session}}
        minted = httpx.post(f"{stack.base_url}/realtime/client_secrets", json=given, headers=headers)
        route.fulfill(json=minted.json())

    page.route("**/token?*", mint)
    connect(page, interface="token")


def say(page: Page, text: str) -> None:
    page.locator("#message").fill(text)
    page.locator("#message").press("Enter")


def test_what_was_not_heard_of_an_interrupted_answer_is_faded(silent: Browser, page_of: Open) -> None:
    page = page_of(silent)
    connect(page)
    story = "once upon a time there was a king who had three sons and the first of them went into the world"
    answer = page.locator("#transcript > li[data-speaker=model]").first
    say(page, story)
    expect(answer.locator(".text")).to_have_text(f"You typed: {story}")
    expect(page.locator("body")).to_have_attribute("data-phase", "speaking")
    page.wait_for_timeout(1500)

    say(page, "stop")

    expect(answer).to_have_attribute("data-state", "interrupted")
    expect(answer.locator(".remark")).to_have_text("interrupted")
    expect(answer.locator(".unheard")).to_contain_text("went into the world")
    heard = str(answer.locator(".text").evaluate("text => text.firstChild.textContent"))
    assert heard.startswith("You typed: ")
    assert f"You typed: {story}".startswith(heard)
    colours = "[...'12'].map((n) => getComputedStyle(n == 1 ? text : text.querySelector('.unheard')).color)"
    whole, faded = answer.locator(".text").evaluate(f"text => {colours}")
    assert whole != faded

    # Whoever hangs up in the middle has not heard the rest either.
    expect(page.locator("#transcript > li[data-speaker=model] .text").last).to_have_text("You typed: stop")
    say(page, story)
    expect(page.locator("body")).to_have_attribute("data-phase", "speaking")
    expect(page.locator("#transcript > li[data-speaker=model] .text").last).to_have_text(f"You typed: {story}")
    page.locator("#call").click()
    last = page.locator("#transcript > li[data-speaker=model]").last
    expect(last).to_have_attribute("data-state", "interrupted")
    expect(last.locator(".unheard")).to_contain_text("went into the world")


def test_an_answer_that_ran_into_its_limit_says_so(stack: Stack, silent: Browser, page_of: Open) -> None:
    page = page_of(silent)
    connect_with(page, stack, {"max_output_tokens": 3})

    say(page, "one two three four five")

    answer = page.locator("#transcript > li[data-speaker=model]")
    expect(answer.locator(".text")).to_have_text("You typed: one")
    expect(answer.locator(".remark")).to_have_text("cut off by its limit of length")
    page.locator("#call").click()


def test_an_answer_that_the_content_filter_stopped_says_so(silent: Browser, page_of: Open) -> None:
    """The stand-in filters nothing: the test receives the event in its place."""
    page = page_of(silent, script=CHANNEL)
    connect(page)
    where = {"response_id": "resp_1", "item_id": "item_1"}
    details = {"type": "incomplete", "reason": "content_filter"}
    done = {"type": "response.done", "response": {"id": "resp_1", "status": "incomplete", "status_details": details}}

    page.evaluate("receive", {"type": "response.output_text.delta", **where, "delta": "Well"})
    page.evaluate("receive", done)

    answer = page.locator("#transcript > li[data-speaker=model]")
    expect(answer.locator(".text")).to_have_text("Well")
    expect(answer.locator(".remark")).to_have_text("stopped by the content filter")
    page.evaluate("receive", {**done, "response": {**done["response"], "id": "resp_2"}})  # type: ignore[dict-item]
    expect(page.locator("#transcript > li[data-speaker=page]")).to_have_text(
        "The answer was stopped by the content filter."
    )
    page.locator("#call").click()
