"""The page's accessibility: keyboard, screen sizes, colours and screen readers."""

from collections.abc import Sequence

import pytest
from playwright.sync_api import Browser, Page, expect

from local.template import ROOT
from tests.browser.conftest import Open
from tests.browser.page import close_panel, connect, open_panel, receive_item, send, show_events
from tests.browser.scripts import CHANNEL, HOLD
from tests.waiting import wait_until

pytestmark = pytest.mark.thorough

AXE = (ROOT / "node_modules" / "axe-core" / "axe.min.js").read_text()
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
RUN = """async (runOnly) => {
  const rules = runOnly.length > 1 ? { 'target-size': { enabled: true } } : {}
  const { violations } = await axe.run({ runOnly, rules, resultTypes: ['violations'] })
  return violations.flatMap(({ id, nodes }) => nodes.map(({ html, any }) => `${id}: ${html} ${any[0]?.message ?? ''}`))
}"""
LOUD = """() => {
  window.loud = 0
  setInterval(() => (loud = Math.max(loud, document.querySelector('#level-person').value)), 50)
}"""
SIZES = [(320, 568), (375, 812), (812, 375), (768, 1024), (1440, 900), (3840, 2160)]


def audit(page: Page, state: str, rules: Sequence[str] = TAGS) -> None:
    """Check that axe finds no violation in light and in dark, without transitions between the two."""
    page.evaluate(AXE)
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        assert (state, scheme, page.evaluate(RUN, rules)) == (state, scheme, [])


def in_sight(page: Page) -> None:
    """Check that nothing is wider than the window, and that the button is in it, on each screen."""
    before = page.viewport_size
    assert before is not None
    for width, height in SIZES:
        page.set_viewport_size({"width": width, "height": height})
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        button = page.locator("#call").bounding_box()
        assert button is not None
        assert 0 <= button["x"] <= width - button["width"]
        assert 0 <= button["y"] <= height - button["height"]
    page.set_viewport_size(before)


def test_the_page_is_accessible_before_a_call(silent: Browser, page_of: Open) -> None:
    page = page_of(silent, permissions=[], script=HOLD)
    audit(page, "idle")
    in_sight(page)
    for panel in ("settings", "developer"):
        open_panel(page, panel)
        audit(page, panel)
        close_panel(page, panel)

    page.locator("#call").click()
    expect(page.locator("body")).to_have_attribute("data-phase", "asking")
    audit(page, "asking")
    in_sight(page)

    page.evaluate("decide()")
    expect(page.locator("body")).to_have_attribute("data-phase", "failed")
    audit(page, "failed")
    in_sight(page)


def test_the_page_is_accessible_during_and_after_a_call(silent: Browser, page_of: Open) -> None:
    page = page_of(silent)
    connect(page, preset="colours")
    page.locator("#message").fill("what time is it?")
    page.locator("#send").click()
    show_events(page)
    page.locator("#events > li summary").last.click()
    expect(page.locator("#transcript > li[data-speaker=model]").first).to_have_attribute("data-state", "final")

    audit(page, "listening, thinking, speaking, with events")
    close_panel(page, "developer")
    in_sight(page)
    page.locator("#mute").click()
    audit(page, "muted")
    open_panel(page, "settings")
    page.locator("#microphone-mode").select_option("push")
    close_panel(page, "settings")
    audit(page, "push to talk")

    page.locator("#call").click()
    expect(page.locator("body")).to_have_attribute("data-phase", "ended")
    audit(page, "ended")


def test_the_page_is_accessible_with_a_pending_approval_an_interrupted_answer_and_an_error(
    silent: Browser, page_of: Open
) -> None:
    page = page_of(silent, script=CHANNEL)
    connect(page)
    send(page, "once upon a time there was a king who had three sons")
    expect(page.locator("body")).to_have_attribute("data-phase", "speaking")
    error = {"type": "http_error", "code": 503, "message": "The shop is closed."}
    receive_item(page, id="mcp_1", type="mcp_call", server_label="shop", name="buy", arguments="{}", error=error)
    receive_item(page, id="mcpr_1", type="mcp_approval_request", server_label="shop", name="buy", arguments="{}")
    send(page, "stop")
    expect(page.locator(".unheard")).to_have_count(1)
    send(page, "x" * 270_000)
    expect(page.locator("#error .facts")).to_have_text("event_too_large")

    audit(page, "asked, unheard, failed")
    in_sight(page)
    allow = page.get_by_role("button", name="Allow")
    allow.focus()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(allow).to_be_hidden()
    assert page.evaluate("document.activeElement.id") == "scroll"
    page.locator("#call").click()


