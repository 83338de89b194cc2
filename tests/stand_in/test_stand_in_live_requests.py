"""Requests to the Live API that are refused."""

from typing import Any

import httpx
import openai
import pytest

from tests.stand_in.conftest import LIVE_SESSION

SPEECH = {"type": "speech"}
TEXT = {"role": "user", "content": [{"type": "input_text", "text": "Hello"}]}
CHANNEL = "session.client.data_channel"


def allowed(**permissions: Any) -> dict[str, Any]:
    return {"session": {"model": "m", "client": {"data_channel": permissions}}}


@pytest.mark.parametrize(
    ("body", "code", "param"),
    [
        ({}, "missing_required_parameter", "session"),
        ({"session": {}}, "missing_required_parameter", "session.model"),
        ({"session": {"model": "m", "type": "live"}}, "unknown_parameter", "session.type"),
        (
            {"session": {"model": "m", "audio": {"output": {"voices": "a"}}}},
            "unknown_parameter",
            "session.audio.output.voices",
        ),
        ({"session": {"model": " "}}, "invalid_value", "session.model"),
        ({"session": {"model": "m", "idle_timeout_s": 5}}, "invalid_value", "session.idle_timeout_s"),
        ({"session": {"model": "m", "delegation": {"type": "mine"}}}, "invalid_value", "session.delegation.type"),
        (
            {"session": {"model": "m", "idle_timeout_s": 0, "wake_policy": SPEECH}},
            "integer_below_min_value",
            "session.idle_timeout_s",
        ),
        (
            {"session": {"model": "m", "wake_policy": {**SPEECH, "vad_threshold": 2}}},
            "integer_above_max_value",
            "session.wake_policy.vad_threshold",
        ),
        ({"session": {"model": "m", "instructions": "word " * 16_385}}, "invalid_value", "session.instructions"),
        ({"session": {"model": "m", "input": [TEXT] * 129}}, "invalid_value", "session.input"),
        ({"session": {"model": "m", "input": [{**TEXT, "content": []}]}}, "invalid_value", "session.input"),
        (
            {"session": {"model": "m", "input": [{**TEXT, "name": "x"}]}},
            "unknown_parameter",
            "session.input[0].name",
        ),
        (
            {"session": {"model": "m", "delegation": {"type": "responses"}}},
            "missing_required_parameter",
            "session.delegation.responses",
        ),
        ({"session": {"model": "m", "triggers": []}}, "invalid_value", "session.triggers"),
        (allowed(allowed_client_events=["session.shut"]), "invalid_value", f"{CHANNEL}.allowed_client_events[0]"),
        (allowed(allowed_client_events="none"), "invalid_value", f"{CHANNEL}.allowed_client_events"),
        (allowed(allowed_server_events=[{"type": "x"}]), "invalid_value", f"{CHANNEL}.allowed_server_events[0].type"),
        (
            allowed(allowed_server_events=[{"type": "response.event"}]),
            "invalid_value",
            f"{CHANNEL}.allowed_server_events[0].response_event",
        ),
        ({"transport": {"type": "webrtc", "sdp": "v=0", "dcid": 1}}, "unknown_parameter", "transport.dcid"),
        ({"transport": {"type": "websocket", "sdp": "v=0"}}, "invalid_value", "transport.type"),
        ({"transport": {"type": "webrtc", "sdp": "v=0"}}, "invalid_offer", None),
    ],
)
def test_an_invalid_request_creates_nothing(
    http: httpx.Client, body: dict[str, Any], code: str, param: str | None
) -> None:
    whole = {"session": LIVE_SESSION, "transport": {"type": "webrtc", "sdp": "v=0\r\n"}} | body if body else {}

    response = http.post("/v1/live/sessions", json=whole)

    assert response.status_code == 400
    assert {name: response.json()["error"][name] for name in ("code", "param")} == {"code": code, "param": param}


def test_only_the_standard_key_creates_a_session(stand_in: str, sdk: openai.OpenAI) -> None:
    key = sdk.realtime.client_secrets.create(session={"type": "realtime"}).value

    response = httpx.post(f"{stand_in}/v1/live/sessions", headers={"Authorization": f"Bearer {key}"}, json={})

    assert response.status_code == 401
