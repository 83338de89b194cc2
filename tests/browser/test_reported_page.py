"""What people report of the page itself: optional parts that fail, phones that go to sleep, routes with queries."""

import pytest
from playwright.sync_api import Browser, expect

from local.stack import Stack
from tests.browser.conftest import Open, about
from tests.browser.page import connect
from tests.browser.scripts import HOLD
from tests.waiting import wait_until

pytestmark = pytest.mark.thorough

REFUSING_METER = """
AudioContext.prototype.createMediaStreamSource = () => {
  const words = 'Connecting AudioNodes from AudioContexts with different sample-rate is currently not supported.'
  throw new DOMException(words, 'NotSupportedError')
}
"""
"""Web Audio as Firefox has it where the microphone's sample rate is not the loudspeaker's."""

LOCKS = """
window.locks = []
const request = navigator.wakeLock.request.bind(navigator.wakeLock)
navigator.wakeLock.request = async (type) => {
  const lock = await request(type)
  locks.push(lock)
  return lock
}
"""
"""Keeps the real wake locks, so that the test can look at them."""


def test_a_meter_that_the_browser_refuses_takes_nothing_with_it(silent: Browser, page_of: Open) -> None:
    page = page_of(silent, permissions=[], script=HOLD + REFUSING_METER)
    page.locator("#call").click()
    page.context.grant_permissions(["microphone"])
    page.evaluate("decide()")
    expect(page.locator("body")).to_have_attribute("data-state", "connected")

    # The microphones have their names, and the conversation goes on.
    expect(page.locator("#microphone option")).not_to_have_count(1)
    page.locator("#message").fill("hello")
    page.locator("#send").click()
    expect(page.locator("#transcript > li[data-speaker=model] .text")).to_contain_text("hello")
    assert page.evaluate("document.querySelector('#voice-out').srcObject.active") is True
    assert page.locator("#level-model").evaluate("meter => meter.value") == 0
    page.locator("#call").click()
    expect(page.locator("#state")).to_have_text("Call ended")


def test_a_call_keeps_the_screen_on(silent: Browser, page_of: Open) -> None:
    """A headless browser's page is always seen: the test lets go of the lock as a browser does that hides the page."""
    page = page_of(silent, script=LOCKS, permissions=["microphone", "screen-wake-lock"])
    connect(page)
    released = "locks.map(({ released }) => released)"
    wait_until(lambda: page.evaluate(released) == [False])

    page.evaluate("locks[0].release()")
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    wait_until(lambda: page.evaluate(released) == [True, False])

    page.locator("#call").click()
    wait_until(lambda: page.evaluate(released) == [True, True])


def test_a_phone_that_keeps_its_screen_to_itself_calls_all_the_same(silent: Browser, page_of: Open) -> None:
    refusing = "navigator.wakeLock.request = () => Promise.reject(new DOMException('Low battery', 'NotAllowedError'))"
    page = page_of(silent, script=refusing)

    connect(page)

    page.locator("#call").click()
    expect(page.locator("#state")).to_have_text("Call ended")


PLACE = """async (url) => {
  const { Call, relayed } = await import('/realtime/index.js')
  const call = new Call(relayed({ url, choices: { voice: 'cedar' }, dcid: 0 }))
  const created = new Promise((resolve) => call.addEventListener('server-event', ({ detail }) => resolve(detail)))
  await call.connect()
  const { session } = await created
  await call.hangUp()
  return [call.callId, session.audio.output.voice, session.tools.length]
}"""


@pytest.mark.parametrize("url", ["/session?preset=colours", "/session/?preset=colours"])
def test_a_route_with_a_query_is_called_and_hung_up(stack: Stack, silent: Browser, page_of: Open, url: str) -> None:
    page = page_of(silent)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(f"{request.method} {request.url.removeprefix(stack.url)}"))

    call_id, voice, tools = page.evaluate(PLACE, url)

    assert (voice, tools) == ("cedar", 2)
    assert asked[-2:] == ["POST /session?preset=colours&voice=cedar&dcid=0", f"DELETE /session/{call_id}"]
    assert call_id not in [call["call_id"] for call in about(stack)["open_calls"]]


def test_a_hang_up_that_reached_nobody_is_reported(silent: Browser, page_of: Open) -> None:
    page = page_of(silent, expected="status of 404")
    connect(page)
    page.route("**/session/*", lambda route: route.fulfill(status=404, json={"message": "Not Found"}))

    page.locator("#call").click()

    expect(page.locator("#error .facts")).to_contain_text("status 404")
    expect(page.locator("#state")).to_have_text("Call ended")
