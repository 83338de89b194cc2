"""The keyboard, the focus, and what a screen reader says, in the situations in which a page mostly gets them wrong."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.page import choose, close_panel, connect, open_panel, receive_item, show_events
from tests.browser.scripts import CHANNEL, TRACKS
from tests.browser.test_page_features import PLUGS
from tests.browser.test_reported_conversation import DECISIONS
from tests.browser.test_reported_microphone import HEARD, pushing
from tests.waiting import wait_until

pytestmark = pytest.mark.thorough

Open = Callable[..., Page]

FOCUS = "document.activeElement.id"

LOSE = """
const Connection = RTCPeerConnection
window.RTCPeerConnection = class extends Connection {
  constructor(...given) {
    super(...given)
    window.connection = this
  }
}
window.lose = () => {
  Object.defineProperty(connection, 'connectionState', { value: 'failed' })
  connection.dispatchEvent(new Event('connectionstatechange'))
}
"""
"""Simulates that the network is lost, by `lose()`."""

BLOCK_PLAYBACK = """
const { play } = HTMLMediaElement.prototype
HTMLMediaElement.prototype.play = function () {
  return navigator.userActivation.isActive && window.allowed ? play.call(this) : Promise.reject(new DOMException('', 'NotAllowedError'))
}
"""  # noqa: E501
"""A browser that plays no sound until `allowed` is set."""

ANNOUNCED = """() => {
  window.announced = []
  const announce = ({ target }) => {
    const live = (target.closest ? target : target.parentElement).closest('[role=status], [role=log]')
    if (live?.textContent && announced.at(-1) !== live.textContent) announced.push(live.textContent)
  }
  new MutationObserver((records) => records.forEach(announce))
    .observe(document.body, { subtree: true, childList: true, characterData: true })
}"""
"""Records in `announced` what the polite live regions say."""

CONTRAST = """(button) => {
  const canvas = document.createElement('canvas').getContext('2d', { willReadFrequently: true })
  const luminance = (colour) => {
    canvas.fillStyle = colour
    canvas.fillRect(0, 0, 1, 1)
    const [red, green, blue] = [...canvas.getImageData(0, 0, 1, 1).data].map((part) =>
      part <= 10 ? part / 255 / 12.92 : ((part / 255 + 0.055) / 1.055) ** 2.4)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
  }
  const { color, backgroundColor } = getComputedStyle(button)
  const [darker, lighter] = [color, backgroundColor].map(luminance).sort((one, other) => one - other)
  return (lighter + 0.05) / (darker + 0.05)
}"""


# The space bar


def test_the_space_bar_presses_the_button_that_has_the_focus(silent: Browser, page_of: Open) -> None:
    page = page_of(silent, script=TRACKS + CHANNEL + DECISIONS)
    pushing(page)
    receive_item(page, id="mcpr_1", type="mcp_approval_request", server_label="shop", name="buy", arguments="{}")
    allow = page.get_by_role("button", name="Allow")
    allow.focus()

    page.keyboard.press(" ")

    expect(allow).to_be_hidden()
    assert page.evaluate("decisions.map(({ approve }) => approve)") == [True]
    assert page.evaluate(HEARD) is False
    # The focus is on the conversation now, where the space bar talks.
    page.keyboard.press(" ")
    wait_until(lambda: page.evaluate(HEARD) is True)
    page.locator("#call").click()


def test_the_space_bar_does_not_talk_while_the_shortcuts_are_switched_off(silent: Browser, page_of: Open) -> None:
    page = page_of(silent, script=TRACKS)
    open_panel(page, "settings")
    page.locator("#shortcuts").uncheck()
    close_panel(page, "settings")
    pushing(page)
    expect(page.locator("#advice")).to_have_text("Hold the button while you speak; a tap keeps it on.")

    page.locator("#scroll").focus()
    page.keyboard.press(" ")

    assert page.evaluate(HEARD) is False
    # On the button itself it does what it does on any button that is held.
    page.locator("#hold-to-talk").focus()
    page.keyboard.down(" ")
    wait_until(lambda: page.evaluate(HEARD) is True)
    page.wait_for_timeout(500)
    page.keyboard.up(" ")
    wait_until(lambda: page.evaluate(HEARD) is False)
    page.locator("#call").click()


def test_the_button_to_talk_tells_its_state_by_its_name_alone(silent: Browser, page_of: Open) -> None:
    page = page_of(silent)
    pushing(page)
    page.locator("#hold-to-talk").focus()

    page.keyboard.press("Enter")

    button = page.get_by_role("button", name="Press to send")
    expect(button).to_be_focused()
    assert button.get_attribute("aria-pressed") is None
    page.locator("#call").click()


# The focus


def test_a_suggestion_that_is_pressed_leaves_the_focus_on_the_message(silent: Browser, page_of: Open) -> None:
    page = page_of(silent)
    page.get_by_role("button", name="Quiz me on capital cities.").focus()

    page.keyboard.press("Enter")

    expect(page.locator("#suggestions")).to_be_hidden()
    assert page.evaluate(FOCUS) == "message"
    expect(page.locator("#transcript > li[data-speaker=person] .text")).to_have_text("Quiz me on capital cities.")
    assert page.evaluate(FOCUS) == "message"
    page.locator("#call").click()


def test_a_suggestion_on_a_phone_opens_no_keyboard(silent: Browser, page_of: Open) -> None:
    page = page_of(silent, has_touch=True, is_mobile=True, viewport={"width": 375, "height": 812})

    page.get_by_role("button", name="Quiz me on capital cities.").tap()

    expect(page.locator("#suggestions")).to_be_hidden()
    assert page.evaluate(FOCUS) == "call"
    page.locator("#call").click()


def test_a_call_that_is_placed_again_leaves_the_focus_on_its_button(silent: Browser, page_of: Open) -> None:
    page = page_of(silent, script=LOSE)
    connect(page)
    page.evaluate("lose()")
    page.locator("#call-again").focus()

    page.keyboard.press("Enter")

    expect(page.locator("#call-again")).to_be_hidden()
    assert page.evaluate(FOCUS) == "call"
    expect(page.locator("body")).to_have_attribute("data-state", "connected")
    page.locator("#call").click()


def test_a_voice_that_was_started_by_a_click_leaves_the_focus_on_the_calls_button(
    silent: Browser, page_of: Open
) -> None:
    page = page_of(silent, script=BLOCK_PLAYBACK)
    connect(page)
    page.evaluate("window.allowed = true")
    page.locator("#play").focus()

    page.keyboard.press("Enter")

    expect(page.locator("#play")).to_be_hidden()
    assert page.evaluate(FOCUS) == "call"
    page.locator("#call").click()


@pytest.mark.parametrize("mode", ["open", "push"])
def test_the_end_of_a_call_leaves_the_focus_on_its_button(silent: Browser, page_of: Open, mode: str) -> None:
    page = page_of(silent)
    choose(page, "settings", **{"microphone-mode": mode})
    connect(page)
    page.locator("#mute" if mode == "open" else "#hold-to-talk").focus()

    page.evaluate("document.querySelector('#call').click()")

    expect(page.locator("#state")).to_have_text("Call ended")
    assert page.evaluate(FOCUS) == "call"


def test_colours_that_are_reset_leave_the_focus_on_the_calls_button(silent: Browser, page_of: Open) -> None:
    page = page_of(silent)
    expect(page.locator("#state")).to_have_text("Ready")
    page.evaluate("document.documentElement.style.setProperty('--accent', 'teal')")
    page.locator("#reset-colours").focus()

    page.keyboard.press("Enter")

    expect(page.locator("#reset-colours")).to_be_hidden()
    assert page.evaluate(FOCUS) == "call"


def test_an_error_that_goes_away_leaves_the_focus_on_the_calls_button(silent: Browser, page_of: Open) -> None:
    page = page_of(silent, permissions=[])
    page.locator("#call").click()
    page.locator("#error summary").focus()

    page.context.grant_permissions(["microphone"])

    expect(page.locator("#error")).to_be_empty()
    assert page.evaluate(FOCUS) == "call"


# What is announced


def test_a_microphone_that_is_unplugged_during_a_call_is_told_on_the_page(silent: Browser, page_of: Open) -> None:
    page = page_of(silent, script=TRACKS + PLUGS)
    connect(page)
    open_panel(page, "settings")
    page.locator("#microphone").select_option(label="Fake Audio Input 2")
    wait_until(lambda: page.evaluate("tracks.at(-1).label") == "Fake Audio Input 2")
    close_panel(page, "settings")

    page.evaluate("unplug('Fake Audio Input 2')")
    expect(page.locator("#advice")).to_have_text("Your microphone was unplugged: the system default is used now.")

    page.evaluate("unplug('nothing')")
    expect(page.locator("#advice")).to_have_text("Now used: Fake Audio Input 2.")
    page.locator("#call").click()


def test_written_answers_are_announced_and_spoken_ones_are_not(silent: Browser, page_of: Open) -> None:
    page = page_of(silent, script=CHANNEL)
    connect(page)
    page.locator("#message").fill("hello")
    page.locator("#message").press("Enter")
    expect(page.locator("#transcript > li[data-speaker=model]")).to_have_attribute("data-state", "final")

    written = {"type": "message", "role": "assistant"}
    for text, status in (("One", "in_progress"), ("One, two", "completed"), ("One, two", "completed")):
        receive_item(page, id="item_w", **written, status=status, content=[{"type": "output_text", "text": text}])
    expect(page.locator("#transcript > li").last).to_have_text("Model One, two", use_inner_text=True)

    expect(page.get_by_role("log").locator("p")).to_have_text(["One, two"])
    page.locator("#call").click()


def test_a_conversation_that_is_cleared_leaves_no_answer_behind(silent: Browser, page_of: Open) -> None:
    page = page_of(silent)

    said = page.evaluate("""async () => {
      const { Turns } = await import('/conversation/turns.js')
      const turns = new Turns(document.createElement('ol'), () => {})
      const log = document.querySelector('[role=log]')
      return [[{ id: '1', speaker: 'model', written: true, text: 'a secret', state: 'final' }], []].map((shown) => {
        turns.show(shown)
        return log.textContent
      })
    }""")

    assert said == ["a secret", ""]


def test_turns_are_not_announced_over_the_voice_of_the_model(silent: Browser, page_of: Open) -> None:
    page = page_of(silent)
    expect(page.locator("#state")).to_have_text("Ready")
    page.evaluate(ANNOUNCED)
    connect(page)
    page.locator("#message").fill("hello")
    page.locator("#message").press("Enter")
    expect(page.locator("#state")).to_have_text("Speaking")
    expect(page.locator("#transcript > li[data-speaker=model]")).to_have_attribute("data-state", "final")
    page.locator("#mute").click()
    page.locator("#call").click()
    expect(page.locator("#state")).to_have_text("Call ended")

    assert page.evaluate("announced") == [
        "Connecting",
        "Connected",
        "Speak. You can interrupt at any time.",
        "Muted",
        "You are muted: nobody hears you.",
        "Call ended",
    ]


def test_lists_without_markers_are_lists_in_voiceover_too(silent: Browser, page_of: Open) -> None:
    """VoiceOver takes a list whose markers a stylesheet removes for none, unless it has the role."""
    page = page_of(silent)
    show_events(page)

    roles = page.locator("ol, ul").evaluate_all(
        """lists => lists
          .filter((list) => getComputedStyle(list).listStyleType === 'none')
          .map(({ id, role }) => [id, role])"""
    )

    assert roles == [["transcript", "list"], ["suggestion-list", "list"], ["events", "list"]]


def test_the_region_of_the_conversation_is_named_so(silent: Browser, page_of: Open) -> None:
    page = page_of(silent)
    connect(page)

    region = page.get_by_role("region", name="Conversation")

    expect(region).to_have_id("scroll")
    page.locator("#call").click()


def test_a_copy_is_announced(silent: Browser, page_of: Open) -> None:
    wanted = ["microphone", "clipboard-read", "clipboard-write"]
    page = page_of(silent, permissions=wanted, viewport={"width": 1000, "height": 800})
    connect(page)
    page.locator("#message").fill("hello")
    page.locator("#message").press("Enter")
    expect(page.locator("#transcript > li[data-speaker=model]")).to_have_attribute("data-state", "final")

    page.get_by_role("button", name="Copy").click()
    expect(page.get_by_role("status").filter(has_text="Copied")).to_have_count(1)
    expect(page.get_by_role("status").filter(has_text="Copied")).to_have_count(0)

    # The rest of the page cannot announce anything while the panel is over it.
    show_events(page)
    expect(page.locator("#developer-panel:modal")).to_be_visible()
    page.locator("#events summary").first.click()
    page.locator("#events").get_by_role("button", name="Copy").click()
    expect(page.locator("#developer-panel").get_by_role("status").filter(has_text="Copied")).to_have_count(1)
    close_panel(page, "developer")
    page.locator("#call").click()


def test_an_event_whose_copy_the_browser_refuses_is_told(silent: Browser, page_of: Open) -> None:
    page = page_of(silent, script="delete Navigator.prototype.clipboard")
    connect(page)
    show_events(page)
    page.locator("#events summary").first.click()

    page.locator("#events").get_by_role("button", name="Copy").click()

    expect(page.locator("#events").get_by_role("button", name="Could not copy")).to_be_visible()
    close_panel(page, "developer")
    page.locator("#call").click()


# Sizes and colours


@pytest.mark.parametrize("size", [(320, 568), (375, 812), (812, 375), (720, 450)], ids="{0[0]}x{0[1]}".format)
def test_the_label_of_the_calls_button_can_be_read_and_fits(
    silent: Browser, page_of: Open, size: tuple[int, int]
) -> None:
    page = page_of(silent, viewport={"width": size[0], "height": size[1]})
    expect(page.locator("#state")).to_have_text("Ready")
    page.evaluate("document.body.dataset.busy = ''")
    page.locator("#call-label").evaluate("label => (label.textContent = 'Hang up')")
    metrics = """label => [
      Number.parseFloat(getComputedStyle(label).fontSize), label.getBoundingClientRect().width, label.parentElement.clientWidth
    ]"""  # noqa: E501

    pixels, width, room = page.locator("#call-label").evaluate(metrics)

    assert pixels >= 11
    assert width < room * 0.9
    page.evaluate("document.documentElement.style.fontSize = '200%'")
    _, width, room = page.locator("#call-label").evaluate(metrics)
    assert width < room * 0.9


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_picture_on_the_button_that_sends_is_seen_in_an_empty_field(
    silent: Browser, page_of: Open, scheme: str
) -> None:
    page = page_of(silent, color_scheme=scheme)
    expect(page.locator("#message")).to_be_enabled()

    assert page.locator("#send").evaluate(CONTRAST) >= 4.5


# Escape


def test_escape_hangs_up_only_where_the_calls_buttons_are(silent: Browser, page_of: Open) -> None:
    page = page_of(silent)
    connect(page)
    for elsewhere in ("#scroll", "#settings-open"):
        page.locator(elsewhere).focus()
        page.keyboard.press("Escape")
    expect(page.locator("body")).to_have_attribute("data-state", "connected")

    page.locator("#mute").focus()
    page.keyboard.press("Escape")

    expect(page.locator("#state")).to_have_text("Call ended")


# What else went wrong


def test_a_link_is_a_link_in_a_browser_without_url_parse(silent: Browser, page_of: Open) -> None:
    """Safari before 18."""
    page = page_of(silent, script="delete URL.parse")
    connect(page)

    page.locator("#message").fill("[a link](https://example.com/a) and [none](javascript:alert(1)) and [none](/a)")
    page.locator("#message").press("Enter")

    links = page.locator("#transcript > li[data-speaker=person] a")
    expect(links).to_have_count(1)
    expect(links).to_have_attribute("href", "https://example.com/a")
    page.locator("#call").click()


def test_a_developer_panel_that_was_closed_while_it_loaded_measures_nothing(silent: Browser, page_of: Open) -> None:
    page = page_of(
        silent,
        script="const { setInterval } = window; window.timers = 0; "
        "window.setInterval = (...given) => (timers++, setInterval(...given))",
    )
    expect(page.locator("#state")).to_have_text("Ready")
    loading: list[Callable[[], None]] = []
    page.route("**/developer/developer.js", lambda route: loading.append(route.continue_))
    with page.expect_request("**/developer/developer.js"):
        page.locator("#developer-open").click()
    close_panel(page, "developer")

    with page.expect_response("**/developer/statistics.js"):
        loading[0]()
    page.wait_for_timeout(300)

    assert page.evaluate("timers") == 0
    show_events(page)
    assert page.evaluate("timers") == 1


def test_a_turn_that_is_replaced_between_two_paints_is_not_seen_any_more(silent: Browser, page_of: Open) -> None:
    page = page_of(silent)

    shown = page.evaluate("""async () => {
      const { Turns } = await import('/conversation/turns.js')
      const list = document.createElement('ol')
      const turns = new Turns(list, () => {})
      const said = (text) => ({ id: text, speaker: 'person', text, state: 'final' })
      turns.show([said('one'), said('two'), said('three')])
      turns.show([said('one'), said('three'), said('four')])
      return [...list.querySelectorAll('.text')].map((text) => text.textContent)
    }""")

    assert shown == ["one", "three", "four"]


def test_a_message_that_is_too_long_to_begin_a_call_with_stands_in_its_field_again(
    silent: Browser, page_of: Open
) -> None:
    page = page_of(silent)
    message = page.locator("#message")
    message.fill("x" * 270_000)

    message.press("Enter")

    expect(page.locator("#error .facts")).to_have_text("event_too_large")
    expect(message).to_have_value("x" * 270_000)
    page.locator("#call").click()


def test_who_stops_a_reconnection_does_not_read_that_the_server_cannot_be_reached(
    silent: Browser, page_of: Open
) -> None:
    page = page_of(silent, script=LOSE, expected="net::ERR_FAILED")
    connect(page)
    page.route("**/session**", lambda route: route.abort())
    page.evaluate("lose()")

    with page.expect_event("requestfailed", lambda request: request.method == "DELETE"):
        page.locator("#call", has_text="Stop").click()

    expect(page.locator("#state")).to_have_text("Call ended")
    page.wait_for_timeout(200)
    expect(page.locator("#error")).to_be_empty()
