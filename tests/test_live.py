"""Presets of the Live API: JSON upstream, and the same routes, statuses and headers for the browser."""

import json
from typing import Any

import pytest
from realtime.presets import presets

from tests.conftest import API_KEY, CLAIMS, REQUEST_ID, Invoke, error, event, offer_of
from tests.scripted_upstream import ANSWER, ANSWER_WITH_DATA, HUNG_UP, Reply, ScriptedUpstream, created_live

LIVE = "preset=live"
LOCKED = "preset=live-private"


def test_the_answer_in_the_json_comes_back_as_sdp(session: Invoke, upstream: ScriptedUpstream) -> None:
    upstream.says(created_live())

    assert session(event("session", query=LIVE)) == {
        "statusCode": 201,
        "headers": {
            "content-type": "application/sdp",
            "content-length": str(len(ANSWER_WITH_DATA)),
            "location": "/session/live_1",
            "cache-control": "no-store",
            "x-request-id": REQUEST_ID,
        },
        "body": ANSWER_WITH_DATA,
        "isBase64Encoded": False,
    }


def test_the_offer_goes_upstream_in_json_with_the_session_config(session: Invoke, upstream: ScriptedUpstream) -> None:
    upstream.says(created_live())

    session(event("session", query=LIVE))

    [asked] = upstream.asked
    assert asked.path == "/v1/live/sessions"
    assert asked.headers["authorization"] == f"Bearer {API_KEY}"
    assert asked.headers["content-type"] == "application/json"
    assert json.loads(asked.body) == {
        "session": presets().resolve({"preset": "live"}).session,
        "transport": {"type": "webrtc", "sdp": offer_of(event("session")).decode()},
    }


def test_the_caller_is_named_in_the_session_config(session: Invoke, upstream: ScriptedUpstream) -> None:
    upstream.says(created_live())

    session(event("session", query=LIVE, claims=CLAIMS))

    [asked] = upstream.asked
    assert len(json.loads(asked.body)["session"]["safety_identifier"]) == 64
    assert "openai-safety-identifier" not in asked.headers


def test_the_deployments_model_is_for_the_realtime_api_alone(
    session: Invoke, upstream: ScriptedUpstream, environment: pytest.MonkeyPatch
) -> None:
    environment.setenv("MODEL", "my-azure-deployment")
    upstream.says(created_live())

    session(event("session", query=LIVE))

    assert json.loads(upstream.asked[0].body)["session"]["model"] == "gpt-live-1.1"


NOT_FOUND = Reply(404, json.dumps({"error": {"message": "no such call", "code": "call_id_not_found"}}))


@pytest.mark.parametrize(
    ("call_id", "path"),
    [
        ("live_1", "/v1/live/sessions/live_1/hangup"),
        ("rtc_1", "/v1/realtime/calls/rtc_1/hangup"),
        ("0b5e-uuid", "/v1/realtime/calls/0b5e-uuid/hangup"),
    ],
)
def test_a_call_is_hung_up_at_the_api_that_its_id_names(
    session: Invoke, upstream: ScriptedUpstream, call_id: str, path: str
) -> None:
    upstream.says(HUNG_UP)

    assert session(event("hang-up", path=f"/session/{call_id}"))["statusCode"] == 204
    assert upstream.paths() == [path]


@pytest.mark.parametrize(
    ("call_id", "replies", "status"),
    [
        ("0b5e-uuid", [NOT_FOUND, HUNG_UP], 204),
        ("0b5e-uuid", [NOT_FOUND, Reply(409, "")], 404),
        ("rtc_1", [NOT_FOUND], 404),
        ("live_1", [NOT_FOUND], 404),
    ],
)
def test_the_other_api_is_asked_only_about_an_id_that_names_none(
    session: Invoke, upstream: ScriptedUpstream, call_id: str, replies: list[Reply], status: int
) -> None:
    upstream.says(*replies)

    assert session(event("hang-up", path=f"/session/{call_id}"))["statusCode"] == status
    assert len(upstream.asked) == len(replies)


def test_a_locked_preset_has_a_data_channel_that_the_upstream_limits(
    session: Invoke, upstream: ScriptedUpstream
) -> None:
    upstream.says(created_live())

    assert session(event("session", query=LOCKED))["statusCode"] == 201
    assert json.loads(upstream.asked[0].body)["session"]["client"] == {
        "data_channel": {
            "allowed_client_events": ["session.close", "session.input_audio.mute", "session.input_audio.unmute"],
            "allowed_server_events": [
                {"type": "session.input_transcript.delta"},
                {"type": "session.output_transcript.delta"},
                {"type": "session.input_audio.muted"},
                {"type": "session.input_audio.unmuted"},
                {"type": "session.usage.updated"},
                {"type": "error"},
                {"type": "info"},
            ],
        }
    }


