"""The HTTP API, with the official SDK and with the requests of other clients."""

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import openai
import pytest
from openai.types.realtime import ClientSecretCreateResponse

from local.stand_in.app import create_app
from tests.stand_in.conftest import API_KEY, serving
from tests.stand_in.event_types import unknown_members

DEFAULT_INPUT = {
    "format": {"type": "audio/pcm", "rate": 24000},
    "noise_reduction": None,
    "transcription": None,
    "turn_detection": {
        "type": "server_vad",
        "threshold": 0.5,
        "prefix_padding_ms": 300,
        "silence_duration_ms": 500,
        "create_response": True,
        "interrupt_response": True,
        "idle_timeout_ms": None,
    },
}


def error(response: httpx.Response) -> tuple[int, str | None, str | None]:
    """The status, code and param of an error response; also checks its other members."""
    body = response.json()
    assert body.keys() == {"error"}
    assert body["error"].keys() == {"message", "type", "param", "code"}
    assert body["error"]["type"] == "invalid_request_error"
    return response.status_code, body["error"]["code"], body["error"]["param"]


def multipart(*parts: tuple[str, bytes]) -> tuple[bytes, dict[str, str]]:
    """A form whose parts have exactly these headers."""
    body = b"".join(b"--line\r\n%b\r\n\r\n%b\r\n" % (head.encode(), value) for head, value in parts) + b"--line--\r\n"
    return body, {"content-type": "multipart/form-data; boundary=line"}


WHISPER = "gpt-realtime-whisper"
NODE = str(Path(sys.executable).with_name("node"))
SESSION = b'{"type":"realtime","model":"gpt-realtime"}'


class Clock:
    now = 1_800_000_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def timed(clock: Clock) -> Iterator[str]:
    with serving(create_app(API_KEY, clock=clock)) as url:
        yield url


def test_an_ephemeral_key_is_minted_with_the_effective_session(timed: str) -> None:
    with openai.OpenAI(api_key=API_KEY, base_url=f"{timed}/v1") as sdk:
        session: Any = {"type": "realtime", "model": "gpt-realtime", "audio": {"output": {"voice": "marin"}}}
        reply = sdk.realtime.client_secrets.create(
            session=session, expires_after={"anchor": "created_at", "seconds": 60}
        )
    shown = reply.to_dict()
    assert shown == {
        "value": reply.value,
        "expires_at": 1_800_000_060,
        "session": {
            "id": reply.session.id,
            "object": "realtime.session",
            "expires_at": 0,
            "type": "realtime",
            "model": "gpt-realtime",
            "output_modalities": ["audio"],
            "instructions": shown["session"]["instructions"],  # type: ignore[index]
            "audio": {
                "input": DEFAULT_INPUT,
                "output": {"format": {"type": "audio/pcm", "rate": 24000}, "voice": "marin", "speed": 1.0},
            },
            "include": None,
            "tools": [],
            "tool_choice": "auto",
            "max_output_tokens": "inf",
            "truncation": "auto",
            "tracing": None,
            "prompt": None,
        },
    }
    assert reply.value.startswith("ek_")
    assert unknown_members(ClientSecretCreateResponse.model_validate(shown)) == []


def test_an_empty_request_mints_a_key_for_ten_minutes(timed: str) -> None:
    reply = httpx.post(f"{timed}/v1/realtime/client_secrets", json={}, headers={"api-key": API_KEY})
    assert reply.status_code == 200
    assert (reply.json()["expires_at"], reply.json()["session"]["type"]) == (1_800_000_600, "realtime")


def test_a_transcription_session_is_shown_as_one(http: httpx.Client) -> None:
    body = {"session": {"type": "transcription", "audio": {"input": {"transcription": {"model": "whisper-1"}}}}}
    session = http.post("/v1/realtime/client_secrets", json=body).json()["session"]
    assert session == {
        "id": session["id"],
        "object": "realtime.transcription_session",
        "expires_at": 0,
        "type": "transcription",
        "audio": {"input": {**DEFAULT_INPUT, "transcription": {"model": "whisper-1"}}},
        "include": None,
    }


