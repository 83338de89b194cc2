"""What people report of the microphone on voice pages: what cannot be had here is one browser function, replaced."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, Page, expect

from local.stack import Stack
from tests.browser.conftest import about

pytestmark = pytest.mark.thorough

Open = Callable[..., Page]

REFUSE = """
navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException(%r, %r))
"""
"""`getUserMedia` is replaced by one that fails as the browser's does."""

WITHOUT = "Object.defineProperty(%s, '%s', { value: undefined })"
"""A browser that has no such thing."""

REFUSALS = [
    ("Permission denied", "NotAllowedError", "microphone_denied", "Press the icon beside the address"),
    ("Permission denied by system", "NotAllowedError", "microphone_denied_by_system", "System Settings, Privacy"),
    ("Starting audioinput failed", "AbortError", "microphone_failed", "restart the browser"),
    ("Not allowed by policy", "SecurityError", "microphone_forbidden", "an administrator’s policy"),
    ("Something else", "InvalidStateError", "microphone_failed", "restart the browser"),
]


@pytest.mark.parametrize(("message", "name", "code", "fix"), REFUSALS, ids=[code for *_, code, _ in REFUSALS])
def test_a_microphone_that_is_refused_is_told_with_its_remedy(
    stack: Stack, silent: Browser, page_of: Open, message: str, name: str, code: str, fix: str
) -> None:
    page = page_of(silent, script=REFUSE % (message, name))
    before = about(stack)["calls_created"]

    page.locator("#call").click()

    expect(page.locator("#error .facts")).to_have_text(code)
    expect(page.locator("#error .fix")).to_contain_text(fix)
    expect(page.locator("#state")).to_have_text("The call did not work")
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
    expect(page.locator("#error p").first).to_contain_text(words)
    expect(page.locator("#error .fix")).to_contain_text("in Chrome, Edge, Firefox or Safari")
    assert about(stack)["calls_created"] == before
