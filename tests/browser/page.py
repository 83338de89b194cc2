"""What a person does with the page, and what they see and hear."""

from typing import Any

import httpx
import pytest
from playwright.sync_api import Page, Route, expect

from local.stack import Stack
from tests.browser.conftest import TONE_HZ, about
from tests.browser.scripts import LOUDEST

THE_TONE = pytest.approx(TONE_HZ, abs=15)
"""The frequency of the microphone's tone, which the stand-in repeats."""


def open_panel(page: Page, name: str) -> None:
    """Open `settings`, or `developer`, which stays beside the page."""
    if not page.locator(f"#{name}-panel").evaluate("panel => panel.open"):
        expect(page.locator("#call")).to_be_enabled()
        page.locator(f"#{name}-open").click()


def close_panel(page: Page, name: str) -> None:
    page.locator(f"#{name}-panel .close").click()
    expect(page.locator(f"#{name}-panel")).to_be_hidden()


def choose(page: Page, panel: str, **choices: str) -> None:
    """Choose in a panel, by the fields' ids."""
    open_panel(page, panel)
    for field, value in choices.items():
        page.locator(f"#{field}").select_option(value)
    close_panel(page, panel)


def show_events(page: Page) -> None:
    """Open the panel that lists the events, as soon as it is loaded."""
    open_panel(page, "developer")
    expect(page.locator("#snippet")).not_to_be_empty()


def connect(page: Page, *, interface: str = "session", preset: str = "assistant", voice: str | None = None) -> None:
    page.locator("#preset").select_option(preset)
    if interface != page.locator("#interface").input_value():
        choose(page, "developer", interface=interface)
    if voice:
        page.locator("#voice").select_option(voice)
    page.locator("#call").click()
    expect(page.locator("body")).to_have_attribute("data-state", "connected", timeout=15_000)


def the_call(stack: Stack, page: Page) -> dict[str, object]:
    call_id = page.locator("#call-id").text_content()
    return next(call for call in about(stack)["open_calls"] if call["call_id"] == call_id)


def connect_with(page: Page, stack: Stack, session: dict[str, Any]) -> None:
    """Connect to a session that no preset has: its ephemeral key is minted by the test."""

    def mint(route: Route) -> None:
        headers = {"Authorization": f"Bearer {stack.api_key}"}
        given = {"session": {"type": "realtime", **session}}
        minted = httpx.post(f"{stack.base_url}/realtime/client_secrets", json=given, headers=headers)
        route.fulfill(json=minted.json(), headers={"X-Calls-Url": f"{stack.base_url}/realtime/calls"})

    page.route("**/token?*", mint)
    connect(page, interface="token")


def send(page: Page, text: str) -> None:
    """Type a message, and send it."""
    page.locator("#message").fill(text)
    page.locator("#message").press("Enter")


def send_and_wait(page: Page, text: str) -> None:
    """Send a message, and wait for its answer."""
    send(page, text)
    expect(page.locator("#transcript > li[data-speaker=model] .text").last).to_contain_text("You typed")


def sent(page: Page) -> list[str]:
    """The types of the client events, the oldest first."""
    show_events(page)
    types = page.locator("#events > li[data-direction=sent]").evaluate_all("all => all.map((one) => one.dataset.type)")
    return list(reversed(types))


def receive_item(page: Page, **item: Any) -> None:
    for kind in ("added", "done"):
        page.evaluate("receive", {"type": f"conversation.item.{kind}", "item": item})


def heard_hz(page: Page, stream: str = "document.querySelector('#voice-out').srcObject") -> float:
    """Wait until a page plays audio, and return its frequency; that of the microphone is THE_TONE."""
    heard: float = page.evaluate(f"({LOUDEST})({stream})")
    return heard