@pytest.mark.parametrize(
    ("body", "code", "param"),
    [
        ({"session": {"type": "realtime", "voice": "marin"}}, "unknown_parameter", "session.voice"),
        ({"session": {"type": "realtime", "modalities": ["text"]}}, "unknown_parameter", "session.modalities"),
        ({"sesion": {}}, "unknown_parameter", "sesion"),
        ({"session": {"model": "gpt-realtime"}}, "missing_required_parameter", "session.type"),
        ({"session": {"type": "realtim"}}, "invalid_value", "session.type"),
        ({"session": {"type": "transcription", "model": "whisper-1"}}, "unknown_parameter", "session.model"),
        ({"session": []}, "invalid_type", "session"),
        ({"session": {"type": "realtime", "instructions": 7}}, "invalid_type", "session.instructions"),
        (
            {"session": {"type": "realtime", "output_modalities": ["text", "audio"]}},
            "invalid_value",
            "session.output_modalities",
        ),
        (
            {"session": {"type": "realtime", "audio": {"input": {"turn_detection": {"type": "server_vad", "x": 1}}}}},
            "unknown_parameter",
            "session.audio.input.turn_detection.x",
        ),
        (
            {"session": {"type": "realtime", "audio": {"output": {"speed": 1.6}}}},
            "decimal_above_max_value",
            "session.audio.output.speed",
        ),
        (
            {"session": {"type": "realtime", "tools": [{"type": "function", "name": "f", "strict": True}]}},
            "unknown_parameter",
            "session.tools[0].strict",
        ),
        (
            {"session": {"type": "realtime", "tools": [{"type": "function"}]}},
            "missing_required_parameter",
            "session.tools[0].name",
        ),
        ({"session": {"type": "realtime", "tool_choice": "always"}}, "invalid_value", "session.tool_choice"),
        (
            {"session": {"type": "realtime", "tool_choice": {"type": "function", "name": "f"}}},
            "invalid_value",
            "session.tool_choice",
        ),
        (
            {"session": {"type": "realtime", "tools": [{"type": "mcp", "server_label": "docs"}]}},
            "invalid_value",
            "session.tools[0]",
        ),
        (
            {"session": {"type": "realtime", "tools": [{"type": "function", "name": "a b"}]}},
            "invalid_value",
            "session.tools[0].name",
        ),
        (
            {"session": {"type": "realtime", "audio": {"output": {"voice": {"name": "marin"}}}}},
            "missing_required_parameter",
            "session.audio.output.voice.id",
        ),
        (
            {"session": {"type": "transcription", "audio": {"input": {"transcription": {"delay": "low"}}}}},
            "invalid_value",
            "session.audio.input.transcription.delay",
        ),
        (
            {"session": {"type": "transcription", "audio": {"input": {"transcription": {"languages": ["en"]}}}}},
            "invalid_value",
            "session.audio.input.transcription.languages",
        ),
        (
            {"session": {"type": "transcription", "audio": {"input": {"transcription": {"model": WHISPER}}}}},
            "invalid_value",
            "session.audio.input.turn_detection",
        ),
        ({"expires_after": {"seconds": 9}}, "integer_below_min_value", "expires_after.seconds"),
        ({"expires_after": {"seconds": 7201}}, "integer_above_max_value", "expires_after.seconds"),
        ({"expires_after": {"anchor": "now"}}, "invalid_value", "expires_after.anchor"),
    ],
)
def test_an_invalid_session_config_is_refused(http: httpx.Client, body: object, code: str, param: str) -> None:
    assert error(http.post("/v1/realtime/client_secrets", json=body)) == (400, code, param)


