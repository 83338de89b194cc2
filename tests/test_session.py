"""POST /session: what the browser sends goes upstream with the server's session config, and the answer comes back."""

import base64
import hashlib
import hmac
import io
import json
from typing import Any

import pytest
from realtime.presets import presets

from tests.conftest import API_KEY, CLAIMS, REQUEST_ID, SAFETY_KEY, Invoke, error, event, offer_of
from tests.scripted_upstream import (
    ANSWER,
    ANSWER_WITH_DATA,
    FAILED,
    HUNG_UP,
    LOCATION,
    Reply,
    ScriptedUpstream,
    created,
    minted,
)


def test_the_answer_comes_back_byte_for_byte(session: Invoke, upstream: ScriptedUpstream) -> None:
    upstream.says(created(answer=ANSWER_WITH_DATA))

    assert session(event("session")) == {
        "statusCode": 201,
        "headers": {
            "content-type": "application/sdp",
            "content-length": str(len(ANSWER_WITH_DATA)),
            "location": "/session/rtc_1",
            "cache-control": "no-store",
            "x-request-id": REQUEST_ID,
        },
        "body": ANSWER_WITH_DATA,
        "isBase64Encoded": False,
    }


def test_the_offer_goes_upstream_byte_for_byte_with_the_session_config(
    session: Invoke, upstream: ScriptedUpstream
) -> None:
    session(event("session"))

    [asked] = upstream.asked
    assert asked.path == "/v1/realtime/calls"
    assert asked.headers["authorization"] == f"Bearer {API_KEY}"
    assert "openai-beta" not in asked.headers
    config = json.dumps(presets().resolve({}).session, ensure_ascii=False, separators=(",", ":")).encode()
    assert asked.parts() == {
        "sdp": ("application/sdp", None, offer_of(event("session"))),
        "session": ("application/json", None, config),
    }


def test_an_event_of_format_1_0_gets_the_same_response(session: Invoke, upstream: ScriptedUpstream) -> None:
    upstream.says(created(answer=ANSWER_WITH_DATA))

    assert session(event("session-v1")) == {
        "statusCode": 201,
        "headers": {
            "content-type": "application/sdp",
            "content-length": str(len(ANSWER_WITH_DATA)),
            "location": "/session/rtc_1",
            "cache-control": "no-store",
            "x-request-id": event("session-v1")["requestContext"]["requestId"],
        },
        "multiValueHeaders": {},
        "body": ANSWER_WITH_DATA,
        "isBase64Encoded": False,
    }


def test_a_body_that_is_not_base64_is_relayed_unchanged(session: Invoke, upstream: ScriptedUpstream) -> None:
    offer = offer_of(event("session"))

    assert session(event("session") | {"body": offer.decode(), "isBase64Encoded": False})["statusCode"] == 201
    assert upstream.asked[0].parts()["sdp"][2] == offer


def test_a_body_in_base64_with_line_breaks_is_decoded(session: Invoke, upstream: ScriptedUpstream) -> None:
    offer = offer_of(event("session"))

    assert session(event("session") | {"body": base64.encodebytes(offer).decode()})["statusCode"] == 201
    assert upstream.asked[0].parts()["sdp"][2] == offer


@pytest.mark.parametrize(
    "media_type", ["application/sdp", "Application/SDP; charset=utf-8", "text/plain;charset=UTF-8"]
)
def test_a_media_type_is_recognised_whatever_its_parameters(session: Invoke, media_type: str) -> None:
    made = event("session")
    made["headers"]["content-type"] = media_type

    assert session(made)["statusCode"] == 201


def test_a_choice_that_the_preset_allows_reaches_the_session_config(
    session: Invoke, upstream: ScriptedUpstream
) -> None:
    session(event("session", query="preset=colours&voice=cedar"))

    config = json.loads(upstream.asked[0].parts()["session"][2])
    assert config == presets().resolve({"preset": "colours"}).session | {
        "audio": presets().presets["colours"].session_with({"voice": "cedar"})["audio"]
    }
    assert config["audio"]["output"] == {"voice": "cedar"}


def test_the_deployments_model_replaces_the_presets(
    session: Invoke, upstream: ScriptedUpstream, environment: pytest.MonkeyPatch
) -> None:
    environment.setenv("MODEL", "my-azure-deployment")

    session(event("session"))

    assert json.loads(upstream.asked[0].parts()["session"][2])["model"] == "my-azure-deployment"


