"""Signing in, with a real browser, a real OpenID provider, the page's Content-Security-Policy and a locked API."""

import base64
import hashlib
import re
from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from playwright.sync_api import Browser, Page, Request, expect

from local.stack import Stack
from tests.browser.conftest import Open, about
from tests.browser.locked import ANN, CLIENT_ID, SHORT, Locked, claims, locked_stack, tokens, wait_for_expiry
from tests.browser.page import THE_TONE, connect, heard_hz
from tests.waiting import wait_until

pytestmark = pytest.mark.thorough


@pytest.fixture(scope="module")
def slashed() -> Iterator[Locked]:
    with locked_stack(life=3600, slash="/") as running:
        yield running


@pytest.fixture
def visit(page_of: Open) -> Open:
    """Open a locked page, with the provider's requests to other sites blocked."""

    def open_page(opened: Browser, url: str, *, expected: str | None = None) -> Page:
        page = page_of(opened, url, expected=expected)
        page.route(re.compile(r"^https:"), lambda route: route.fulfill(body="", content_type="text/css"))
        return page

    return open_page


def sign_in(page: Page, who: str = ANN) -> None:
    page.get_by_role("button", name="Sign in").click()
    page.get_by_placeholder("Enter any login").fill(who)
    page.get_by_placeholder("and password").fill("any")
    page.get_by_role("button", name="Sign-in").click()
    expect(page.locator("body")).to_have_attribute("data-access", "signed-in")


def sign_in_again(page: Page) -> None:
    """Sign in at a provider whose session has not ended."""
    page.get_by_role("button", name="Sign in").click()
    expect(page.locator("body")).to_have_attribute("data-access", "signed-in")


def hang_up(page: Page) -> None:
    page.locator("#call").click()
    expect(page.locator("body")).to_have_attribute("data-state", "closed")


def session_storage(page: Page) -> str:
    """The tab's session storage as text."""
    return str(page.evaluate("JSON.stringify(sessionStorage)"))


def remembered(page: Page, member: str) -> str:
    return str(page.evaluate("(member) => JSON.parse(sessionStorage.getItem('sign-in.session'))[member]", member))


def test_a_person_signs_in_calls_by_both_interfaces_and_signs_out(
    locked: Locked, speaking: Browser, visit: Open
) -> None:
    page = visit(speaking, locked.url)
    expect(page.locator("#state")).to_have_text("Not signed in")
    expect(page.locator("#call")).to_be_hidden()

    sign_in(page)

    expect(page.locator("#who")).to_have_text(ANN)
    assert page.url == f"{locked.url}/"
    for interface in ("session", "token"):
        connect(page, interface=interface)
        assert heard_hz(page) == THE_TONE
        hang_up(page)
        wait_until(lambda: about(locked.stack)["open_calls"] == [], seconds=3)

    page.get_by_role("button", name="Sign out").click()
    page.get_by_role("button", name="Yes, sign me out").click()
    expect(page.locator("#state")).to_have_text("Not signed in")
    assert session_storage(page) == "{}"


def test_a_person_signs_in_at_an_issuer_that_ends_in_a_slash(slashed: Locked, silent: Browser, visit: Open) -> None:
    page = visit(silent, slashed.url)

    sign_in(page)

    connect(page)
    hang_up(page)
    assert httpx.get(f"{slashed.url}/config.json").json()["issuer"] == f"{slashed.issuer}/"
    assert claims(remembered(page, "bearer"))["iss"] == f"{slashed.issuer}/"
    page.get_by_role("button", name="Sign out").click()
    page.get_by_role("button", name="Yes, sign me out").click()
    expect(page.locator("#state")).to_have_text("Not signed in")


