"""What is counted: the metrics on standard output are those that the template's alarms and dashboard read."""

import json
import re
from typing import Any

import pytest

from local.template import Template
from tests.conftest import Invoke, error, event
from tests.ledger.table import services, use_ledger
from tests.scripted_upstream import FAILED, HUNG_UP, Reply, ScriptedUpstream, created, minted
from tests.telemetry import emitted

STACK = "the-stack"

Metric = tuple[str, str, dict[str, str]]
"""Namespace, name, and the values of the dimensions by their names."""


@pytest.fixture(autouse=True)
def _named_after_the_stack(environment: pytest.MonkeyPatch) -> None:
    environment.setenv("POWERTOOLS_SERVICE_NAME", STACK)


def line(name: str, **dimensions: str) -> dict[str, Any]:
    """A line that adds one to a metric."""
    metric = {"Name": name, "Unit": "Count"}
    definition = {"Namespace": "RealtimeServerless", "Dimensions": [[*dimensions, "service"]], "Metrics": [metric]}
    return {"_aws": {"CloudWatchMetrics": [definition]}, **dimensions, "service": STACK, name: [1.0]}


def metrics(output: str) -> list[Metric]:
    found = []
    for one in emitted(output):
        [definition] = one["_aws"]["CloudWatchMetrics"]
        [dimensions], [metric] = definition["Dimensions"], definition["Metrics"]
        found.append((definition["Namespace"], metric["Name"], {name: one[name] for name in dimensions}))
    return found


def test_a_call_is_counted_by_its_preset(
    session: Invoke, upstream: ScriptedUpstream, capsys: pytest.CaptureFixture[str]
) -> None:
    session(event("session", query="preset=colours"))

    assert emitted(capsys.readouterr().out) == [line("Calls", preset="colours")]


def test_an_ephemeral_key_is_counted_by_its_preset(
    token: Invoke, upstream: ScriptedUpstream, capsys: pytest.CaptureFixture[str]
) -> None:
    upstream.says(minted())

    token(event("token", query="preset=assistant"))

    assert emitted(capsys.readouterr().out) == [line("EphemeralKeys", preset="assistant")]


@pytest.mark.parametrize(
    ("status", "code", "counted"),
    [
        (429, "insufficient_quota", "insufficient_quota"),
        (429, "rate_limit_exceeded", "rate_limit_exceeded"),
        (400, "model_not_found", "model_not_found"),
        (400, "made_up_by_the_upstream", "upstream_refused"),
        (429, None, "upstream_refused"),
        (403, "forbidden", "upstream_credentials"),
        (500, "server_error", "upstream_error"),
    ],
)
def test_an_error_is_counted_by_one_of_few_codes(
    session: Invoke,
    upstream: ScriptedUpstream,
    capsys: pytest.CaptureFixture[str],
    status: int,
    code: str | None,
    counted: str,
) -> None:
    upstream.refuses(status, code)

    session(event("session"))

    assert emitted(capsys.readouterr().out) == [line("Errors", code=counted)]


@pytest.mark.parametrize("key", ["ek_test", "minted-1"])
def test_a_refused_ephemeral_key_does_not_count_as_the_deployments_key(
    session: Invoke, upstream: ScriptedUpstream, capsys: pytest.CaptureFixture[str], key: str
) -> None:
    upstream.says(minted(value=key), Reply(401, "no"))

    response = session(event("session", query="preset=transcriber"))

    assert error(response)["message"] == ("The upstream does not accept the ephemeral key that it minted (status 401).")
    assert emitted(capsys.readouterr().out) == [line("Errors", code="upstream_error")]
    assert len(upstream.asked) == 2


FAILURES = {
    "CredentialsAlarm": Reply(401, "no"),
    "MisconfiguredAlarm": None,
    "QuotaAlarm": Reply(429, '{"error": {"code": "insufficient_quota"}}'),
    "LedgerAlarm": None,
}
"""What makes each alarm go off; None: no key in the secret, no table of the ledger."""


def alarms() -> dict[str, Metric]:
    found = Template().resources("AWS::CloudWatch::Alarm").items()
    ours = {name: one["Properties"] for name, one in found if "RealtimeServerless" in str(one)}
    return {name: (one["Namespace"], one["MetricName"], dimensions(one["Dimensions"])) for name, one in ours.items()}


def dimensions(listed: list[dict[str, Any]]) -> dict[str, str]:
    assert {"Name": "service", "Value": {"Ref": "AWS::StackName"}} in listed
    return {one["Name"]: one["Value"] for one in listed} | {"service": STACK}


def test_every_alarm_on_our_metrics_has_a_failure_here() -> None:
    on_errors = {name for name, (_, metric, _) in alarms().items() if metric == "Errors"}

    assert on_errors == FAILURES.keys()


@pytest.mark.parametrize("alarm", FAILURES)
def test_a_failure_is_counted_by_the_metric_of_its_alarm(
    session: Invoke,
    upstream: ScriptedUpstream,
    secrets: Any,
    environment: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    alarm: str,
) -> None:
    if alarm == "LedgerAlarm":
        environment.setenv("LEDGER_TABLE", "missing")
    elif FAILURES[alarm] is None:
        secrets.put_secret_value(SecretId="openai-api-key", SecretString="{}")
    upstream.says(FAILURES[alarm] or Reply())

    session(event("session"))

    assert metrics(capsys.readouterr().out) == [alarms()[alarm]]


def test_the_dashboard_shows_every_metric(
    session: Invoke,
    token: Invoke,
    upstream: ScriptedUpstream,
    environment: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    upstream.says(created(), HUNG_UP, minted(), FAILED)
    with services() as running:
        use_ledger(environment, running, MAX_CALL_MINUTES=15)
        hang_up = event("hang-up", path="/session/rtc_1")
        for invoke, made in (session, event("session")), (session, hang_up), (token, event("token")):
            assert invoke(made)["statusCode"] < 300
        session(event("session"))

    [dashboard] = Template().resources("AWS::CloudWatch::Dashboard").values()
    widgets = str(json.loads(dashboard["Properties"]["DashboardBody"]["Fn::Sub"]))
    searches = re.findall(r"SEARCH\('\{(\w+),([\w,]+)\} .*? MetricName=\"(\w+)\"", widgets.replace("\\", ""))
    counted = metrics(capsys.readouterr().out)
    assert {(space, name, names) for space, names, name in searches} == {
        (space, name, ",".join(values)) for space, name, values in counted
    }
    assert len(searches) == 4
