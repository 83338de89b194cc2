"""Offers as real clients make them, and offers that are broken at random.

Those of Chromium, the Agents SDK (in Chromium), Firefox and aiortc were recorded here; Safari's was assembled from
public sources. What could identify a person has been replaced; the addresses are those of RFC 5737 and RFC 3849.
"""

from pathlib import Path

from hypothesis import strategies as st

CORPUS = {file.stem: file.read_bytes() for file in sorted((Path(__file__).parent / "corpus").glob("*.sdp"))}

LINE_ENDS = ["\r\n", "\n", "\r", "\v", "\f", "\x1c", "\x85", "\u2028", "\u2029", "\0", " ", "\t", ""]
ODD_LINES = [
    "m=application 9 UDP/DTLS/SCTP webrtc-datachannel",
    "m=audio 9 RTP/AVP 0",
    "M=video 9 X 1",
    "v=0",
    "m=",
    "=",
    "",
]


@st.composite
def broken_offers(draw: st.DrawFn) -> bytes:
    """Draw an offer with lines removed, inserted, repeated, reordered or cut, other line ends, and other bytes."""
    lines = draw(st.sampled_from(list(CORPUS.values()))).decode().splitlines()
    for _ in range(draw(st.integers(0, 4))):
        index = draw(st.integers(0, len(lines) - 1)) if lines else 0
        inserted = draw(st.sampled_from(ODD_LINES) | st.text(max_size=20))
        start = lines[index][: draw(st.integers(0, 20))] if lines else ""
        lines[index : index + draw(st.integers(0, 3))] = draw(
            st.sampled_from([[], [inserted], [inserted, start], [start, *lines[:3]]])
        )
    end = draw(st.sampled_from(LINE_ENDS))
    offer = bytearray("".join(line + (end if draw(st.integers(0, 9)) == 0 else "\r\n") for line in lines).encode())
    for _ in range(draw(st.integers(0, 2)) if offer else 0):
        offer[draw(st.integers(0, len(offer) - 1))] = draw(st.integers(0, 255))
    return bytes(offer)
