"""Who calls: the person as the upstream and the ledger know them, or a page of an allowed origin."""

import hashlib
import hmac
from typing import Any, NamedTuple

from starlette.datastructures import Headers
from starlette.requests import Request

from realtime.errors import OriginNotAllowed
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


def identify_caller(request: Request) -> Caller:
    """Find out who sent a request, and log it.

    Args:
        request: its `aws.event` has the claims of the token that API Gateway has verified.

    Raises:
        OriginNotAllowed: nobody is signed in, and the request comes from a page of another site.
    """
    claims = _claims(request.scope["aws.event"])
    if not claims.get("sub"):
        _check_origin(request.headers)
        caller = Caller(EVERYBODY, None)
    else:
        identifier = _safety_identifier(claims, settings().api_key_secret_id)
        caller = Caller(identifier[:16], identifier)
    logger.append_keys(person=caller.person)
    return caller


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
        key: known to the deployment alone, and never changed: the ARN of its secret.
    """
    issued = f"{claims.get('iss', '')} {claims['sub']}"
    return hmac.new(key.encode(), issued.encode(errors="surrogatepass"), hashlib.sha256).hexdigest()


def _check_origin(headers: Headers) -> None:
    """Refuse a request that a page of another site makes a browser send.

    CORS does not prevent it: a request with a plain media type needs no preflight, and costs money although the page
    cannot read the answer. Clients that are not browsers send neither header.
    Source: https://www.w3.org/TR/fetch-metadata/
    """
    origin, site = headers.get("origin"), headers.get("sec-fetch-site")
    allowed = settings().allowed_origins
    if site == "same-origin" or "*" in allowed or (origin and origin in allowed):
        return
    if origin or site in ("cross-site", "same-site"):
        raise OriginNotAllowed("Pages of this origin may not call: add it to AllowedOrigins, or let people sign in.")
