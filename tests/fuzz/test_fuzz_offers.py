"""Whatever the body is, the offer check takes it or refuses it, and a locked preset stays locked."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from realtime.sdp import check_offer, private_values
from realtime.upstream_errors import redact

from tests.fuzz.offer_check import accepts, hold
from tests.fuzz.offers import CORPUS, broken_offers

OFTEN = settings(max_examples=200, deadline=None)


@pytest.mark.parametrize("client", CORPUS)
def test_the_offer_of_every_client_is_taken_and_by_a_locked_preset_is_not(client: str) -> None:
    check_offer(CORPUS[client], locked=False)

    assert not accepts(CORPUS[client], locked=True)


@pytest.mark.parametrize("client", CORPUS)
def test_its_audio_alone_is_taken_by_a_locked_preset(client: str) -> None:
    check_offer(CORPUS[client].partition(b"m=application")[0], locked=True)


@OFTEN
@given(broken_offers())
def test_a_broken_offer_is_taken_or_refused(offer: bytes) -> None:
    hold(offer)


@OFTEN
@given(st.binary(max_size=300) | st.text(max_size=300).map(str.encode))
def test_so_is_anything_else(body: bytes) -> None:
    hold(body)


@pytest.mark.parametrize("client", CORPUS)
def test_nothing_private_of_an_offer_is_left_in_the_upstreams_words(client: str) -> None:
    offer = CORPUS[client]
    told = redact(
        f"cannot parse: {' ; '.join(offer.decode().splitlines()[::-1]).replace('a=', '')}", private_values(offer)
    )

    assert "cannot parse" in told
    for private in ("FAKE", "not-a-real", "00:00", "192.0.2.", "203.0.113.", "2001:db8", ".local"):
        assert private not in told
