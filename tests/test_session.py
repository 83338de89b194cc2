"""POST /session: what the browser sends goes upstream with the server's session config, and the answer comes back."""

import base64
import json

import pytest
from realtime.presets import presets

from tests.conftest import API_KEY, REQUEST_ID, Invoke, error, event, offer_of
from tests.scripted_upstream import ANSWER, ANSWER_WITH_DATA, HUNG_UP, Reply, ScriptedUpstream, created


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


def test_an_offer_whose_media_type_is_not_named_is_refused(session: Invoke, upstream: ScriptedUpstream) -> None:
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


def test_an_offer_of_exactly_64_kib_is_relayed(session: Invoke, upstream: ScriptedUpstream) -> None:
    offer = ANSWER.encode() + b"a=" + b"x" * (2**16 - len(ANSWER) - 4) + b"\r\n"

    assert session(event("session", body=offer))["statusCode"] == 201
    assert upstream.asked[0].parts()["sdp"][2] == offer


def test_an_answer_of_exactly_1_mib_is_relayed(session: Invoke, upstream: ScriptedUpstream) -> None:
    answer = ANSWER + "a=" + "x" * (2**20 - len(ANSWER) - 4) + "\r\n"
    upstream.says(created(answer=answer))

    assert session(event("session"))["body"] == answer


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


def test_one_connection_serves_many_warm_invocations(session: Invoke, upstream: ScriptedUpstream) -> None:
    upstream.says(created())

    for _ in range(20):
        session(event("session"))

    assert (len(upstream.asked), len(upstream.connections)) == (20, 1)


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
