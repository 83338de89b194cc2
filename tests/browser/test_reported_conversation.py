"""What people report of what is sent and written down in a call."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.test_page import connect

pytestmark = pytest.mark.thorough

Open = Callable[..., Page]

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
