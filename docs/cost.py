"""What a stack costs in a month: the arithmetic behind the table in docs/deploy.md.

`python -m docs.cost` writes the table between the two marks there. Tests compare it, the numbers of alarms, dashboards,
secrets and routes with the template, and what a call requests with the page that `sam build` makes.

Prices: the public ones of us-east-1 in November 2026, without free tier, on the pricing pages of the services.
"""

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from docs.section import Section

SECTION = Section(Path(__file__).with_name("deploy.md"), "cost")

CALLS = (0, 1_000, 100_000)
"""Of the three months in the table."""
PEOPLE = {0: 0, 1_000: 20, 100_000: 1_000}
"""Who sign in to make so many calls."""

MONTH_MINUTES = 30 * 24 * 60
GIGABYTE = 1e9

SECRETS = 2
"""The API key, and the key of the safety identifiers."""
ALARM_METRICS = 14
"""Of all alarms together: an alarm that computes is billed for each metric that it reads."""
DASHBOARDS = 1
SNAPSHOTS = 2
"""Functions that SnapStart applies to."""
FUNCTION_GB = 0.5
API_REQUESTS = 4
"""Of a call: the session, the hang-up, and the minutes that are left before it and after it."""
CALL_SECONDS = 1.2
"""Of the functions' time for a call: 1 s is the upstream's."""
SWEEP_SECONDS = 0.05
ROUTES = 4
"""That are called: the session, the hang-up, the token, the minutes."""
METRICS_A_ROUTE = 6
"""4xx, 5xx, Count, DataProcessed, IntegrationLatency, Latency."""
PAGE_FILES = 10
"""That a browser asks for, at the first visit, when somebody who is signed in opens the page and calls; later five."""
PAGE_BYTES = 46_000
"""Of these, compressed."""
WRITES = 30
"""Units that DynamoDB counts for a call: 12 items and their index entries, twice since in transactions."""
READS = 6
"""Units of a call: the day's, the person's and the running calls' item, each time the minutes are asked for."""
SWEEP_READS = 1.5
"""Units: the calls that are due, and the day's minutes."""

# OpenAI: gpt-realtime-2.1, USD per token (https://developers.openai.com/api/docs/models/gpt-realtime-2.1), and
# tokens of a minute of audio (https://developers.openai.com/api/docs/guides/realtime-costs).
AUDIO_IN, AUDIO_CACHED, AUDIO_OUT = 32e-6, 0.40e-6, 64e-6
TOKENS_HEARD, TOKENS_SAID = 600, 1_200
CALL_MINUTES, MINUTES_HEARD, MINUTES_SAID, TURNS = 5, 2, 2, 10


class Row(NamedTuple):
    """A line of the table."""

    what: str
    price: str
    cost: Callable[[int], float]
    """USD in a month with so many calls."""


def sweeps_and(per_call: float, per_sweep: float = 1) -> Callable[[int], float]:
    """Count something that each call does, and the function that runs every minute."""
    return lambda calls: calls * per_call + MONTH_MINUTES * per_sweep


def openai(calls: int) -> float:
    """Return what the calls themselves cost: each turn reads again, from the cache, what was said before it."""
    heard, said = MINUTES_HEARD * TOKENS_HEARD, MINUTES_SAID * TOKENS_SAID
    read_again = sum((heard + said) * turn / TURNS for turn in range(TURNS))
    return calls * (heard * AUDIO_IN + said * AUDIO_OUT + read_again * AUDIO_CACHED)


invocations = sweeps_and(API_REQUESTS)
gigabyte_seconds = sweeps_and(CALL_SECONDS * FUNCTION_GB, SWEEP_SECONDS * FUNCTION_GB)
logged_bytes = sweeps_and(API_REQUESTS * 1_000, 1_200)
read_units = sweeps_and(READS, SWEEP_READS)