def test_the_token_is_sent_to_our_api_only_and_stored_nowhere_else(
    locked: Locked, silent: Browser, visit: Open
) -> None:
    page = visit(silent, locked.url)
    requests: list[Request] = []
    lines: list[str] = []
    page.on("request", lambda request: requests.append(request))
    page.on("console", lambda line: lines.append(line.text))

    sign_in(page)
    token, refresh_token = remembered(page, "bearer"), remembered(page, "refreshToken")
    for interface in ("session", "token"):
        connect(page, interface=interface)
        hang_up(page)

    def sent(url: str) -> list[tuple[str, str]]:
        asked = [one for one in requests if re.match(f"{url}\\b(?!s)", one.url)]
        return [(one.method, one.headers.get("authorization", "")) for one in asked]

    bearer = f"Bearer {token}"
    assert sent(f"{locked.url}/session") == [("POST", bearer), ("DELETE", bearer), ("DELETE", bearer)]
    assert sent(f"{locked.url}/token") == [("GET", bearer)]
    assert set(sent(f"{locked.url}/usage")) == {("GET", bearer)}
    [(method, key)] = sent(f"{locked.stack.base_url}/realtime/calls")
    assert (method, key[:10]) == ("POST", "Bearer ek_")
    said = [
        *(one.url for one in requests),
        *lines,
        str(page.evaluate("JSON.stringify([localStorage, document.cookie])")),
    ]
    assert not [text for text in said for secret in (token, refresh_token) if secret in text]
    assert page.evaluate("[Object.keys(localStorage), history.length > 1, location.search]") == [["choices"], True, ""]


def test_the_code_is_bound_to_the_tab_that_asked(locked: Locked, silent: Browser, visit: Open) -> None:
    page = visit(silent, locked.url)
    requests: list[Request] = []
    page.on("request", lambda request: requests.append(request))

    sign_in(page)

    def find(path: str) -> Request:
        return next(one for one in requests if one.url.partition("?")[0] == locked.issuer + path)

    asked = {name: one[0] for name, one in parse_qs(urlsplit(find("/auth").url).query).items()}
    exchanged = parse_qs(find("/token").post_data or "")
    challenge = hashlib.sha256(exchanged["code_verifier"][0].encode()).digest()
    assert asked.pop("code_challenge") == base64.urlsafe_b64encode(challenge).decode().rstrip("=")
    assert len(asked.pop("state")) == len(asked.pop("nonce")) == 43
    assert asked == {
        "response_type": "code",
        "client_id": CLIENT_ID,
        "redirect_uri": f"{locked.url}/",
        "scope": "openid email",
        "code_challenge_method": "S256",
    }


def test_a_sign_in_survives_a_reload_and_is_not_shared_with_another_tab(
    locked: Locked, silent: Browser, visit: Open
) -> None:
    page = visit(silent, locked.url)
    sign_in(page)

    page.reload()

    expect(page.locator("#who")).to_have_text(ANN)
    connect(page)
    hang_up(page)
    expect(visit(silent, locked.url).locator("#state")).to_have_text("Not signed in")


def test_an_error_of_the_provider_is_shown_with_its_message(locked: Locked, silent: Browser, visit: Open) -> None:
    page = visit(silent, locked.url)

    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("link", name="Cancel").click()

    expect(page.locator("#error")).to_contain_text("End-User aborted interaction")
    expect(page.locator("#error")).to_contain_text("access_denied")
    expect(page.locator("#state")).to_have_text("Not signed in")
    assert page.url == f"{locked.url}/"


def test_an_answer_with_another_state_is_refused(locked: Locked, silent: Browser, visit: Open) -> None:
    page = visit(silent, locked.url)
    asked: list[str] = []
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url(f"{locked.issuer}/**")
    page.on("request", lambda request: asked.append(request.url))

    page.goto(f"{locked.url}/?code=stolen&state=forged&iss={locked.issuer}")

    expect(page.locator("#error")).to_contain_text('unexpected "state" response parameter value')
    expect(page.locator("#state")).to_have_text("Not signed in")
    assert page.url == f"{locked.url}/"
    assert f"{locked.issuer}/.well-known/openid-configuration" in asked
    assert f"{locked.issuer}/token" not in asked
    assert session_storage(page) == "{}"


def test_an_answer_without_a_request_changes_nothing(locked: Locked, silent: Browser, visit: Open) -> None:
    page = visit(silent, locked.url)
    sign_in(page)

    page.goto(f"{locked.url}/?code=stolen&state=forged")

    expect(page.locator("#error")).to_contain_text("This tab did not ask to sign in.")
    expect(page.locator("#who")).to_have_text(ANN)


@pytest.fixture
def refused_page(locked: Locked, silent: Browser, visit: Open) -> Page:
    """A page whose token is for another audience, from its next load on."""
    page = visit(silent, locked.url, expected="status of 401")
    sign_in(page)
    other = tokens(locked, client_id="another-page")["id_token"]
    page.evaluate(
        """(bearer) => {
          const session = JSON.parse(sessionStorage.getItem('sign-in.session'))
          sessionStorage.setItem('sign-in.session', JSON.stringify({ ...session, bearer }))
        }""",
        other,
    )
    return page


