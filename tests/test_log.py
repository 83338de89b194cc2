"""What is logged: one line a request, with ids and codes, and nothing of another request or of a secret."""

import io
import json
import re
from typing import Any

import pytest

from local.template import Template
from tests.conftest import API_KEY, CLAIMS, REQUEST_ID, Invoke, error, event, function, offer_of
from tests.scripted_upstream import ANSWER, FAILED, LOCATION, Reply, ScriptedUpstream, created
from tests.telemetry import lines


def milliseconds(line: dict[str, Any]) -> int:
    """Take the duration out of a line."""
    taken = line.pop("upstream_ms")
    assert isinstance(taken, int)
    return taken


def test_a_request_is_one_line_with_the_ids_that_support_asks_for(
    session: Invoke, upstream: ScriptedUpstream, logged: io.StringIO
) -> None:
    upstream.says(Reply(201, ANSWER, {"x-request-id": "req_of_upstream"}))

    session(event("session"))

    [line] = lines(logged)
    assert 0 <= milliseconds(line) < 60_000
    assert line == {
        "level": "INFO",
        "message": "Answered",
        "correlation_id": REQUEST_ID,
        "person": "everybody",
        "status": 201,
        "upstream_status": 201,
        "upstream_request_id": "req_of_upstream",
    }


def test_the_duration_of_the_upstream_is_in_milliseconds(
    session: Invoke, upstream: ScriptedUpstream, logged: io.StringIO
) -> None:
    upstream.says(Reply(201, ANSWER, after_seconds=0.1))

    session(event("session"))

    assert 90 <= milliseconds(lines(logged)[0]) < 60_000


def test_nothing_of_a_refused_request_to_the_upstream_is_logged_with_its_successful_repetition(
    session: Invoke, upstream: ScriptedUpstream, logged: io.StringIO
) -> None:
    refusal = {"error": {"message": "no such key", "code": "invalid_api_key"}}
    upstream.says(Reply(401, json.dumps(refusal)), created())

    session(event("session"))

    refused, answered = lines(logged)
    assert (refused["message"], refused["upstream_code"]) == (
        "The upstream refuses the API key; reading it again",
        "invalid_api_key",
    )
    milliseconds(answered)
    assert answered == {
        "level": "INFO",
        "message": "Answered",
        "correlation_id": REQUEST_ID,
        "person": "everybody",
        "status": 201,
        "upstream_status": 201,
    }


def test_nothing_of_a_request_is_logged_with_the_next(
    session: Invoke, upstream: ScriptedUpstream, logged: io.StringIO
) -> None:
    upstream.refuses(400, "model_not_found", "no such model", x_request_id="req_of_upstream")
    session(event("session"))

    session(event("session", body=b""))

    first, second = lines(logged)
    milliseconds(first)
    assert first == {
        "level": "INFO",
        "message": "Answered",
        "correlation_id": REQUEST_ID,
        "person": "everybody",
        "upstream_code": "model_not_found",
        "upstream_message": "no such model",
        "status": 400,
        "code": "model_not_found",
        "reason": "no such model",
        "upstream_status": 400,
        "upstream_request_id": "req_of_upstream",
    }
    assert second == {
        "level": "INFO",
        "message": "Answered",
        "correlation_id": REQUEST_ID,
        "person": "everybody",
        "status": 400,
        "code": "invalid_offer",
        "reason": "The body is empty: post the offer's SDP, as `setLocalDescription` made it.",
    }


def test_a_call_that_could_not_be_hung_up_is_logged_with_its_id(
    session: Invoke, upstream: ScriptedUpstream, logged: io.StringIO
) -> None:
    upstream.says(created(answer="not SDP"), FAILED)

    session(event("session"))

    hang_up = "/v1/realtime/calls/rtc_1/hangup"
    assert upstream.paths() == ["/v1/realtime/calls", hang_up, hang_up]
    lost, answered = lines(logged)
    assert (lost["level"], lost["message"], lost["call_id"], lost["exception_name"]) == (
        "ERROR",
        "A call that nobody can use was accepted and could not be hung up",
        "rtc_1",
        "UpstreamFailed",
    )
    assert "UpstreamFailed: The upstream failed (status 500); try again." in lost["exception"]
    assert (answered["level"], answered["status"], answered["code"]) == ("ERROR", 502, "invalid_answer")


def test_an_api_key_that_is_refused_is_logged_before_it_is_read_again(
    session: Invoke, upstream: ScriptedUpstream, logged: io.StringIO
) -> None:
    upstream.says(Reply(401, "no"), Reply(201, ANSWER))

    session(event("session"))

    assert [(line["level"], line["message"]) for line in lines(logged)] == [
        ("WARNING", "The upstream refuses the API key; reading it again"),
        ("INFO", "Answered"),
    ]


def test_an_event_is_not_logged_even_if_powertools_is_set_to(
    environment: pytest.MonkeyPatch, new_process: None, logged: io.StringIO
) -> None:
    environment.setenv("POWERTOOLS_LOGGER_LOG_EVENT", "true")

    function("session")(event("session"))

    assert [line["message"] for line in lines(logged)] == ["Answered"]


KEYWORDS = {"filter", "stats", "count", "as", "by", "sort", "desc", "and", "or"}
OTHERS = {"FailuresQuery": {"failures", "400"}, "OneRequestQuery": {"@timestamp", "requestId"}}
"""Words of a query that are no fields of ours: names that it defines, numbers, fields of CloudWatch or API Gateway."""


@pytest.mark.parametrize("name", OTHERS)
def test_a_saved_query_reads_fields_that_the_log_has(
    session: Invoke, upstream: ScriptedUpstream, logged: io.StringIO, name: str
) -> None:
    upstream.refuses(400, "model_not_found")

    session(event("session"))

    query = Template().resources("AWS::Logs::QueryDefinition")[name]["Properties"]["QueryString"]
    words = re.findall(r"[@\w]+", re.sub(r'"[^"]*"|#.*', "", query))
    assert {*words} - KEYWORDS - OTHERS[name] <= lines(logged)[0].keys()
    assert all(f'message = "{line["message"]}"' in query for line in lines(logged) if "message" in words)


def test_what_is_logged_has_ids_and_nothing_that_is_secret(
    session: Invoke, upstream: ScriptedUpstream, logged: io.StringIO
) -> None:
    upstream.says(Reply(201, ANSWER, LOCATION | {"x-request-id": "req_of_upstream"}))
    made = event("session", claims=CLAIMS)

    session(made)

    assert REQUEST_ID in logged.getvalue()
    assert "req_of_upstream" in logged.getvalue()
    lines = [line for line in offer_of(made).decode().splitlines() if len(line) > 8]
    for secret in (API_KEY, "person@example.com", *lines, *ANSWER.splitlines()[1:]):
        assert secret not in logged.getvalue()


def test_why_the_key_cannot_be_read_is_in_the_log_and_not_in_the_answer(
    session: Invoke, secrets: Any, logged: io.StringIO
) -> None:
    secrets.delete_secret(SecretId="openai-api-key", ForceDeleteWithoutRecovery=True)

    response = session(event("session"))

    assert (response["statusCode"], error(response)["code"]) == (500, "misconfigured")
    line = json.loads(logged.getvalue().splitlines()[-1])
    assert (line["level"], line["status"], line["code"]) == ("ERROR", 500, "misconfigured")
    assert line["cause"].startswith("AwsError: ResourceNotFoundException: ")
    assert "ResourceNotFoundException" not in response["body"]
