"""What can go wrong, and how each error is answered.

RealtimeError
├── UnsupportedMediaType    415  the request's body is declared to be something else than SDP
├── InvalidOffer            400  the body is not an SDP offer that can be relayed
├── OfferTooLarge           413  the body is over 64 KiB
├── UnknownPreset           400  no preset of that name
├── ChoiceNotAllowed        400  the preset does not let the client choose that
├── InvalidDcid             400  not a data channel id
├── OriginNotAllowed        403  a page of another site has sent the request
├── NotInvited              403  the person is signed in, but not among the allowed ones
├── PresetLocked            403  an ephemeral key would unlock the preset
├── PresetNotMintable       400  the preset's API has no ephemeral keys
├── EphemeralKeysOff        403  the deployer has turned ephemeral keys off
├── Blocked                 403  the deployer has blocked the person
├── QuotaExceeded           429  a limit of minutes or calls is reached
├── Paused                  503  the deployer has paused calls
├── LedgerUnavailable       503  the limits cannot be checked
├── NotFound                404  no such route, or no call can have that id
├── MethodNotAllowed        405  the route does not have that method
├── UpstreamResponded            the upstream's status and code
│   ├── UpstreamRefused          the upstream found our request wrong
│   ├── UpstreamThrottled   429  a rate limit
│   └── UpstreamQuotaExceeded 429  the account may spend no more
├── UpstreamCredentials     502  the upstream does not accept our API key
├── UpstreamFailed          502  the upstream failed
├── UpstreamUnreachable     502  there is no connection to the upstream, or it broke
├── InvalidAnswer           502  the upstream accepted, but its body cannot be used
├── UpstreamTimeout         504  the upstream took too long
└── Misconfigured           500  the API key, the settings or the presets cannot be used
"""

from collections.abc import Mapping


class RealtimeError(Exception):
    """A failure that becomes an error response.

    Args:
        message: what happened and how to fix it; never contains a secret, an SDP or a token.
        param: name of the request's parameter that caused it.
        headers: additional response headers.

    Attributes:
        status: HTTP status of the response.
        code: machine-readable reason; None only if the upstream gave none.
        type: the upstream's error type; None for ours, which follow from the status.
    """

    status = 500
    code: str | None = None
    type: str | None = None

    def __init__(self, message: str, *, param: str | None = None, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.param = param
        self.headers = headers or {}


class UnsupportedMediaType(RealtimeError):
    """Raised when the Content-Type is neither `application/sdp` nor `text/plain`."""

    status, code = 415, "unsupported_media_type"


class InvalidOffer(RealtimeError):
    """Raised when the body is not an SDP offer with audio, or has media that its preset does not accept."""

    status, code = 400, "invalid_offer"


class OfferTooLarge(RealtimeError):
    """Raised when the body is larger than any browser's offer."""

    status, code = 413, "offer_too_large"


class UnknownPreset(RealtimeError):
    """Raised when no preset has the requested name."""

    status, code = 400, "unknown_preset"


class ChoiceNotAllowed(RealtimeError):
    """Raised when the client chooses something that its preset does not let it choose."""

    status, code = 400, "choice_not_allowed"


class InvalidDcid(RealtimeError):
    """Raised when `dcid` is not an id that a data channel can have, or the preset's API takes none."""

    status, code = 400, "invalid_dcid"


class OriginNotAllowed(RealtimeError):
    """Raised when nobody is signed in, and a page of an origin that is not allowed has sent the request."""

    status, code = 403, "origin_not_allowed"


class NotInvited(RealtimeError):
    """Raised when the person's token has no `sub`, or their e-mail address is not in `AllowedEmails`."""

    status, code = 403, "not_invited"


class PresetLocked(RealtimeError):
    """Raised when an ephemeral key is requested for a locked preset."""

    status, code = 403, "preset_locked"


class PresetNotMintable(RealtimeError):
    """Raised when an ephemeral key is requested for a preset of the Live API, which has none."""

    status, code = 400, "preset_not_mintable"


class EphemeralKeysOff(RealtimeError):
    """Raised when an ephemeral key is requested although `EphemeralKeys` is off."""

    status, code = 403, "ephemeral_keys_off"


class Blocked(RealtimeError):
    """Raised when the deployer has blocked the person."""

    status, code = 403, "blocked"


class QuotaExceeded(RealtimeError):
    """Raised when too few minutes are left, or the person's newer call has replaced this one."""

    status, code = 429, "quota_exceeded"


class Paused(RealtimeError):
    """Raised when the deployer has paused all calls."""

    status, code = 503, "paused"


class LedgerUnavailable(RealtimeError):
    """Raised when the ledger cannot be read or changed; no call begins then."""

    status, code = 503, "ledger_unavailable"


class NotFound(RealtimeError):
    """Raised when no route has the path, or no call can have the id."""

    status, code = 404, "not_found"


class MethodNotAllowed(RealtimeError):
    """Raised when the route exists, but not with this method."""

    status, code = 405, "method_not_allowed"


class UpstreamResponded(RealtimeError):
    """Passes on what the upstream says about our request.

    Args:
        message: the upstream's message, redacted.
        status: its HTTP status.
        code: its error code, if it gave one.
        type: its error type, if it gave one.
        param: the part of the request that it names, if any.
        headers: additional response headers.
    """

    def __init__(
        self,
        message: str,
        *,
        status: int,
        code: str | None = None,
        type: str | None = None,  # noqa: A002 - the member's name in the upstream's JSON
        param: str | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(message, param=param, headers=headers)
        self.status, self.code, self.type = status, code, type


class UpstreamRefused(UpstreamResponded):
    """Raised when the upstream answers 400, 404, 409 or 422, or has no such route."""


class UpstreamThrottled(UpstreamResponded):
    """Raised when the upstream answers 429 because of a rate limit."""

    status = 429


class UpstreamQuotaExceeded(UpstreamResponded):
    """Raised when the upstream answers 429 because the account may spend no more; waiting does not help."""

    status = 429


class UpstreamCredentials(RealtimeError):
    """Raised when the upstream answers 401 or 403 to the API key.

    Args:
        message: what is not accepted, and how to fix it.
        key_refused: whether it is the API key itself, so that a newer one may help.
    """

    status, code = 502, "upstream_credentials"

    def __init__(self, message: str, *, key_refused: bool) -> None:
        super().__init__(message)
        self.key_refused = key_refused


class UpstreamFailed(RealtimeError):
    """Raised when the upstream answers with any other status than success."""

    status, code = 502, "upstream_error"


class UpstreamUnreachable(RealtimeError):
    """Raised when no connection to the upstream can be made, or it breaks."""

    status, code = 502, "upstream_unreachable"


class InvalidAnswer(RealtimeError):
    """Raised when the upstream accepts, but its body is not what was requested."""

    status, code = 502, "invalid_answer"


class UpstreamTimeout(RealtimeError):
    """Raised when the upstream has not answered within `UPSTREAM_TIMEOUT_SECONDS`."""

    status, code = 504, "upstream_timeout"


class Misconfigured(RealtimeError):
    """Raised when the deployer has to fix the API key's secret, the settings or the presets."""

    status, code = 500, "misconfigured"
