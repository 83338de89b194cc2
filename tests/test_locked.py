"""A locked preset: audio alone, whatever the offer and the answer say."""

import json

import pytest
from realtime.presets import presets

from tests.conftest import Invoke, error, event
from tests.scripted_upstream import ANSWER, ANSWER_WITH_DATA, HUNG_UP, ScriptedUpstream, created


def test_a_locked_preset_relays_audio_alone(session: Invoke, upstream: ScriptedUpstream) -> None:
    upstream.says(created())

    assert session(event("session-locked"))["statusCode"] == 201
    assert json.loads(upstream.asked[0].parts()["session"][2]) == presets().resolve({"preset": "private"}).session


@pytest.mark.parametrize("line_end", ["\r\n", "\n", "\r", "\x0b", "\x0c", "\u2028", "\x85"])
def test_a_locked_preset_accepts_no_data_channel_even_after_an_unusual_line_end(
    session: Invoke, upstream: ScriptedUpstream, line_end: str
) -> None:
    offer = ANSWER + f"a=x{line_end}m=application 9 UDP/DTLS/SCTP webrtc-datachannel\r\n"

    response = session(event("session", query="preset=private", body=offer.encode()))

    assert (response["statusCode"], error(response)["code"]) == (400, "invalid_offer")
    assert upstream.asked == []


def test_a_locked_preset_takes_no_media_section_without_a_name(session: Invoke, upstream: ScriptedUpstream) -> None:
    response = session(event("session", query="preset=private", body=f"{ANSWER}m=\r\n".encode()))

    assert (response["statusCode"], error(response)["code"]) == (400, "invalid_offer")
    assert upstream.asked == []


def test_an_answer_that_would_unlock_a_locked_preset_is_hung_up(session: Invoke, upstream: ScriptedUpstream) -> None:
    upstream.says(created(answer=ANSWER_WITH_DATA), HUNG_UP)

    response = session(event("session-locked"))

    assert (response["statusCode"], error(response)["code"]) == (502, "invalid_answer")
    assert error(response)["message"] == "The upstream's answer has more than a locked preset allows."
    assert upstream.paths() == ["/v1/realtime/calls", "/v1/realtime/calls/rtc_1/hangup"]
