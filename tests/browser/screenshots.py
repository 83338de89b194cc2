"""Makes the pictures of the page that the README shows: `python -m tests.browser.screenshots`."""

from pathlib import Path
from tempfile import TemporaryDirectory

from playwright.sync_api import Browser, expect, sync_playwright

from local.stack import serve
from local.template import ROOT
from tests.browser.conftest import browser, recording

SIZES = {"page": (1440, 900), "page-phone": (375, 812)}
QUIET = {"POWERTOOLS_LOG_LEVEL": "WARNING", "POWERTOOLS_METRICS_DISABLED": "true"}
COLOURS = {"light": "teal", "dark": "gold"}


def main() -> None:
    """Take each picture in the middle of a call."""
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
    """Have the page painted by the model, and take its picture while the model speaks.

    Args:
        opened: the browser.
        url: the page's.
        file: where the picture goes; its name ends in the colour scheme.
        size: of the window, in CSS pixels.
        colour: of the accent.
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
    page.locator("#message").fill(f"set the accent colour to {colour}")
    page.locator("#message").press("Enter")
    expect(page.locator("body")).to_have_attribute("data-phase", "speaking")
    page.wait_for_timeout(900)
    page.evaluate("scroll(0, 0)")
    page.locator("#message").blur()
    page.screenshot(path=file)
    context.close()


if __name__ == "__main__":
    main()
