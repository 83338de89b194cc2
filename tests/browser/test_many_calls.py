"""Many calls: all connect, none is left open, and the functions reuse one connection to the upstream."""

import pytest
from playwright.sync_api import Browser

from local.stack import Stack
from tests.browser.conftest import Open, about
from tests.waiting import wait_until

pytestmark = pytest.mark.thorough

# Makes a call with the page's module, and waits for its first server event.
CALL = """async () => {
  const { Call } = await import('/realtime/call.js')
  const { relayed } = await import('/realtime/signaling.js')
  const call = new Call(relayed())
  const first = new Promise((resolve) => {
    call.addEventListener('server-event', ({ detail }) => resolve(detail.type), { once: true })
  })
  await call.connect()
  const type = await first
  return [type, call]
}"""


def test_twenty_calls_in_a_row_all_connect_and_none_stays_open(stack: Stack, silent: Browser, page_of: Open) -> None:
    page = page_of(silent)
    wait_until(lambda: about(stack)["open_calls"] == [])
    before = about(stack)

    heard = page.evaluate(f"""async () => {{
      const heard = []
      for (let n = 0; n < 20; n++) {{
        const [type, call] = await ({CALL})()
        heard.push(type)
        await call.hangUp()
      }}
      return heard
    }}""")

    assert heard == ["session.created"] * 20
    after = about(stack)
    assert after["calls_created"] == before["calls_created"] + 20
    wait_until(lambda: about(stack)["open_calls"] == [], seconds=3)
    # More connections only for workers that have started meanwhile.
    assert after["connections"] - before["connections"] <= 1


@pytest.mark.usefixtures("stack")
def test_eight_calls_at_once_all_connect(stack: Stack, silent: Browser, page_of: Open) -> None:
    page = page_of(silent)
    wait_until(lambda: about(stack)["open_calls"] == [])

    heard = page.evaluate(f"""async () => {{
      window.calls = await Promise.all(Array.from({{ length: 8 }}, () => ({CALL})()))
      return calls.map(([type]) => type)
    }}""")

    assert heard == ["session.created"] * 8
    assert len(about(stack)["open_calls"]) == 8
    page.evaluate("Promise.all(calls.map(([, call]) => call.hangUp()))")
    wait_until(lambda: about(stack)["open_calls"] == [], seconds=3)
