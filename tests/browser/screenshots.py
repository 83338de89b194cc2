"""Makes the screenshots of the page in the README: `python -m tests.browser.screenshots`."""

from pathlib import Path
from tempfile import TemporaryDirectory

from playwright.sync_api import Browser, expect, sync_playwright

from local.stack import serve
from local.template import ROOT
from tests.browser.conftest import browser, recording
from tests.conftest import QUIET

SIZES = {"page": (1440, 900), "page-phone": (375, 812)}

COLOURS = {"light": "teal", "dark": "gold"}


def main() -> None:
    """Take each screenshot during a call."""
    with (
        TemporaryDirectory() as folder,
        serve(environment=QUIET) as stack,
        sync_playwright() as playwright,
        browser(playwright, recording(Path(folder) / "silence.wav", tone=0, silence=2)) as opened,
    ):
        for name, size in SIZES.items():
            for scheme, colour in COLOURS.items():
                take(opened, stack.url, ROOT / "docs" / f"{name}-{scheme}.png", size, colour)


def take(opened: Browser, url: str, file: Path, size: tuple[int, int], colour: str) -> None:
    """Let the model change the accent colour, and take a screenshot while it speaks.

    Args:
        opened: the browser.
        url: the page's URL.
        file: the image file, whose name ends in the colour scheme.
        size: width and height of the window in CSS pixels.
        colour: the accent colour.
    """
    width, height = size
    scheme = file.stem.rpartition("-")[2]
    context = opened.new_context(
        permissions=["microphone"],
        viewport={"width": width, "height": height},
        color_scheme=scheme,  # type: ignore[arg-type]
    )
    page = context.new_page()
    page.goto(url)
    page.locator("#preset").select_option("colours")
    page.locator("#call").click()
    expect(page.locator("body")).to_have_attribute("data-phase", "listening")
    for text in ("Hello! Can you hear and read me?", f"Set the accent colour to {colour}"):
        page.locator("#message").fill(text)
        page.locator("#message").press("Enter")
        page.wait_for_timeout(2500 if text.startswith("Hello") else 0)
    expect(page.locator("body")).to_have_attribute("data-phase", "speaking")
    page.wait_for_timeout(900)
    page.locator("#message").blur()
    page.screenshot(path=file)
    context.close()


if __name__ == "__main__":
    main()