def test_null_turns_off_what_its_description_says(http: httpx.Client) -> None:
    off = {"noise_reduction": None, "transcription": None, "turn_detection": None}
    body = {"session": {"type": "realtime", "audio": {"input": off}}}

    shown = http.post("/v1/realtime/client_secrets", json=body).json()["session"]["audio"]["input"]

    assert {name: shown[name] for name in off} == off


def test_a_session_config_with_every_member_is_accepted(http: httpx.Client) -> None:
    session = {
        "type": "realtime",
        "model": "my-deployment",
        "output_modalities": ["text"],
        "instructions": "",
        "audio": {
            "input": {
                "format": {"type": "audio/pcmu"},
                "noise_reduction": {"type": "near_field"},
                "transcription": {"model": "gpt-transcribe", "languages": ["en"], "keywords": ["parrot"]},
                "turn_detection": None,
            },
            "output": {"format": {"type": "audio/pcma"}, "voice": {"id": "voice_1"}, "speed": 1},
        },
        "include": ["item.input_audio_transcription.logprobs"],
        "tools": [
            {"type": "mcp", "server_label": "docs", "server_url": "https://example.com", "require_approval": "never"}
        ],
        "tool_choice": {"type": "mcp", "server_label": "docs"},
        "parallel_tool_calls": False,
        "reasoning": {"effort": "high"},
        "max_output_tokens": 4096,
        "truncation": {"type": "retention_ratio", "retention_ratio": 0.8, "token_limits": {"post_instructions": 500}},
        "tracing": {"workflow_name": "w", "metadata": {"a": 1}},
        "prompt": {"id": "pmpt_1", "variables": {"name": "Ada"}},
    }
    reply = http.post("/v1/realtime/client_secrets", json={"session": session})
    assert reply.status_code == 200, reply.text
    shown = reply.json()["session"]
    session["audio"]["input"]["noise_reduction"]["strength"] = 1.0  # type: ignore[index]
    assert {name: shown[name] for name in session} == session


def test_the_unified_interface_answers_as_the_real_api_does(sdk: openai.OpenAI, offer: bytes) -> None:
    created = sdk.realtime.calls.create(sdp=offer.decode(), session={"type": "realtime", "model": "gpt-realtime"})
    headers = created.response.headers
    assert created.response.status_code == 201
    assert headers["content-type"] == "application/sdp"
    assert headers["location"].startswith("/v1/realtime/calls/rtc_")
    assert headers["x-request-id"].startswith("req_")
    assert headers["openai-processing-ms"].isdigit()
    assert headers["access-control-allow-origin"] == "*"
    assert headers["access-control-expose-headers"] == "Location"
    lines = created.text.split("\r\n")
    assert [line.split()[0] for line in lines if line.startswith("m=")] == ["m=audio", "m=application"]
    assert any(line.startswith("a=msid:") and "msid:-" not in line for line in lines)
    candidates = [line.split()[4] for line in lines if line.startswith("a=candidate:")]
    assert set(candidates) == {"127.0.0.1"}
    sdk.realtime.calls.hangup(headers["location"].rpartition("/")[2])


def test_the_standard_key_may_send_the_offer_alone(sdk: openai.OpenAI, offer: bytes) -> None:
    assert sdk.realtime.calls.create(sdp=offer.decode()).response.status_code == 201


@pytest.mark.parametrize(
    ("sdp_head", "session_head"),
    [
        pytest.param('name="sdp"', 'name="session"', id="Node's FormData, curl -F sdp=<file"),
        pytest.param(
            'name="sdp"\r\nContent-Type: application/sdp',
            'name="session"\r\nContent-Type: application/json',
            id="the openai SDK, curl -F 'sdp=<file;type=application/sdp'",
        ),
        pytest.param(
            'name="sdp"; filename="offer.sdp"\r\nContent-Type: application/octet-stream',
            'name="session"; filename="session.json"\r\nContent-Type: application/json',
            id="curl -F sdp=@offer.sdp",
        ),
        pytest.param(
            'name="sdp"; filename="blob"\r\nContent-Type: application/sdp',
            'name="session"; filename="blob"\r\nContent-Type: application/json',
            id="a browser's Blob",
        ),
    ],
)
def test_the_form_of_every_client_is_parsed(http: httpx.Client, offer: bytes, sdp_head: str, session_head: str) -> None:
    disposition = "Content-Disposition: form-data; "
    body, headers = multipart((disposition + sdp_head, offer), (disposition + session_head, SESSION))
    assert http.post("/v1/realtime/calls", content=body, headers=headers).status_code == 201