@pytest.mark.parametrize("dcid", ["0", "65534"])
def test_the_data_channel_id_is_passed_on_and_nothing_else_of_the_query(
    session: Invoke, upstream: ScriptedUpstream, dcid: str
) -> None:
    session(event("session", query=f"preset=assistant&dcid={dcid}"))

    assert upstream.paths() == [f"/v1/realtime/calls?dcid={dcid}"]


def test_an_offer_whose_media_type_is_not_told_is_refused(session: Invoke, upstream: ScriptedUpstream) -> None:
    made = event("session")
    del made["headers"]["content-type"]

    assert session(made)["statusCode"] == 415
    assert upstream.asked == []


def test_the_deployments_default_preset_is_called(
    session: Invoke, upstream: ScriptedUpstream, environment: pytest.MonkeyPatch
) -> None:
    environment.setenv("DEFAULT_PRESET", "live")

    session(event("session", rawQueryString=""))

    assert upstream.paths() == ["/v1/live/sessions"]


def test_the_clients_authorization_is_not_sent_upstream(session: Invoke, upstream: ScriptedUpstream) -> None:
    made = event("session")
    made["headers"]["authorization"] = "Bearer ek_placeholder_of_the_sdk"

    session(made)

    assert upstream.asked[0].headers["authorization"] == f"Bearer {API_KEY}"


def test_organization_and_project_are_sent_where_they_are_set(
    session: Invoke, upstream: ScriptedUpstream, environment: pytest.MonkeyPatch
) -> None:
    environment.setenv("OPENAI_ORGANIZATION", "org-test")
    environment.setenv("OPENAI_PROJECT", "proj_test")

    session(event("session"))

    sent = upstream.asked[0].headers
    assert (sent["openai-organization"], sent["openai-project"]) == ("org-test", "proj_test")


@pytest.mark.parametrize("name", ["session", "session-v1"])
def test_the_caller_is_named_by_a_keyed_hash_and_never_by_the_subject(
    session: Invoke, upstream: ScriptedUpstream, name: str
) -> None:
    session(event(name, claims=CLAIMS))

    [asked] = upstream.asked
    expected = hmac.new(SAFETY_KEY.encode(), b"https://issuer.example person@example.com", hashlib.sha256).hexdigest()
    assert asked.headers["openai-safety-identifier"] == expected
    assert "person@example.com" not in str(asked)


def test_the_caller_is_named_where_an_ephemeral_key_is_minted_for_the_call(
    session: Invoke, upstream: ScriptedUpstream
) -> None:
    upstream.says(minted("transcription"), created())

    session(event("session", query="preset=transcriber", claims=CLAIMS))

    assert ["openai-safety-identifier" in asked.headers for asked in upstream.asked] == [True, False]


def test_a_caller_who_is_not_known_is_not_named(session: Invoke, upstream: ScriptedUpstream) -> None:
    session(event("session"))

    assert "openai-safety-identifier" not in upstream.asked[0].headers


def test_a_locked_preset_relays_audio_alone(session: Invoke, upstream: ScriptedUpstream) -> None:
    upstream.says(created())

    assert session(event("session-locked"))["statusCode"] == 201
    assert json.loads(upstream.asked[0].parts()["session"][2]) == presets().resolve({"preset": "private"}).session


@pytest.mark.parametrize("line_end", ["\r\n", "\n", "\r", "\x0b", "\x0c", "\u2028", "\x85"])
def test_a_locked_preset_accepts_no_data_channel_even_after_an_unusual_line_end(
    session: Invoke, upstream: ScriptedUpstream, line_end: str
) -> None:
    offer = ANSWER + f"a=x{line_end}m=application 9 UDP/DTLS/SCTP webrtc-datachannel\r\n"

    response = session(event("session", query="preset=private", body=offer.encode()))

    assert (response["statusCode"], error(response)["code"]) == (400, "invalid_offer")
    assert upstream.asked == []


def test_a_locked_preset_takes_no_media_section_without_a_name(session: Invoke, upstream: ScriptedUpstream) -> None:
    response = session(event("session", query="preset=private", body=f"{ANSWER}m=\r\n".encode()))

    assert (response["statusCode"], error(response)["code"]) == (400, "invalid_offer")
    assert upstream.asked == []


def test_an_offer_of_exactly_64_kib_is_relayed(session: Invoke, upstream: ScriptedUpstream) -> None:
    offer = ANSWER.encode() + b"a=" + b"x" * (2**16 - len(ANSWER) - 4) + b"\r\n"

    assert session(event("session", body=offer))["statusCode"] == 201
    assert upstream.asked[0].parts()["sdp"][2] == offer


