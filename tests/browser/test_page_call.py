"""The call: where its button is, that muted is seen, and what tells of it outside of the page."""

import pytest
from playwright.sync_api import Browser, Page, expect

from local.stack import Stack
from tests.browser.conftest import Open
from tests.browser.page import close_panel, connect, open_panel, show_events
from tests.browser.scripts import HOLD
from tests.waiting import wait_until

SIZES = [(320, 568), (375, 812), (812, 375), (720, 450), (768, 1024), (1440, 900), (2560, 1440)]
"""Phones, one on its side, a laptop's window at 200 %, and larger ones."""

HANDLERS = """
window.handlers = {}
navigator.mediaSession.setActionHandler = (name, handler) => (handlers[name] = handler)
"""
"""Keeps what the page does when the system's media controls are used."""


def place(page: Page) -> list[int]:
    box = page.locator("#call").bounding_box()
    assert box is not None
    return [round(box["x"]), round(box["y"]), round(box["width"]), round(box["height"])]


@pytest.mark.parametrize("size", SIZES, ids=[f"{width}x{height}" for width, height in SIZES])
@pytest.mark.thorough
def test_the_button_stays_where_it_is_in_every_state(silent: Browser, page_of: Open, size: tuple[int, int]) -> None:
    page = page_of(silent, permissions=[], script=HOLD, viewport={"width": size[0], "height": size[1]})
    expect(page.locator("#state")).to_have_text("Ready")
    places = {"ready": place(page)}

    page.locator("#call").click()
    expect(page.locator("#state")).to_have_text("Allow the microphone")
    places["asking"] = place(page)
    page.evaluate("decide()")
    expect(page.locator("#state")).to_have_text("Not connected")
    places["failed"] = place(page)
    page.context.grant_permissions(["microphone"])
    page.locator("#call").click()
    page.evaluate("decide()")
    expect(page.locator("#state")).to_have_text("Listening")
    places["listening"] = place(page)
    page.locator("#mute").click()
    expect(page.locator("#state")).to_have_text("Muted")
    places["muted"] = place(page)
    page.locator("#message").fill("one\ntwo\nthree")
    page.locator("#message").press("Enter")
    expect(page.locator("body")).to_have_attribute("data-phase", "speaking")
    places["speaking"] = place(page)
    # Hang up, mute and timer are in reach.
    for part in ("#call", "#mute", "#timer"):
        expect(page.locator(part)).to_be_in_viewport(ratio=1)
    page.locator("#call").click()
    expect(page.locator("#state")).to_have_text("Call ended")
    places["ended"] = place(page)

    assert places == dict.fromkeys(places, places["ready"])


@pytest.mark.thorough
def test_with_text_of_twice_the_size_a_phone_can_still_be_typed_on(silent: Browser, page_of: Open) -> None:
    page = page_of(silent, viewport={"width": 375, "height": 812})
    page.evaluate("document.documentElement.style.fontSize = '200%'")
    connect(page)

    page.locator("#message").fill("hello")

    for part in ("#message", "#send", "#call", "#mute", "#timer"):
        expect(page.locator(part)).to_be_in_viewport(ratio=1)
    box = page.locator("#message").bounding_box()
    assert box is not None
    assert box["width"] > 250
    page.locator("#send").click()
    expect(page.locator("#transcript > li").last).to_be_in_viewport()
    page.locator("#call").click()


def test_muted_is_a_state_of_its_own_and_speaking_meanwhile_is_noticed(speaking: Browser, page_of: Open) -> None:
    page = page_of(speaking)
    connect(page)

    page.get_by_role("button", name="Mute").click()

    expect(page.get_by_role("button", name="Unmute")).to_be_visible()
    expect(page.locator(".slash")).to_be_visible()
    wait_until(lambda: page.locator("#state").text_content() == "Muted")
    expect(page).to_have_title("Muted · Speak with a model")
    assert page.locator("link[rel=icon]").get_attribute("href") == "icon-muted.svg"
    expect(page.locator("#advice")).to_have_text("You are speaking, but you are muted. Press Unmute to be heard.")
    expect(page.locator("#advice")).to_have_text("You are muted: nobody hears you.")
    page.get_by_role("button", name="Unmute").click()
    expect(page.locator("#advice")).to_have_text("Speak. You can interrupt at any time.")
    page.locator("#call").click()


@pytest.mark.thorough
def test_the_tab_and_the_systems_controls_show_the_call(silent: Browser, page_of: Open) -> None:
    page = page_of(silent, script=HANDLERS)
    icon = page.locator("link[rel=icon]")
    expect(page).to_have_title("Speak with a model")
    assert icon.get_attribute("href") == "icon.svg"

    connect(page)
    expect(page).to_have_title("In a call · Speak with a model")
    assert icon.get_attribute("href") == "icon-call.svg"
    assert page.evaluate("navigator.mediaSession.metadata.title") == "Voice assistant"

    page.evaluate("handlers.togglemicrophone()")
    expect(page.locator("#state")).to_have_text("Muted")
    page.evaluate("handlers.hangup()")
    expect(page.locator("#state")).to_have_text("Call ended")
    expect(page).to_have_title("Speak with a model")
    assert page.evaluate("navigator.mediaSession.metadata") is None


