"""How calls are created: by an offer alone, or by the forms of every client."""

import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import httpx
import openai
import pytest

from tests.stand_in.bodies import SESSION, error, form_of, multipart
from tests.stand_in.conftest import API_KEY

NODE = str(Path(sys.executable).with_name("node"))


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
