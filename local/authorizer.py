"""The JWT authorizer of HTTP APIs.

Source: https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-jwt-authorizer.html
"""

import time
from collections.abc import Mapping
from typing import Any, NamedTuple

import httpx
import jwt
from pydantic import BaseModel, ValidationError

from local.settings import JwtSettings

ALGORITHMS = ("RS256", "RS384", "RS512")
"""AWS: only RSA-based algorithms are supported."""

KEY_CACHE_SECONDS = 2 * 60 * 60
"""How long the issuer's keys are used before they are fetched again, as on AWS."""

ISSUER_TIMEOUT_SECONDS = 3
"""How long a request to the issuer may take."""


class Unauthorized(Exception):
    """Raised when a token is missing or not valid, or lacks the scope; the challenge has AWS's `error_description`.

    AWS documents the description of a wrong audience on its troubleshooting page. It documents none of the others:
    they are written in the same style.

    Args:
        status: 401, or 403 where only the scope is missing.
        challenge: the value of `www-authenticate`.
    """

    def __init__(self, status: int, challenge: str) -> None:
        super().__init__(challenge)
        self.status = status
        self.challenge = challenge


class IssuerFailed(Exception):
    """Raised when the issuer's keys cannot be fetched."""


class Discovery(BaseModel):
    """The member of an issuer's discovery document that is used.

    Source: https://openid.net/specs/openid-connect-discovery-1_0.html#ProviderMetadata
    """

    jwks_uri: str


class KeySet(BaseModel):
    """An issuer's keys.

    Source: https://datatracker.ietf.org/doc/html/rfc7517#section-5
    """

    keys: list[dict[str, Any]]


class Claims(NamedTuple):
    """The claims of a valid token."""

    values: dict[str, Any]
    scopes: tuple[str, ...] | None
    """The route's scopes that the token has; None where the route requires none."""


class Authorizer:
    """Checks tokens of one issuer.

    Args:
        settings: the authorizer's configuration in the template.
    """

    def __init__(self, settings: JwtSettings) -> None:
        self._settings = settings
        self._keys: dict[str, jwt.PyJWK] = {}
        self._keys_until = 0.0

    async def authorize(self, headers: Mapping[str, str], scopes: tuple[str, ...]) -> Claims:
        """Check the token of a request.

        Args:
            headers: the request's headers.
            scopes: the route's scopes, of which the token must have at least one.

        Returns:
            The token's claims.

        Raises:
            Unauthorized: there is no token, or it is not valid for this API.
        """
        token = headers.get(self._settings.header, "").strip()
        if token[:7].lower() == "bearer ":
            token = token[7:].strip()
        if not token:
            raise Unauthorized(401, "Bearer")
        try:
            claims = await self._decode(token)
        except (jwt.PyJWTError, IssuerFailed) as invalid:
            raise _invalid_token(_description(invalid)) from invalid
        return Claims(claims, _matching_scopes(claims, scopes))

    async def _decode(self, token: str) -> dict[str, Any]:
        header = jwt.get_unverified_header(token)
        if header.get("alg") not in ALGORITHMS:
            raise jwt.InvalidAlgorithmError
        key = await self._key(str(header.get("kid")))
        options: Any = {"require": ["exp"], "verify_aud": False}
        claims: dict[str, Any] = jwt.decode(
            token, key.key, algorithms=ALGORITHMS, issuer=self._settings.issuer, options=options
        )
        # As on AWS, client_id counts only in tokens without aud, such as Cognito's access tokens.
        audience = claims.get("aud", claims.get("client_id"))
        audiences = audience if isinstance(audience, list) else [audience]
        if not any(one in self._settings.audience for one in audiences):
            raise jwt.InvalidAudienceError
        return claims

    async def _key(self, key_id: str) -> jwt.PyJWK:
        if key_id not in self._keys or time.monotonic() > self._keys_until:
            # As on AWS, only RSA keys count.
            self._keys = {str(key.key_id): key for key in await self._fetch_keys() if key.key_type == "RSA"}
            self._keys_until = time.monotonic() + KEY_CACHE_SECONDS
        if key_id not in self._keys:
            raise jwt.InvalidKeyError
        return self._keys[key_id]

    async def _fetch_keys(self) -> list[jwt.PyJWK]:
        discovery = f"{self._settings.issuer.rstrip('/')}/.well-known/openid-configuration"
        try:
            async with httpx.AsyncClient(timeout=ISSUER_TIMEOUT_SECONDS) as http:
                document = Discovery.model_validate_json((await http.get(discovery)).raise_for_status().content)
                keys = (await http.get(document.jwks_uri)).raise_for_status().content
            return jwt.PyJWKSet(KeySet.model_validate_json(keys).keys).keys
        except (httpx.HTTPError, httpx.InvalidURL, ValidationError, jwt.PyJWKSetError) as failed:
            raise IssuerFailed from failed


def _matching_scopes(claims: dict[str, Any], scopes: tuple[str, ...]) -> tuple[str, ...] | None:
    if not scopes:
        return None
    claim = claims.get("scope", claims.get("scp", ""))
    token_scopes = claim if isinstance(claim, list) else str(claim).split()
    matching = tuple(scope for scope in scopes if scope in token_scopes)
    if not matching:
        required = " ".join(scopes)
        raise Unauthorized(403, f'Bearer scope="{required}" error="insufficient_scope" error_description="{_NO_SCOPE}"')
    return matching


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


def _description(invalid: Exception) -> str:
    if isinstance(invalid, IssuerFailed):
        return "OIDC discovery endpoint communication error"
    return next((text for kind, text in _DESCRIPTIONS.items() if isinstance(invalid, kind)), "the token is invalid")


def _invalid_token(description: str) -> Unauthorized:
    return Unauthorized(401, f'Bearer scope="" error="invalid_token" error_description="{description}"')