def test_an_answer_that_would_unlock_a_locked_preset_is_hung_up(session: Invoke, upstream: ScriptedUpstream) -> None:
    upstream.says(created(answer=ANSWER_WITH_DATA), HUNG_UP)

    response = session(event("session-locked"))

    assert (response["statusCode"], error(response)["code"]) == (502, "invalid_answer")
    assert error(response)["message"] == "The upstream's answer has more than a locked preset allows."
    assert upstream.paths() == ["/v1/realtime/calls", "/v1/realtime/calls/rtc_1/hangup"]


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


def test_an_answer_of_exactly_1_mib_is_relayed(session: Invoke, upstream: ScriptedUpstream) -> None:
    answer = ANSWER + "a=" + "x" * (2**20 - len(ANSWER) - 4) + "\r\n"
    upstream.says(created(answer=answer))

    assert session(event("session"))["body"] == answer


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


@pytest.mark.parametrize(
    ("location", "ours"),
    [
        ("/v1/realtime/calls/rtc_1", "/session/rtc_1"),
        ("https://api.example/v1/realtime/calls/v1/realtime/calls/rtc_1?x=1", "/session/rtc_1"),
        ("/v1/realtime/calls/rtc_1/", "/session/rtc_1"),
        ("/v1/realtime/calls/rtc_X", "/session/rtc_X"),
        ("/v1/realtime/calls/..%2f", None),
        (None, None),
    ],
)
def test_the_location_is_ours_and_ends_in_the_call_id(
    session: Invoke, upstream: ScriptedUpstream, location: str | None, ours: str | None
) -> None:
    upstream.says(Reply(200, ANSWER, {"Location": location} if location else {}))

    response = session(event("session"))

    assert (response["statusCode"], response["headers"].get("location")) == (201, ours)


@pytest.mark.parametrize("prefix", ["/voice", "/a/b", "/session"])
def test_what_stands_before_the_route_stays_in_the_location(
    session: Invoke, upstream: ScriptedUpstream, prefix: str
) -> None:
    upstream.says(created(), HUNG_UP)

    location = session(event("session", path=f"{prefix}/session"))["headers"]["location"]

    assert location == f"{prefix}/session/rtc_1"
    assert session(event("hang-up", path=location))["statusCode"] == 204
    assert upstream.paths()[1:] == ["/v1/realtime/calls/rtc_1/hangup"]


@pytest.mark.parametrize(
    "code",
    [
        "insufficient_quota",
        "credit_balance_exhausted",
        "project_spend_limit_exceeded",
        "organization_spend_limit_exceeded",
        "organization_usage_limit_exceeded",
        "a_code_that_is_new",
    ],
)
def test_an_account_that_may_spend_no_more_is_not_asked_to_wait(
    session: Invoke, upstream: ScriptedUpstream, capsys: pytest.CaptureFixture[str], code: str
) -> None:
    told = {"message": "pay first", "type": "insufficient_quota", "code": code}
    upstream.says(Reply(429, json.dumps({"error": told}), {"Retry-After": "17"}))

    response = session(event("session"))

    assert (response["statusCode"], error(response)["code"]) == (429, code)
    assert "retry-after" not in response["headers"]
    assert '"code":"insufficient_quota","Errors":[1.0]' in capsys.readouterr().out


def test_a_rotated_key_is_read_again_and_the_call_tried_once_more(
    session: Invoke, upstream: ScriptedUpstream, secrets: Any
) -> None:
    session(event("session"))
    secrets.put_secret_value(SecretId="openai-api-key", SecretString='{"OPENAI_API_KEY": "sk-test-rotated"}')
    upstream.says(Reply(401, ""), created())

    assert session(event("session"))["statusCode"] == 201
    keys = [asked.headers["authorization"] for asked in upstream.asked]
    assert keys == [f"Bearer {API_KEY}", f"Bearer {API_KEY}", "Bearer sk-test-rotated"]
    assert upstream.asked[1].parts() == upstream.asked[2].parts() == upstream.asked[0].parts()


def test_a_key_that_is_refused_twice_is_not_tried_a_third_time(session: Invoke, upstream: ScriptedUpstream) -> None:
    upstream.refuses(401, "invalid_api_key", f"Incorrect API key provided: {API_KEY}")

    response = session(event("session"))

    assert (response["statusCode"], error(response)["code"]) == (502, "upstream_credentials")
    assert len(upstream.asked) == 2
    assert API_KEY not in str(response)


