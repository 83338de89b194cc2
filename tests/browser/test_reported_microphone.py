"""What people report of the microphone on voice pages: what cannot be had here is one browser function, replaced."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, Page, expect

from local.stack import Stack
from tests.browser.conftest import Open, about
from tests.browser.page import choose, close_panel, connect, connect_with, open_panel, sent
from tests.browser.scripts import TRACKS
from tests.waiting import wait_until

pytestmark = pytest.mark.thorough

REFUSE = """
navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException(%r, %r))
"""
"""`getUserMedia` is replaced by one that fails as the browser's does."""

WITHOUT = "Object.defineProperty(%s, '%s', { value: undefined })"
"""A browser that has no such thing."""

FAILURES = [
    ("Permission denied", "NotAllowedError", "microphone_denied", "Press the icon beside the address"),
    ("Permission denied by system", "NotAllowedError", "microphone_denied_by_system", "System Settings, Privacy"),
    ("Starting audioinput failed", "AbortError", "microphone_failed", "restart the browser"),
    ("Not allowed by policy", "SecurityError", "microphone_forbidden", "Try another browser"),
    ("Something else", "InvalidStateError", "microphone_failed", "restart the browser"),
]


@pytest.mark.parametrize(("message", "name", "code", "fix"), FAILURES, ids=[code for *_, code, _ in FAILURES])
def test_a_microphone_that_is_refused_is_reported_with_its_remedy(
    stack: Stack, silent: Browser, page_of: Open, message: str, name: str, code: str, fix: str
) -> None:
    page = page_of(silent, script=REFUSE % (message, name))
    before = about(stack)["calls_created"]

    page.locator("#call").click()

    expect(page.locator("#error .facts")).to_have_text(code)
    expect(page.locator("#error .fix")).to_contain_text(fix)
    expect(page.locator("#state")).to_have_text("Not connected")
    assert about(stack)["calls_created"] == before


@pytest.mark.parametrize(
    ("owner", "missing", "code", "words"),
    [
        ("navigator", "mediaDevices", "unsupported_browser", "those within other apps"),
        ("window", "RTCPeerConnection", "no_webrtc", "it has no WebRTC"),
    ],
)
def test_a_browser_that_cannot_call_says_so(
    stack: Stack, silent: Browser, page_of: Open, owner: str, missing: str, code: str, words: str
) -> None:
    page = page_of(silent, script=WITHOUT % (owner, missing))
    before = about(stack)["calls_created"]

    page.locator("#call").click()

    expect(page.locator("#error .facts")).to_have_text(code)
    expect(page.locator("#error .what")).to_contain_text(words)
    expect(page.locator("#error .fix")).to_contain_text("in Chrome, Edge, Firefox or Safari")
    assert about(stack)["calls_created"] == before


HEARD = "tracks.at(-1).enabled"
TURN = ["input_audio_buffer.clear", "input_audio_buffer.commit", "response.create"]


def pushing(page: Page) -> None:
    """Connect by the keyboard, push to talk: the focus is on the button that hangs up."""
    expect(page.locator("#call")).to_be_enabled()
    choose(page, "settings", **{"microphone-mode": "push"})
    page.locator("#call").focus()
    page.keyboard.press("Enter")
    expect(page.locator("body")).to_have_attribute("data-phase", "listening")
    assert page.evaluate("document.activeElement.id") == "call"
    wait_until(lambda: sent(page) == ["session.update"])
    page.locator("#call").focus()  # which the panel of the events has taken


def test_what_was_chosen_outlives_a_lost_connection(
    silent: Browser, page_of: Open, paused: Callable[[bool], None]
) -> None:
    # What they request while the upstream is paused may be answered with 504.
    muted, pushes = (page_of(silent, script=TRACKS, expected="status of 504") for _ in range(2))
    open_panel(muted, "settings")
    muted.locator("#volume").fill("30")
    muted.locator("#microphone").select_option(label="Fake Audio Input 2")
    close_panel(muted, "settings")
    connect(muted)
    muted.locator("#mute").click()
    pushing(pushes)
    calls = [page.locator("#call-id").text_content() for page in (muted, pushes)]

    paused(True)
    for page in (muted, pushes):
        expect(page.locator("#state")).to_have_text("Reconnecting", timeout=25_000)
    expect(muted.locator("#mute")).to_have_text("Unmute")
    paused(False)
    for page, call in zip((muted, pushes), calls, strict=True):
        expect(page.locator("body")).to_have_attribute("data-state", "connected")
        expect(page.locator("#call-id")).not_to_have_text(str(call))
        assert page.evaluate(HEARD) is False

    expect(muted.locator("#mute")).to_have_text("Unmute")
    assert muted.evaluate("[tracks.at(-1).label, document.querySelector('#voice-out').volume]") == [
        "Fake Audio Input 2",
        0.3,
    ]
    expect(pushes.locator("#hold-to-talk")).to_be_visible()

    # Whoever connects by hand begins with an open microphone.
    muted.locator("#call").click()
    expect(muted.locator("body")).to_have_attribute("data-state", "closed")
    muted.locator("#call").click()
    expect(muted.locator("body")).to_have_attribute("data-phase", "listening")
    assert muted.evaluate(HEARD) is True
    expect(muted.locator("#mute")).to_have_text("Mute")


