"""The page with the presets of the Live API and of translation: the same conversation, other events."""

import pytest
from playwright.sync_api import Browser, Page, expect

from local.stack import Stack
from tests.browser.conftest import Open, about
from tests.browser.page import THE_TONE, connect, heard_hz, show_events, the_call
from tests.waiting import wait_until

pytestmark = pytest.mark.thorough

PRESETS = [("live", "session"), ("live-private", "session"), ("interpreter", "session"), ("interpreter", "token")]


def types(page: Page, direction: str) -> list[str]:
    rows = page.locator(f"#events > li[data-direction={direction}]")
    return [str(name) for name in rows.evaluate_all("items => items.map((item) => item.dataset.type).reverse()")]


@pytest.mark.parametrize(("preset", "interface"), PRESETS)
def test_a_person_speaks_hears_and_reads_what_was_said(
    stack: Stack, talking: Browser, page_of: Open, preset: str, interface: str
) -> None:
    page = page_of(talking)

    connect(page, preset=preset, interface=interface)

    assert heard_hz(page) == THE_TONE
    for speaker in ("person", "model"):
        expect(page.locator(f"#transcript > li[data-speaker={speaker}] .text").first).not_to_be_empty()
    expect(page.locator("body")).to_have_attribute("data-phase", "speaking")
    expect(page.locator("body")).to_have_attribute("data-phase", "listening")
    expect(page.locator("#message")).to_be_disabled()
    call_id = the_call(stack, page)["call_id"]
    show_events(page)
    page.locator("#call").click()
    expect(page.locator("body")).to_have_attribute("data-phase", "ended")
    wait_until(lambda: call_id not in [call["call_id"] for call in about(stack)["open_calls"]], seconds=5)
    assert types(page, "sent") == []  # the server has hung it up


@pytest.mark.parametrize("preset", ["live", "live-private"])
def test_muting_is_reported_to_the_live_api(silent: Browser, page_of: Open, preset: str) -> None:
    page = page_of(silent)
    connect(page, preset=preset)
    show_events(page)
    wait_until(lambda: types(page, "received") != [])

    page.locator("#mute").click()
    page.locator("#mute").click()

    wait_until(lambda: types(page, "sent") == ["session.input_audio.mute", "session.input_audio.unmute"])
    acknowledged = ["session.input_audio.muted", "session.input_audio.unmuted"]
    wait_until(lambda: [name for name in types(page, "received") if "muted" in name] == acknowledged)
    expect(page.locator("body")).to_have_attribute("data-phase", "listening")
    page.locator("#call").click()