def test_a_slow_upstream_is_given_up_after_its_time(
    session: Invoke, upstream: ScriptedUpstream, environment: pytest.MonkeyPatch
) -> None:
    environment.setenv("UPSTREAM_TIMEOUT_SECONDS", "1")
    upstream.says(Reply(after_seconds=30))

    response = session(event("session"))

    assert (response["statusCode"], error(response)["code"]) == (504, "upstream_timeout")
    assert len(upstream.asked) == 1


def test_nothing_of_the_key_or_the_sdp_is_in_the_upstreams_message(session: Invoke, upstream: ScriptedUpstream) -> None:
    message = f"Failed to parse offer: bad line 'a=ice-pwd:verysecret' in v=0 for {API_KEY} and ek_abc123"
    upstream.refuses(400, "invalid_offer", message)

    assert error(session(event("session"))) == {
        "message": "Failed to parse offer: bad line '[SDP]",
        "type": "invalid_request_error",
        "code": "invalid_offer",
        "param": None,
        "request_id": REQUEST_ID,
    }


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


def test_one_connection_serves_many_warm_invocations(session: Invoke, upstream: ScriptedUpstream) -> None:
    upstream.says(created())

    for _ in range(20):
        session(event("session"))

    assert (len(upstream.asked), len(upstream.connections)) == (20, 1)


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


@pytest.mark.parametrize("path", ["/", "/session/", "/session/rtc_1/", "/session/rtc_1/hangup", "/sessions", "/token"])
def test_any_other_path_is_not_found(session: Invoke, upstream: ScriptedUpstream, path: str) -> None:
    response = session(event("session", path=path))

    assert (response["statusCode"], error(response)) == (
        404,
        {
            "message": "There is no such route.",
            "type": "invalid_request_error",
            "code": "not_found",
            "param": None,
            "request_id": REQUEST_ID,
        },
    )
    assert upstream.asked == []


@pytest.mark.parametrize("call_id", ["..", "a%2fb", "rtc 1", "r" * 129])
def test_an_id_that_no_call_has_is_not_sent_upstream(session: Invoke, upstream: ScriptedUpstream, call_id: str) -> None:
    assert session(event("hang-up", path=f"/session/{call_id}"))["statusCode"] == 404
    assert upstream.asked == []


def test_azure_gets_its_header_and_the_offer_with_an_ephemeral_key(
    session: Invoke, upstream: ScriptedUpstream, environment: pytest.MonkeyPatch
) -> None:
    environment.setenv("OPENAI_AUTH", "api-key")
    upstream.says(minted(), created())

    assert session(event("session"))["statusCode"] == 201
    mint, call = upstream.asked
    assert (mint.path, mint.headers["api-key"], "authorization" in mint.headers) == (
        "/v1/realtime/client_secrets",
        API_KEY,
        False,
    )
    assert (call.path, call.headers["authorization"], call.headers["content-type"], "api-key" in call.headers) == (
        "/v1/realtime/calls",
        "Bearer ek_test",
        "application/sdp",
        False,
    )
    assert call.body == offer_of(event("session"))


def test_a_transcription_is_created_with_an_ephemeral_key_since_a_form_cannot_have_one(
    session: Invoke, upstream: ScriptedUpstream
) -> None:
    upstream.says(minted("transcription"), created())

    assert session(event("session", query="preset=transcriber&language=de"))["statusCode"] == 201
    assert (
        json.loads(upstream.asked[0].body)["session"]
        == presets().resolve({"preset": "transcriber", "language": "de"}).session
    )
    assert upstream.paths() == ["/v1/realtime/client_secrets", "/v1/realtime/calls"]


def test_a_key_without_the_usual_prefix_is_not_in_the_upstreams_message_either(
    session: Invoke, upstream: ScriptedUpstream, secrets: Any
) -> None:
    secrets.put_secret_value(SecretId="openai-api-key", SecretString="0123456789abcdef-of-azure")
    upstream.refuses(400, "bad_request", "The key 0123456789abcdef-of-azure has no access to this model")

    assert error(session(event("session")))["message"] == "The key [hidden] has no access to this model"


def test_the_deployments_model_is_not_put_into_a_transcription(
    session: Invoke, upstream: ScriptedUpstream, environment: pytest.MonkeyPatch
) -> None:
    environment.setenv("MODEL", "my-azure-deployment")
    upstream.says(minted("transcription"), created())

    session(event("session", query="preset=transcriber"))

    config = json.loads(upstream.asked[0].body)["session"]
    assert config == presets().presets["transcriber"].session
    assert "my-azure-deployment" not in str(upstream.asked)
