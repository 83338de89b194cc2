"""Checks an offer by the rules of the real API."""

import re

from local.stand_in.errors import ApiError

REQUIRED = ("a=ice-ufrag:", "a=ice-pwd:", "a=fingerprint:")


def check_offer(offer: bytes) -> str:
    """Check an offer.

    Args:
        offer: the SDP as it was sent; every line must end in CR LF, including the last one.

    Returns:
        The offer as text.

    Raises:
        ApiError: it is not SDP (RFC 8866), or it has no audio or lacks an attribute.
    """
    if not offer.endswith(b"\r\n") or re.search(rb"(?<!\r)\n", offer):
        raise _unreadable("EOF")
    try:
        text = offer.decode()
    except UnicodeDecodeError:
        raise _unreadable("sdp: invalid syntax") from None
    lines = text.split("\r\n")[:-1]
    if lines[0] != "v=0" or not all(re.match(r"[a-z]=", line) for line in lines):
        raise _unreadable("sdp: invalid syntax")
    _check_media(lines)
    return text


def without_candidates(offer: str) -> str:
    """Remove the candidates.

    ICE finds the client by its connectivity checks anyway, and resolving a `.local` name would take a second.
    """
    lines = offer.split("\r\n")
    return "\r\n".join(line for line in lines if not line.startswith(("a=candidate:", "a=end-of-candidates")))


def _check_media(lines: list[str]) -> None:
    if not any(line.startswith("m=audio ") for line in lines):
        raise _not_whip("it has no audio")
    for attribute in REQUIRED:
        if not any(line.startswith(attribute) for line in lines):
            raise _not_whip(f"it has no {attribute[2:-1]}")


def _unreadable(reason: str) -> ApiError:
    return ApiError(f"Failed to parse offer: failed to unmarshal SDP: {reason}", code="invalid_offer")


def _not_whip(reason: str) -> ApiError:
    return ApiError(f"Invalid offer: {reason}. Send a WHIP-compliant offer.", code="invalid_offer")
