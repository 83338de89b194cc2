"""What must be true of the offer check for every input; Hypothesis and atheris both assert it."""

import re
from collections import Counter

from realtime.errors import InvalidAnswer, InvalidOffer, OfferTooLarge
from realtime.sdp import MAX_OFFER_BYTES, Media, check_answer, check_offer, private_values

# Parsers of SDP end lines at CR and LF alone; the check sees more ends than they do, so it may see more sections.
_MEDIA = re.compile(rb"(?:^|[\r\n])[ \t]*[mM]=[ \t]*([A-Za-z]*)")

LIVE = Counter([b"application", b"audio"])


def accepts(offer: bytes, media: Media) -> bool:
    """Run the check; it may raise the errors of the error table and no others."""
    try:
        check_offer(offer, media=media)
    except (InvalidOffer, OfferTooLarge):
        return False
    return True


def check_invariants(data: bytes) -> None:
    """Assert what an accepted offer contains, with a second parser of SDP that shares nothing with the check."""
    open_to, locked_to, live_to = accepts(data, "any"), accepts(data, "audio"), accepts(data, "audio and events")
    media = [kind.lower() for kind in _MEDIA.findall(data)]
    assert open_to or not live_to, "a locked preset accepts an offer that an open one does not"
    assert live_to or not locked_to, "a locked live preset does not accept audio alone"
    if open_to:
        assert len(data) <= MAX_OFFER_BYTES
        assert data.lstrip().startswith(b"v=0")
        assert data.endswith(b"\n")
        assert b"m=audio" in data.lower()
    if locked_to:
        assert media in ([b"audio"], []), "a locked preset accepts more than one audio section"
    if live_to:
        assert Counter(media) <= LIVE, "a locked live preset accepts more than audio and events"
    assert all(len(word) >= 4 for word in private_values(data))
    try:
        check_answer(data, media="audio")
    except InvalidAnswer:
        return
    assert media in ([b"audio"], [])
