"""People who are signed in: who may call, by the claims of their verified token, and how the upstream knows them."""

import hashlib
import hmac

import pytest

from tests.conftest import CLAIMS, CLOSED_PORT, SAFETY_KEY, Event, Invoke, error, event
from tests.scripted_upstream import ScriptedUpstream, created, minted

NO_ADDRESS = "Your token has no e-mail address: the page has to ask for the scope email."
NOT_VERIFIED = "Your e-mail address is not verified: verify it where you sign in."
NOT_INVITED = "Your e-mail address is not invited: ask whoever runs this service."


def signed_in(**claims: str) -> Event:
    return event("session", claims={"sub": "ada", **claims})


@pytest.mark.parametrize(
    ("claims", "message"),
    [
        ({}, NO_ADDRESS),
        ({"email": "ada@example.com"}, NOT_VERIFIED),
        ({"email": "ada@example.com", "email_verified": "false"}, NOT_VERIFIED),
        ({"email": "eve@example.com", "email_verified": "true"}, NOT_INVITED),
        ({"email": "eve@evil.example@voice.example.org", "email_verified": "true"}, NOT_INVITED),
        ({"email": "eve@sub.voice.example", "email_verified": "true"}, NOT_INVITED),
    ],
)
def test_who_is_not_on_the_list_is_not_let_in(
    session: Invoke,
    upstream: ScriptedUpstream,
    environment: pytest.MonkeyPatch,
    claims: dict[str, str],
    message: str,
) -> None:
    environment.setenv("ALLOWED_EMAILS", "ada@example.com,@voice.example")

    response = session(signed_in(**claims))

    assert (response["statusCode"], error(response)) == (
        403,
        {
            "message": message,
            "type": "invalid_request_error",
            "code": "not_invited",
            "param": None,
            "request_id": response["headers"]["x-request-id"],
        },
    )
    assert upstream.asked == []


@pytest.mark.parametrize(
    "email", ["ada@example.com", "Ada@Example.com", "anybody@voice.example", "odd@address@voice.example"]
)
def test_who_is_on_the_list_may_call(session: Invoke, environment: pytest.MonkeyPatch, email: str) -> None:
    environment.setenv("ALLOWED_EMAILS", "ada@example.com,@voice.example")

    assert session(signed_in(email=email, email_verified="true"))["statusCode"] == 201


@pytest.mark.parametrize("claims", [{"sub": ""}, {"iss": "x"}, {"email": "eve@example.com", "email_verified": "true"}])
@pytest.mark.parametrize("allowed", ["", "eve@example.com"])
def test_a_token_that_does_not_say_who_has_it_is_refused(
    session: Invoke, upstream: ScriptedUpstream, environment: pytest.MonkeyPatch, claims: dict[str, str], allowed: str
) -> None:
    environment.setenv("ALLOWED_EMAILS", allowed)

    response = session(event("session", claims=claims))

    assert (response["statusCode"], error(response)["code"], error(response)["message"]) == (
        403,
        "not_invited",
        "Your token has no claim sub: the provider has to add it to the tokens of this client.",
    )
    assert upstream.asked == []


@pytest.mark.parametrize(
    ("claims", "hashed"),
    [
        ({"iss": "https://issuer.example"}, "https://issuer.example ada"),
        ({}, " ada"),
        ({"sub": "\ud800"}, " \ud800"),  # JSON can contain it
    ],
)
def test_the_upstream_knows_a_person_by_a_keyed_hash(
    session: Invoke, upstream: ScriptedUpstream, claims: dict[str, str], hashed: str
) -> None:
    assert session(signed_in(**claims))["statusCode"] == 201

    expected = hmac.new(SAFETY_KEY.encode(), hashed.encode(errors="surrogatepass"), hashlib.sha256).hexdigest()
    assert upstream.asked[0].headers["openai-safety-identifier"] == expected


@pytest.mark.parametrize(
    ("variable", "value", "message"),
    [
        (
            "SAFETY_KEY_SECRET_ID",
            "missing",
            "The safety key's secret cannot be read. Deploy again: the template creates it.",
        ),
        (
            "AWS_ENDPOINT_URL_SECRETS_MANAGER",
            CLOSED_PORT,
            "The safety key cannot be read from Secrets Manager: the function's log says why.",
        ),
    ],
)
def test_without_the_key_of_the_hashes_nobody_is_sent_upstream(
    session: Invoke,
    upstream: ScriptedUpstream,
    environment: pytest.MonkeyPatch,
    variable: str,
    value: str,
    message: str,
) -> None:
    environment.setenv(variable, value)

    response = session(signed_in())

    assert (response["statusCode"], error(response)["code"], error(response)["message"]) == (
        500,
        "misconfigured",
        message,
    )
    assert upstream.asked == []


@pytest.mark.parametrize("name", ["session", "session-v1"])
def test_the_caller_is_named_by_a_keyed_hash_and_never_by_the_subject(
    session: Invoke, upstream: ScriptedUpstream, name: str
) -> None:
    session(event(name, claims=CLAIMS))

    [asked] = upstream.asked
    expected = hmac.new(SAFETY_KEY.encode(), b"https://issuer.example person@example.com", hashlib.sha256).hexdigest()
    assert asked.headers["openai-safety-identifier"] == expected
    assert "person@example.com" not in str(asked)


def test_the_caller_is_named_where_an_ephemeral_key_is_minted_for_the_call(
    session: Invoke, upstream: ScriptedUpstream
) -> None:
    upstream.says(minted("transcription"), created())

    session(event("session", query="preset=transcriber", claims=CLAIMS))

    assert ["openai-safety-identifier" in asked.headers for asked in upstream.asked] == [True, False]


def test_a_caller_who_is_not_known_is_not_named(session: Invoke, upstream: ScriptedUpstream) -> None:
    session(event("session"))

    assert "openai-safety-identifier" not in upstream.asked[0].headers
