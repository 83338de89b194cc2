"""The conversation: what is said and typed, in this call and in earlier ones, and what can be done with it."""

import json
import re

import pytest
from playwright.sync_api import Browser, Page, expect

from local.stack import Stack
from tests.browser.conftest import Open, about
from tests.browser.page import connect, open_panel, send_and_wait
from tests.browser.scripts import TRACKS
from tests.waiting import wait_until

WITHOUT_QUESTIONS = """
window.asked = 0
const { mediaDevices } = navigator
const open = mediaDevices.getUserMedia.bind(mediaDevices)
mediaDevices.getUserMedia = (wanted) => (asked++, open(wanted))
"""
"""Counts how often the page asks for the microphone."""


def turns(page: Page) -> list[str]:
    said: list[str] = page.locator("#transcript > li .text").all_text_contents()
    return said


def test_earlier_calls_stay_above_a_divider_also_when_the_next_one_fails(silent: Browser, page_of: Open) -> None:
    page = page_of(silent, expected="status of 503")
    connect(page)
    send_and_wait(page, "the first call")
    page.locator("#call").click()
    expect(page.locator("#state")).to_have_text("Call ended")
    before = turns(page)

    error = {"error": {"message": "Paused.", "code": "paused"}}
    page.route("**/session?*", lambda route: route.fulfill(status=503, json=error))
    page.locator("#call").click()
    expect(page.locator("#error .what")).to_have_text("All calls are paused.")
    assert turns(page) == before

    page.unroute("**/session?*")
    page.locator("#call").click()
    expect(page.locator("body")).to_have_attribute("data-state", "connected")
    expect(page.locator("#error")).to_be_empty()
    send_and_wait(page, "the second call")
    expect(page.locator("#transcript > li[data-speaker=divider]")).to_have_text(re.compile(r"^New call at \d"))
    expect(page.locator("#transcript > li .text").nth(len(before) + 1)).to_have_text("the second call")
    assert turns(page)[: len(before)] == before
    page.locator("#call").click()


