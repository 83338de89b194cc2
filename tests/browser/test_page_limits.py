"""What the person sees of the limits: minutes left, the end of a call at its time, and when minutes are free again."""

import datetime
import re
from collections.abc import Iterator
from urllib.parse import urlsplit

import httpx
import pytest
from playwright.sync_api import Browser, Page, Route, expect

from docs import cost
from local.stack import Stack, serve
from tests.browser.conftest import Open
from tests.browser.page import choose, connect, open_panel
from tests.conftest import QUIET
from tests.waiting import wait_until

LIMITS = {"MaxCallMinutes": "15", "MinutesPerPersonPerDay": "120", "MinutesPerDay": "600"}
SAID = """
window.said = []
new MutationObserver(() => {
  const advice = document.querySelector('#advice[role=status]')?.textContent
  if (advice && advice !== said.at(-1)) said.push(advice)
}).observe(document, { subtree: true, childList: true, characterData: true })
"""
"""Notes what a screen reader says of the state of a call."""


@pytest.fixture(scope="module")
def stack() -> Iterator[Stack]:
    with serve(parameters=LIMITS, environment=QUIET) as running:
        yield running


def used_seconds(stack: Stack) -> int:
    used: int = httpx.get(f"{stack.url}/usage").json()["used_seconds"]
    return used


def shorten(page: Page, seconds: int) -> None:
    """Let the server end the next call sooner, by what the page is sent."""

    def answer(route: Route) -> None:
        response = route.fetch()
        route.fulfill(response=response, headers={**response.headers, "x-call-seconds": str(seconds)})

    page.route("**/session?*", answer)


def test_the_minutes_left_are_shown_before_and_after_a_call(stack: Stack, silent: Browser, page_of: Open) -> None:
    page = page_of(silent)
    minutes = page.locator("#minutes")
    expect(minutes).to_have_text("120 minutes left today")
    expect(page.get_by_role("button", name="Connect")).to_have_accessible_description("120 minutes left today")

    connect(page)
    expect(minutes).to_be_empty()
    assert used_seconds(stack) >= 15 * 60
    page.locator("#call").click()

    expect(minutes).to_have_text(re.compile("^(119|120) minutes left today$"))


def test_a_visit_with_a_call_sends_the_api_as_many_requests_as_the_table_of_costs_counts(
    stack: Stack, silent: Browser, page_of: Open
) -> None:
    page = page_of(silent, "about:blank")
    requested: list[tuple[str, str]] = []
    page.on("request", lambda one: requested.append((one.method, urlsplit(one.url).path)))

    page.goto(stack.url)
    connect(page)
    page.locator("#call").click()
    expect(page.locator("#minutes")).to_have_text(re.compile("left today"))

    api = [(method, path) for method, path in requested if re.match("/(session|token|usage)", path)]
    assert [(method, path.split("/")[1]) for method, path in api] == [
        ("GET", "usage"),
        ("POST", "session"),
        ("DELETE", "session"),
        ("GET", "usage"),
    ]
    assert len(api) == cost.API_REQUESTS


def test_a_call_is_ended_at_its_time_and_the_person_is_warned_before(silent: Browser, page_of: Open) -> None:
    # The clock passes the time in which the connection waits for the hang-up: the upstream knows no call then.
    page = page_of(silent, script=SAID, expected="status of 404")
    page.clock.install()
    shorten(page, 900)
    connect(page)
    elapsed = page.get_by_role("timer")
    expect(elapsed).to_have_accessible_name("Length of the call")

    for passed in ("09:55", "03:50"):
        page.clock.fast_forward(passed)
        page.clock.run_for(10_000)
    expect(elapsed).to_have_accessible_name("Time left")
    expect(elapsed).to_have_text(re.compile(r"^0:5\d left$"))
    page.clock.run_for(50_000)
    expect(elapsed).to_have_text(re.compile(r"^0:0\d left$"))
    page.clock.run_for(10_000)

    expect(page.locator("#state")).to_have_text("Call ended")
    expect(elapsed).to_have_text(re.compile(r"^(14:5\d|15:0\d)$"))
    expect(page.locator("#error")).to_be_empty()
    assert page.evaluate("said.slice(-7)") == [
        "Speak. You can interrupt at any time.",
        "5 minutes are left of this call.",
        "Speak. You can interrupt at any time.",
        "60 seconds are left of this call.",
        "Speak. You can interrupt at any time.",
        "10 seconds are left of this call.",
        "The call reached its time limit of 15 minutes. Connect again: a new conversation begins.",
    ]
    page.wait_for_timeout(300)
    expect(page.locator("body")).to_have_attribute("data-phase", "ended")


