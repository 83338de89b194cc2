"""What must hold of the offer check, whatever it is given: asserted by Hypothesis and by atheris alike."""

import re

from realtime.errors import InvalidAnswer, InvalidOffer, OfferTooLarge
from realtime.sdp import MAX_OFFER_BYTES, check_answer, check_offer, private_values

# Parsers of SDP end lines at CR and LF alone; the check sees more ends than they do, so it may see more sections.
_MEDIA = re.compile(rb"(?:^|[\r\n])[ \t]*[mM]=[ \t]*([A-Za-z]*)")


def accepts(offer: bytes, *, locked: bool) -> bool:
    """Run the check; nothing but the errors of the table may come out of it."""
    try:
        check_offer(offer, locked=locked)
    except (InvalidOffer, OfferTooLarge):
        return False
    return True


def hold(data: bytes) -> None:
    """Assert that what is accepted is what it should be, by another reading of SDP than the check's own."""
    open_to, locked_to = accepts(data, locked=False), accepts(data, locked=True)
    media = [kind.lower() for kind in _MEDIA.findall(data)]
    assert open_to or not locked_to, "a locked preset takes more than an open one"
    if open_to:
        assert len(data) <= MAX_OFFER_BYTES
        assert data.lstrip().startswith(b"v=0")
        assert data.endswith(b"\n")
        assert b"m=audio" in data.lower()
    if locked_to:
        assert media in ([b"audio"], []), "a locked preset takes more than one audio section"
    assert all(len(word) >= 4 for word in private_values(data))
    try:
        check_answer(data, locked=True)
    except InvalidAnswer:
        return
    assert media in ([b"audio"], [])
