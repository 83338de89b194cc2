"""The module's features in the guide, in a real browser: early keys and channels, meters, microphones, timings."""

from typing import Any

import pytest
from playwright.sync_api import Browser

from local.stack import Stack
from tests.browser.conftest import Open, about
from tests.waiting import wait_until

pytestmark = pytest.mark.thorough

# Makes a call, and returns its events, levels, timings and statistics after the first audio.
CALL = """async ({ way, callsUrl, dcid }) => {
  const { Call, Meter, byEphemeralKey, microphones, openMicrophone, relayed } = await import('/realtime/index.js')
  const signaling = way === 'relayed' ? relayed({ dcid }) : byEphemeralKey({ callsUrl, dcid })
  const call = (window.call = new Call(signaling))
  const voice = document.body.appendChild(Object.assign(document.createElement('audio'), { autoplay: true }))
  const seen = { events: [], loudest: { mine: 0, theirs: 0 } }
  const watch = (whose, stream) => {
    const meter = new Meter(stream)
    setInterval(() => (seen.loudest[whose] = Math.max(seen.loudest[whose], meter.level)), 50)
  }
  call.addEventListener('microphone', ({ detail }) => watch('mine', detail))
  call.addEventListener('stream', ({ detail }) => watch('theirs', (voice.srcObject = detail)))
  call.addEventListener('server-event', ({ detail }) => seen.events.push(detail.type))
  await call.connect()
  while (!call.timings.firstAudio) await new Promise((resolve) => setTimeout(resolve, 50))
  await new Promise((resolve) => setTimeout(resolve, 300))
  const another = (await microphones()).at(-1)
  await call.setMicrophone(() => openMicrophone(another))
  const { timings, state } = call
  return { ...seen, timings, state, statistics: await call.statistics(), label: another.label }
}"""


@pytest.mark.parametrize(("way", "dcid"), [("relayed", 0), ("by ephemeral key", 4)])
def test_a_call_reports_its_timings_levels_and_statistics(
    stack: Stack, speaking: Browser, page_of: Open, way: str, dcid: int
) -> None:
    page = page_of(speaking)
    calls_url = f"{stack.base_url}/realtime/calls"

    seen: dict[str, Any] = page.evaluate(CALL, {"way": way, "callsUrl": calls_url, "dcid": dcid})

    assert about(stack)["open_calls"][-1]["dcid"] == dcid
    assert seen["events"][0] == "session.created"
    assert list(seen["timings"]) == ["microphone", "answered", "connected", "firstAudio"]
    assert list(seen["timings"].values()) == sorted(seen["timings"].values())
    assert seen["statistics"]["roundTripMs"] < 1000
    assert seen["statistics"]["lossRatio"] < 0.5
    assert seen["statistics"]["bytesReceived"] > 0
    assert seen["loudest"]["mine"] > 0.3
    assert seen["loudest"]["theirs"] > 0.3
    assert seen["state"] == "connected"
    assert seen["label"] in ("Fake Audio Input 2", "Default Audio Device")  # Chromium's, and the only one of Firefox
    page.evaluate("call.hangUp()")


def test_a_denied_microphone_leaves_no_call_behind(stack: Stack, denying: Browser) -> None:
    wait_until(lambda: about(stack)["open_calls"] == [])
    created = about(stack)["calls_created"]
    context = denying.new_context()
    page = context.new_page()
    requests: list[str] = []
    page.on("request", lambda request: requests.append(request.url))
    page.goto(stack.url)
    calls_url = f"{stack.base_url}/realtime/calls"

    codes = page.evaluate(
        """async (callsUrl) => {
          const { Call, byEphemeralKey, relayed } = await import('/realtime/index.js')
          const codes = []
          for (const signaling of [relayed(), byEphemeralKey({ callsUrl })]) {
            await new Call(signaling).connect().catch(({ code }) => codes.push(code))
          }
          return codes
        }""",
        calls_url,
    )

    assert codes == ["microphone_denied", "microphone_denied"]
    assert f"{stack.url}/realtime/index.js" in requests
    assert [url for url in requests if url.startswith((f"{stack.url}/session", calls_url))] == []
    assert about(stack)["calls_created"] == created
    context.close()
