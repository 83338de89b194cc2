"""A call that was accepted is hung up if anything fails later, and unusual errors of the upstream break nothing."""

import json

import pytest

from tests.conftest import Invoke, event
from tests.scripted_upstream import ANSWER, LOCATION, Reply, ScriptedUpstream


def test_an_accepted_call_is_hung_up_after_an_unforeseen_exception(
    session: Invoke, upstream: ScriptedUpstream, environment: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise ZeroDivisionError

    environment.setattr("realtime.upstream.check_answer", broken)
    upstream.says(Reply(201, ANSWER, LOCATION), Reply(200, ""))

    with pytest.raises(ZeroDivisionError):
        session(event("session"))

    assert upstream.paths() == ["/v1/realtime/calls", "/v1/realtime/calls/rtc_1/hangup"]
    assert upstream.open_calls == []


@pytest.mark.parametrize(
    ("given", "relayed"),
    [
        ("0", "0"),
        ("120", "120"),
        ("Sun, 22 Nov 2026 12:00:00 GMT", "Sun, 22 Nov 2026 12:00:00 GMT"),
        ("1.5", "5"),
        ("-1", "5"),
        ("soon", "5"),
        ("9" * 99, "5"),
    ],
)
def test_a_valid_retry_after_is_relayed_and_an_invalid_one_replaced(
    session: Invoke, upstream: ScriptedUpstream, given: str, relayed: str
) -> None:
    upstream.says(Reply(429, "", {"Retry-After": given}))

    assert session(event("session"))["headers"]["retry-after"] == relayed


@pytest.mark.parametrize(
    "text", ['"\\ud800"', '"\\u0000\\u001b[31m"', '{"message": 5}', "[]", "null", '"' + "x" * 9999 + '"']
)
def test_an_unusual_error_body_of_the_upstream_becomes_a_message_of_limited_length(
    session: Invoke, upstream: ScriptedUpstream, text: str
) -> None:
    upstream.says(Reply(400, f'{{"error": {text}}}'))

    response = session(event("session"))

    assert response["statusCode"] == 400
    assert 0 < len(json.loads(response["body"])["error"]["message"]) <= 500
