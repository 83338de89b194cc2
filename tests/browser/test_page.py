"""The page as a person uses it, with real Chromium, real WebRTC and the real handlers."""

import re

import pytest
from playwright.sync_api import Browser, expect

from local.stack import Stack
from tests.browser.conftest import PERIOD, Open, about
from tests.browser.page import THE_TONE, connect, heard_hz, show_events, the_call
from tests.waiting import wait_until


@pytest.mark.parametrize("interface", ["session", "token"])
def test_a_person_can_press_the_button_speak_and_hear_an_answer(
    stack: Stack, speaking: Browser, page_of: Open, interface: str
) -> None:
    page = page_of(speaking)

    connect(page, interface=interface)

    assert heard_hz(page) == THE_TONE
    assert the_call(stack, page)["heard_hz"] == THE_TONE
    expect(page.locator("#transcript > li[data-speaker=person]").first).to_contain_text("of speech")
    expect(page.locator("#transcript > li[data-speaker=model]").first).to_have_attribute(
        "data-state", re.compile("final|partial")
    )
    page.locator("#call").click()


@pytest.mark.parametrize("interface", ["session", "token"])
def test_hanging_up_ends_the_call_upstream(stack: Stack, silent: Browser, page_of: Open, interface: str) -> None:
    page = page_of(silent)
    connect(page, interface=interface)
    call_id = page.locator("#call-id").text_content()

    page.locator("#call").click()

    expect(page.locator("#state")).to_have_text("Call ended")
    wait_until(lambda: call_id not in [call["call_id"] for call in about(stack)["open_calls"]], seconds=3)


def test_leaving_the_page_ends_the_call_upstream(stack: Stack, silent: Browser, page_of: Open) -> None:
    page = page_of(silent)
    connect(page)
    call_id = page.locator("#call-id").text_content()

    page.goto("about:blank")

    wait_until(lambda: call_id not in [call["call_id"] for call in about(stack)["open_calls"]], seconds=3)


def test_a_typed_message_is_answered_in_the_transcript_and_the_events(silent: Browser, page_of: Open) -> None:
    page = page_of(silent)
    connect(page)

    page.locator("#message").fill("hello there")
    page.locator("#message").press("Enter")

    expect(page.locator("#transcript > li[data-speaker=person] .text").last).to_have_text("hello there")
    expect(page.locator("#transcript > li[data-speaker=model] .text").last).to_contain_text("hello there")
    expect(page.locator("#transcript > li[data-speaker=model]").last).to_have_attribute("data-state", "final")
    show_events(page)
    sent = page.locator("#events > li[data-direction=sent]").evaluate_all(
        "items => items.map((item) => item.dataset.type)"
    )
    assert sent == ["response.create", "conversation.item.create"]
    received = page.locator("#events > li[data-direction=received]").evaluate_all(
        "items => items.map((item) => item.dataset.type)"
    )
    assert {"session.created", "response.created", "response.done", "output_audio_buffer.started"} <= set(received)


def test_the_chosen_voice_is_the_voice_of_the_call(silent: Browser, page_of: Open) -> None:
    page = page_of(silent)

    connect(page, voice="cedar")

    show_events(page)
    created = page.locator("#events > li[data-type='session.created']")
    created.click()
    expect(created).to_contain_text('"voice": "cedar"')


def test_a_locked_call_has_audio_and_no_events(stack: Stack, speaking: Browser, page_of: Open) -> None:
    page = page_of(speaking)

    connect(page, preset="private")

    assert heard_hz(page) == THE_TONE
    expect(page.locator("#message")).to_be_hidden()
    show_events(page)
    assert page.locator("#events > li").count() == 0
    page.locator("#call").click()


def test_a_locked_preset_cannot_be_used_with_an_ephemeral_key(silent: Browser, page_of: Open) -> None:
    page = page_of(silent)

    page.locator("#preset").select_option("private")

    expect(page.locator("#interface option[value=token]")).to_be_disabled()


def test_a_function_call_repaints_the_page(silent: Browser, page_of: Open) -> None:
    page = page_of(silent)
    connect(page, preset="colours")

    page.locator("#message").fill("set the background colour to teal")
    page.locator("#send").click()

    expect(page.locator("#transcript > li[data-speaker=function]")).to_contain_text("set_colour")
    expect(page.locator("html")).to_have_css("--background", "teal")
    expect(page.locator("#transcript > li[data-speaker=model]").last).to_have_attribute("data-state", "final")


@pytest.mark.parametrize("interface", ["session", "token"])
def test_a_transcription_session_transcribes_and_does_not_answer(
    stack: Stack, speaking: Browser, page_of: Open, interface: str
) -> None:
    page = page_of(speaking)

    connect(page, interface=interface, preset="transcriber")

    expect(page.locator("#transcript > li[data-speaker=person]").first).to_contain_text("of speech", timeout=15_000)
    assert the_call(stack, page)["session_type"] == "transcription"
    expect(page.locator("#transcript > li[data-speaker=model]")).to_have_count(0)
    page.locator("#call").click()


def test_muting_is_heard_upstream_as_silence(speaking: Browser, page_of: Open) -> None:
    page = page_of(speaking)
    connect(page)
    show_events(page)
    heard = page.locator("#events > li[data-type='input_audio_buffer.speech_started']")
    expect(heard).not_to_have_count(0)
    expect(page.locator("#events > li[data-type='input_audio_buffer.speech_stopped']")).not_to_have_count(0)

    page.locator("#mute").click()

    expect(page.get_by_role("button", name="Unmute")).to_be_visible()
    before = heard.count()
    page.wait_for_timeout(PERIOD * 1000 + 500)
    assert heard.count() == before
    page.locator("#mute").click()
    expect(heard).to_have_count(before + 1, timeout=PERIOD * 1000 + 2000)
    page.locator("#call").click()


def test_a_failure_is_shown_in_a_sentence_and_the_rest_is_folded(silent: Browser, page_of: Open) -> None:
    page = page_of(silent, expected="status of 429")
    error = '{"error": {"message": "You exceeded your quota.", "code": "insufficient_quota", "request_id": "r-1"}}'
    page.route("**/session?*", lambda route: route.fulfill(status=429, content_type="application/json", body=error))

    page.locator("#call").click()

    expect(page.locator("#error .what")).to_have_text("The voice service is not available: its budget is used up.")
    expect(page.locator("#error .fix")).to_have_text("Tell the person who runs this page.")
    said = page.get_by_text("You exceeded your quota.")
    expect(said).to_be_hidden()
    page.get_by_text("Details").click()
    expect(said).to_be_visible()
    expect(page.get_by_text("Add credit, or raise the limit of the project")).to_be_visible()
    expect(page.locator("#error .facts")).to_have_text("insufficient_quota · status 429 · request r-1")
    expect(page.locator("body")).to_have_attribute("data-state", "closed")


def test_a_denied_microphone_creates_no_call(stack: Stack, denying: Browser) -> None:
    before = about(stack)["calls_created"]
    context = denying.new_context()
    page = context.new_page()
    page.goto(stack.url)

    page.locator("#call").click()

    expect(page.locator("#error")).to_contain_text("microphone")
    assert about(stack)["calls_created"] == before
    context.close()
