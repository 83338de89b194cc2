"""Who calls, as far as the upstream is told."""

import hashlib
import hmac
from typing import Any

EVERYBODY = "everybody"
"""The person of every caller who is not signed in."""


def safety_identifier(event: dict[str, Any], key: str) -> str | None:
    """Derive a stable pseudonym of the person from the verified token.

    The upstream asks for one, to tell a person who abuses it from the others. It must not be able to guess the subject
    from it, so the hash is keyed.
    Source: `OpenAI-Safety-Identifier`, https://developers.openai.com/api/docs/guides/safety-best-practices

    Args:
        event: API Gateway's event, payload format 2.0 or 1.0.
        key: known to the deployment alone, and never changed: the ARN of its secret.

    Returns:
        64 hexadecimal digits, or None if the caller is not known.
    """
    authorizer = event["requestContext"].get("authorizer") or {}
    claims = authorizer.get("jwt", authorizer).get("claims") or {}
    subject = claims.get("sub")
    if not subject:
        return None
    issued = f"{claims.get('iss', '')} {subject}"
    return hmac.new(key.encode(), issued.encode(errors="surrogatepass"), hashlib.sha256).hexdigest()


def person_id(identifier: str | None) -> str:
    """Return the name of a person in the ledger and the log.

    Args:
        identifier: the safety identifier.

    Returns:
        Its first 16 digits, which are enough to tell people apart; one name for all who are not signed in.
    """
    return identifier[:16] if identifier else EVERYBODY