@pytest.mark.parametrize("media", ["m=video 9 UDP/TLS/RTP/SAVPF 96", "m=audio 9 UDP/TLS/RTP/SAVPF 111"])
def test_a_locked_preset_takes_one_audio_track_and_one_data_channel(
    session: Invoke, upstream: ScriptedUpstream, media: str
) -> None:
    response = session(event("session", query=LOCKED, body=f"{ANSWER_WITH_DATA}{media}\r\n".encode()))

    assert (response["statusCode"], error(response)["code"]) == (400, "invalid_offer")
    assert upstream.asked == []


def test_an_answer_with_more_than_a_locked_preset_allows_is_hung_up(
    session: Invoke, upstream: ScriptedUpstream
) -> None:
    upstream.says(created_live(answer=f"{ANSWER}m=video 9 UDP/TLS/RTP/SAVPF 96\r\n"), HUNG_UP)

    response = session(event("session", query=LOCKED))

    assert (response["statusCode"], error(response)["code"]) == (502, "invalid_answer")
    assert upstream.paths() == ["/v1/live/sessions", "/v1/live/sessions/live_1/hangup"]


ID = '"session": {"id": "live_1"}'


@pytest.mark.parametrize(
    "body",
    [
        f"{{{ID}}}",
        f'{{{ID}, "transport": {{"type": "webrtc"}}}}',
        f'{{{ID}, "transport": {{"type": "webrtc", "sdp": "<html>"}}}}',
        f'{{{ID}, "transport": {{"type": "webrtc", "sdp": "\\ud800"}}}}',
        f'{{{ID}, "transport": {{"type": "webrtc", "sdp": "v=0',
        f'{{{ID}, "padding": "{"x" * 2**20}"}}',
    ],
    ids=["no transport", "no SDP", "HTML", "a surrogate", "truncated", "over 1 MiB"],
)
def test_a_session_whose_id_was_sent_is_hung_up_if_it_has_no_answer(
    session: Invoke, upstream: ScriptedUpstream, body: str
) -> None:
    upstream.says(Reply(201, body, creates="live_1"), HUNG_UP)

    response = session(event("session", query=LIVE))

    assert (response["statusCode"], error(response)["code"]) == (502, "invalid_answer")
    assert upstream.paths()[1:] == ["/v1/live/sessions/live_1/hangup"]
    assert upstream.open_calls == []


@pytest.mark.parametrize("body", ["<html>", "", "[]", '{"session": {"id": 5}}', '{"session": {"id": "../x"}}'])
def test_what_is_no_session_is_refused(session: Invoke, upstream: ScriptedUpstream, body: str) -> None:
    upstream.says(Reply(201, body))

    response = session(event("session", query=LIVE))

    assert (response["statusCode"], error(response)) == (
        502,
        {
            "message": "The upstream accepted the offer, but what it sent is not a Live session with an SDP answer.",
            "type": "server_error",
            "code": "invalid_answer",
            "param": None,
            "request_id": REQUEST_ID,
        },
    )
    assert upstream.paths() == ["/v1/live/sessions"]


@pytest.mark.parametrize("sent", [{}, {"session": {}}, {"session": {"id": "a/b"}}])
def test_a_session_without_a_usable_id_is_relayed_without_a_location(
    session: Invoke, upstream: ScriptedUpstream, sent: dict[str, Any]
) -> None:
    upstream.says(Reply(201, json.dumps(sent | {"transport": {"type": "webrtc", "sdp": ANSWER_WITH_DATA}})))

    response = session(event("session", query=LIVE))

    assert (response["statusCode"], response["body"]) == (201, ANSWER_WITH_DATA)
    assert "location" not in response["headers"]


def test_an_upstream_without_the_live_api_says_so_itself(session: Invoke, upstream: ScriptedUpstream) -> None:
    upstream.refuses(404, message="Invalid URL (POST /v1/live/sessions)")

    response = session(event("session", query=LIVE))

    assert (response["statusCode"], error(response)["message"]) == (404, "Invalid URL (POST /v1/live/sessions)")


def test_there_is_no_ephemeral_key_for_the_live_api(token: Invoke, upstream: ScriptedUpstream) -> None:
    response = token(event("token", query=LIVE))

    assert (response["statusCode"], error(response)["code"]) == (400, "preset_not_mintable")
    assert upstream.asked == []
