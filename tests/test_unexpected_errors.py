"""An exception that is not in the error tree is raised to Lambda, logged by nobody else, and contains no secret."""

import base64
import io
import json
import logging
import traceback

import pytest

from tests.conftest import API_KEY, Invoke, event
from tests.scripted_upstream import ANSWER, HUNG_UP, ScriptedUpstream, created


def test_an_unexpected_exception_is_raised_by_the_handler(session: Invoke, unexpected_error: type[Exception]) -> None:
    with pytest.raises(unexpected_error, match=r"^unexpected$"):
        session(event("session"))


def test_the_call_that_was_created_is_hung_up(
    session: Invoke, upstream: ScriptedUpstream, unexpected_error: type[Exception]
) -> None:
    upstream.says(created(), HUNG_UP)

    with pytest.raises(unexpected_error):
        session(event("session"))

    assert upstream.paths() == ["/v1/realtime/calls", "/v1/realtime/calls/rtc_1/hangup"]
    assert upstream.open_calls == []


def test_the_next_request_is_answered(
    session: Invoke, environment: pytest.MonkeyPatch, upstream: ScriptedUpstream
) -> None:
    with environment.context() as patched:
        patched.setattr("realtime.upstream.check_answer", None)
        with pytest.raises(TypeError):
            session(event("session"))

    assert session(event("session"))["statusCode"] == 201


def test_the_exception_is_logged_by_lambda_alone(
    session: Invoke, unexpected_error: type[Exception], logged: io.StringIO, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG), pytest.raises(unexpected_error):
        session(event("session"))

    [line] = [json.loads(line) for line in logged.getvalue().splitlines()]
    assert (line["level"], line["message"], line["status"]) == ("ERROR", "Answered", 500)
    assert [record for record in caplog.records if record.exc_info] == []
    assert {record.name.partition(".")[0] for record in caplog.records} & {
        "mangum",
        "httpx",
        "httpcore",
        "asyncio",
    } == set()


PRIVATE = ("v=0", "not-a-real-ice-password", "a=candidate", "192.0.2.17")
"""Of the offer."""


def test_its_traceback_has_no_secret(
    session: Invoke, upstream: ScriptedUpstream, unexpected_error: type[Exception]
) -> None:
    upstream.says(created(), HUNG_UP)
    offer = base64.b64decode(event("session")["body"]) + b"a=candidate:1 1 udp 1 192.0.2.17 50000 typ host\r\n"

    with pytest.raises(unexpected_error) as raised:
        session(event("session", body=offer))

    text = "".join(traceback.format_exception(raised.value))
    assert "unexpected" in text
    assert [private for private in PRIVATE if private not in offer.decode()] == []
    assert [secret for secret in (API_KEY, *PRIVATE, ANSWER.splitlines()[1]) if secret in text] == []
