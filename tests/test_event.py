"""What the functions take for an event of an HTTP API; tests/fuzz/test_fuzz_events.py generates more."""

from typing import Any

import pytest
from realtime.event import UnsupportedEvent

from tests.conftest import Invoke, event
from tests.scripted_upstream import ScriptedUpstream, created

LOAD_BALANCER = {"requestContext": {"elb": {"targetGroupArn": "arn"}}, "httpMethod": "GET", "path": "/token"}


def without(*path: str, of: str = "session") -> dict[str, Any]:
    """The event without one of its members."""
    made = part = event(of)
    *parents, name = path
    for parent in parents:
        part = part[parent]
    del part[name]
    return made


def at_path(path: object) -> dict[str, Any]:
    made = event("session")
    made["requestContext"]["http"]["path"] = path
    return made


@pytest.mark.parametrize(
    "unsupported",
    [
        {},
        {"key1": "value1"},  # the console's test event
        LOAD_BALANCER | {"queryStringParameters": {}, "headers": {}, "body": "", "isBase64Encoded": False},
        {"Records": [{"eventSource": "aws:s3"}]},
        {"Records": [{"eventSource": "aws:sqs", "body": "x"}]},
        event("session") | {"body": "b"},  # no base64
        event("session") | {"body": "\ud800", "isBase64Encoded": False},
        without("requestContext", "requestId"),
        without("requestContext", "http", "path"),
        without("requestContext", "requestId", of="session-v1"),
        at_path(5),
        at_path("/session\ud800"),
    ],
)
def test_an_event_of_anything_else_is_refused_with_what_to_do(
    session: Invoke, upstream: ScriptedUpstream, unsupported: dict[str, Any]
) -> None:
    with pytest.raises(UnsupportedEvent) as refused:
        session(unsupported)

    assert str(refused.value) == (
        "This is not an event of an HTTP API, payload format 2.0 or 1.0: call the API, or use one of events/."
    )
    assert upstream.asked == []


@pytest.mark.parametrize("name", ["session", "session-v1"])
@pytest.mark.parametrize("header", ["host", "Host", "x-forwarded-port", "X-Forwarded-Port"])
def test_a_server_whose_port_is_no_number_is_of_no_interest(session: Invoke, name: str, header: str) -> None:
    made = event(name)
    for headers, value in (("headers", "a:b"), ("multiValueHeaders", ["a:b"])):
        if headers in made:
            made[headers][header] = value

    assert session(made)["statusCode"] == 201


@pytest.mark.parametrize(
    ("name", "changes", "location"),
    [
        ("session-v1", {"path": "/prod/session"}, "/prod/session/rtc_1"),
        ("session-v1", {"path": "/session", "resource": "/{proxy+}"}, "/session/rtc_1"),
        ("session", {"routeKey": "$default"}, "/session/rtc_1"),
    ],
)
def test_what_stands_before_the_route_is_found_in_either_payload_format(
    session: Invoke, upstream: ScriptedUpstream, name: str, changes: dict[str, Any], location: str
) -> None:
    upstream.says(created())

    response = session(event(name, **changes))

    headers = response.get("headers") or {name: values[0] for name, values in response["multiValueHeaders"].items()}
    assert (response["statusCode"], headers["location"]) == (201, location)
