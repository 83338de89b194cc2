"""What the API accepts of the tokens that a real OpenID provider issues."""

from typing import Any

import httpx
import pytest

from tests.browser.locked import Locked, tokens, wait_for_expiry

pytestmark = pytest.mark.thorough


def ask(locked: Locked, token: str | None) -> tuple[int, Any, str | None]:
    headers = {} if token is None else {"Authorization": f"Bearer {token}"}
    answer = httpx.get(f"{locked.url}/token", headers=headers)
    return answer.status_code, answer.json(), answer.headers.get("www-authenticate")


def refused(description: str) -> tuple[int, Any, str]:
    challenge = f'Bearer scope="" error="invalid_token" error_description="{description}"'
    return 401, {"message": "Unauthorized"}, challenge


def test_a_request_without_a_token_is_refused_and_with_a_valid_one_accepted(
    locked: Locked, short_lived: Locked
) -> None:
    assert ask(locked, None) == (401, {"message": "Unauthorized"}, "Bearer")

    for api, kind in ((locked, "id_token"), (short_lived, "access_token")):
        status, minted, challenge = ask(api, tokens(api)[kind])
        assert (status, minted["value"][:3], challenge) == (200, "ek_", None)


def test_a_token_for_another_audience_is_refused(locked: Locked, short_lived: Locked) -> None:
    wrong = refused("the token does not have a valid audience")

    assert ask(locked, tokens(locked, client_id="another-page")["id_token"]) == wrong
    assert ask(short_lived, tokens(short_lived)["id_token"]) == wrong


def test_a_token_of_another_issuer_is_refused(locked: Locked, short_lived: Locked) -> None:
    assert ask(locked, tokens(short_lived)["id_token"]) == refused("the token does not have a valid issuer")


def test_an_expired_token_is_refused(short_lived: Locked) -> None:
    token = tokens(short_lived)["access_token"]
    assert ask(short_lived, token)[0] == 200

    wait_for_expiry(token)

    assert ask(short_lived, token) == refused("the token has expired")