def test_colours_have_enough_contrast_in_each_phase(silent: Browser, page_of: Open) -> None:
    page = page_of(silent)
    expect(page.locator("#state")).to_have_text("Ready")

    for phase in ("connecting", "thinking", "speaking", "muted", "reconnecting"):
        page.evaluate("(phase) => Object.assign(document.body.dataset, { phase, busy: '' })", phase)
        audit(page, phase, ["color-contrast"])


def test_everything_can_be_done_by_keyboard(silent: Browser, page_of: Open) -> None:
    page = page_of(silent)
    expect(page.locator("#state")).to_have_text("Ready")
    focus = "(({ id, tagName, textContent }) => (tagName === 'BODY' ? '' : id || textContent))(document.activeElement)"

    def walk(key: str = "Tab") -> list[str]:
        """Move the focus until it comes back; return the ids of the elements that had it."""
        stops: list[str] = []
        while len(stops) < 40:
            page.keyboard.press(key)
            here = page.evaluate(focus)
            if not here or here in stops:
                break
            stops.append(here)
            # The focus is visible.
            assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") != "none"
        # In Firefox it leaves the page for the window, which takes the keys until it has been walked through.
        while not page.evaluate("document.hasFocus()"):
            page.keyboard.press("Tab")
        return stops

    before = walk()
    assert before[:6] == ["settings-open", "developer-open", "scroll", "preset", "voice", "Explain how vaccines work."]
    assert before[-3:] == ["message", "send", "call"]

    page.locator("#call").focus()
    page.keyboard.press("Enter")
    expect(page.locator("body")).to_have_attribute("data-phase", "listening")
    assert page.evaluate(focus) == "call"
    page.keyboard.press("Tab")
    assert page.evaluate(focus) == "mute"
    page.keyboard.press(" ")
    expect(page.locator("#mute")).to_have_text("Unmute")
    page.locator("#settings-open").focus()
    page.keyboard.press("Enter")
    assert {"microphone", "microphone-mode", "loudspeaker", "volume"} <= set(walk())
    page.keyboard.press("Escape")
    assert page.evaluate(focus) == "settings-open"

    page.locator("#message").focus()
    page.keyboard.type("hello")
    page.keyboard.press("Enter")
    expect(page.locator("#transcript > li[data-speaker=model]")).to_have_attribute("data-state", "final")
    page.locator("#developer-open").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#events summary")).not_to_have_count(0)
    page.locator("#events summary").first.focus()
    page.keyboard.press(" ")
    expect(page.locator("#events pre").first).to_be_visible()
    page.locator("#call").focus()
    page.keyboard.press(" ")
    expect(page.locator("body")).to_have_attribute("data-phase", "ended")


def test_nothing_is_animated_where_reduced_motion_is_preferred(speaking: Browser, page_of: Open) -> None:
    page = page_of(speaking, reduced_motion="reduce")
    page.evaluate("document.body.dataset.phase = 'connecting'")
    assert page.evaluate("document.getAnimations().length") == 0

    connect(page)

    # The level meters work all the same.
    page.evaluate(LOUD)
    wait_until(lambda: page.evaluate("loud") > 0.3)
    assert page.evaluate("document.getAnimations().length") == 0
    page.locator("#call").click()


def test_forced_colours_are_respected(silent: Browser, page_of: Open) -> None:
    page = page_of(silent, forced_colors="active")
    expect(page.locator("#state")).to_have_text("Ready")
    border = "getComputedStyle(document.querySelector('#call')).borderTopColor"
    background = "getComputedStyle(document.body).backgroundColor"

    assert page.evaluate(border) != page.evaluate(background)
    assert (
        page.evaluate("getComputedStyle(document.querySelector('#visualizer')).getPropertyValue('--person')")
        == "CanvasText"
    )


def test_the_state_is_announced_politely_and_an_error_assertively(silent: Browser, page_of: Open) -> None:
    page = page_of(silent, permissions=[])
    expect(page.get_by_role("status").filter(has_text="Ready")).to_have_count(1)

    page.locator("#call").click()

    expect(page.get_by_role("status").filter(has_text="Not connected")).to_have_count(1)
    expect(page.get_by_role("alert")).to_contain_text("The microphone was not allowed.")
