"""How long a call takes to connect, from the click until audio can flow, in a real browser.

Our module is compared with the unchanged snippets of OpenAI's guide, in the same browser and run, in turns. HTTP
requests and opening the microphone get the delays that a network, a person's microphone and the Realtime API have.
The media connection between browser and stand-in has no delay, as it is the same for all.

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

from bench.delayed_proxy import CALL, MINT, ROUND_TRIP, delayed_proxy
from bench.table import ratio, spread
from local.stack import serve
from local.template import ROOT
from tests.browser.chromium import chromium as installed

MICROPHONE = 0.150
"""Seconds until the microphone is allowed and open."""

ROUNDS = int(os.environ.get("ROUNDS", "15"))
PAGE = Path(__file__).with_suffix(".html")
DOCUMENT = ROOT / "tests" / "browser" / "document"
THE_API = "https://api.openai.com/v1/realtime/calls"
QUIET = {"POWERTOOLS_LOG_LEVEL": "CRITICAL", "POWERTOOLS_METRICS_DISABLED": "true"}


class Case(NamedTuple):
    """One way to connect, which is measured."""

    name: str
    function: str
    """The function in the page's `window.measure`."""
    arguments: dict[str, Any]
    baseline: str | None = None
    """The name of the case that it is compared with."""
    goal: float | None = None
    """The largest acceptable ratio of its time to the baseline's."""


Times = dict[str, list[float]]
"""Seconds, one for each round, by the case's name."""


def list_cases(calls_url: str) -> list[Case]:
    """List the cases, the guide's snippets first.

    Args:
        calls_url: the URL by which the stand-in's calls are created.
    """
    token = (DOCUMENT / "token.js").read_text().replace(THE_API, calls_url)
    keys, relayed = "by ephemeral key, the guide's snippet", "relayed, the guide's snippet"
    ours = {"callsUrl": calls_url, "hoverMs": 0}
    return [
        Case(keys, "snippet", {"code": token}),
        Case("by ephemeral key, our module", "byEphemeralKey", ours, keys),
        Case("- with 200 ms over the button before", "byEphemeralKey", ours | {"hoverMs": 200}, keys),
        Case("- with 500 ms over the button before", "byEphemeralKey", ours | {"hoverMs": 500}, keys, 0.70),
        Case(relayed, "snippet", {"code": (DOCUMENT / "session.js").read_text()}),
        Case("relayed, our module", "relayed", {}, relayed, 1.00),
    ]


def measured() -> str:
    """Measure, and write the result as a table of Markdown."""
    return table(*measure(ROUNDS))


def measure(rounds: int) -> tuple[list[Case], Times]:
    """Measure all cases in each round, in random order."""
    with (
        serve(environment=QUIET) as stack,
        delayed_proxy(stack.url, PAGE) as site,
        delayed_proxy(stack.base_url.removesuffix("/v1"), PAGE) as upstream,
        chromium() as browser,
    ):
        cases = list_cases(f"{upstream}/v1/realtime/calls")
        for case in cases:  # so that the functions' workers are warm
            connect(browser, site, case)
        times: Times = {case.name: [] for case in cases}
        for _ in range(rounds):
            for case in random.sample(cases, len(cases)):
                times[case.name].append(connect(browser, site, case))
    return cases, times


@contextmanager
def chromium() -> Iterator[Browser]:
    """Open a browser with a simulated microphone."""
    arguments = ["--use-fake-device-for-media-stream", "--allow-loopback-in-peer-connection"]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=installed(), args=arguments)
        yield browser
        browser.close()


def connect(browser: Browser, url: str, case: Case) -> float:
    """Connect once, in a new browser context.

    Returns:
        Seconds.
    """
    context = browser.new_context(permissions=["microphone"])
    page = context.new_page()
    page.goto(f"{url}/{PAGE.name}?microphone={MICROPHONE * 1000}")
    page.wait_for_function("window.measure")
    milliseconds: float = page.evaluate(f"(arguments) => measure.{case.function}(arguments)", case.arguments)
    context.close()
    return milliseconds / 1000


def table(cases: list[Case], times: Times) -> str:
    """Write the results as a table of Markdown."""
    delays = f"network {_ms(ROUND_TRIP)} a round trip, microphone {_ms(MICROPHONE)}, mint {_ms(MINT)}, call {_ms(CALL)}"
    rounds = len(next(iter(times.values())))
    lines = [
        f"Median (quartiles) of {rounds} rounds, taken in turns, in Chromium; put in: {delays}.",
        "",
        "| from the click until audio can flow | ms | of the guide's snippet | goal |",
        "| --- | --- | --- | --- |",
    ]
    return "\n".join(lines + [_row(case, times) for case in cases])


def is_met(case: Case, times: Times) -> bool:
    """Tell whether the case meets its goal; true if it has none."""
    return not (case.baseline and case.goal) or ratio(times[case.name], times[case.baseline]) <= case.goal


def _row(case: Case, times: Times) -> str:
    ours = times[case.name]
    if not case.baseline:
        return f"| {case.name} | {spread(ours)} | | |"
    theirs = times[case.baseline]
    low, _, high = quantiles([one / other for one, other in zip(ours, theirs, strict=True)], n=4)
    goal = f"at most {case.goal:.2f}: {'met' if is_met(case, times) else 'missed'}" if case.goal else ""
    return f"| {case.name} | {spread(ours)} | {ratio(ours, theirs):.2f} ({low:.2f}–{high:.2f}) | {goal} |"


def _ms(seconds: float) -> str:
    return f"{seconds * 1000:.0f} ms"


def main() -> int:
    """Measure, and print the table; the exit status is 1 if a goal is missed."""
    cases, times = measure(ROUNDS)
    sys.stdout.write(table(cases, times) + "\n")
    return 0 if all(is_met(case, times) for case in cases) else 1


if __name__ == "__main__":
    sys.exit(main())
