"""An installed Chromium."""

import shutil

NAMES = ("chromium", "chromium-browser", "google-chrome")


def chromium() -> str | None:
    """Find an installed Chromium; without one Playwright uses its own."""
    return next((found for name in NAMES if (found := shutil.which(name))), None)