def test_when_minutes_are_free_again_is_shown_by_the_persons_own_clock(silent: Browser, page_of: Open) -> None:
    page = page_of(silent, expected="status of 429", timezone_id="Asia/Tokyo", locale="en-GB")
    message = "Your minutes of today are used up or reserved (600 a day). They are free again at 00:00 UTC."
    body = {"error": {"message": message, "code": "quota_exceeded", "request_id": "r-1"}}
    midnight = datetime.datetime.now(datetime.UTC).replace(hour=0, minute=0, second=0) + datetime.timedelta(days=1)
    seconds = round((midnight - datetime.datetime.now(datetime.UTC)).total_seconds())
    headers = {"Retry-After": str(seconds)}
    page.route("**/session?*", lambda route: route.fulfill(status=429, headers=headers, json=body))

    page.locator("#call").click()

    expect(page.locator("#error .said")).to_have_text(message)
    expect(page.locator("#error .fix")).to_have_text(re.compile(r"^Call again at 09:00 (today|tomorrow)\.$"))


def test_without_minutes_the_page_says_when_there_are_some_again(silent: Browser, page_of: Open) -> None:
    page = page_of(silent, timezone_id="Asia/Tokyo", locale="en-GB")
    usage = {"limits": {}, "used_seconds": 7200, "left_seconds": 59, "resets_in_seconds": 1800, "calls": []}
    page.route("**/usage", lambda route: route.fulfill(json=usage))

    page.reload()

    expect(page.locator("#minutes")).to_have_text(
        re.compile(r"^No minutes left today\. More are free at \d\d:\d\d (today|tomorrow)\.$")
    )


def test_a_call_by_ephemeral_key_gives_back_what_it_did_not_use(stack: Stack, silent: Browser, page_of: Open) -> None:
    page = page_of(silent)
    before = used_seconds(stack)

    choose(page, "developer", interface="token")
    page.locator("#call").hover()
    page.wait_for_timeout(300)
    assert used_seconds(stack) == before
    connect(page, interface="token")
    assert used_seconds(stack) == before + 3600
    page.locator("#call").click()

    expect(page.locator("#minutes")).to_have_text(re.compile(r"^11\d minutes left today$"))
    wait_until(lambda: used_seconds(stack) < before + 30)


def test_the_cost_of_a_call_is_estimated(silent: Browser, page_of: Open) -> None:
    page = page_of(silent)
    connect(page)
    open_panel(page, "developer")
    cost = page.locator("#cost")
    expect(cost).to_have_text("–")

    page.locator("#message").fill("hello there, how are you today?")
    page.locator("#message").press("Enter")

    expect(cost).to_have_text(re.compile(r"^\$0\.\d{3}$"))
    expect(page.locator("#developer-panel")).to_contain_text(re.compile(r"an estimate: .* prices of 20\d\d-\d\d-\d\d"))
    page.locator("#call").click()
    expect(cost).to_have_text(re.compile(r"^\$0\.\d{3}$"))


@pytest.mark.thorough
def test_a_call_of_a_minute_ends_by_itself_on_both_sides(silent: Browser, page_of: Open) -> None:
    with serve(parameters={**LIMITS, "MaxCallMinutes": "1"}, environment=QUIET) as short:
        page = page_of(silent, short.url)
        connect(page, preset="private")
        expect(page.get_by_role("timer")).to_have_accessible_name("Time left")

        ended = "The call reached its time limit of 1 minute. Connect again: a new conversation begins."
        expect(page.locator("#advice")).to_have_text(ended, timeout=65_000)

        wait_until(lambda: httpx.get(f"{short.url}/usage").json()["calls"] == [])
        expect(page.locator("#minutes")).to_have_text(re.compile("^11[89] minutes left today$"))
        page.goto("about:blank")
