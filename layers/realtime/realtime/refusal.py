"""What the upstream's refusals mean, and how much of its words may be passed on."""

import re
from collections.abc import Iterable

from pydantic import BaseModel, ConfigDict, ValidationError

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

_SECONDS_OR_DATE = re.compile(r"[0-9]{1,9}|[A-Za-z0-9:, ]{29}")
"""RFC 9110, section 10.2.3; anything else could not even be sent on, or would mislead."""

_KEY = re.compile(r"(?<![A-Za-z0-9])[se]k[-_][\w*.-]+")
_SDP_LINE = re.compile(r"\b[a-z]=[^\s=]\S*[^\r\n]*")


class ErrorBody(BaseModel):
    """The object `error` of the upstream's envelope; compatible servers know less of it."""

    model_config = ConfigDict(frozen=True)

    message: str = "The upstream gave no reason."
    type: str | None = None
    code: str | None = None
    param: str | None = None


class Envelope(BaseModel):
    """A refusal as the upstream sends it; some compatible servers send a string in the object's place."""

    model_config = ConfigDict(frozen=True)

    error: ErrorBody | str


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
    said = {name: word and redacted(word, hidden) for name, word in _error(body)}
    return kind(said.pop("message"), status=status, headers=headers, **said)


def _error(body: bytes) -> ErrorBody:
    try:
        error = Envelope.model_validate_json(body).error
    except ValidationError:
        return ErrorBody()
    return ErrorBody(message=error) if isinstance(error, str) else error
