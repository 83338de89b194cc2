"""Tokens are checked as by API Gateway's JWT authorizer, with real keys and tokens, and an issuer on a real socket."""

import json
from collections.abc import Iterator
from typing import Any

import httpx
import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1
from cryptography.hazmat.primitives.asymmetric.ec import generate_private_key as generate_private_ec_key
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from local import authorizer
from local.stack import serve
from tests.gateway.conftest import NOWHERE, Serve, serving
from tests.issuer import Issuer, bearer, public_jwk, running

HANDLER = """
    def handler(event, context):
        return event["requestContext"]["authorizer"]
"""


@pytest.fixture(scope="module")
def issuer() -> Iterator[Issuer]:
    with running() as provider:
        yield provider


@pytest.fixture(scope="module")
def locked(issuer: Issuer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    """An API that requires a token of the issuer."""
    with serving(tmp_path_factory.mktemp("locked")) as start:
        yield start(HANDLER, Access="signed-in", Issuer=issuer.url)


def error(response: httpx.Response) -> tuple[int, str, str]:
    return response.status_code, response.text, response.headers["www-authenticate"]


def test_a_valid_token_is_accepted_and_its_claims_reach_the_function(locked: httpx.Client, issuer: Issuer) -> None:
    token = issuer.token(exp=4_000_000_000)
    claims = {"iss": issuer.url, "aud": "audience", "sub": "me", "exp": "4000000000"}

    expected = {"jwt": {"claims": claims, "scopes": None}}
    assert locked.get("/odd", headers=bearer(token)).json() == expected
    assert locked.get("/odd", headers={"Authorization": token}).json() == expected
    assert locked.get("/odd", headers={"authorization": f"bearer {token}"}).json() == expected


def test_keys_are_fetched_once_and_again_for_an_unknown_key(api: Serve, issuer: Issuer) -> None:
    client = api(HANDLER, Access="signed-in", Issuer=issuer.url)
    issuer.asked.clear()
    for _ in range(2):
        assert client.get("/odd", headers=bearer(issuer.token())).status_code == 200
    assert issuer.asked == ["/.well-known/openid-configuration", "/keys"]

    issuer.keys["second"] = generate_private_key(65537, 2048)

    assert client.get("/odd", headers=bearer(issuer.token("second"))).status_code == 200
    assert len(issuer.asked) == 4


def test_a_key_that_the_issuer_has_removed_is_refused_once_the_keys_are_fetched_again(
    api: Serve, issuer: Issuer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(authorizer, "KEY_CACHE_SECONDS", 0)
    client = api(HANDLER, Access="signed-in", Issuer=issuer.url)
    issuer.keys["removed"] = generate_private_key(65537, 2048)
    token = issuer.token("removed")
    assert client.get("/odd", headers=bearer(token)).status_code == 200

    del issuer.keys["removed"]

    assert client.get("/odd", headers=bearer(token)).status_code == 401


def test_the_client_id_counts_as_audience_in_a_token_without_aud(locked: httpx.Client, issuer: Issuer) -> None:
    def status(**claims: Any) -> int:
        return locked.get("/odd", headers=bearer(issuer.token(**claims))).status_code

    assert status(aud=None, client_id="audience") == 200
    assert status(aud=["other", "audience"]) == 200
    assert status(aud="other", client_id="audience") == 401
    assert status(aud=None) == 401


def test_a_request_without_a_token_is_refused(locked: httpx.Client) -> None:
    for headers in ({}, {"Authorization": ""}, {"Authorization": "Bearer"}):
        response = locked.get("/odd", headers=headers)
        assert (response.status_code, response.text) == (401, '{"message":"Unauthorized"}')
    assert error(locked.get("/odd")) == (401, '{"message":"Unauthorized"}', "Bearer")


@pytest.mark.parametrize(
    ("claims", "description"),
    [
        ({"aud": "other"}, "the token does not have a valid audience"),
        ({"aud": {"audience": "audience"}}, "the token does not have a valid audience"),
        ({"aud": [["audience"]]}, "the token does not have a valid audience"),
        ({"iss": "https://other.example"}, "the token does not have a valid issuer"),
        ({"exp": 1}, "the token has expired"),
        ({"exp": None}, "the token has no expiry"),
        ({"nbf": 4_000_000_000}, "the token is not valid yet"),
        ({"iat": 4_000_000_000}, "the token is not valid yet"),
    ],
    ids=[
        "audience",
        "audience as an object",
        "audience in a list of a list",
        "issuer",
        "expired",
        "no expiry",
        "not before",
        "issued in the future",
    ],
)
def test_a_token_with_a_wrong_claim_is_refused(
    locked: httpx.Client, issuer: Issuer, claims: dict[str, Any], description: str
) -> None:
    response = locked.get("/odd", headers=bearer(issuer.token(**claims)))

    challenge = f'Bearer scope="" error="invalid_token" error_description="{description}"'
    assert error(response) == (401, '{"message":"Unauthorized"}', challenge)


def test_a_forged_token_is_refused(locked: httpx.Client, issuer: Issuer) -> None:
    public = issuer.keys["first"].public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    claims = jwt.decode(issuer.token(), options={"verify_signature": False})
    other_key = generate_private_key(65537, 2048)
    forged = {
        "signed with the public key": (_hs256(claims, public), "the token's signing method is invalid"),
        "not signed": (jwt.encode(claims, "", "none", {"kid": "first"}), "the token's signing method is invalid"),
        "signed with another key": (
            jwt.encode(claims, other_key, "RS256", {"kid": "first"}),
            "the token's signature is invalid",
        ),
        "signed with another key that it names": (
            jwt.encode(claims, other_key, "RS256", {"kid": "other"}),
            "the token's key is not one of the issuer's",
        ),
        "without a signing method": (_unsigned({"kid": "first"}, claims), "the token's signing method is invalid"),
        "not a token": ("ek_local_not_a_token", "the token is malformed"),
    }

    for token, description in forged.values():
        challenge = f'Bearer scope="" error="invalid_token" error_description="{description}"'
        response = locked.get("/odd", headers=bearer(token))
        assert error(response) == (401, '{"message":"Unauthorized"}', challenge)


def _hs256(claims: dict[str, Any], key: bytes) -> str:
    """Sign with HS256 and the public key as the secret, which PyJWT's `encode` refuses."""
    hmac = jwt.algorithms.HMACAlgorithm(jwt.algorithms.HMACAlgorithm.SHA256)
    signed = _unsigned({"alg": "HS256", "typ": "JWT", "kid": "first"}, claims).removesuffix(".")
    return f"{signed}.{jwt.utils.base64url_encode(hmac.sign(signed.encode(), key)).decode()}"


def _unsigned(*parts: dict[str, Any]) -> str:
    """Write a token with this header and these claims, and an empty signature."""
    return "".join(f"{jwt.utils.base64url_encode(json.dumps(part).encode()).decode()}." for part in parts)


def test_a_key_that_is_not_rsa_is_not_used(api: Serve) -> None:
    with running() as provider:
        curve: dict[str, Any] = jwt.algorithms.ECAlgorithm.to_jwk(generate_private_ec_key(SECP256R1()), as_dict=True)
        rsa = public_jwk("second", generate_private_key(65537, 2048))
        provider.replies["/keys"] = json.dumps({"keys": [curve | {"kid": "first"}, rsa]})
        client = api(HANDLER, Access="signed-in", Issuer=provider.url)

        _, _, challenge = error(client.get("/odd", headers=bearer(provider.token())))

    assert challenge.endswith("error_description=\"the token's key is not one of the issuer's\"")


def test_no_token_is_accepted_while_the_issuer_cannot_be_reached(api: Serve, issuer: Issuer) -> None:
    client = api(HANDLER, Access="signed-in", Issuer="http://127.0.0.1:9")

    _, _, challenge = error(client.get("/odd", headers=bearer(issuer.token())))

    assert challenge.endswith('error_description="OIDC discovery endpoint communication error"')


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/openid-configuration", "<html>"),
        ("/openid-configuration", "{}"),
        ("/openid-configuration", "[]"),
        ("/openid-configuration", '{"jwks_uri": 1}'),
        ("/openid-configuration", '{"jwks_uri": "nowhere"}'),
        ("/openid-configuration", '{"jwks_uri": "http://127.0.0.1:port"}'),
        ("/keys", "<html>"),
        ("/keys", "{}"),
        ("/keys", "[]"),
        ("/keys", '{"keys": [1]}'),
        ("/keys", '{"keys": []}'),
        ("/keys", '{"keys": [{"kty": "RSA"}]}'),
    ],
)
def test_no_token_is_accepted_while_the_issuers_documents_cannot_be_used(api: Serve, path: str, body: str) -> None:
    with running() as provider:
        provider.replies[path] = body
        client = api(HANDLER, Access="signed-in", Issuer=provider.url)

        refused = client.get("/odd", headers=bearer(provider.token()))
        provider.replies.clear()
        accepted = client.get("/odd", headers=bearer(provider.token()))

    description = 'error_description="OIDC discovery endpoint communication error"'
    assert error(refused) == (401, '{"message":"Unauthorized"}', f'Bearer scope="" error="invalid_token" {description}')
    assert accepted.status_code == 200


