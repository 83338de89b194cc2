"""What the upstream's refusals mean, and how much of its words may be passed on."""

import json
import re
from collections.abc import Iterable
from typing import Any

from realtime.errors import (
    RealtimeError,
    UpstreamCredentials,
    UpstreamFailed,
    UpstreamRefused,
    UpstreamResponded,
    UpstreamThrottled,
)
from realtime.offer import private_words

OUR_REQUEST = (400, 404, 409, 422)
RETRY_AFTER = "5"
"""Seconds; what a client is told where the upstream says only that it was too much."""

WORDS = ("message", "type", "code", "param")
"""What is passed on of the object `error` of the upstream's envelope; compatible servers know less of it."""

_SECONDS_OR_DATE = re.compile(r"[0-9]{1,9}|[A-Za-z0-9:, ]{29}")
"""RFC 9110, section 10.2.3; anything else could not even be sent on, or would mislead."""

_KEY = re.compile(r"(?<![A-Za-z0-9])[se]k[-_][\w*.-]+")
_SDP_LINE = re.compile(r"\b[a-z]=[^\s=]\S*[^\r\n]*")


def refusal(status: int, retry_after: str | None, body: bytes, *, key: str, offer: bytes) -> RealtimeError:
    """Say what a refusal means.

    Args:
        status: the upstream's HTTP status.
        retry_after: its header of that name.
        body: its body, of whatever type it is declared to be.
        key: what the request was signed with.
        offer: what was offered, if anything was; of neither is anything passed on.

    Returns:
        The error to raise.
    """
    if status in (401, 403):
        # Its own message can have the end of the key in it.
        return UpstreamCredentials(f"The upstream does not accept the deployment's API key (status {status}).")
    hidden = {key, *private_words(offer)}
    if status == 429:
        later = retry_after if retry_after and _SECONDS_OR_DATE.fullmatch(retry_after) else RETRY_AFTER
        return _as_said(UpstreamThrottled, status, body, hidden, {"Retry-After": later})
    if status in OUR_REQUEST:
        return _as_said(UpstreamRefused, status, body, hidden)
    return UpstreamFailed(f"The upstream failed (status {status}); try again.")


def redacted(words: str, hidden: Iterable[str] = ()) -> str:
    """Take out of the upstream's words what looks like a key or a line of SDP.

    Args:
        words: the upstream's message, or another of its words.
        hidden: what else is taken out.

    Returns:
        At most 500 characters of it.
    """
    words = words.encode(errors="replace").decode()  # JSON can spell what no encoding can
    if len(words) > 5000:  # what nobody will see is not searched, and nothing that is hidden is cut in two
        *whole, cut = words[:5000].split(" ")
        words = " ".join(whole) or cut
    for secret in sorted(hidden, key=len, reverse=True):
        words = words.replace(secret, "[hidden]")
    return _SDP_LINE.sub("[SDP]", _KEY.sub("[key]", words))[:500]


def _as_said(
    kind: type[UpstreamResponded],
    status: int,
    body: bytes,
    hidden: Iterable[str],
    headers: dict[str, str] | None = None,
) -> UpstreamResponded:
    error = _error(body)
    words = {name: redacted(error[name], hidden) for name in WORDS if isinstance(error.get(name), str)}
    message = words.pop("message", "") or "The upstream gave no reason."
    return kind(message, status=status, headers=headers, **words)


def _error(body: bytes) -> dict[str, Any]:
    """Read the upstream's envelope; some compatible servers have a string in the object's place."""
    try:
        said = json.loads(body.decode())
    except (RecursionError, ValueError):
        return {}
    error = said.get("error") if isinstance(said, dict) else None
    return error if isinstance(error, dict) else {"message": error}
