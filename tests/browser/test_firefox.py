"""What a person sees in Firefox without a key, on the machine that the stand-in runs on."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from local.stack import Stack, serve
from tests.browser.conftest import Open
from tests.conftest import QUIET

pytestmark = pytest.mark.firefox


@pytest.fixture(scope="module")
def stack() -> Iterator[Stack]:
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("MEDIA_ADDRESS", raising=False)
        with serve(environment=QUIET) as running:
            yield running


def test_the_page_says_that_firefox_makes_no_calls_to_its_own_machine(silent: Browser, page_of: Open) -> None:
    page = page_of(silent, expected="ICE failed")

    page.locator("#call").click()

    expect(page.locator("#error .what")).to_have_text(
        "This browser makes no calls to its own machine, where the voice service is: Firefox never does.",
        timeout=30_000,
    )
    expect(page.locator("#error .fix")).to_have_text("Open this page in Chrome or Edge.")
    page.locator("#error summary").click()
    expect(page.locator("#error .deployer")).to_contain_text("make run MEDIA_ADDRESS=")