def test_a_token_that_the_api_refuses_is_noticed_when_the_page_opens(refused_page: Page) -> None:
    refused_page.reload()

    expect(refused_page.locator("#call")).to_be_hidden()
    sign_in_again(refused_page)
    connect(refused_page)
    hang_up(refused_page)


def test_a_token_that_the_api_refuses_ends_the_sign_in(refused_page: Page) -> None:
    page = refused_page
    # Else the page would notice before the click, as above.
    page.route("**/usage", lambda route: route.fulfill(json={"left_seconds": None}))
    page.reload()

    page.locator("#call").click()

    expect(page.locator("#error")).to_contain_text("Your sign-in has expired.")
    expect(page.locator("#state")).to_have_text("Sign-in expired")
    expect(page.locator("#call")).to_be_hidden()
    sign_in_again(page)
    connect(page)
    hang_up(page)


def test_a_token_is_renewed_before_it_expires(short_lived: Locked, silent: Browser, visit: Open) -> None:
    page = visit(silent, short_lived.url)
    sign_in(page)
    first = remembered(page, "bearer")

    wait_until(lambda: remembered(page, "bearer") != first)

    assert claims(remembered(page, "bearer"))["iat"] < claims(first)["exp"]
    wait_for_expiry(first)
    connect(page)
    hang_up(page)
    expect(page.locator("#error")).to_be_empty()


def test_a_call_outlasts_the_sign_in_and_the_next_needs_a_new_one(
    short_lived: Locked, silent: Browser, visit: Open
) -> None:
    page = visit(silent, short_lived.url, expected="status of 400")
    sign_in(page)
    connect(page)

    revoked = {"client_id": CLIENT_ID, "token": remembered(page, "refreshToken")}
    httpx.post(f"{short_lived.issuer}/token/revocation", data=revoked).raise_for_status()

    expect(page.locator("#advice")).to_contain_text("Your sign-in has expired.", timeout=2000 * SHORT)
    expect(page.locator("body")).to_have_attribute("data-state", "connected")
    hang_up(page)
    expect(page.locator("#state")).to_have_text("Sign-in expired")
    wait_until(lambda: about(short_lived.stack)["open_calls"] == [], seconds=5)
    sign_in_again(page)
    connect(page)
    hang_up(page)


def test_signing_out_revokes_the_refresh_token(locked: Locked, silent: Browser, visit: Open) -> None:
    page = visit(silent, locked.url)
    sign_in(page)
    refresh_token = remembered(page, "refreshToken")

    page.get_by_role("button", name="Sign out").click()
    page.wait_for_url(f"{locked.issuer}/session/end?*")

    renewal = {"client_id": CLIENT_ID, "grant_type": "refresh_token", "refresh_token": refresh_token}
    assert httpx.post(f"{locked.issuer}/token", data=renewal).json()["error"] == "invalid_grant"


def test_what_was_said_leaves_the_page_also_where_the_provider_cannot_be_told_of_the_sign_out(
    locked: Locked, silent: Browser, visit: Open
) -> None:
    page = visit(silent, locked.url, expected="net::ERR_FAILED")
    sign_in(page)
    connect(page)
    page.locator("#message").fill("my secret")
    page.locator("#message").press("Enter")
    expect(page.locator("#transcript > li[data-speaker=model]")).to_have_attribute("data-state", "final")
    page.locator("#developer-open").click()
    expect(page.locator("#events > li")).not_to_have_count(0)
    page.route(f"{locked.issuer}/**", lambda route: route.abort())

    page.get_by_role("button", name="Sign out").click()

    expect(page.locator("#error .facts")).to_have_text("unreachable")
    expect(page.locator("#state")).to_have_text("Not signed in")
    expect(page.locator("#transcript > li")).to_have_count(0)
    expect(page.locator("#events > li")).to_have_count(0)
    expect(page.locator("#keep")).to_be_hidden()


def test_an_open_page_does_not_load_the_sign_in_library(stack: Stack, silent: Browser, page_of: Open) -> None:
    page = page_of(silent)
    paths: list[str] = []
    page.on("request", lambda request: paths.append(urlsplit(request.url).path))

    page.reload()

    expect(page.locator("#state")).to_have_text("Ready")
    expect(page.get_by_role("button", name="Sign in")).to_have_count(0)
    assert "/main.js" in paths
    assert not [path for path in paths if path.startswith("/vendor")]
