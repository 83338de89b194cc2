"""Who calls: the person as the upstream and the ledger know them, or a page of an allowed origin."""

import hashlib
import hmac
from typing import Any, NamedTuple

from starlette.datastructures import Headers
from starlette.requests import Request

from realtime.errors import NotInvited, OriginNotAllowed
from realtime.secret import read_secret
from realtime.settings import settings
from realtime.telemetry import logger

EVERYBODY = "everybody"
"""The person of every caller who is not signed in."""


class Caller(NamedTuple):
    """Whoever sent a request."""

    person: str
    """In the ledger and the log: the first 16 digits of the safety identifier, which tell people apart."""
    safety_identifier: str | None
    """For the upstream: 64 hexadecimal digits; None for a caller who is not signed in."""


async def identify_caller(request: Request) -> Caller:
    """Find out who sent a request, and log it.

    Args:
        request: its `aws.event` has the claims of the token that API Gateway has verified.

    Raises:
        OriginNotAllowed: nobody is signed in, and the request comes from a page of another site.
        NotInvited: the token does not say who the person is, or their e-mail address is not among the allowed ones.
        Misconfigured: the key of the safety identifiers cannot be read.
    """
    claims = _claims(request.scope["aws.event"])
    if claims:
        _check_subject(claims)
        _check_email(claims)
        identifier = _safety_identifier(claims, await get_safety_key())
        caller = Caller(identifier[:16], identifier)
    else:
        _check_origin(request.headers)
        caller = Caller(EVERYBODY, None)
    logger.append_keys(person=caller.person)
    return caller


async def get_safety_key() -> str:
    """Return the key of the safety identifiers; it is never changed, so it is read once.

    Raises:
        Misconfigured: it cannot be read.
    """
    secret_id = settings().safety_key_secret_id
    if secret_id not in _safety_keys:
        remedy = "Deploy again: the template creates it."
        _safety_keys[secret_id] = await read_secret(secret_id, name="safety key", remedy=remedy)
    return _safety_keys[secret_id]


def clear_safety_key() -> None:
    """Forget the key."""
    _safety_keys.clear()


_safety_keys: dict[str, str] = {}
"""By the secret's id."""


def _claims(event: dict[str, Any]) -> dict[str, str]:
    authorizer = event["requestContext"].get("authorizer") or {}
    return authorizer.get("jwt", authorizer).get("claims") or {}


def _safety_identifier(claims: dict[str, str], key: str) -> str:
    """Derive a stable pseudonym of the person.

    The upstream asks for one, to tell a person who abuses it from the others. It must not be able to guess the subject
    from it, so the hash is keyed.
    Source: `OpenAI-Safety-Identifier`, https://developers.openai.com/api/docs/guides/safety-best-practices

    Args:
        claims: of the verified token.
        key: of the deployment alone.
    """
    issued = f"{claims.get('iss', '')} {claims['sub']}"
    return hmac.new(key.encode(), issued.encode(errors="surrogatepass"), hashlib.sha256).hexdigest()


def _check_subject(claims: dict[str, str]) -> None:
    """Refuse a token without `sub`: whoever has it could not be told apart, limited or blocked.

    Some providers leave it out of access tokens, for example Keycloak for a client without the scope `basic`.
    """
    if not claims.get("sub"):
        raise NotInvited("Your token has no claim sub: the provider has to add it to the tokens of this client.")


def _check_email(claims: dict[str, str]) -> None:
    allowed, email = settings().allowed_emails, claims.get("email", "").lower()
    if not allowed:
        return
    if not email:
        raise NotInvited("Your token has no e-mail address: the page has to ask for the scope email.")
    if claims.get("email_verified") != "true":  # anybody can claim an address that nobody has verified
        raise NotInvited("Your e-mail address is not verified: verify it where you sign in.")
    if not allowed & {email, email[email.rfind("@") :]}:
        raise NotInvited("Your e-mail address is not invited: ask whoever runs this service.")


def _check_origin(headers: Headers) -> None:
    """Refuse a request that a page of another site makes a browser send.

    CORS does not prevent it: a request with a plain media type needs no preflight, and costs money although the page
    cannot read the answer. Clients that are not browsers send neither header.
    Source: https://www.w3.org/TR/fetch-metadata/
    """
    origin, site = headers.get("origin"), headers.get("sec-fetch-site")
    if site == "same-origin" or settings().allowed_origins & _allowed_by(origin):
        return
    if origin or site in ("cross-site", "same-site"):
        raise OriginNotAllowed("Pages of this origin may not call: add it to AllowedOrigins, or let people sign in.")


def _allowed_by(origin: str | None) -> set[str]:
    """Return what in `AllowedOrigins` allows an origin: its name, its scheme with any host, or `*`."""
    return {"*", origin, f"{origin.partition('://')[0]}://*"} if origin else {"*"}