@pytest.mark.thorough
def test_a_conversation_is_copied_and_saved_as_text_and_as_json_lines(silent: Browser, page_of: Open) -> None:
    page = page_of(silent, permissions=["microphone", "clipboard-read", "clipboard-write"])
    expect(page.get_by_role("button", name="Copy")).to_be_hidden()
    connect(page)
    send_and_wait(page, "hello")
    expect(page.locator("#transcript > li[data-speaker=model]")).to_have_attribute("data-state", "final")
    text = "You: hello\n\nModel: You typed: hello\n"

    page.get_by_role("button", name="Copy").click()
    expect(page.get_by_role("button", name="Copied")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()") == text
    with page.expect_download() as download:
        page.get_by_role("button", name="Save as text").click()
    assert (download.value.suggested_filename, download.value.path().read_text()) == ("conversation.txt", text)
    with page.expect_download() as download:
        page.get_by_role("button", name="Save events").click()
    lines = [json.loads(line) for line in download.value.path().read_text().splitlines()]
    assert lines[0]["event"]["type"] == "session.created"
    assert {line["direction"] for line in lines} == {"sent", "received"}
    page.locator("#call").click()


def test_who_has_no_microphone_can_call_by_typing_alone(stack: Stack, silent: Browser, page_of: Open) -> None:
    page = page_of(silent, permissions=[], script=WITHOUT_QUESTIONS)
    expect(page.locator("#message")).to_be_enabled()

    send_and_wait(page, "hello without a microphone")

    assert turns(page)[0] == "hello without a microphone"
    assert page.evaluate("asked") == 0
    expect(page.locator("#advice")).to_have_text("Type a message. To be heard, press Speak.")
    wait_until(lambda: page.locator("#state").text_content() == "Type a message")
    call_id = page.locator("#call-id").text_content()
    assert call_id in [call["call_id"] for call in about(stack)["open_calls"]]

    page.context.grant_permissions(["microphone"])
    page.get_by_role("button", name="Speak").click()
    expect(page.locator("#state")).to_have_text("Listening")
    expect(page.get_by_role("button", name="Mute", exact=True)).to_be_visible()
    assert page.evaluate("asked") == 1
    page.locator("#call").click()


@pytest.mark.thorough
def test_a_suggestion_begins_a_call_with_it(silent: Browser, page_of: Open) -> None:
    page = page_of(silent)

    page.get_by_role("button", name="Quiz me on capital cities.").click()

    expect(page.locator("#transcript > li[data-speaker=person] .text")).to_have_text("Quiz me on capital cities.")
    expect(page.locator("#suggestions")).to_be_hidden()
    page.locator("#call").click()
    page.locator("#preset").select_option("private")
    page.reload()
    # Nothing can be typed into an audio-only call.
    expect(page.locator("#suggestions")).to_contain_text("“Tell me a short story about the sea.”")
    expect(page.locator("#suggestions button")).to_have_count(0)
    expect(page.locator("#message")).to_be_hidden()


MARKDOWN = """# Title

- one with `code`
- [a link](https://example.com/a)
- [no link](javascript:alert(1))

<img src=x onerror="window.broken = true">

| a | b |
| - | - |
| 1 | **2** |
"""


@pytest.mark.thorough
def test_written_text_is_markdown_and_never_html(silent: Browser, page_of: Open) -> None:
    page = page_of(silent)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    connect(page)
    assert [url for url in asked if "marked" in url] == []

    send_and_wait(page, MARKDOWN)

    written = page.locator("#transcript > li[data-speaker=person] .text")
    expect(written.get_by_role("heading", name="Title")).to_be_visible()
    expect(written.locator("li code")).to_have_text("code")
    link = written.get_by_role("link")
    expect(link).to_have_count(1)
    assert [link.get_attribute(name) for name in ("href", "target", "rel")] == [
        "https://example.com/a",
        "_blank",
        "noopener noreferrer nofollow",
    ]
    expect(written.locator("td strong")).to_have_text("2")
    expect(written.locator("img")).to_have_count(0)
    expect(written).to_contain_text('<img src=x onerror="window.broken = true">')
    assert page.evaluate("window.broken ?? false") is False
    # What was spoken is no Markdown.
    expect(page.locator("#transcript > li[data-speaker=model] .text")).to_contain_text("# Title")
    page.locator("#call").click()


@pytest.mark.thorough
def test_enter_sends_and_shift_enter_begins_a_line(silent: Browser, page_of: Open) -> None:
    page = page_of(silent)
    connect(page)
    message = page.locator("#message")
    low = message.bounding_box()

    message.press_sequentially("one")
    message.press("Shift+Enter")
    message.press_sequentially("two")
    assert message.input_value() == "one\ntwo"
    high = message.bounding_box()
    assert low is not None
    assert high is not None
    assert high["height"] > low["height"]
    message.press("Enter")

    expect(message).to_have_value("")
    expect(page.locator("#transcript > li[data-speaker=person] .text")).to_have_text("one\ntwo", use_inner_text=True)
    page.locator("#call").click()


@pytest.mark.thorough
def test_words_run_in_the_direction_of_their_language(silent: Browser, page_of: Open) -> None:
    page = page_of(silent)
    connect(page)

    page.locator("#message").fill("مرحبا بالعالم")
    assert page.locator("#message").evaluate("field => field.matches(':dir(rtl)')") is True
    page.locator("#message").press("Enter")

    person = page.locator("#transcript > li[data-speaker=person] .text")
    expect(person).to_have_text("مرحبا بالعالم")
    assert person.evaluate("text => text.matches(':dir(rtl)')") is True
    page.locator("#call").click()


@pytest.mark.thorough
def test_each_answer_shows_how_long_it_was_waited_for(speaking: Browser, page_of: Open) -> None:
    page = page_of(speaking)
    connect(page)
    open_panel(page, "developer")

    answer = page.locator("#transcript > li[data-speaker=model] .remark").first
    expect(answer).to_have_text(re.compile(r"^(\d+ ms|\d+\.\d s|interrupted)$"))
    expect(page.locator("#response-time")).to_have_text(re.compile(r"^\d"))
    expect(page.locator("#time-to-connect")).to_have_text(re.compile(r"^\d+ ms$"))
    for tokens in ("in", "out"):
        expect(page.locator(f"#tokens-{tokens}")).to_have_text(re.compile(r"^[1-9]"))
    page.locator("#call").click()


@pytest.mark.thorough
def test_colours_are_reset_only_where_the_model_has_painted_some(silent: Browser, page_of: Open) -> None:
    page = page_of(silent)
    page.evaluate("document.documentElement.style.fontSize = '18px'")
    connect(page, preset="colours")
    expect(page.locator("#reset-colours")).to_be_hidden()

    page.locator("#message").fill("set the accent colour to crimson")
    page.locator("#message").press("Enter")
    reset = page.get_by_role("button", name="Reset colours")
    expect(reset).to_be_visible()
    reset.click()

    expect(reset).to_be_hidden()
    assert page.evaluate("document.documentElement.style.cssText") == "font-size: 18px;"
    page.locator("#call").click()


@pytest.mark.thorough
def test_the_end_of_the_conversation_is_followed_unless_the_person_looks_back(silent: Browser, page_of: Open) -> None:
    page = page_of(silent, script=TRACKS, viewport={"width": 800, "height": 500})
    connect(page)
    for number in range(6):
        send_and_wait(page, f"message {number}")
    scroll = page.locator("#scroll")
    left = "scroll => scroll.scrollHeight - scroll.scrollTop - scroll.clientHeight"
    wait_until(lambda: scroll.evaluate(left) < 5)

    scroll.evaluate("scroll => (scroll.scrollTop = 0)")
    page.wait_for_timeout(200)
    send_and_wait(page, "one more")
    page.wait_for_timeout(300)

    assert scroll.evaluate("scroll => scroll.scrollTop") == 0
    page.locator("#call").click()


def test_what_is_typed_while_a_call_begins_stays_in_its_field(silent: Browser, page_of: Open) -> None:
    page = page_of(silent, script=WITHOUT_QUESTIONS)
    expect(page.locator("#message")).to_be_enabled()

    page.locator("#message").press_sequentially("hello")
    page.keyboard.press("Enter")
    page.keyboard.type("my name comes from many places", delay=20)

    expect(page.locator("#message")).to_have_value("my name comes from many places")
    expect(page.locator("body")).to_have_attribute("data-state", "connected")
    assert page.evaluate("[asked, document.body.hasAttribute('data-muted')]") == [0, False]
    page.keyboard.press("Enter")
    expect(page.locator("#transcript > li[data-speaker=person] .text").last).to_have_text(
        "my name comes from many places"
    )
    page.locator("#call").click()


def test_the_key_that_mutes_opens_no_microphone(silent: Browser, page_of: Open) -> None:
    page = page_of(silent, script=WITHOUT_QUESTIONS)
    send_and_wait(page, "hello")
    page.locator("#call").focus()

    page.keyboard.press("m")

    expect(page.get_by_role("button", name="Speak")).to_be_visible()
    assert page.evaluate("asked") == 0
    page.locator("#call").click()


def test_a_message_that_found_no_call_stands_in_its_field_again(silent: Browser, page_of: Open) -> None:
    page = page_of(silent, expected="status of 503")
    error = {"error": {"message": "Paused.", "code": "paused"}}
    page.route("**/session?*", lambda route: route.fulfill(status=503, json=error))
    page.locator("#message").fill("hello")
    page.locator("#message").press("Enter")

    expect(page.locator("#error .what")).to_have_text("All calls are paused.")
    expect(page.locator("#message")).to_have_value("hello")

    page.unroute("**/session?*")
    page.locator("#message").fill("")
    connect(page)
    send_and_wait(page, "something else")
    assert "hello" not in turns(page)
    page.locator("#call").click()


def test_enter_that_chooses_a_character_sends_nothing(silent: Browser, page_of: Open) -> None:
    page = page_of(silent)
    page.locator("#message").fill("\u304b\u3093")

    # As Safari sends it, after the choice has ended.
    enter = "new KeyboardEvent('keydown', { key: 'Enter', keyCode: 229, bubbles: true, cancelable: true })"
    page.evaluate(f"document.querySelector('#message').dispatchEvent({enter})")

    expect(page.locator("#message")).to_have_value("\u304b\u3093")
    expect(page.locator("#state")).to_have_text("Ready")


@pytest.mark.parametrize("text", ["hello", "\u0645\u0631\u062d\u0628\u0627"])
def test_what_a_person_wrote_stands_at_the_same_side_in_every_language(
    silent: Browser, page_of: Open, text: str
) -> None:
    page = page_of(silent)
    connect(page)
    page.locator("#message").fill(text)
    page.locator("#message").press("Enter")

    bubble = page.locator("#transcript > li[data-speaker=person] .text")
    expect(bubble).to_have_text(text)
    [right, edge] = bubble.evaluate("(it) => [it, it.closest('li')].map((one) => one.getBoundingClientRect().right)")
    assert right == pytest.approx(edge, abs=1)
    page.locator("#call").click()


def test_a_copy_that_the_browser_refuses_is_reported(silent: Browser, page_of: Open) -> None:
    page = page_of(silent, script="delete Navigator.prototype.clipboard")
    connect(page)
    send_and_wait(page, "hello")

    page.get_by_role("button", name="Copy").click()

    expect(page.get_by_role("button", name="Could not copy")).to_be_visible()
    page.locator("#call").click()
