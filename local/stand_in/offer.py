"""What an offer must be, judged as the real API judges it."""

import re

from local.stand_in.errors import ApiError

NEEDED = ("a=ice-ufrag:", "a=ice-pwd:", "a=fingerprint:")


def check_offer(offer: bytes) -> str:
    """Refuse what is no offer.

    Args:
        offer: the SDP as it came: each line ends in CR LF, the last one too.

    Returns:
        The offer as text.

    Raises:
        ApiError: it is not SDP (RFC 8866), or has nothing to answer.
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
    """Drop the candidates: the client's checks tell where it is, and a `.local` name would only cost a second."""
    lines = offer.split("\r\n")
    return "\r\n".join(line for line in lines if not line.startswith(("a=candidate:", "a=end-of-candidates")))


def _check_media(lines: list[str]) -> None:
    if not any(line.startswith("m=audio ") for line in lines):
        raise _not_whip("it has no audio")
    for needed in NEEDED:
        if not any(line.startswith(needed) for line in lines):
            raise _not_whip(f"it has no {needed[2:-1]}")


def _unreadable(reason: str) -> ApiError:
    return ApiError(f"Failed to parse offer: failed to unmarshal SDP: {reason}", code="invalid_offer")


def _not_whip(reason: str) -> ApiError:
    return ApiError(f"Invalid offer: {reason}. Send a WHIP-compliant offer.", code="invalid_offer")
