"""What the upstream's errors mean, and how much of their text may be passed on."""

import json
import re
from collections.abc import Iterable
from typing import Any

import httpx

from realtime.errors import (
    RealtimeError,
    UpstreamCredentials,
    UpstreamFailed,
    UpstreamQuotaExceeded,
    UpstreamRefused,
    UpstreamResponded,
    UpstreamThrottled,
)
from realtime.sdp import private_values
from realtime.telemetry import logger

CLIENT_ERRORS = (400, 409, 422)
"""Statuses that are about our request, and are passed on."""

NO_SUCH_ROUTE = (404, 405, 501)
"""How servers answer requests to an API that they do not have, such as Live. The last two are answered as a 404, since
the client's request was to a route that exists."""

QUOTA = "insufficient_quota"
QUOTA_CODES = (
    QUOTA,
    "credit_balance_exhausted",
    "project_spend_limit_exceeded",
    "organization_spend_limit_exceeded",
    "organization_usage_limit_exceeded",
)
"""The type, and the codes, of an account that has used up what it may spend."""

DEFAULT_RETRY_AFTER = "5"
"""Seconds; for a 429 that does not say when to try again."""

ERROR_FIELDS = ("message", "type", "code", "param")
"""Members of the upstream's `error` object that are passed on; compatible servers have fewer."""

CREDENTIALS_REASONS = {
    "incorrect_hostname": "The API key's project is in another region: set OpenAIBaseUrl to that region's host",
    "unsupported_country_region_territory": "The upstream does not serve the country that the functions run in:"
    " deploy in another region",
    "missing_scope": "The API key may not use this API: give it write access to Realtime",
    "model_not_found": "The API key's project may not use this model: allow it in the project, or set Model",
}
"""What to do about a 401 or 403 that is not about the key itself, by the upstream's code."""

MAX_MESSAGE = 500
"""Characters of the upstream's text that are passed on."""

_MAX_SEARCHED = 5000
"""Characters that are searched for secrets."""

_SECONDS_OR_DATE = re.compile(r"[0-9]{1,9}|[A-Za-z0-9:, ]{29}")
"""RFC 9110, section 10.2.3; anything else could not be sent in a header, or would mislead."""

_KEY = re.compile(r"(?<![A-Za-z0-9])[se]k[-_][\w*.-]+")
_SDP_LINE = re.compile(r"\b[a-z]=[^\s=]\S*[^\r\n]*")


def error_from_response(
    response: httpx.Response, body: bytes, *, key: str, is_ephemeral: bool, offer: bytes
) -> RealtimeError:
    """Turn an upstream error into one of ours.

    Args:
        response: the upstream's response.
        body: its body, whatever its declared type; empty if it did not come in time.
        key: the key that the request was sent with; it is not passed on.
        is_ephemeral: whether that is an ephemeral key, and not the API key.
        offer: the SDP offer that was sent, if any; it is not passed on.

    Returns:
        The error to raise.
    """
    status, secrets = response.status_code, {key, *private_values(offer)}
    fields = _redacted_fields(body, secrets)
    logger.thread_safe_append_keys(upstream_code=fields.get("code"), upstream_message=fields.get("message"))
    if status in (401, 403):
        return _credentials_error(status, fields, is_ephemeral=is_ephemeral)
    if status == 429:
        return _throttled_error(response, fields)
    if status in NO_SUCH_ROUTE:
        fields.setdefault("message", f"The upstream gave no reason (status {status}); it may not have this API.")
        if status != 404:  # its code is not about the call, which a 404 with a code says is over
            fields.pop("code", None)
        return _passed_on(UpstreamRefused, 404, fields)
    if status in CLIENT_ERRORS:
        return _passed_on(UpstreamRefused, status, fields)
    return UpstreamFailed(f"The upstream failed (status {status}); try again.")


def redact(text: str, secrets: Iterable[str] = ()) -> str:
    """Remove what looks like a key or a line of SDP from the upstream's text.

    Args:
        text: the upstream's message, or another of its fields.
        secrets: what else is removed.

    Returns:
        At most MAX_MESSAGE characters.
    """
    text = text.encode(errors="replace").decode()  # JSON can contain surrogates, which no encoding can
    if len(text) > _MAX_SEARCHED:  # cut between two words, so that no secret is cut in two
        text = " ".join(text[:_MAX_SEARCHED].split()[:-1])
    for secret in sorted(secrets, key=len, reverse=True):
        text = text.replace(secret, "[hidden]")
    return _SDP_LINE.sub("[SDP]", _KEY.sub("[key]", text))[:MAX_MESSAGE]


def _credentials_error(status: int, fields: dict[str, str], *, is_ephemeral: bool) -> RealtimeError:
    """Without the upstream's message, which is for the log: it may contain the end of the key."""
    if is_ephemeral:
        return UpstreamFailed(f"The upstream does not accept the ephemeral key that it minted (status {status}).")
    reason = _credentials_reason(fields)
    message = reason or "The upstream does not accept the deployment's API key"
    return UpstreamCredentials(f"{message} (status {status}).", key_refused=status == 401 and not reason)


def _credentials_reason(fields: dict[str, str]) -> str | None:
    if "missing scopes" in fields.get("message", "").lower():
        return CREDENTIALS_REASONS["missing_scope"]
    return CREDENTIALS_REASONS.get(fields.get("code", ""))


def _throttled_error(response: httpx.Response, fields: dict[str, str]) -> RealtimeError:
    if fields.get("type") == QUOTA or fields.get("code") in QUOTA_CODES:
        return _passed_on(UpstreamQuotaExceeded, 429, fields)  # no Retry-After: waiting does not help
    headers = {"Retry-After": _retry_after(response.headers.get("Retry-After"))}
    return _passed_on(UpstreamThrottled, 429, fields, headers)


def _retry_after(given: str | None) -> str:
    return given if given and _SECONDS_OR_DATE.fullmatch(given) else DEFAULT_RETRY_AFTER


def _passed_on(
    kind: type[UpstreamResponded],
    status: int,
    fields: dict[str, str],
    headers: dict[str, str] | None = None,
) -> UpstreamResponded:
    others = {name: fields[name] for name in ("type", "code", "param") if name in fields}
    return kind(fields.get("message") or "The upstream gave no reason.", status=status, headers=headers, **others)


def _redacted_fields(body: bytes, secrets: Iterable[str]) -> dict[str, str]:
    error = _parse_error(body)
    return {name: redact(error[name], secrets) for name in ERROR_FIELDS if isinstance(error.get(name), str)}


def _parse_error(body: bytes) -> dict[str, Any]:
    """Read the `error` object; some compatible servers send a string instead."""
    try:
        content = json.loads(body.decode())
    except (RecursionError, ValueError):
        return {}
    error = content.get("error") if isinstance(content, dict) else None
    return error if isinstance(error, dict) else {"message": error}
