"""The offer check accepts or refuses every body, and a locked preset stays locked."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from realtime.sdp import check_offer, private_values
from realtime.upstream_errors import redact

from tests.fuzz.offer_check import accepts, check_invariants
from tests.fuzz.offers import CORPUS, broken_offers

MANY_EXAMPLES = settings(max_examples=200, deadline=None)


@pytest.mark.parametrize("client", CORPUS)
def test_the_offer_of_every_client_is_accepted_and_by_a_locked_preset_refused(client: str) -> None:
    check_offer(CORPUS[client], media="any")

    assert not accepts(CORPUS[client], "audio")


@pytest.mark.parametrize("client", CORPUS)
def test_the_offer_of_every_client_is_accepted_by_a_locked_live_preset(client: str) -> None:
    check_offer(CORPUS[client], media="audio and events")


@pytest.mark.parametrize("client", CORPUS)
def test_its_audio_alone_is_accepted_by_a_locked_preset(client: str) -> None:
    check_offer(CORPUS[client].partition(b"m=application")[0], media="audio")


@MANY_EXAMPLES
@given(broken_offers())
def test_a_broken_offer_is_accepted_or_refused(offer: bytes) -> None:
    check_invariants(offer)


@MANY_EXAMPLES
@given(st.binary(max_size=300) | st.text(max_size=300).map(str.encode))
def test_any_other_body_is_accepted_or_refused(body: bytes) -> None:
    check_invariants(body)


@pytest.mark.parametrize("client", CORPUS)
def test_nothing_private_of_an_offer_is_left_in_the_upstreams_message(client: str) -> None:
    offer = CORPUS[client]
    message = redact(
        f"cannot parse: {' ; '.join(offer.decode().splitlines()[::-1]).replace('a=', '')}", private_values(offer)
    )

    assert "cannot parse" in message
    for private in ("FAKE", "not-a-real", "00:00", "192.0.2.", "203.0.113.", "2001:db8", ".local"):
        assert private not in message
