"""A deployment with another identity provider, secret and origins, and a change of its secret."""

import secrets
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.issuer import Issuer, bearer, running
from tests.rehearse.stack import Stack, deployed
from tests.template.translated import CASES

ORIGIN = "https://app.example.com"


@pytest.fixture(scope="module")
def issuer() -> Iterator[Issuer]:
    with running() as provider:
        yield provider


@pytest.fixture(scope="module")
def stack(built: Path, endpoint: str, upstream: str, api_key: str, issuer: Issuer) -> Iterator[Stack]:
    parameters = {"Issuer": issuer.url, "Audience": "audience", "ClientId": "page", "Scope": "openid voice"}
    parameters |= {"ApiKeySecretArn": secret(Stack(built, endpoint), api_key), "AllowedOrigins": ORIGIN}
    parameters |= {"AlarmEmail": "ops@example.com", "ReservedConcurrency": "3"}
    with deployed(built, endpoint, upstream, **parameters) as stack:
        yield stack


@pytest.fixture(scope="module")
def api(stack: Stack) -> Iterator[httpx.Client]:
    with stack.browser() as client:
        yield client


def secret(stack: Stack, value: str) -> str:
    created = stack.client("secretsmanager").create_secret(Name=f"mine-{secrets.token_hex(4)}", SecretString=value)
    arn: str = created["ARN"]
    return arn


def test_the_page_signs_in_at_the_given_provider(stack: Stack, api: httpx.Client, issuer: Issuer) -> None:
    config = api.get("/config.json").json()

    assert {name: config[name] for name in ("access", "issuer", "audience", "client_id", "scope")} == {
        "access": "signed-in",
        "issuer": issuer.url,
        "audience": "audience",
        "client_id": "page",
        "scope": "openid voice",
    }
    assert issuer.url in api.get("/").headers["content-security-policy"]
    assert not {"InviteUser"} & stack.outputs().keys()


def test_only_tokens_of_the_given_provider_for_this_audience_are_accepted(api: httpx.Client, issuer: Issuer) -> None:
    tokens = [issuer.token(), issuer.token(aud="another"), issuer.token(exp=1)]

    assert [api.get("/token", headers=bearer(token)).status_code for token in tokens] == [200, 401, 401]


def test_the_module_can_be_imported_from_another_origin_and_the_page_cannot(api: httpx.Client) -> None:
    [module, page] = [api.get(path, headers={"origin": ORIGIN}) for path in ("/realtime/index.js", "/index.html")]

    assert (module.status_code, module.headers.get("access-control-allow-origin")) == (200, "*")
    assert (page.status_code, page.headers.get("access-control-allow-origin")) == (200, None)


def test_a_deployment_with_another_secret_uses_that_one(stack: Stack, api: httpx.Client, issuer: Issuer) -> None:
    stack.parameters["ApiKeySecretArn"] = secret(stack, f"sk-local-{secrets.token_hex(16)}")
    stack.deploy()

    refused = api.get("/token", headers=bearer(issuer.token()))

    assert (refused.status_code, refused.json()["error"]["code"]) == (502, "upstream_credentials")


@pytest.mark.parametrize("case", CASES)
def test_it_builds_with_each_set_of_parameters(built: Path, endpoint: str, case: str) -> None:
    stack = Stack(built, endpoint)
    stack.parameters |= CASES[case]
    stack.build()
