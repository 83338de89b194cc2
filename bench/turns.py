"""How long it takes until a word more is shown in a conversation of 200 turns, in a real browser.

Our page, from the event on the data channel until everything is laid out, is compared with a list that writes all turns
again, each of them a grid, in the same browser and run.

    python -m bench.turns
"""

import os
import sys
from pathlib import Path
from statistics import median

from playwright.sync_api import Browser, Page

from bench.connect import QUIET, chromium
from bench.table import goal_of, ratio, spread
from local.stack import serve

ROUNDS = int(os.environ.get("ROUNDS", "15"))
TURNS, UPDATES = 200, 50
GOAL_MS = 2.0
PAGE = Path(__file__).with_suffix(".html")

SCRIPT = Path(__file__).with_suffix(".js")


def measured() -> str:
    """Measure, and write the result as a table of Markdown."""
    return table(*measure(ROUNDS))


def measure(rounds: int) -> tuple[list[float], list[float]]:
    """Measure both in each round, in turns; return the seconds an update takes, ours first."""
    with serve(environment=QUIET) as stack, chromium() as browser:
        ours, theirs = our_page(browser, stack.url), other_list(browser, stack.url)
        times = [(update(ours), update(theirs)) for _ in range(rounds + 1)]
    # The first round only warms the browser up.
    return [first for first, _ in times[1:]], [second for _, second in times[1:]]


def our_page(browser: Browser, url: str) -> Page:
    """Open our page in a call, and let it receive the turns."""
    page = browser.new_context(permissions=["microphone"], viewport={"width": 1280, "height": 800}).new_page()
    page.add_init_script(path=SCRIPT)
    page.goto(url)
    page.locator("#mute").wait_for(state="attached")
    page.locator("#call").click()
    page.locator("body[data-state=connected]").wait_for()
    page.evaluate("count => fill(count)", TURNS)
    page.wait_for_function(f"document.querySelectorAll('#transcript > li').length >= {TURNS}")
    return page


def other_list(browser: Browser, url: str) -> Page:
    """Open the list that ours is compared with."""
    page = browser.new_page(viewport={"width": 1280, "height": 800})
    page.route("**/turns.html", lambda route: route.fulfill(path=PAGE))
    page.goto(f"{url}/turns.html")
    page.wait_for_function("Boolean(window.measure)")
    return page


def update(page: Page) -> float:
    """Return how many seconds an update takes, on average."""
    page.bring_to_front()
    milliseconds: float = page.evaluate("given => measure(given)", {"count": TURNS, "updates": UPDATES})
    return milliseconds / 1000


def table(ours: list[float], theirs: list[float]) -> str:
    """Write the results as a table of Markdown."""
    in_ms = f"{spread(ours, digits=2)}, {goal_of(median(ours) * 1000, GOAL_MS, 0)}"
    return "\n".join(
        [
            f"Median (quartiles) of {len(ours)} rounds of {UPDATES} updates each, taken in turns, in Chromium.",
            "",
            f"| a word more in a conversation of {TURNS} turns | ms | of all written again |",
            "| --- | --- | --- |",
            f"| all turns written again, each a grid: layout alone | {spread(theirs, digits=2)} | |",
            f"| our page, from the event until all is laid out | {in_ms} | {ratio(ours, theirs):.2f} |",
        ]
    )


if __name__ == "__main__":
    sys.stdout.write(measured() + "\n")
