"""The states of a call: what the page shows in each, and what the person can do."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from local.stack import Stack
from tests.browser.conftest import Open, about
from tests.browser.page import choose, connect
from tests.browser.scripts import HOLD
from tests.error_tree import ERRORS
from tests.waiting import wait_until

WATCH = """
window.phases = ['idle']
new MutationObserver(() => {
  const { phase } = document.body?.dataset ?? {}
  if (phase && phase !== phases.at(-1)) phases.push(phase)
}).observe(document, { subtree: true, attributeFilter: ['data-phase'] })
"""
"""Records each phase of the page in `phases`."""

AGAIN = "Calling again soon. It will be a new call: the model remembers nothing of this one."


def phases(page: Page) -> list[str]:
    return list(page.evaluate("phases"))


def refuse(route: Route, status: int, code: str) -> None:
    route.fulfill(status=status, json={"error": {"message": f"It was {code}.", "code": code, "request_id": "r-1"}})


def test_the_page_shows_the_phases_of_a_turn(talking: Browser, page_of: Open) -> None:
    page = page_of(talking, script=WATCH)
    levels: dict[str, float] = {"person": 0, "model": 0}

    def loud() -> bool:
        for who in levels:
            levels[who] = max(levels[who], page.locator(f"#level-{who}").evaluate("meter => meter.value"))
        return min(levels.values()) > 0.3

    connect(page, interface="token")

    wait_until(loud)
    wait_until(lambda: phases(page)[:6] == ["idle", "connecting", "listening", "thinking", "speaking", "listening"])
    page.locator("#call").click()
    expect(page.locator("body")).to_have_attribute("data-phase", "ended")
    expect(page.locator("#state")).to_have_text("Call ended")


def test_a_locked_call_shows_who_speaks_by_the_audio_level(talking: Browser, page_of: Open) -> None:
    page = page_of(talking, script=WATCH)

    connect(page, preset="private")

    wait_until(lambda: phases(page)[:5] == ["idle", "connecting", "listening", "speaking", "listening"])


@pytest.mark.parametrize("interface", ["session", "token"])
def test_nothing_is_called_before_the_microphone_is_allowed(
    stack: Stack, silent: Browser, page_of: Open, interface: str
) -> None:
    page = page_of(silent, permissions=[], script=HOLD)
    before = about(stack)["calls_created"]
    choose(page, "developer", interface=interface)

    page.locator("#call").click()

    expect(page.locator("body")).to_have_attribute("data-phase", "asking")
    expect(page.locator("#state")).to_have_text("Allow the microphone")
    expect(page.locator("#advice")).to_contain_text("Your browser asks")
    page.wait_for_timeout(300)
    assert about(stack)["calls_created"] == before
    page.context.grant_permissions(["microphone"])
    page.evaluate("decide()")
    expect(page.locator("body")).to_have_attribute("data-phase", "listening")
    assert about(stack)["calls_created"] == before + 1


def test_after_denying_the_microphone_the_page_explains_how_to_allow_it(silent: Browser, page_of: Open) -> None:
    page = page_of(silent, permissions=[])

    page.locator("#call").click()

    expect(page.locator("body")).to_have_attribute("data-phase", "failed")
    expect(page.locator("#error")).to_contain_text("microphone_denied")
    expect(page.locator("#error .fix")).to_contain_text("Press the icon beside the address")


def test_without_a_microphone_the_page_says_so(page_without_microphone: Page) -> None:
    page = page_without_microphone

    page.locator("#call").click()

    expect(page.locator("#error")).to_contain_text("no_microphone")
    expect(page.locator("#error .fix")).to_contain_text("Plug a microphone in")


def test_an_ephemeral_key_that_was_used_already_is_shown_with_its_fix(silent: Browser, page_of: Open) -> None:
    page = page_of(silent, expected="status of 401")
    first: list[Any] = []

    def repeat_first_response(route: Route) -> None:
        first[:] = first or [route.fetch()]
        route.fulfill(response=first[0])

    page.route("**/token?*", repeat_first_response)
    connect(page, interface="token")
    page.locator("#call").click()

    page.locator("#call").click()

    expect(page.locator("#error")).to_contain_text("ephemeral_token_already_used")
    expect(page.locator("#error .fix")).to_contain_text("each call gets a key of its own")


def test_every_error_of_the_contract_has_words_of_its_own(silent: Browser, page_of: Open) -> None:
    page = page_of(silent, expected="the server responded with a status of")
    rows: list[tuple[int, str]] = [(error.status, error.code) for error in ERRORS if error.code]
    rows += [(429, "insufficient_quota"), (429, "rate_limit_exceeded"), (404, "model_not_found")]
    turn = iter(rows)
    page.route("**/session?*", lambda route: refuse(route, *next(turn)))
    told: dict[str, str] = {}

    for status, code in rows:
        page.locator("#call").click()
        expect(page.locator("#error .facts")).to_have_text(f"{code} · status {status} · request r-1")
        expect(page.locator("#error .said")).to_have_text(f"It was {code}.")
        expect(page.locator("#state")).to_have_text("Not connected")
        told[code] = str(page.locator("#error .what").text_content())

    assert [code for code, what in told.items() if not what or what == "Something went wrong."] == []


def test_a_call_that_the_upstream_ends_is_shown_as_such(stack: Stack, silent: Browser, page_of: Open) -> None:
    page = page_of(silent, expected="status of 404")  # the module hangs it up once more, to be sure
    connect(page, interface="token")

    page.request.delete(f"{stack.url}/session/{page.locator('#call-id').text_content()}")

    expect(page.locator("#error")).to_contain_text("ended_upstream")
    expect(page.locator("body")).to_have_attribute("data-phase", "failed")
    expect(page.locator("#error .fix")).to_contain_text("a new conversation begins")


def test_a_lost_connection_is_made_again_unless_the_person_stops_it(
    silent: Browser, page_of: Open, paused: Callable[[bool], None]
) -> None:
    # What the first requests while the upstream is paused may be answered with 504.
    page, other = page_of(silent, expected="status of 504"), page_of(silent, expected="net::ERR_FAILED")
    for one in (page, other):
        connect(one, interface="token")
    first = page.locator("#call-id").text_content()
    page.locator("#message").fill("hello")
    page.locator("#send").click()
    expect(page.locator("#transcript > li[data-speaker=model]").last).to_have_attribute("data-state", "final")
    other.route("**/token?*", lambda route: route.abort())

    paused(True)
    expect(page.locator("#state")).to_have_text("Reconnecting", timeout=25_000)
    expect(page.locator("#advice")).to_have_text(AGAIN)
    expect(other.locator("#state")).to_have_text("Reconnecting", timeout=25_000)
    paused(False)
    expect(other.locator("#advice")).to_have_text(AGAIN)
    expect(other.locator("#call-again")).to_have_text("Call now (3)")
    other.locator("#call", has_text="Stop").click()

    expect(page.locator("body")).to_have_attribute("data-phase", "listening")
    assert page.locator("#call-id").text_content() != first
    expect(page.locator("#transcript > li[data-speaker=person]")).to_have_count(1)
    expect(page.locator("#transcript > li[data-speaker=page]")).to_contain_text("the model remembers nothing")
    expect(page.locator("#error")).to_be_empty()
    expect(other.locator("body")).to_have_attribute("data-phase", "ended")
    page.locator("#call").click()


def test_a_warning_is_shown_five_minutes_before_a_call_ends(silent: Browser, page_of: Open) -> None:
    page = page_of(silent)
    page.clock.install()
    connect(page)

    page.clock.fast_forward("54:20")
    expect(page.locator("#timer")).to_contain_text("54:")
    expect(page.locator("#advice")).to_have_text("Speak. You can interrupt at any time.")
    page.clock.fast_forward("00:40")

    expect(page.locator("#advice")).to_have_text("5 minutes are left of this call.")
    page.clock.fast_forward("00:16")
    expect(page.locator("#advice")).to_have_text("Speak. You can interrupt at any time.")
    page.locator("#call").click()
