"""Ephemeral keys: how they are minted, and what they and the standard key may do."""

from collections.abc import Iterator
from typing import Any

import httpx
import openai
import pytest
from openai.types.realtime import ClientSecretCreateResponse

from local.stand_in.app import create_app
from tests.stand_in.bodies import DEFAULT_INPUT, SESSION, error, multipart
from tests.stand_in.conftest import API_KEY, serving
from tests.stand_in.event_types import unknown_members


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
    clock.now += 3599
    mint()
    assert error(dial(late)) == (401, "ephemeral_token_expired", None)
    clock.now += 1
    mint()
    assert error(dial(late)) == (401, "invalid_api_key", None)
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
