"""What people report of what is sent and written down in a call."""

from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from local.stack import Stack
from tests.browser.conftest import Open
from tests.browser.page import connect, connect_with, receive_item, send, sent
from tests.browser.scripts import CHANNEL
from tests.waiting import wait_until

pytestmark = pytest.mark.thorough

DECISIONS = """
window.decisions = []
const { send } = RTCDataChannel.prototype
RTCDataChannel.prototype.send = function (json) {
  const { item } = JSON.parse(json)
  if (item?.type === 'mcp_approval_response') decisions.push(item)
  else send.call(this, json)
}
"""
"""The stand-in calls no MCP server: what is decided about one is not sent to it."""

SEND_EARLY = """async () => {
  const { Call, relayed } = await import('/realtime/index.js')
  const call = new Call(relayed())
  const seen = { refused: [], sent: [], errors: [] }
  call.addEventListener('client-event-refused', ({ detail: { event, error } }) => seen.refused.push([event.event_id, error.limit]))
  call.addEventListener('client-event', ({ detail }) => seen.sent.push(detail.event_id))
  call.addEventListener('server-event', ({ detail }) => detail.type === 'error' && seen.errors.push(detail.error.message))
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
    seen.thrown = [code, limit]
  }
  await call.hangUp()
  return seen
}"""  # noqa: E501 - as a page has it


def test_an_event_that_is_too_large_is_refused_alone(silent: Browser, page_of: Open) -> None:
    page = page_of(silent)

    seen: dict[str, Any] = page.evaluate(SEND_EARLY)

    assert seen == {
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

    expect(page.locator("#error .what")).to_have_text("This message is too long.")
    expect(page.locator("#error .said")).to_contain_text("the other side takes 262,144 at most")
    expect(page.locator("#error .facts")).to_have_text("event_too_large")
    expect(message).to_have_value("x" * 270_000)
    message.fill("hello")
    message.press("Enter")
    expect(page.locator("#error")).to_be_empty()
    expect(page.locator("#transcript > li[data-speaker=model] .text").last).to_contain_text("hello")
    page.locator("#call").click()


def test_what_was_not_heard_of_an_interrupted_answer_is_faded(silent: Browser, page_of: Open) -> None:
    page = page_of(silent)
    connect(page)
    story = "once upon a time there was a king who had three sons and the first of them went into the world"
    answer = page.locator("#transcript > li[data-speaker=model]").first
    send(page, story)
    expect(answer.locator(".text")).to_have_text(f"You typed: {story}")
    expect(page.locator("body")).to_have_attribute("data-phase", "speaking")
    page.wait_for_timeout(1500)

    send(page, "stop")

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
    send(page, story)
    expect(page.locator("body")).to_have_attribute("data-phase", "speaking")
    expect(page.locator("#transcript > li[data-speaker=model] .text").last).to_have_text(f"You typed: {story}")
    page.locator("#call").click()
    last = page.locator("#transcript > li[data-speaker=model]").last
    expect(last).to_have_attribute("data-state", "interrupted")
    expect(last.locator(".unheard")).to_contain_text("went into the world")


def test_an_answer_that_ran_into_its_limit_says_so(stack: Stack, silent: Browser, page_of: Open) -> None:
    page = page_of(silent)
    connect_with(page, stack, {"max_output_tokens": 3})

    send(page, "one two three four five")

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


@pytest.mark.parametrize(("button", "approve", "remark"), [("Allow", True, "allowed"), ("Refuse", False, "refused")])
def test_a_tool_that_must_be_allowed_is_decided_on_the_page(
    silent: Browser, page_of: Open, button: str, approve: bool, remark: str
) -> None:
    page = page_of(silent, script=CHANNEL + DECISIONS)
    connect(page)
    call = {"server_label": "shop", "name": "buy", "arguments": '{"item":"tea"}'}

    receive_item(page, id="mcpr_1", type="mcp_approval_request", **call)

    asked = page.locator("#transcript > li[data-speaker=function]")
    expect(asked.locator(".text")).to_have_text('shop: buy({"item":"tea"})')
    expect(page.get_by_role("alert").filter(has_text="The model asks whether it may call this.")).to_be_visible()
    page.get_by_role("button", name=button).click()
    expect(asked.locator(".remark")).to_have_text(remark)
    expect(page.get_by_role("button", name=button)).to_be_hidden()
    decision = {"type": "mcp_approval_response", "approval_request_id": "mcpr_1", "approve": approve}
    assert page.evaluate("decisions") == [decision]

    # The model goes on when the tool was called, or knows that it must not be.
    if approve:
        assert sent(page) == ["conversation.item.create"]
        receive_item(page, id="mcp_1", type="mcp_call", **call, output="Bought.")
        expect(page.locator("#transcript > li[data-speaker=function] .output").last).to_have_text("Bought.")
    wait_until(lambda: sent(page) == ["conversation.item.create", "response.create"])
    page.locator("#call").click()


def test_a_tool_that_fails_and_a_server_that_lists_none_are_shown(silent: Browser, page_of: Open) -> None:
    page = page_of(silent, script=CHANNEL)
    connect(page)
    error = {"type": "http_error", "code": 503, "message": "The shop is closed."}

    receive_item(page, id="mcp_1", type="mcp_call", server_label="shop", name="buy", arguments="{}", error=error)
    receive_item(page, id="mcpl_1", type="mcp_list_tools", server_label="shop", tools=[])
    page.evaluate("receive", {"type": "mcp_list_tools.failed", "item_id": "mcpl_1"})

    failed = page.locator("#transcript > li[data-speaker=function]")
    expect(failed.locator(".output")).to_have_text("The shop is closed.")
    expect(failed.locator(".remark")).to_have_text("failed")
    expect(page.locator("#transcript > li[data-speaker=page]")).to_contain_text("The tools of shop could not be listed")
    page.locator("#call").click()


def test_nothing_is_left_to_decide_when_the_call_is_over(silent: Browser, page_of: Open) -> None:
    page = page_of(silent, script=CHANNEL)
    connect(page)
    receive_item(page, id="mcpr_1", type="mcp_approval_request", server_label="shop", name="buy", arguments="{}")
    expect(page.get_by_role("button", name="Allow")).to_be_visible()

    page.locator("#call").click()

    expect(page.get_by_role("button", name="Allow")).to_be_hidden()
    expect(page.locator("#transcript > li[data-speaker=function] .remark")).to_have_text("interrupted")
