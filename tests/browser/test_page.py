"""The page as a person uses it, with real Chromium, real WebRTC and the real handlers."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, Page, expect

from local.stack import Stack
from tests.browser.conftest import LOUDEST, PERIOD, TONE_HZ, about, eventually

Open = Callable[..., Page]


def connect(page: Page, *, interface: str = "session", preset: str = "assistant", voice: str | None = None) -> None:
    page.locator("#preset").select_option(preset)
    page.locator("#interface").select_option(interface)
    if voice:
        page.locator("#voice").select_option(voice)
    page.locator("#call").click()
    expect(page.locator("body")).to_have_attribute("data-state", "connected", timeout=15_000)


def the_call(stack: Stack, page: Page) -> dict[str, object]:
    call_id = page.locator("#call-id").text_content()
    return next(call for call in about(stack)["open_calls"] if call["call_id"] == call_id)


@pytest.mark.parametrize("interface", ["session", "token"])
def test_a_person_can_press_the_button_speak_and_hear_an_answer(
    stack: Stack, speaking: Browser, page_of: Open, interface: str
) -> None:
    page = page_of(speaking)

    connect(page, interface=interface)

    back = page.evaluate(f"({LOUDEST})(document.querySelector('#voice-out').srcObject)")
    assert back == pytest.approx(TONE_HZ, abs=15)
    assert the_call(stack, page)["heard_hz"] == pytest.approx(TONE_HZ, abs=15)
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
    eventually(lambda: call_id not in [call["call_id"] for call in about(stack)["open_calls"]], seconds=3)


def test_leaving_the_page_ends_the_call_upstream(stack: Stack, silent: Browser, page_of: Open) -> None:
    page = page_of(silent)
    connect(page)
    call_id = page.locator("#call-id").text_content()

    page.goto("about:blank")

    eventually(lambda: call_id not in [call["call_id"] for call in about(stack)["open_calls"]], seconds=3)


def test_a_typed_message_is_answered_in_the_transcript_and_the_events(silent: Browser, page_of: Open) -> None:
    page = page_of(silent)
    connect(page)

    page.locator("#message").fill("hello there")
    page.locator("#message").press("Enter")

    expect(page.locator("#transcript > li[data-speaker=person] .text").last).to_have_text("hello there")
    expect(page.locator("#transcript > li[data-speaker=model] .text").last).to_contain_text("hello there")
    expect(page.locator("#transcript > li[data-speaker=model]").last).to_have_attribute("data-state", "final")
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

    created = page.locator("#events > li[data-type='session.created']")
    page.locator("#events-panel > summary").click()
    created.click()
    expect(created).to_contain_text('"voice": "cedar"')


def test_a_locked_call_has_audio_and_no_events(stack: Stack, speaking: Browser, page_of: Open) -> None:
    page = page_of(speaking)

    connect(page, preset="private")

    back = page.evaluate(f"({LOUDEST})(document.querySelector('#voice-out').srcObject)")
    assert back == pytest.approx(TONE_HZ, abs=15)
    expect(page.locator("#message")).to_be_disabled()
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
    heard = page.locator("#events > li[data-type='input_audio_buffer.speech_started']")
    expect(heard).not_to_have_count(0)
    expect(page.locator("#events > li[data-type='input_audio_buffer.speech_stopped']")).not_to_have_count(0)

    page.locator("#mute").click()

    expect(page.locator("#mute")).to_have_attribute("aria-pressed", "true")
    before = heard.count()
    page.wait_for_timeout(PERIOD * 1000 + 500)
    assert heard.count() == before
    page.locator("#mute").click()
    expect(heard).to_have_count(before + 1, timeout=PERIOD * 1000 + 2000)
    page.locator("#call").click()


def test_a_failure_shows_the_message_and_the_request_id_of_the_error(silent: Browser, page_of: Open) -> None:
    page = page_of(silent, expected="status of 429")
    refusal = '{"error": {"message": "You exceeded your quota.", "code": "insufficient_quota", "request_id": "r-1"}}'
    page.route("**/session?*", lambda route: route.fulfill(status=429, content_type="application/json", body=refusal))

    page.locator("#call").click()

    expect(page.locator("#error")).to_contain_text("You exceeded your quota.")
    expect(page.locator("#error")).to_contain_text("insufficient_quota")
    expect(page.locator("#error")).to_contain_text("r-1")
    expect(page.locator("body")).to_have_attribute("data-state", "closed")


def test_a_denied_microphone_creates_no_call(stack: Stack, silent: Browser) -> None:
    before = about(stack)["calls_created"]
    context = silent.new_context(permissions=[])
    page = context.new_page()
    page.goto(stack.url)

    page.locator("#call").click()

    expect(page.locator("#error")).to_contain_text("microphone")
    assert about(stack)["calls_created"] == before
    context.close()
