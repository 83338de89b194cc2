"""DELETE /session/{call_id}, and calls that are hung up because nobody can use them."""

import io

import pytest

from tests.conftest import Invoke, error, event
from tests.ledger.calls import UNKNOWN
from tests.scripted_upstream import ANSWER, FAILED, HUNG_UP, LOCATION, Reply, ScriptedUpstream, created
from tests.telemetry import errors


@pytest.mark.parametrize("status", [200, 204])
def test_hanging_up_ends_the_call(session: Invoke, upstream: ScriptedUpstream, status: int) -> None:
    upstream.says(Reply(status, ""))
    made = event("hang-up")

    assert session(made) == {
        "statusCode": 204,
        "headers": {
            "cache-control": "no-store",
            "x-request-id": made["requestContext"]["requestId"],
        },
        "body": "",
        "isBase64Encoded": False,
    }
    call_id = made["pathParameters"]["call_id"]
    assert upstream.paths() == [f"/v1/realtime/calls/{call_id}/hangup"]
    assert upstream.asked[0].body == b""


@pytest.mark.parametrize("call_id", ["..", "a%2fb", "rtc 1", "r" * 129])
def test_an_id_that_no_call_has_is_not_sent_upstream(session: Invoke, upstream: ScriptedUpstream, call_id: str) -> None:
    assert session(event("hang-up", path=f"/session/{call_id}"))["statusCode"] == 404
    assert upstream.asked == []


@pytest.mark.parametrize(
    "answer", ["<html>", '{"sdp": "v=0"}', "", "v=0\r\ns=-\r\n", b"v=0\r\n\xff\xfe", "v=0\r\n" + "a" * 2**20]
)
def test_an_accepted_call_without_an_answer_is_hung_up(
    session: Invoke, upstream: ScriptedUpstream, answer: str | bytes
) -> None:
    upstream.says(created(answer=answer), HUNG_UP)

    response = session(event("session"))

    assert (response["statusCode"], error(response)["code"]) == (502, "invalid_answer")
    assert upstream.paths()[1:] == ["/v1/realtime/calls/rtc_1/hangup"]


def test_an_accepted_call_whose_answer_never_ends_is_hung_up(
    session: Invoke, upstream: ScriptedUpstream, environment: pytest.MonkeyPatch
) -> None:
    environment.setenv("UPSTREAM_TIMEOUT_SECONDS", "1")
    upstream.says(Reply(201, ANSWER, LOCATION | {"Content-Length": "100000"}), HUNG_UP)

    response = session(event("session"))

    assert (response["statusCode"], error(response)["code"]) == (504, "upstream_timeout")
    assert upstream.paths()[1:] == ["/v1/realtime/calls/rtc_1/hangup"]


def test_a_failed_hang_up_does_not_change_the_response(
    session: Invoke, upstream: ScriptedUpstream, logged: io.StringIO
) -> None:
    upstream.says(created(answer="not SDP"), FAILED)

    assert error(session(event("session")))["code"] == "invalid_answer"
    assert "rtc_1" in logged.getvalue()


def test_an_unexpected_exception_within_the_hang_up_is_raised_and_names_the_call_in_the_log(
    session: Invoke, upstream: ScriptedUpstream, environment: pytest.MonkeyPatch, logged: io.StringIO
) -> None:
    environment.setattr("realtime.hang_up.read_body", None)
    upstream.says(created(answer="<html>"), HUNG_UP)

    with pytest.raises(TypeError):
        session(event("session"))
    assert [line["call_id"] for line in errors(logged)] == ["rtc_1"]


@pytest.mark.parametrize("status", [405, 501])
def test_a_server_without_hang_up_does_not_say_that_a_call_is_over(
    session: Invoke, upstream: ScriptedUpstream, logged: io.StringIO, status: int
) -> None:
    refused = Reply(status, '{"error": {"code": "method_not_allowed", "message": "no"}}')
    upstream.says(created(answer="<html>"), refused)

    assert session(event("session"))["statusCode"] == 502
    assert [line["call_id"] for line in errors(logged)] == ["rtc_1"]


@pytest.mark.parametrize(
    ("replies", "status", "apis"),
    [
        ([UNKNOWN, HUNG_UP], 204, ["realtime/calls", "live/sessions"]),
        ([UNKNOWN, Reply(400, "{}")], 404, ["realtime/calls", "live/sessions"]),
        ([Reply(400, "{}"), HUNG_UP], 400, ["realtime/calls"]),
    ],
)
def test_a_call_whose_id_names_no_api_is_hung_up_at_the_one_that_knows_it(
    session: Invoke, upstream: ScriptedUpstream, replies: list[Reply], status: int, apis: list[str]
) -> None:
    upstream.says(*replies)

    assert session(event("hang-up", path="/session/call_1"))["statusCode"] == status
    assert upstream.paths() == [f"/v1/{api}/call_1/hangup" for api in apis]