def test_the_form_data_of_node_is_parsed(stand_in: str, offer: bytes) -> None:
    script = """
        const form = new FormData();
        form.set("sdp", process.env.OFFER);
        form.set("session", process.env.SESSION);
        const headers = { Authorization: `Bearer ${process.env.KEY}` };
        const response = await fetch(process.env.URL_OF_CALLS, { method: "POST", headers, body: form });
        console.log(response.status, response.headers.get("location"));
    """
    environment = {
        "OFFER": offer.decode(),
        "SESSION": SESSION.decode(),
        "KEY": API_KEY,
        "URL_OF_CALLS": f"{stand_in}/v1/realtime/calls",
    }
    command = [NODE, "--input-type=module", "--eval", script]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=20, check=True)
    assert done.stdout.startswith("201 /v1/realtime/calls/rtc_")


CUT_OFF = "Failed to parse offer: failed to unmarshal SDP: EOF"
NOT_SDP = "Failed to parse offer: failed to unmarshal SDP: sdp: invalid syntax"
UNANSWERABLE = r"Invalid offer: it cannot be answered \(.*\)\."
"""With the reason that aiortc gives."""


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda sdp: sdp[:-2], CUT_OFF),
        (lambda sdp: sdp.strip() + b"\n", CUT_OFF),
        (lambda sdp: sdp.replace(b"\r\n", b"\n"), CUT_OFF),
        (lambda sdp: b"", CUT_OFF),
        (lambda sdp: b"hello\r\n", NOT_SDP),
        (lambda sdp: b'{"sdp": "v=0"}\r\n', NOT_SDP),
        (lambda sdp: b"v=0\r\n\xff\xfe\r\n", NOT_SDP),
        (lambda sdp: b"v=0\r\n", "Invalid offer: it has no audio. Send a WHIP-compliant offer."),
        (
            lambda sdp: sdp.replace(b"m=audio", b"m=image"),
            "Invalid offer: it has no audio. Send a WHIP-compliant offer.",
        ),
        (
            lambda sdp: sdp.replace(b"a=ice-ufrag", b"a=nice-ufrag"),
            "Invalid offer: it has no ice-ufrag. Send a WHIP-compliant offer.",
        ),
        (lambda sdp: sdp.replace(b"a=fingerprint:sha-256 ", b"a=fingerprint:"), UNANSWERABLE),
        (lambda sdp: sdp.replace(b"UDP/TLS/RTP/SAVPF", b"nonsense"), UNANSWERABLE),
    ],
)
def test_an_invalid_offer_is_refused(http: httpx.Client, offer: bytes, change: Any, message: str) -> None:
    response = http.post(
        "/v1/realtime/calls", content=change(offer), headers={"content-type": "application/sdp; charset=utf-8"}
    )
    assert error(response) == (400, "invalid_offer", None)
    assert re.fullmatch(message, response.json()["error"]["message"])


