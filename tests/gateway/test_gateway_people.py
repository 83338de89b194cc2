"""People who sign in at a provider of one's own: who is let in, and by what the log and the ledger know them."""

import hashlib
import hmac
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from local.stack import Stack, serve
from tests.conftest import QUIET, SDP
from tests.error_rows import OFFER
from tests.issuer import Issuer, bearer, running
from tests.local_stack import client
from tests.scripted_upstream import ScriptedUpstream, scripted_upstream


@pytest.fixture(scope="module")
def issuer() -> Iterator[Issuer]:
    with running() as provider:
        yield provider


@pytest.fixture(scope="module")
def upstream() -> Iterator[ScriptedUpstream]:
    with scripted_upstream() as scripted:
        yield scripted


@pytest.fixture(scope="module")
def stack(issuer: Issuer, upstream: ScriptedUpstream) -> Iterator[Stack]:
    parameters = {
        "Access": "signed-in",
        "Issuer": issuer.url,
        "Audience": "audience",
        "AllowedEmails": "ada@example.com,@voice.example",
    }
    with serve(base_url=upstream.url, environment=QUIET, parameters=parameters) as serving:
        yield serving


def start(stack: Stack, token: str) -> httpx.Response:
    headers = SDP | bearer(token)
    return httpx.post(f"{stack.url}/session", content=OFFER.encode(), headers=headers, timeout=30)


@pytest.mark.parametrize(
    ("claims", "message"),
    [
        ({"email": "ada@example.com"}, "Your e-mail address is not verified: verify it where you sign in."),
        (
            {"email": "eve@example.com", "email_verified": True},
            "Your e-mail address is not invited: ask whoever runs this service.",
        ),
        (
            {"email": "eve@evil.example@voice.example.org", "email_verified": True},
            "Your e-mail address is not invited: ask whoever runs this service.",
        ),
        (
            {"email": "a@sub.voice.example", "email_verified": True},
            "Your e-mail address is not invited: ask whoever runs this service.",
        ),
        ({}, "Your token has no e-mail address: the page has to ask for the scope email."),
        (
            {"email": "ada@example.com", "email_verified": False},
            "Your e-mail address is not verified: verify it where you sign in.",
        ),
    ],
)
def test_who_is_not_on_the_list_is_not_let_in(
    stack: Stack, issuer: Issuer, upstream: ScriptedUpstream, claims: dict[str, Any], message: str
) -> None:
    upstream.asked.clear()
    response = start(stack, issuer.token(**claims))

    assert (response.status_code, response.json()["error"]) == (
        403,
        {
            "message": message,
            "type": "invalid_request_error",
            "code": "not_invited",
            "param": None,
            "request_id": response.headers["x-request-id"],
        },
    )
    assert upstream.asked == []


@pytest.mark.parametrize(
    "claims",
    [{"email": "Ada@Example.com"}, {"email": "ada@example.com"}, {"email": "b@voice.example"}],
)
def test_who_is_on_the_list_may_call(stack: Stack, issuer: Issuer, claims: dict[str, Any]) -> None:
    assert start(stack, issuer.token(email_verified=True, **claims)).status_code == 201


def test_the_upstream_knows_a_person_by_a_hash_that_only_the_deployment_can_compute(
    stack: Stack, issuer: Issuer, upstream: ScriptedUpstream
) -> None:
    upstream.asked.clear()
    start(stack, issuer.token(email="ada@example.com", email_verified=True, sub="ada"))

    keys = safety_keys(stack)
    possible = {hmac.new(key.encode(), f"{issuer.url} ada".encode(), hashlib.sha256).hexdigest() for key in keys}
    assert upstream.asked[0].headers["openai-safety-identifier"] in possible
    assert {len(key) for key in keys} == {64}


def safety_keys(stack: Stack) -> list[str]:
    """The keys of all local stacks that this process has run: moto has one memory for all of them."""
    secrets = client(stack, "secretsmanager")
    names = [one["Name"] for one in secrets.list_secrets()["SecretList"] if one["Name"].startswith("SafetyKey-")]
    return [secrets.get_secret_value(SecretId=name)["SecretString"] for name in names]