@pytest.mark.parametrize("path", ["/", "/tenant/"])
def test_the_issuer_is_compared_as_it_is_given_with_its_slash(api: Serve, path: str) -> None:
    with running() as provider:
        origin, provider.url = provider.url, f"{provider.url}{path}"
        client = api(HANDLER, Access="signed-in", Issuer=provider.url)

        assert client.get("/odd", headers=bearer(provider.token())).status_code == 200
        assert client.get("/odd", headers=bearer(provider.token(iss=origin))).status_code == 401
        assert provider.asked[0] == f"{path}.well-known/openid-configuration"


def test_a_route_with_scopes_requires_one_of_them(api: Serve, issuer: Issuer) -> None:
    client = api(HANDLER, Access="signed-in", Issuer=issuer.url, Scopes="call,admin")

    allowed = client.get("/odd", headers=bearer(issuer.token(scope="read call")))
    forbidden = client.get("/odd", headers=bearer(issuer.token(scope="read")))

    assert allowed.json()["jwt"]["scopes"] == ["call"]
    challenge = 'scope="call admin" error="insufficient_scope"'
    description = 'error_description="the token does not have a required scope"'
    assert error(forbidden) == (403, '{"message":"Forbidden"}', f"Bearer {challenge} {description}")


def test_an_open_route_ignores_tokens(api: Serve) -> None:
    client = api("def handler(event, context): return sorted(event['requestContext'])")

    assert "authorizer" not in client.get("/odd", headers=bearer("ek_local_placeholder")).json()


def test_the_shipped_routes_ask_for_the_scope_that_is_required_and_the_page_for_its_own(issuer: Issuer) -> None:
    own = {"Access": "signed-in", "Issuer": issuer.url, "Audience": "audience", "ClientId": "page"}
    scopes = {"Scope": "openid email call", "RequiredScope": "call"}
    with serve(base_url=NOWHERE, parameters={**own, **scopes}) as stack, httpx.Client(base_url=stack.url) as client:
        tokens = [issuer.token(scope="openid call"), issuer.token(scope="openid"), issuer.token()]
        answers = [client.delete("/session/of-nobody", headers=bearer(token)).status_code for token in tokens]
        config = client.get("/config.json").json()

    assert answers == [502, 403, 403]  # the first reached the function, which has no upstream
    assert (config["scope"], config["issuer"], config["client_id"]) == ("openid email call", issuer.url, "page")