def test_an_ephemeral_key_creates_one_call(timed: str, clock: Clock, offer: bytes) -> None:
    def mint() -> str:
        headers = {"authorization": f"Bearer {API_KEY}"}
        return str(httpx.post(f"{timed}/v1/realtime/client_secrets", json={}, headers=headers).json()["value"])

    def dial(key: str, sdp: bytes = offer) -> httpx.Response:
        headers = {"authorization": f"Bearer {key}", "content-type": "application/sdp"}
        return httpx.post(f"{timed}/v1/realtime/calls", content=sdp, headers=headers)

    key = mint()
    assert error(dial(key, b"v=0\r\n"))[0] == 400
    assert dial(key).status_code == 201
    assert error(dial(key)) == (401, "ephemeral_token_already_used", None)
    late = mint()
    clock.now += 601
    assert error(dial(late)) == (401, "ephemeral_token_expired", None)
    assert error(dial("ek_local_nobody_minted_this"))[:2] == (401, "invalid_api_key")


def test_a_wrong_key_is_refused_with_text_plain_as_by_the_real_api(stand_in: str) -> None:
    for path in ("client_secrets", "calls", "calls/rtc_1/hangup"):
        response = httpx.post(f"{stand_in}/v1/realtime/{path}", headers={"authorization": "Bearer sk-local-wrong-key"})
        assert error(response) == (401, "invalid_api_key", None)
        assert response.headers["content-type"] == "text/plain; charset=utf-8"
        assert response.json()["error"]["message"] == "Incorrect API key provided: sk-local********-key."
    assert error(httpx.post(f"{stand_in}/v1/realtime/calls"))[:2] == (401, "invalid_api_key")
    sdk = openai.OpenAI(api_key="sk-local-wrong-key", base_url=f"{stand_in}/v1")
    with sdk, pytest.raises(openai.AuthenticationError):
        sdk.realtime.client_secrets.create()


def test_an_ephemeral_key_cannot_mint_hang_up_or_set_a_session_config(
    http: httpx.Client, stand_in: str, offer: bytes
) -> None:
    key = http.post("/v1/realtime/client_secrets", json={}).json()["value"]
    headers = {"authorization": f"Bearer {key}"}
    assert error(httpx.post(f"{stand_in}/v1/realtime/client_secrets", json={}, headers=headers))[0] == 401
    assert error(httpx.post(f"{stand_in}/v1/realtime/calls/rtc_1/hangup", headers=headers))[0] == 401
    body, form = multipart(
        ('Content-Disposition: form-data; name="sdp"', offer),
        ('Content-Disposition: form-data; name="session"', SESSION),
    )
    response = httpx.post(f"{stand_in}/v1/realtime/calls", content=body, headers={**headers, **form})
    assert error(response) == (400, "unknown_parameter", "session")


def form_of(session: bytes | None, offer: bytes, **more: bytes) -> tuple[bytes, dict[str, str]]:
    fields = {"sdp": offer, "session": session, **more}
    given = [(f'Content-Disposition: form-data; name="{name}"', value) for name, value in fields.items() if value]
    return multipart(*given)


@pytest.mark.parametrize(
    ("session", "code", "param"),
    [
        (b'{"model": "gpt-realtime"}', "missing_required_parameter", "session.type"),
        (b'{"type": "realtime", "voice": "marin"}', "unknown_parameter", "session.voice"),
        (b'{"type": "transcription"}', "invalid_value", "session.type"),
        (b'{"type"', "invalid_json", "session"),
    ],
)
def test_a_form_with_a_bad_session_is_refused(
    http: httpx.Client, offer: bytes, session: bytes, code: str, param: str
) -> None:
    body, headers = form_of(session, offer)
    assert error(http.post("/v1/realtime/calls", content=body, headers=headers)) == (400, code, param)


def test_a_form_must_have_an_offer_and_may_have_a_session(http: httpx.Client, offer: bytes) -> None:
    body, headers = form_of(SESSION, b"")
    response = http.post("/v1/realtime/calls", content=body, headers=headers)
    assert error(response) == (400, "missing_required_parameter", "sdp")
    body, headers = form_of(SESSION, offer, model=b"gpt-realtime")
    assert error(http.post("/v1/realtime/calls", content=body, headers=headers)) == (400, "unknown_parameter", "model")
    headers = {"content-type": "multipart/form-data"}
    assert error(http.post("/v1/realtime/calls", content=body, headers=headers))[0] == 400
    response = http.post("/v1/realtime/calls", json={"sdp": "v=0"})
    assert error(response) == (400, "unsupported_content_type", None)


