"""What an SDP offer or answer must be, to be relayed.

Only what costs money or opens a door is judged here; the rest is the upstream's to say. Nothing is ever changed:
the upstream refuses an offer that has lost as much as its last line break.
SDP: https://www.rfc-editor.org/rfc/rfc8866
"""

from realtime.errors import InvalidAnswer, InvalidOffer, OfferTooLarge

LARGEST_OFFER = 64 * 1024
"""Bytes; a browser's offer of audio and a data channel has about 6 KiB."""

MEDIA_TYPES = ("application/sdp", "text/plain")


def check_offer(offer: bytes, *, locked: bool) -> None:
    """Refuse an offer that the upstream would refuse, or that the preset does not take.

    Args:
        offer: the request's body, as it came.
        locked: whether the offer may contain one audio section and nothing besides.

    Raises:
        OfferTooLarge: it has more than LARGEST_OFFER bytes.
        InvalidOffer: it is not SDP, has no audio, has lost its last line break, or has more than `locked` takes.
    """
    if len(offer) > LARGEST_OFFER:
        raise OfferTooLarge(f"The offer has {len(offer)} bytes; at most {LARGEST_OFFER} are relayed.")
    if not offer.strip():
        raise InvalidOffer("The body is empty: post the offer's SDP, as `setLocalDescription` made it.")
    media = media_sections(offer)
    if media is None:
        raise InvalidOffer("The body is not SDP: post `offer.sdp` itself, neither JSON nor a form.")
    if "audio" not in media:
        raise InvalidOffer("The offer has no `m=audio`: add a microphone track before `createOffer`.")
    if locked and media != ["audio"]:
        raise InvalidOffer("A locked preset takes one audio track and no data channel: offer exactly one `m=audio`.")
    if not offer.endswith(b"\n"):
        raise InvalidOffer("The offer has lost its last line break: post `offer.sdp` untrimmed.")


def check_answer(answer: bytes, *, locked: bool) -> None:
    """Refuse an answer that a browser could not use, or that would unlock a locked preset.

    Args:
        answer: the upstream's body.
        locked: whether the answer may contain one audio section and nothing besides.

    Raises:
        InvalidAnswer: it is not an SDP answer, or has more than `locked` takes.
    """
    media = media_sections(answer)
    if not media:
        raise InvalidAnswer("The upstream accepted the offer, but what it sent is not an SDP answer.")
    if locked and media != ["audio"]:
        raise InvalidAnswer("The upstream's answer has more than audio: the preset is locked.")


def private_words(offer: bytes) -> set[str]:
    """List what of an offer is nobody else's business: ICE credentials, fingerprints, addresses.

    Args:
        offer: the offer, as it came.

    Returns:
        The words; those of fewer than four characters, which ICE forbids, are left out.
    """
    words = set()
    for line in offer.decode(errors="replace").splitlines():
        if line.startswith(("a=ice-ufrag:", "a=ice-pwd:")):
            words.add(line.partition(":")[2].strip())
        elif line.startswith(("a=candidate:", "a=fingerprint:", "a=rtcp:", "c=", "o=")):
            words.update(word for word in line.split()[1:] if "." in word or ":" in word)
    return {word for word in words if len(word) >= 4}


def media_sections(sdp: bytes) -> list[str] | None:
    """List the media of a session description, in order.

    Args:
        sdp: the session description.

    Returns:
        The first word of each `m=` line (RFC 8866, section 5.14), or None where this is not SDP.
    """
    try:
        # Every line end that any parser might see, so that no `m=` line hides behind an odd one.
        lines = [line.strip() for line in sdp.decode().splitlines()]
    except UnicodeDecodeError:
        return None
    if lines[:1] != ["v=0"]:
        return None
    return [line[2:].split(" ")[0].lower() for line in lines if line[:2].lower() == "m="]