@pytest.mark.thorough
def test_the_page_can_be_installed(stack: Stack, silent: Browser, page_of: Open) -> None:
    page = page_of(silent)
    path = page.locator("link[rel=manifest]").get_attribute("href")

    manifest = page.request.get(f"{stack.url}/{path}").json()

    assert (manifest["start_url"], manifest["display"]) == ("/", "standalone")
    assert [page.request.get(f"{stack.url}/{icon['src']}").status for icon in manifest["icons"]] == [200]
    session = page.context.new_cdp_session(page)
    assert session.send("Page.getAppManifest")["errors"] == []


@pytest.mark.thorough
def test_keys_mute_and_hang_up_where_nothing_is_written(silent: Browser, page_of: Open) -> None:
    page = page_of(silent)
    connect(page)
    state = page.locator("#state")

    page.keyboard.press("m")
    expect(state).to_have_text("Muted")
    page.keyboard.press("m")
    expect(state).to_have_text("Listening")
    page.locator("#message").focus()
    page.keyboard.type("mmm")
    expect(page.locator("#message")).to_have_value("mmm")
    expect(state).to_have_text("Listening")

    # Escape closes what is open, and leaves a field, before it hangs up.
    page.keyboard.press("Escape")
    assert page.evaluate("document.activeElement.tagName") == "BODY"
    for panel in ("settings", "developer"):
        open_panel(page, panel)
        page.keyboard.press("Escape")
        expect(page.locator(f"#{panel}-panel")).to_be_hidden()
    expect(page.locator("body")).to_have_attribute("data-state", "connected")
    open_panel(page, "settings")
    expect(page.locator("#settings-panel")).to_contain_text("Close what is open, or hang up")
    page.locator("#shortcuts").uncheck()
    close_panel(page, "settings")
    page.keyboard.press("m")
    page.locator("#call").focus()
    page.keyboard.press("Escape")
    expect(state).to_have_text("Listening")
    open_panel(page, "settings")
    page.locator("#shortcuts").check()
    close_panel(page, "settings")
    page.locator("#call").focus()
    page.keyboard.press("Escape")
    expect(state).to_have_text("Call ended")


@pytest.mark.thorough
def test_a_second_tab_that_calls_shows_the_call_of_the_first(stack: Stack, silent: Browser, page_of: Open) -> None:
    first = page_of(silent)
    connect(first)
    second = first.context.new_page()
    second.goto(stack.url)

    connect(second)

    warning = "Another tab of this page is in a call, too: the two can hear each other."
    expect(second.locator("#advice")).to_have_text(warning)
    first.locator("#call").click()
    expect(first.locator("#state")).to_have_text("Call ended")
    second.locator("#call").click()
    expect(second.locator("#state")).to_have_text("Call ended")
    second.locator("#call").click()
    expect(second.locator("#advice")).to_have_text("Speak. You can interrupt at any time.")
    second.locator("#call").click()


@pytest.mark.thorough
def test_the_voice_comes_out_of_the_chosen_loudspeaker(silent: Browser, page_of: Open) -> None:
    page = page_of(silent)
    connect(page)
    open_panel(page, "settings")
    picker = page.locator("#loudspeaker")
    sink = "document.querySelector('#voice-out').sinkId"
    assert page.evaluate(sink) == ""

    picker.select_option(label="Fake Audio Output 2")
    wait_until(lambda: page.evaluate(sink) == picker.input_value() != "")

    picker.select_option(label="System default")
    wait_until(lambda: page.evaluate(sink) == "")
    close_panel(page, "settings")
    page.locator("#call").click()


@pytest.mark.thorough
def test_no_space_bar_is_named_where_there_is_none(silent: Browser, page_of: Open) -> None:
    page = page_of(silent, has_touch=True, is_mobile=True, viewport={"width": 375, "height": 812})
    open_panel(page, "settings")
    page.locator("#microphone-mode").select_option("push")
    close_panel(page, "settings")
    connect(page)

    expect(page.locator("#advice")).to_have_text("Hold the button while you speak; a tap keeps it on.")
    page.locator("#call").click()


@pytest.mark.thorough
def test_rows_of_events_are_large_enough_for_a_finger(silent: Browser, page_of: Open) -> None:
    page = page_of(silent)
    connect(page)
    show_events(page)
    expect(page.locator("#events summary")).not_to_have_count(0)

    # Its stylesheet is loaded with the panel.
    heights = "rows => Math.min(...rows.map((row) => row.offsetHeight))"
    wait_until(lambda: page.locator("#events summary").evaluate_all(heights) >= 44)
    page.locator("#call").click()