@pytest.mark.parametrize(
    ("path", "headers", "expected"),
    [
        ("/v1/realtime/calls", {"openai-beta": "realtime=v1"}, (400, "beta_api_shape_disabled", None)),
        ("/v1/realtime/client_secrets", {"openai-beta": "realtime=v1"}, (400, "beta_api_shape_disabled", None)),
        ("/v1/realtime?model=gpt-realtime", {}, (400, "beta_api_shape_disabled", None)),
        ("/v1/realtime/calls?model=gpt-realtime", {}, (400, "unknown_parameter", "model")),
        ("/v1/realtime/calls?dcid=first", {}, (400, "invalid_value", "dcid")),
        ("/v1/realtime/calls?dcid=65535", {}, (400, "invalid_value", "dcid")),
        ("/v1/realtime/calls/rtc_nobody/hangup", {}, (404, "call_id_not_found", None)),
        ("/v1/realtime/sessions", {}, (404, None, None)),
    ],
)
def test_removed_and_unknown_parts_of_the_api_are_refused(
    http: httpx.Client, offer: bytes, path: str, headers: dict[str, str], expected: tuple[int, str | None, str | None]
) -> None:
    response = http.post(path, content=offer, headers={"content-type": "application/sdp", **headers})
    assert error(response) == expected


def test_browsers_of_any_origin_are_allowed(stand_in: str) -> None:
    asked = "authorization,content-type,x-openai-agents-sdk"
    headers = {
        "origin": "http://localhost:3000",
        "access-control-request-method": "POST",
        "access-control-request-headers": asked,
    }
    preflight = httpx.options(f"{stand_in}/v1/realtime/calls", headers=headers)
    assert preflight.status_code == 200
    assert preflight.headers["access-control-allow-origin"] == "*"
    assert preflight.headers["access-control-allow-headers"] == asked
    assert "POST" in preflight.headers["access-control-allow-methods"]
    refused = httpx.post(f"{stand_in}/v1/realtime/calls", headers={"origin": "http://localhost:3000"})
    assert (refused.status_code, refused.headers["access-control-allow-origin"]) == (401, "*")


def test_the_state_route_describes_calls_and_connections(offer: bytes) -> None:
    with serving(create_app(API_KEY)) as url, httpx.Client(base_url=url) as client:
        assert client.get("/_stand_in").json() == {
            "open_calls": [],
            "calls_created": 0,
            "calls_ended": {},
            "connections": 0,
        }
        body, form = form_of(SESSION, offer)
        headers = {**form, "api-key": API_KEY, "openai-safety-identifier": "hash-of-somebody"}
        for _ in range(2):
            location = client.post("/v1/realtime/calls?dcid=3", content=body, headers=headers).headers["location"]
        secret = client.post(
            "/v1/realtime/client_secrets", json={}, headers=headers | {"content-type": "application/json"}
        )
        client.post(
            "/v1/realtime/calls",
            content=offer,
            headers={"content-type": "application/sdp", "authorization": f"Bearer {secret.json()['value']}"},
        )
        state = client.get("/_stand_in").json()
        assert (state["calls_created"], state["connections"]) == (3, 1)
        assert state["open_calls"][1] == {
            "call_id": location.rpartition("/")[2],
            "state": "connecting",
            "session_type": "realtime",
            "heard_hz": None,
            "safety_identifier": "hash-of-somebody",
            "dcid": 3,
        }
        assert state["open_calls"][2]["safety_identifier"] == "hash-of-somebody"
        httpx.post(f"{url}/v1/realtime/client_secrets", json={}, headers={"api-key": API_KEY})
        assert client.get("/_stand_in").json()["connections"] == 2