AWS = (
    Row(f"Secrets Manager: {SECRETS} secrets", "$0.40 a month each", lambda _: SECRETS * 0.40),
    Row(
        "Secrets Manager: reads, one in 5 minutes for each warm function at most",
        "$0.05 per 10,000",
        lambda calls: min(calls, 2 * MONTH_MINUTES / 5) * 0.05 / 10_000,
    ),
    Row(
        f"API Gateway: {API_REQUESTS} requests a call",
        "$1.00 per million",
        lambda calls: API_REQUESTS * calls * 1.00 / 1e6,
    ),
    Row(
        f"Lambda: {API_REQUESTS} invocations a call, 1 a minute",
        "$0.20 per million",
        lambda calls: invocations(calls) * 0.20 / 1e6,
    ),
    Row(
        f"Lambda: {CALL_SECONDS} s x {FUNCTION_GB} GB a call, {SWEEP_SECONDS} s a minute",
        "$0.0000133334 per GB-s",
        lambda calls: gigabyte_seconds(calls) * 0.0000133334,
    ),
    Row(f"DynamoDB: {WRITES} write units a call", "$0.625 per million", lambda calls: WRITES * calls * 0.625 / 1e6),
    Row(
        f"DynamoDB: {READS} read units a call, {SWEEP_READS} a minute",
        "$0.125 per million",
        lambda calls: read_units(calls) * 0.125 / 1e6,
    ),
    Row(
        f"CloudFront: {PAGE_FILES + API_REQUESTS} requests a call, {API_REQUESTS} of them to the API",
        "$0.01 per 10,000",
        lambda calls: (PAGE_FILES + API_REQUESTS) * calls * 0.01 / 1e4,
    ),
    Row(
        f"CloudFront: {PAGE_BYTES / 1_000:.0f} KB a call",
        "$0.085 per GB",
        lambda calls: PAGE_BYTES * calls / GIGABYTE * 0.085,
    ),
    Row(
        f"CloudWatch: logs, {API_REQUESTS} KB a call, 1.2 KB a minute",
        "$0.50 per GB",
        lambda calls: logged_bytes(calls) / GIGABYTE * 0.50,
    ),
    Row(f"CloudWatch: alarms on {ALARM_METRICS} metrics", "$0.10 a month each", lambda _: ALARM_METRICS * 0.10),
    Row(f"CloudWatch: {DASHBOARDS} dashboard", "$3.00 a month each", lambda _: DASHBOARDS * 3.00),
    Row(
        "CloudWatch: 10 metrics of the functions, 1 of them idle", "$0.30 a month each", lambda calls: metrics(1, calls)
    ),
    Row(
        f"API Gateway: detailed metrics, {ROUTES} routes x {METRICS_A_ROUTE}",
        "$0.30 a month each",
        lambda calls: ROUTES * METRICS_A_ROUTE * 0.30 if calls else 0,
    ),
    Row(
        f"X-Ray: {API_REQUESTS} traces a call, nearly all recorded",
        "$5.00 per million",
        lambda calls: API_REQUESTS * calls * 5.00 / 1e6,
    ),
    Row(
        "Cognito: 20 or 1,000 people; an account's first 10,000 are free",
        "$0.015 a person",
        lambda calls: PEOPLE[calls] * 0.015,
    ),
)
SNAPSTART = Row(
    f"SnapStart=on: {SNAPSHOTS} x {FUNCTION_GB} GB cached, without restores",
    "$0.0000015046 per GB-s",
    lambda _: SNAPSHOTS * FUNCTION_GB * MONTH_MINUTES * 60 * 0.0000015046,
)
OPENAI = Row(
    f"OpenAI: {CALL_MINUTES} minutes a call, of which each side speaks {MINUTES_SAID}, with gpt-realtime-2.1",
    "$32 / $64 per million tokens in / out",
    openai,
)


def metrics(idle: int, calls: int) -> float:
    """Return what the functions' own metrics cost: in an idle month only the day's use is reported."""
    return (10 if calls else idle) * 0.30


def table() -> str:
    """Return the table, in Markdown."""
    lines = [
        "| | price | idle month | 1,000 calls | 100,000 calls |",
        "| --- | --- | --- | --- | --- |",
        *(line(row) for row in AWS),
        line(Row("**AWS in all**", "", lambda calls: sum(row.cost(calls) for row in AWS)), "**"),
        line(SNAPSTART),
        line(OPENAI, "**"),
    ]
    return "".join(f"{one}\n" for one in lines)


def line(row: Row, mark: str = "") -> str:
    """Write a row in Markdown."""
    costs = [f"{mark}${row.cost(calls):,.2f}{mark}" for calls in CALLS]
    return f"| {' | '.join([row.what, row.price, *costs])} |"


if __name__ == "__main__":
    SECTION.write(table())
