"""What the upstream's refusals mean, and how much of its words may be passed on."""

import re

from pydantic import BaseModel, ConfigDict, ValidationError

from realtime.errors import (
    RealtimeError,
    UpstreamCredentials,
    UpstreamFailed,
    UpstreamRefused,
    UpstreamResponded,
    UpstreamThrottled,
)

OUR_REQUEST = (400, 404, 409, 422)
RETRY_AFTER = "5"
"""Seconds; what a client is told where the upstream says only that it was too much."""

_KEY = re.compile(r"\b[se]k[-_][\w*.-]+")
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


def refusal(status: int, retry_after: str | None, body: bytes) -> RealtimeError:
    """Say what a refusal means.

    Args:
        status: the upstream's HTTP status.
        retry_after: its header of that name.
        body: its body, of whatever type it is declared to be.

    Returns:
        The error to raise.
    """
    if status in (401, 403):
        # Its own message can have the end of the key in it.
        return UpstreamCredentials(f"The upstream does not accept the deployment's API key (status {status}).")
    if status == 429:
        return _as_said(UpstreamThrottled, status, body, {"Retry-After": retry_after or RETRY_AFTER})
    if status in OUR_REQUEST:
        return _as_said(UpstreamRefused, status, body)
    return UpstreamFailed(f"The upstream failed (status {status}); try again.")


def redacted(message: str) -> str:
    """Take out of the upstream's words what looks like a key or a line of SDP.

    Args:
        message: the upstream's message.

    Returns:
        At most 500 characters of it.
    """
    return _SDP_LINE.sub("[SDP]", _KEY.sub("[key]", message))[:500]


def _as_said(
    kind: type[UpstreamResponded], status: int, body: bytes, headers: dict[str, str] | None = None
) -> UpstreamResponded:
    said = _error(body)
    message = redacted(said.message)
    return kind(message, status=status, code=said.code, type=said.type, param=said.param, headers=headers)


def _error(body: bytes) -> ErrorBody:
    try:
        error = Envelope.model_validate_json(body).error
    except ValidationError:
        return ErrorBody()
    return ErrorBody(message=error) if isinstance(error, str) else error
