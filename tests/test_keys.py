"""Which key the upstream gets, and when it is an ephemeral one that is minted for the call."""

import json
from typing import Any

import pytest
from realtime.presets import presets

from tests.conftest import API_KEY, Invoke, error, event, offer_of
from tests.scripted_upstream import Reply, ScriptedUpstream, created, minted


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


def test_the_deployments_model_is_not_put_into_a_transcription(
    session: Invoke, upstream: ScriptedUpstream, environment: pytest.MonkeyPatch
) -> None:
    environment.setenv("MODEL", "my-azure-deployment")
    upstream.says(minted("transcription"), created())

    session(event("session", query="preset=transcriber"))

    config = json.loads(upstream.asked[0].body)["session"]
    assert config == presets().presets["transcriber"].session
    assert "my-azure-deployment" not in str(upstream.asked)
