"""GET /token: an ephemeral key for one call, bound to the server's session config."""

import io
import json

import pytest
from realtime.presets import presets

from tests.conftest import API_KEY, Invoke, error, event
from tests.scripted_upstream import Reply, ScriptedUpstream, minted

SECRET = str(minted().body)


def test_the_upstreams_json_comes_back_as_it_is(token: Invoke, upstream: ScriptedUpstream) -> None:
    upstream.says(minted())
    made = event("token")

    assert token(made) == {
        "statusCode": 200,
        "headers": {
            "content-type": "application/json",
            "content-length": str(len(SECRET)),
            "cache-control": "no-store",
            "x-calls-url": f"{upstream.url}/realtime/calls",
            "x-request-id": made["requestContext"]["requestId"],
        },
        "body": SECRET,
        "isBase64Encoded": False,
    }


def test_the_key_is_bound_to_the_presets_config_and_lifetime(token: Invoke, upstream: ScriptedUpstream) -> None:
    upstream.says(minted())

    token(event("token", query="preset=assistant&voice=cedar"))

    [asked] = upstream.asked
    assert asked.path == "/v1/realtime/client_secrets"
    assert asked.headers["authorization"] == f"Bearer {API_KEY}"
    assert asked.headers["content-type"] == "application/json"
    assert json.loads(asked.body) == {
        "expires_after": {"anchor": "created_at", "seconds": 600},
        "session": presets().resolve({"preset": "assistant", "voice": "cedar"}).session,
    }


def test_the_deployments_model_replaces_the_presets(
    token: Invoke, upstream: ScriptedUpstream, environment: pytest.MonkeyPatch
) -> None:
    environment.setenv("MODEL", "gpt-realtime-mini")
    upstream.says(minted())

    token(event("token"))

    assert json.loads(upstream.asked[0].body)["session"]["model"] == "gpt-realtime-mini"


def test_the_deployments_default_preset_is_minted(
    token: Invoke, upstream: ScriptedUpstream, environment: pytest.MonkeyPatch
) -> None:
    environment.setenv("DEFAULT_PRESET", "transcriber")
    upstream.says(minted())

    token(event("token", rawQueryString=""))

    assert json.loads(upstream.asked[0].body)["session"]["type"] == "transcription"


def test_a_slash_at_the_end_of_the_base_url_is_left_out(
    token: Invoke, upstream: ScriptedUpstream, environment: pytest.MonkeyPatch
) -> None:
    environment.setenv("OPENAI_BASE_URL", f"{upstream.url}/")
    upstream.says(minted())

    response = token(event("token"))

    assert response["headers"]["x-calls-url"] == f"{upstream.url}/realtime/calls"
    assert upstream.paths() == ["/v1/realtime/client_secrets"]


def test_every_request_mints_a_key_of_its_own(token: Invoke, upstream: ScriptedUpstream) -> None:
    upstream.says(minted())

    token(event("token"))
    token(event("token"))

    assert len(upstream.asked) == 2


def test_the_caller_is_named_upstream(token: Invoke, upstream: ScriptedUpstream) -> None:
    upstream.says(minted())

    token(event("token", claims={"sub": "somebody"}))

    assert len(upstream.asked[0].headers["openai-safety-identifier"]) == 64


def test_a_locked_preset_gives_no_key(token: Invoke, upstream: ScriptedUpstream) -> None:
    made = event("token-locked")

    response = token(made)

    assert response["statusCode"] == 403
    assert json.loads(response["body"]) == {
        "error": {
            "message": "The preset private is locked: connect through POST /session.",
            "type": "invalid_request_error",
            "code": "preset_locked",
            "param": "preset",
            "request_id": made["requestContext"]["requestId"],
        }
    }
    assert upstream.asked == []


@pytest.mark.parametrize(
    "body",
    [
        "",
        "<html>",
        "[]",
        "[" * 99_999,
        b'{"value": "\xff", "expires_at": 1, "session": {}}',
        '{"value": ""}',
        '{"value": "", "expires_at": 1, "session": {}}',
        '{"value": "ek_1", "session": {}}',
        '{"value": "ek_1", "expires_at": "soon", "session": {}}',
        '{"value": "ek_1", "expires_at": 1, "session": []}',
        '{"value": "ek_1\\nX-Injected: 1", "expires_at": 1, "session": {}}',
        '{"value": "ek_schlüssel", "expires_at": 1, "session": {}}',
    ],
)
def test_what_is_not_an_ephemeral_key_is_not_passed_on(
    token: Invoke, upstream: ScriptedUpstream, body: str | bytes
) -> None:
    upstream.says(Reply(200, body))

    response = token(event("token"))

    answered = error(response)
    assert (response["statusCode"], answered["code"], answered["message"]) == (
        502,
        "invalid_answer",
        "The upstream accepted, but what it sent is not an ephemeral key.",
    )


def test_nothing_of_the_ephemeral_key_is_logged(token: Invoke, upstream: ScriptedUpstream, logged: io.StringIO) -> None:
    upstream.says(minted())

    token(event("token"))

    assert "Answered" in logged.getvalue()
    assert "ek_test" not in logged.getvalue()
    assert API_KEY not in logged.getvalue()


def test_a_head_request_mints_nothing(token: Invoke, upstream: ScriptedUpstream) -> None:
    made = event("token")
    made["requestContext"]["http"]["method"] = "HEAD"

    assert token(made)["statusCode"] == 405
    assert upstream.asked == []