def test_the_space_bar_talks_and_does_not_hang_up(silent: Browser, page_of: Open) -> None:
    page = page_of(silent, script=TRACKS)
    pushing(page)

    page.keyboard.down(" ")
    wait_until(lambda: page.evaluate(HEARD) is True)
    page.wait_for_timeout(500)
    page.keyboard.up(" ")

    wait_until(lambda: page.evaluate(HEARD) is False)
    wait_until(lambda: sent(page) == ["session.update", *TURN])
    expect(page.locator("body")).to_have_attribute("data-state", "connected")
    # In a field it is a space.
    page.locator("#message").focus()
    page.keyboard.type("a b")
    expect(page.locator("#message")).to_have_value("a b")
    assert page.evaluate(HEARD) is False
    page.locator("#call").focus()
    page.keyboard.press("Enter")
    expect(page.locator("body")).to_have_attribute("data-state", "closed")


LEAVE = {
    "the window loses the focus": "window.dispatchEvent(new Event('blur'))",
    "the tab is hidden": "document.dispatchEvent(new Event('visibilitychange'))",
    "the focus moves": "document.querySelector('#message').focus()",
}


@pytest.mark.parametrize("leaving", LEAVE.values(), ids=LEAVE)
@pytest.mark.parametrize("how", ["held", "tapped"])
def test_whoever_goes_elsewhere_is_not_heard_any_more(silent: Browser, page_of: Open, leaving: str, how: str) -> None:
    """A headless browser's window never loses the focus: the test sends the event that would tell of it."""
    page = page_of(silent, script=TRACKS)
    pushing(page)
    page.keyboard.down(" ")
    if how == "tapped":
        page.keyboard.up(" ")
    wait_until(lambda: page.evaluate(HEARD) is True)

    page.evaluate(leaving)

    assert page.evaluate(HEARD) is False
    expect(page.locator("#hold-to-talk")).to_have_text("Hold to talk")
    # The key that comes up elsewhere, or goes on repeating, opens nothing.
    if how == "held":
        page.keyboard.down(" ")
        page.keyboard.up(" ")
        assert page.evaluate(HEARD) is False
    page.locator("#call").click()


def test_a_session_that_takes_no_turns_by_itself_has_the_button(stack: Stack, silent: Browser, page_of: Open) -> None:
    page = page_of(silent, script=TRACKS)
    connect_with(page, stack, {"audio": {"input": {"turn_detection": None}}})
    button = page.locator("#hold-to-talk")

    expect(button).to_be_visible()
    expect(page.locator("#mute")).to_be_hidden()
    expect(page.locator("#advice")).to_contain_text("Hold the button or the space bar")
    expect(page.locator("#microphone-mode")).to_be_disabled()
    expect(page.locator("#microphone-mode")).to_have_value("push")
    assert page.evaluate(HEARD) is False
    button.hover()
    page.mouse.down()
    page.wait_for_timeout(500)
    assert page.evaluate(HEARD) is True
    page.mouse.up()
    expect(page.locator("#transcript > li[data-speaker=model]")).to_have_count(1)
    assert sent(page) == TURN
    expect(page.locator("#error")).to_be_empty()

    # It was the session's choice, not the person's.
    page.locator("#call").click()
    expect(page.locator("#microphone-mode")).to_have_value("open")
    expect(page.locator("#microphone-mode")).to_be_enabled()
    assert "push" not in page.evaluate("localStorage.choices ?? ''")


TAKE = """(muted) => {
  const track = tracks.at(-1)
  Object.defineProperty(track, 'muted', { value: muted, configurable: true })
  track.dispatchEvent(new Event(muted ? 'mute' : 'unmute'))
}"""
"""What a phone call does: there is no system here that would take a microphone away."""


