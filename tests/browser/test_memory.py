"""What a call leaves behind in the browser: nothing."""

import time

import pytest
from playwright.sync_api import Browser, CDPSession, Page, expect

from tests.browser.conftest import Open
from tests.waiting import wait_until

pytestmark = pytest.mark.thorough

CONTEXTS = """
window.contexts = []
window.AudioContext = class extends AudioContext {
  constructor(...options) {
    super(...options)
    contexts.push(this)
  }
}
"""
"""Remembers each `AudioContext`."""

KINDS = [
    "RTCPeerConnection",
    "RTCDataChannel",
    "RTCRtpSender",
    "RTCRtpReceiver",
    "MediaStream",
    "MediaStreamTrack",
    "MediaStreamAudioSourceNode",
    "AnalyserNode",
    "AudioContext",
]

OWN = {
    "Call": "/realtime/call.js",
    "Meter": "/realtime/meter.js",
    "RealtimeEvents": "/realtime/conversation/realtime-events.js",
}
"""Classes of the package, by the module that has them."""

# Makes a call with the package alone, as another page does, and hangs it up after its first sound.
CALL = """async () => {
  const { Call, Meter, relayed } = await import('/realtime/index.js')
  const call = new Call(relayed())
  const audio = Object.assign(new Audio(), { autoplay: true })
  const meters = []
  call.addEventListener('microphone', ({ detail }) => meters.push(new Meter(detail)))
  call.addEventListener('stream', ({ detail }) => {
    audio.srcObject = detail
    meters.push(new Meter(detail))
  })
  const event = new Promise((resolve) => call.addEventListener('server-event', resolve, { once: true }))
  await call.connect()
  await event
  await call.hangUp()
  for (const meter of meters) meter.close()
  audio.srcObject = null
}"""


class Heap:
    """What lives in a page, by what it is."""

    def __init__(self, page: Page) -> None:
        self._session: CDPSession = page.context.new_cdp_session(page)
        page.evaluate(f"""async () => {{
          window.prototypes = {{}}
          for (const [name, module] of Object.entries({OWN})) prototypes[name] = (await import(module))[name].prototype
          for (const name of {KINDS}) prototypes[name] = window[name].prototype
        }}""")

    def count(self) -> dict[str, int]:
        self._session.send("HeapProfiler.collectGarbage")
        return {name: self._living(name) for name in [*OWN, *KINDS]}

    def _living(self, name: str) -> int:
        prototype = self._session.send("Runtime.evaluate", {"expression": f"prototypes.{name}"})
        object_id = prototype["result"]["objectId"]
        found = self._session.send("Runtime.queryObjects", {"prototypeObjectId": object_id, "objectGroup": "counted"})
        described = self._session.send(
            "Runtime.callFunctionOn",
            {
                "objectId": found["objects"]["objectId"],
                "functionDeclaration": "function () { return this.length }",
                "returnByValue": True,
            },
        )
        self._session.send("Runtime.releaseObjectGroup", {"objectGroup": "counted"})
        return int(described["result"]["value"])


def test_twenty_calls_of_the_module_leave_no_more_than_one(silent: Browser, page_of: Open) -> None:
    page = page_of(silent)
    heap = Heap(page)
    page.evaluate(CALL)
    page.wait_for_timeout(500)
    after_one = heap.count()

    for _ in range(19):
        page.evaluate(CALL)

    assert left_over(heap, after_one) == {}


def test_twenty_calls_of_the_page_leave_no_more_than_one(silent: Browser, page_of: Open) -> None:
    page = page_of(silent)
    heap = Heap(page)
    call(page)
    page.wait_for_timeout(500)
    after_one = heap.count()

    for _ in range(19):
        call(page)

    assert left_over(heap, after_one) == {}


def call(page: Page) -> None:
    for state in ("connected", "closed"):
        page.locator("#call").click()
        expect(page.locator("body")).to_have_attribute("data-state", state)


def left_over(heap: Heap, before: dict[str, int]) -> dict[str, tuple[int, int]]:
    """Wait for what takes a moment to be collected, then tell of what there is more than before."""
    end = time.monotonic() + 10
    while (left := more(heap.count(), before)) and time.monotonic() < end:
        time.sleep(0.5)
    return left


def more(now: dict[str, int], before: dict[str, int]) -> dict[str, tuple[int, int]]:
    """Tell of what there is more now than before: both numbers."""
    return {name: (before[name], now[name]) for name in now if now[name] > before[name]}


def test_no_sound_is_worked_on_after_the_call(silent: Browser, page_of: Open) -> None:
    """A context that runs keeps a phone's audio hardware, and its battery, busy."""
    page = page_of(silent, script=CONTEXTS)
    call(page)

    wait_until(lambda: {*page.evaluate("contexts.map(({ state }) => state)")} <= {"closed", "suspended"}, seconds=5)
