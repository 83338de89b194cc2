"""The page's other features: push to talk, devices, events, statistics, help, and remembered choices."""

import json

import pytest
from playwright.sync_api import Browser, expect

from local.stack import Stack
from tests.browser.conftest import Open, about
from tests.browser.page import choose, close_panel, connect, open_panel, sent, show_events
from tests.browser.scripts import TRACKS
from tests.waiting import wait_until

pytestmark = pytest.mark.thorough

PLUGS = """
const list = navigator.mediaDevices.enumerateDevices.bind(navigator.mediaDevices)
navigator.mediaDevices.enumerateDevices = async () => (await list()).filter(({ label }) => label !== window.unplugged)
window.unplug = (label) => {
  window.unplugged = label
  navigator.mediaDevices.dispatchEvent(new Event('devicechange'))
}
"""
"""Simulates that a microphone is unplugged, by `unplug(label)`."""


def test_with_push_to_talk_the_microphone_is_on_only_while_pushed(silent: Browser, page_of: Open) -> None:
    page = page_of(silent, script=TRACKS)
    choose(page, "settings", **{"microphone-mode": "push"})
    connect(page)
    button = page.locator("#hold-to-talk")
    heard = "tracks.at(-1).enabled"
    turn = ["input_audio_buffer.clear", "input_audio_buffer.commit", "response.create"]

    expect(page.locator("#mute")).to_be_hidden()
    assert page.evaluate(heard) is False
    button.hover()
    page.mouse.down()
    wait_until(lambda: page.evaluate(heard) is True)
    page.wait_for_timeout(500)
    page.mouse.up()
    wait_until(lambda: page.evaluate(heard) is False)
    wait_until(lambda: sent(page) == ["session.update", *turn])
    expect(page.locator("#transcript > li[data-speaker=model] .text").last).to_contain_text("silence")

    # The space bar does the same wherever the focus is; a short press keeps the microphone on.
    page.locator("#scroll").click(position={"x": 1, "y": 1})
    page.keyboard.press(" ")
    expect(button).to_have_text("Press to send")
    assert page.evaluate(heard) is True
    page.wait_for_timeout(500)
    page.keyboard.press(" ")
    wait_until(lambda: "".join(sent(page)[4:]).count("input_audio_buffer.commit") == 1)
    assert page.evaluate(heard) is False

    choose(page, "settings", **{"microphone-mode": "open"})
    wait_until(lambda: page.evaluate(heard) is True)
    wait_until(lambda: sent(page)[-1] == "session.update")
    expect(page.locator("#error")).to_be_empty()
    page.locator("#call").click()


def test_muting_turns_the_microphone_itself_off(silent: Browser, page_of: Open) -> None:
    page = page_of(silent, script=TRACKS)
    connect(page, preset="private")

    page.locator("#mute").click()

    assert page.evaluate("tracks.at(-1).enabled") is False
    page.locator("#mute").click()
    assert page.evaluate("tracks.at(-1).enabled") is True
    page.locator("#call").click()
    wait_until(lambda: page.evaluate("tracks.at(-1).readyState") == "ended")


def test_the_microphone_can_be_changed_during_a_call(silent: Browser, page_of: Open) -> None:
    page = page_of(silent, script=TRACKS + PLUGS)
    connect(page)
    open_panel(page, "settings")
    picker = page.locator("#microphone")
    label = "tracks.at(-1).label"

    picker.select_option(label="Fake Audio Input 2")
    wait_until(lambda: page.evaluate(label) == "Fake Audio Input 2")
    assert page.evaluate("tracks[0].readyState") == "ended"

    page.evaluate("unplug('Fake Audio Input 2')")
    expect(page.locator("#microphone-note")).to_contain_text("was unplugged")
    wait_until(lambda: page.evaluate(label) == "Fake Default Audio Input")

    page.evaluate("unplug('nothing')")
    expect(page.locator("#microphone-note")).to_have_text("Now used: Fake Audio Input 2.")
    wait_until(lambda: page.evaluate(label) == "Fake Audio Input 2")
    expect(page.locator("body")).to_have_attribute("data-state", "connected")
    close_panel(page, "settings")
    page.locator("#call").click()


def test_choices_are_remembered_and_nothing_else_is(silent: Browser, page_of: Open) -> None:
    page = page_of(silent)
    page.locator("#preset").select_option("colours")
    page.locator("#voice").select_option("cedar")
    choose(page, "developer", interface="token")
    open_panel(page, "settings")
    page.locator("#microphone-mode").select_option("push")
    page.locator("#volume").fill("40")
    page.locator("#microphone").select_option(label="Fake Audio Input 1")
    page.locator("#loudspeaker").select_option(label="Fake Audio Output 1")
    page.locator("#shortcuts").uncheck()
    close_panel(page, "settings")
    connect(page, preset="colours", interface="token")
    page.locator("#message").fill("my secret")
    page.locator("#send").click()
    expect(page.locator("#transcript > li").first).to_contain_text("my secret")

    page.reload()

    expect(page.locator("#state")).to_have_text("Ready")
    assert page.locator("#shortcuts").is_checked() is False
    expect(page.locator("#loudspeaker option:checked")).to_have_text("Fake Audio Output 1")
    values = "ids => ids.map((id) => document.getElementById(id).value)"
    assert page.evaluate(values, ["preset", "voice", "interface", "microphone-mode", "volume"]) == [
        "colours",
        "cedar",
        "token",
        "push",
        "40",
    ]
    expect(page.locator("#microphone option:checked")).to_have_text("Fake Audio Input 1")
    assert page.evaluate("document.querySelector('#voice-out').volume") == 0.4
    stored = page.evaluate("({ ...localStorage })")
    assert list(stored) == ["choices"]
    assert set(json.loads(stored["choices"])) == {
        *("preset", "of", "interface", "microphoneMode", "volume", "microphone", "loudspeaker", "shortcuts"),
    }


