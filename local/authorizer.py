"""The JWT authorizer of HTTP APIs.

Source: https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-jwt-authorizer.html
"""

import time
from collections.abc import Mapping
from typing import Any, NamedTuple

import httpx
import jwt

from local.settings import JwtSettings

ALGORITHMS = ("RS256", "RS384", "RS512")
"""AWS: only RSA-based algorithms are supported."""

KEYS_LAST = 2 * 60 * 60
"""Seconds for which the issuer's keys are used without asking again; AWS's own."""

ISSUER_SECONDS = 3
"""How long the issuer may take."""


class Refused(Exception):
    """Raised when a token is missing, not valid, or has not the scope; the message is AWS's `error_description`.

    The wording of a wrong audience is AWS's, documented in its troubleshooting page. The others' was not to be found,
    and is in the same manner.

    Args:
        status: 401, or 403 where only the scope is missing.
        challenge: the value of `www-authenticate`.
    """

    def __init__(self, status: int, challenge: str) -> None:
        super().__init__(challenge)
        self.status = status
        self.challenge = challenge


class Granted(NamedTuple):
    """What a valid token says."""

    claims: dict[str, Any]
    scopes: tuple[str, ...] | None
    """Those of the route's scopes that the token has; None where the route asks for none."""


class Authorizer:
    """Checks tokens of one issuer.

    Args:
        settings: what the template says.
    """

    def __init__(self, settings: JwtSettings) -> None:
        self._settings = settings
        self._keys: dict[str, jwt.PyJWK] = {}
        self._keys_until = 0.0

    async def authorize(self, headers: Mapping[str, str], scopes: tuple[str, ...]) -> Granted:
        """Check the token of a request.

        Args:
            headers: the request's headers.
            scopes: the route's scopes, of which the token must have one.

        Returns:
            The token's claims.

        Raises:
            Refused: there is no token, or it is not valid here.
        """
        token = headers.get(self._settings.header, "").strip()
        if token[:7].lower() == "bearer ":
            token = token[7:].strip()
        if not token:
            raise Refused(401, "Bearer")
        try:
            claims = await self._claims(token)
        except (jwt.PyJWTError, httpx.HTTPError) as invalid:
            raise _invalid(_described(invalid)) from invalid
        return Granted(claims, _granted(claims, scopes))

    async def _claims(self, token: str) -> dict[str, Any]:
        header = jwt.get_unverified_header(token)
        if header["alg"] not in ALGORITHMS:
            raise jwt.InvalidAlgorithmError
        key = await self._key(str(header.get("kid")))
        options: Any = {"require": ["exp"], "verify_aud": False}
        claims: dict[str, Any] = jwt.decode(
            token, key.key, algorithms=ALGORITHMS, issuer=self._settings.issuer, options=options
        )
        # AWS: client_id is looked at only where there is no aud, as in Cognito's access tokens.
        audience = claims.get("aud", claims.get("client_id"))
        if not set(self._settings.audience) & set(audience if isinstance(audience, list) else [audience]):
            raise jwt.InvalidAudienceError
        return claims

    async def _key(self, key_id: str) -> jwt.PyJWK:
        if key_id not in self._keys or time.monotonic() > self._keys_until:
            self._keys = {str(key.key_id): key for key in (await self._fetch()).keys}
            self._keys_until = time.monotonic() + KEYS_LAST
        if key_id not in self._keys:
            raise jwt.InvalidKeyError
        return self._keys[key_id]

    async def _fetch(self) -> jwt.PyJWKSet:
        async with httpx.AsyncClient(timeout=ISSUER_SECONDS) as http:
            discovery = f"{self._settings.issuer.rstrip('/')}/.well-known/openid-configuration"
            document = (await http.get(discovery)).raise_for_status().json()
            keys = (await http.get(document["jwks_uri"])).raise_for_status().json()
        return jwt.PyJWKSet.from_dict(keys)


def _granted(claims: dict[str, Any], scopes: tuple[str, ...]) -> tuple[str, ...] | None:
    if not scopes:
        return None
    claim = claims.get("scope", claims.get("scp", ""))
    theirs = claim if isinstance(claim, list) else str(claim).split()
    granted = tuple(scope for scope in scopes if scope in theirs)
    if not granted:
        wanted = " ".join(scopes)
        raise Refused(403, f'Bearer scope="{wanted}" error="insufficient_scope" error_description="{_NO_SCOPE}"')
    return granted


_NO_SCOPE = "the token does not have a required scope"

_DESCRIPTIONS: dict[type[Exception], str] = {
    jwt.ExpiredSignatureError: "the token has expired",
    jwt.ImmatureSignatureError: "the token is not valid yet",
    jwt.InvalidIssuerError: "the token does not have a valid issuer",
    jwt.InvalidAudienceError: "the token does not have a valid audience",
    jwt.InvalidAlgorithmError: "the token's signing method is invalid",
    jwt.InvalidSignatureError: "the token's signature is invalid",
    jwt.InvalidKeyError: "the token's key is not one of the issuer's",
    jwt.MissingRequiredClaimError: "the token has no expiry",
    jwt.DecodeError: "the token is malformed",
}


def _described(invalid: Exception) -> str:
    if isinstance(invalid, httpx.HTTPError):
        return "OIDC discovery endpoint communication error"
    return next((text for kind, text in _DESCRIPTIONS.items() if isinstance(invalid, kind)), "the token is invalid")


def _invalid(description: str) -> Refused:
    return Refused(401, f'Bearer scope="" error="invalid_token" error_description="{description}"')