def test_a_microphone_that_the_system_takes_is_reported_until_it_is_given_back(silent: Browser, page_of: Open) -> None:
    page = page_of(silent, script=TRACKS)
    connect(page)

    page.evaluate(TAKE, True)

    expect(page.get_by_role("alert")).to_contain_text("you are not heard")
    expect(page.locator("#error .facts")).to_have_text("microphone_interrupted")
    expect(page.locator("#error .fix")).to_contain_text("End the phone call")
    expect(page.locator("#advice")).to_have_text("You are not heard.")
    page.evaluate(TAKE, False)
    expect(page.locator("#error")).to_be_empty()
    expect(page.locator("#advice")).to_have_text("Speak. You can interrupt at any time.")
    expect(page.locator("body")).to_have_attribute("data-state", "connected")
    page.locator("#call").click()


def test_a_microphone_that_ends_is_reported_and_opened_again(silent: Browser, page_of: Open) -> None:
    """To withdraw the permission ends a track as a pulled plug does."""
    page = page_of(silent, script=TRACKS)
    connect(page)
    page.locator("#mute").click()

    page.context.clear_permissions()

    expect(page.get_by_role("alert")).to_contain_text("The microphone has stopped: you are not heard.")
    expect(page.locator("#error .facts")).to_have_text("microphone_ended")
    page.context.grant_permissions(["microphone"])
    expect(page.locator("#error")).to_be_empty()
    assert page.evaluate("tracks.map(({ readyState }) => readyState)") == ["ended", "live"]
    assert page.evaluate(HEARD) is False
    expect(page.locator("#mute")).to_have_text("Unmute")
    page.locator("#call").click()


def test_a_denial_that_is_taken_back_is_not_shown_any_more(silent: Browser, page_of: Open) -> None:
    page = page_of(silent, permissions=[])
    page.locator("#call").click()
    expect(page.locator("#error .facts")).to_have_text("microphone_denied")

    page.context.grant_permissions(["microphone"])

    expect(page.locator("#error")).to_be_empty()
    expect(page.locator("#state")).to_have_text("Ready")


def test_a_missing_microphone_that_came_is_not_shown_any_more(page_without_microphone: Page) -> None:
    """Nobody can plug one in here: the list of devices is replaced, and the event that tells of it is sent."""
    page = page_without_microphone
    page.locator("#call").click()
    expect(page.locator("#error .facts")).to_have_text("no_microphone")

    # Something else is plugged in.
    page.evaluate("navigator.mediaDevices.dispatchEvent(new Event('devicechange'))")
    page.wait_for_timeout(200)
    expect(page.locator("#error .facts")).to_have_text("no_microphone")
    page.evaluate("""() => {
      navigator.mediaDevices.enumerateDevices = async () => [{ kind: 'audioinput', deviceId: '', label: '' }]
      navigator.mediaDevices.dispatchEvent(new Event('devicechange'))
    }""")

    expect(page.locator("#error")).to_be_empty()
    expect(page.locator("#state")).to_have_text("Ready")


def test_a_server_that_could_not_be_reached_is_not_shown_once_the_network_is_back(
    silent: Browser, page_of: Open
) -> None:
    page = page_of(silent, expected="net::ERR_INTERNET_DISCONNECTED")
    page.context.set_offline(True)
    page.locator("#call").click()
    expect(page.locator("#error .facts")).to_have_text("unreachable")

    page.context.set_offline(False)

    expect(page.locator("#error")).to_be_empty()
    expect(page.locator("#state")).to_have_text("Ready")


LOADING = """
const { fetch } = window
window.fetch = (url, ...rest) => {
  if (url !== '/config.json') return fetch(url, ...rest)
  return new Promise((resolve) => (window.load = () => resolve(fetch(url, ...rest))))
}
"""
"""The page's configuration is on its way until the test lets it arrive."""


def test_what_is_chosen_while_the_page_loads_counts(silent: Browser, page_of: Open) -> None:
    page = page_of(silent, script=LOADING)
    page.locator("#settings-open").click()
    page.locator("#microphone-mode").select_option("push")
    close_panel(page, "settings")

    page.evaluate("load()")
    connect(page)

    expect(page.locator("#microphone-mode")).to_have_value("push")
    expect(page.locator("#hold-to-talk")).to_be_visible()
    page.locator("#call").click()
