"""What can go wrong, and the one table that says how it is answered.

RealtimeError
├── InvalidOffer            the body is not an SDP offer that we relay
├── OfferTooLarge           the body is over 64 KiB
├── UnsupportedMediaType    the body is declared to be something else
├── UnknownPreset           no preset of that name
├── ChoiceNotAllowed        the preset leaves that to the server
├── InvalidDcid             not a data channel id
├── PresetLocked            an ephemeral key would unlock the preset
├── NotFound                no such route
├── MethodNotAllowed        the route has no such method
├── UpstreamRefused         the upstream found our request wrong
├── UpstreamThrottled       the upstream has had enough
├── UpstreamCredentials     the upstream does not take our API key
├── UpstreamFailed          the upstream failed
├── UpstreamUnreachable     the upstream could not be reached, or hung up on us
├── InvalidAnswer           the upstream accepted, with something that is not an answer
├── UpstreamTimeout         the upstream took too long
└── Misconfigured           the API key, the settings or the presets are not usable
"""

from collections.abc import Mapping
from typing import NamedTuple


class RealtimeError(Exception):
    """A failure that has a row in the table.

    Args:
        message: what happened and what mends it, for the person who reads it; never a secret, an SDP or a token.
        param: the name of the request's part that is to blame.
        headers: what the response says besides.
    """

    status = 502
    code: str | None = None
    type: str | None = None

    def __init__(self, message: str, *, param: str | None = None, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.param = param
        self.headers = headers or {}


class InvalidOffer(RealtimeError):
    """Raised when the body is not an SDP offer with audio, or has more than its preset takes."""


class OfferTooLarge(RealtimeError):
    """Raised when the body is larger than any offer is."""


class UnsupportedMediaType(RealtimeError):
    """Raised when the body is declared to be neither `application/sdp` nor `text/plain`."""


class UnknownPreset(RealtimeError):
    """Raised when no preset has the name that the client gave."""


class ChoiceNotAllowed(RealtimeError):
    """Raised when the client chooses what its preset does not let it choose."""


class InvalidDcid(RealtimeError):
    """Raised when `dcid` is not the id that a data channel can have."""


class PresetLocked(RealtimeError):
    """Raised when an ephemeral key is asked of a preset that only the server may configure."""


class NotFound(RealtimeError):
    """Raised when no route has that path, or no call can have that id."""


class MethodNotAllowed(RealtimeError):
    """Raised when the route exists, but not with that method."""


class UpstreamResponded(RealtimeError):
    """Carries what the upstream itself said of our request.

    Args:
        message: the upstream's own message, redacted.
        status: its HTTP status.
        code: its error code, if it gave one.
        type: its error type, if it gave one.
        param: the part of the request that it blames, if it does.
        headers: what the response says besides.
    """

    def __init__(
        self,
        message: str,
        *,
        status: int,
        code: str | None = None,
        type: str | None = None,  # noqa: A002 - the wire's word
        param: str | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(message, param=param, headers=headers)
        self.status, self.code, self.type = status, code, type


class UpstreamRefused(UpstreamResponded):
    """Raised when the upstream answers 400, 404, 409 or 422: our request is at fault."""


class UpstreamThrottled(UpstreamResponded):
    """Raised when the upstream answers 429: a rate limit, or the quota is used up."""


class UpstreamCredentials(RealtimeError):
    """Raised when the upstream answers 401 to the key read afresh, or 403."""


class UpstreamFailed(RealtimeError):
    """Raised when the upstream answers with a status that is none of the others."""


class UpstreamUnreachable(RealtimeError):
    """Raised when no connection to the upstream could be made, or it broke."""


class InvalidAnswer(RealtimeError):
    """Raised when the upstream accepts, but what it sends is not what was asked for."""


class UpstreamTimeout(RealtimeError):
    """Raised when the upstream has not answered within `UPSTREAM_TIMEOUT_SECONDS`."""


class Misconfigured(RealtimeError):
    """Raised when the deployment cannot work: the deployer must mend it, not the client."""


class Row(NamedTuple):
    """How an error is answered; None where the error carries the upstream's own word."""

    status: int | None
    code: str | None


TABLE: dict[type[RealtimeError], Row] = {
    InvalidOffer: Row(400, "invalid_offer"),
    OfferTooLarge: Row(413, "offer_too_large"),
    UnsupportedMediaType: Row(415, "unsupported_media_type"),
    UnknownPreset: Row(400, "unknown_preset"),
    ChoiceNotAllowed: Row(400, "choice_not_allowed"),
    InvalidDcid: Row(400, "invalid_dcid"),
    PresetLocked: Row(403, "preset_locked"),
    NotFound: Row(404, "not_found"),
    MethodNotAllowed: Row(405, "method_not_allowed"),
    UpstreamRefused: Row(None, None),
    UpstreamThrottled: Row(429, None),
    UpstreamCredentials: Row(502, "upstream_credentials"),
    UpstreamFailed: Row(502, "upstream_error"),
    UpstreamUnreachable: Row(502, "upstream_unreachable"),
    InvalidAnswer: Row(502, "invalid_answer"),
    UpstreamTimeout: Row(504, "upstream_timeout"),
    Misconfigured: Row(500, "misconfigured"),
}
