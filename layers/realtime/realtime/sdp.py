"""What an SDP offer or answer must be, to be relayed.

Only what costs money, or would unlock a locked preset, is checked here; the upstream checks the rest. Nothing is
changed: the upstream refuses an offer that lacks even its last line break.
SDP: https://www.rfc-editor.org/rfc/rfc8866
"""

from typing import Literal

from realtime.errors import InvalidAnswer, InvalidOffer, OfferTooLarge

MAX_OFFER_BYTES = 64 * 1024
"""A browser's offer of audio and a data channel has about 6 KiB."""

MEDIA_TYPES = ("application/sdp", "text/plain")

Media = Literal["any", "audio", "audio and events"]
"""What a call may consist of: the last two are one audio section, and in the last one at most one data channel."""

_REASONS = {
    "audio": "A locked preset takes one audio track and no data channel: offer exactly one `m=audio`.",
    "audio and events": "This locked preset takes one audio track and one data channel: offer exactly one `m=audio`,"
    " and no video.",
}


def check_offer(offer: bytes, *, media: Media) -> None:
    """Refuse an offer that the upstream would refuse, or that the preset does not accept.

    Args:
        offer: the request's body, byte for byte.
        media: what the offer may contain.

    Raises:
        OfferTooLarge: it has more than MAX_OFFER_BYTES.
        InvalidOffer: it is not SDP, has no audio, lacks its last line break, or has more than `media` allows.
    """
    if len(offer) > MAX_OFFER_BYTES:
        raise OfferTooLarge(f"The offer has {len(offer)} bytes; at most {MAX_OFFER_BYTES} are relayed.")
    if not offer.strip():
        raise InvalidOffer("The body is empty: post the offer's SDP, as `setLocalDescription` made it.")
    sections = media_sections(offer)
    if sections is None:
        raise InvalidOffer("The body is not SDP: post `offer.sdp` itself, neither JSON nor a form.")
    if "audio" not in sections:
        raise InvalidOffer("The offer has no `m=audio`: add a microphone track before `createOffer`.")
    if not _is_allowed(sections, media):
        raise InvalidOffer(_REASONS[media])
    if not offer.endswith(b"\n"):
        raise InvalidOffer("The offer has lost its last line break: post `offer.sdp` untrimmed.")


def check_answer(answer: bytes, *, media: Media) -> None:
    """Refuse an answer that a browser could not use, or that would unlock a locked preset.

    Args:
        answer: the upstream's body.
        media: what the answer may contain.

    Raises:
        InvalidAnswer: it is not an SDP answer, or has more than `media` allows.
    """
    sections = media_sections(answer)
    if not sections:
        raise InvalidAnswer("The upstream accepted the offer, but what it sent is not an SDP answer.")
    if not _is_allowed(sections, media):
        raise InvalidAnswer("The upstream's answer has more than a locked preset allows.")


def _is_allowed(sections: list[str], media: Media) -> bool:
    if media == "any" or sections == ["audio"]:
        return True
    return media == "audio and events" and sorted(sections) == ["application", "audio"]


def private_values(offer: bytes) -> set[str]:
    """List the values of an offer that no log or error message may contain: ICE credentials, fingerprints, addresses.

    Args:
        offer: the offer, byte for byte.

    Returns:
        The values of at least four characters: shorter ones cannot be ICE credentials, and removing them would garble
        the message.
    """
    values = set()
    for line in offer.decode(errors="replace").splitlines():
        if line.startswith(("a=ice-ufrag:", "a=ice-pwd:")):
            values.add(line.partition(":")[2].strip())
        elif line.startswith(("a=candidate:", "a=fingerprint:", "a=rtcp:", "c=", "o=")):
            values.update(value for value in line.split()[1:] if "." in value or ":" in value)
    return {value for value in values if len(value) >= 4}


def media_sections(sdp: bytes) -> list[str] | None:
    """List the media of a session description, in order.

    Args:
        sdp: the session description.

    Returns:
        The first word of each `m=` line (RFC 8866, section 5.14), or None if this is not SDP.
    """
    try:
        # Every line end that any parser might accept, so that no `m=` line is hidden by an unusual one.
        lines = [line.strip() for line in sdp.decode().splitlines()]
    except UnicodeDecodeError:
        return None
    if lines[:1] != ["v=0"]:
        return None
    return [line[2:].split(" ")[0].lower() for line in lines if line[:2].lower() == "m="]
