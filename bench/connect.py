"""How long a call takes to connect, from the click until audio can flow, in a real browser.

Ours is measured against the snippets of OpenAI's guide, to the letter, in the same browser, in the same run, in turns.
What a network, a person's microphone and the Realtime API take is put in; what passes between browser and stand-in
once the answer is there is the same for all, and has no delay put in.

    python -m bench.connect
"""

import os
import random
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import quantiles
from typing import Any, NamedTuple

from playwright.sync_api import Browser, sync_playwright

from bench.far_away import CALL, MINT, ROUND_TRIP, far_away
from bench.table import ratio, spread
from local.stack import serve
from local.template import ROOT
from tests.browser.conftest import chromium as installed

MICROPHONE = 0.150
"""Seconds until it is allowed and open."""

ROUNDS = int(os.environ.get("ROUNDS", "15"))
PAGE = Path(__file__).with_suffix(".html")
DOCUMENT = ROOT / "tests" / "browser" / "document"
THE_API = "https://api.openai.com/v1/realtime/calls"
QUIET = {"POWERTOOLS_LOG_LEVEL": "CRITICAL", "POWERTOOLS_METRICS_DISABLED": "true"}


class Way(NamedTuple):
    """One way to connect."""

    named: str
    measure: str
    arguments: dict[str, Any]
    against: str | None = None
    """The way that it is compared with."""
    at_most: float | None = None
    """What its time may be of that one's."""


Times = dict[str, list[float]]
"""Seconds, one for each round, by the way's name."""


def ways(calls_url: str) -> list[Way]:
    """List what is measured, the guide's snippets first."""
    token = (DOCUMENT / "token.js").read_text().replace(THE_API, calls_url)
    keys, relayed = "by ephemeral key, the guide's snippet", "relayed, the guide's snippet"
    ours = {"callsUrl": calls_url, "hoverMs": 0}
    return [
        Way(keys, "snippet", {"code": token}),
        Way("by ephemeral key, our module", "byEphemeralKey", ours, keys),
        Way("- with 200 ms over the button before", "byEphemeralKey", ours | {"hoverMs": 200}, keys),
        Way("- with 500 ms over the button before", "byEphemeralKey", ours | {"hoverMs": 500}, keys, 0.70),
        Way(relayed, "snippet", {"code": (DOCUMENT / "session.js").read_text()}),
        Way("relayed, our module", "relayed", {}, relayed, 1.00),
    ]


def measured() -> str:
    """Measure, and write the result as a table of Markdown."""
    return table(*measure(ROUNDS))


def measure(rounds: int) -> tuple[list[Way], Times]:
    """Measure every way in turns, in an order that chance gives each round."""
    with (
        serve(environment=QUIET) as stack,
        far_away(stack.url, PAGE) as here,
        far_away(stack.base_url.removesuffix("/v1"), PAGE) as there,
        chromium() as browser,
    ):
        every = ways(f"{there}/v1/realtime/calls")
        for way in every:  # the functions' workers start with their first request
            connect(browser, here, way)
        times: Times = {way.named: [] for way in every}
        for _ in range(rounds):
            for way in random.sample(every, len(every)):
                times[way.named].append(connect(browser, here, way))
    return every, times


@contextmanager
def chromium() -> Iterator[Browser]:
    """Open a browser with a microphone of its own."""
    arguments = ["--use-fake-device-for-media-stream", "--allow-loopback-in-peer-connection"]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=installed(), args=arguments)
        yield browser
        browser.close()


def connect(browser: Browser, url: str, way: Way) -> float:
    """Connect once, on a page that knows nothing of an earlier time.

    Returns:
        Seconds.
    """
    context = browser.new_context(permissions=["microphone"])
    page = context.new_page()
    page.goto(f"{url}/{PAGE.name}?microphone={MICROPHONE * 1000}")
    page.wait_for_function("window.measure")
    taken: float = page.evaluate(f"(given) => measure.{way.measure}(given)", way.arguments)
    context.close()
    return taken / 1000


def table(every: list[Way], times: Times) -> str:
    """Write what was measured as a table of Markdown."""
    put_in = f"network {_ms(ROUND_TRIP)} a round trip, microphone {_ms(MICROPHONE)}, mint {_ms(MINT)}, call {_ms(CALL)}"
    rounds = len(next(iter(times.values())))
    lines = [
        f"Median (quartiles) of {rounds} rounds, taken in turns, in Chromium; put in: {put_in}.",
        "",
        "| from the click until audio can flow | ms | of the guide's snippet | goal |",
        "| --- | --- | --- | --- |",
    ]
    return "\n".join(lines + [_line(way, times) for way in every])


def is_met(way: Way, times: Times) -> bool:
    """Tell whether a way is as fast as it should be."""
    return not (way.against and way.at_most) or ratio(times[way.named], times[way.against]) <= way.at_most


def _line(way: Way, times: Times) -> str:
    ours = times[way.named]
    if not way.against:
        return f"| {way.named} | {spread(ours)} | | |"
    theirs = times[way.against]
    low, _, high = quantiles([one / other for one, other in zip(ours, theirs, strict=True)], n=4)
    goal = f"at most {way.at_most:.2f}: {'met' if is_met(way, times) else 'missed'}" if way.at_most else ""
    return f"| {way.named} | {spread(ours)} | {ratio(ours, theirs):.2f} ({low:.2f}–{high:.2f}) | {goal} |"


def _ms(seconds: float) -> str:
    return f"{seconds * 1000:.0f} ms"


def main() -> int:
    """Measure, print the table, and fail where a goal is missed."""
    every, times = measure(ROUNDS)
    sys.stdout.write(table(every, times) + "\n")
    return 0 if all(is_met(way, times) for way in every) else 1


if __name__ == "__main__":
    sys.exit(main())