def test_events_are_found_copied_and_saved(silent: Browser, page_of: Open) -> None:
    page = page_of(silent, permissions=["microphone", "clipboard-read", "clipboard-write"])
    connect(page)
    show_events(page)
    page.locator("#message").fill("hello")
    page.locator("#send").click()
    expect(page.locator("#events > li[data-type='response.done']")).to_have_count(1)

    page.locator("#events-direction").select_option("sent")
    expect(page.locator("#events > li")).to_have_count(2)
    page.locator("#events-text").fill("RESPONSE.CREATE")
    created = page.locator("#events > li")
    expect(created).to_have_count(1)
    expect(page.locator("#events-count")).to_contain_text("1 of ")
    created.locator("summary").click()
    created.get_by_role("button", name="Copy").click()
    expect(created.get_by_role("button", name="Copied")).to_be_visible()
    copied = json.loads(page.evaluate("navigator.clipboard.readText()"))
    assert copied["type"] == "response.create"

    page.locator("#events-text").fill("")
    with page.expect_download() as download:
        page.locator("#events-save").click()
    assert download.value.suggested_filename == "events.jsonl"
    lines = [json.loads(line) for line in download.value.path().read_text().splitlines()]
    assert [(line["direction"], line["event"]["type"]) for line in lines] == [
        ("sent", "conversation.item.create"),
        ("sent", "response.create"),
    ]
    page.locator("#call").click()


def test_the_quality_of_a_call_is_measured(speaking: Browser, page_of: Open) -> None:
    page = page_of(speaking)
    connect(page)
    open_panel(page, "developer")

    for figure in ("round-trip", "jitter", "time-to-connect", "response-time"):
        expect(page.locator(f"#{figure}")).to_contain_text(" ms")
    expect(page.locator("#loss")).to_contain_text(" %")
    plot = page.get_by_role("img", name="Round trip over the last")
    expect(plot).to_be_visible()
    wait_until(lambda: page.evaluate("document.querySelector('#plot polyline').points.length") > 1)
    page.locator("#call").click()


def test_the_developer_panel_is_loaded_when_it_is_opened_and_has_working_code(
    stack: Stack, silent: Browser, page_of: Open
) -> None:
    page = page_of(silent)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.reload()
    expect(page.locator("#state")).to_have_text("Ready")
    assert f"{stack.url}/developer/developer.js" not in asked

    show_events(page)

    assert f"{stack.url}/developer/developer.js" in asked
    expect(page.get_by_role("link", name="openapi.json")).to_have_attribute("href", "/openapi.json")
    expect(page.get_by_role("link", name="reference")).to_have_attribute("href", "/realtime/reference/index.html")
    code = str(page.locator("#snippet").text_content())
    assert len([line for line in code.splitlines() if line.strip()]) <= 10
    before = len(about(stack)["open_calls"])
    page.route("**/snippet.js", lambda route: route.fulfill(body=code, content_type="text/javascript"))
    page.evaluate("import('/snippet.js').then(() => true)")
    assert len(about(stack)["open_calls"]) == before + 1


def test_an_ephemeral_key_is_minted_when_the_pointer_is_over_the_button(silent: Browser, page_of: Open) -> None:
    page = page_of(silent)
    choose(page, "developer", interface="token")

    with page.expect_response("**/token?*"):
        page.locator("#call").hover()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    connect(page, interface="token")

    assert [url for url in asked if "/token" in url] == []
    page.locator("#call").click()


def test_the_code_for_ones_own_page_is_for_the_preset_that_is_chosen(silent: Browser, page_of: Open) -> None:
    page = page_of(silent)
    page.locator("#preset").select_option("private")

    show_events(page)

    code = page.locator("#snippet")
    expect(code).to_contain_text("preset: 'private' }), { channel: false })")
    expect(code).not_to_contain_text("server-event")


def test_the_developer_panel_stays_open_and_current_when_the_window_is_made_narrow(
    silent: Browser, page_of: Open
) -> None:
    page = page_of(silent)
    page.set_viewport_size({"width": 1400, "height": 800})
    show_events(page)
    page.set_viewport_size({"width": 800, "height": 800})
    expect(page.locator("#developer-panel:modal")).to_be_visible()
    page.set_viewport_size({"width": 1400, "height": 800})

    expect(page.locator("#developer-panel")).to_be_visible()
    expect(page.locator("#developer-open")).to_have_attribute("aria-expanded", "true")
    connect(page)
    expect(page.locator("#round-trip")).to_contain_text("ms")
    page.locator("#call").click()


def test_who_presses_the_button_to_talk_without_holding_it_reads_that_it_is_pressed_again(
    silent: Browser, page_of: Open
) -> None:
    page = page_of(silent)
    choose(page, "settings", **{"microphone-mode": "push"})
    connect(page)
    button = page.locator("#hold-to-talk")
    button.focus()

    page.keyboard.press("Enter")
    expect(button).to_have_text("Press to send")
    page.keyboard.press("Enter")

    expect(button).to_have_text("Hold to talk")
    page.locator("#call").click()


def test_the_space_bar_does_not_talk_behind_an_open_dialog(silent: Browser, page_of: Open) -> None:
    page = page_of(silent)
    choose(page, "settings", **{"microphone-mode": "push"})
    connect(page)
    open_panel(page, "settings")

    page.locator("#settings-panel .close").focus()
    page.keyboard.press("Space")

    expect(page.locator("#settings-panel")).to_be_hidden()
    expect(page.locator("#hold-to-talk")).to_have_text("Hold to talk")
    page.locator("#call").click()
