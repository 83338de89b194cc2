"""Presets of type `translation`: relayed by an ephemeral key that is minted for the call, at routes of their own."""

import json

from realtime.presets import presets

from tests.conftest import API_KEY, CLAIMS, REQUEST_ID, Invoke, error, event, offer_of
from tests.scripted_upstream import ANSWER_WITH_DATA, HUNG_UP, ScriptedUpstream, created, minted

QUERY = "preset=interpreter&language=ja"
MINTED = minted("translation")
CREATED = created(answer=ANSWER_WITH_DATA)


def test_a_call_is_created_with_a_key_that_is_minted_for_it(session: Invoke, upstream: ScriptedUpstream) -> None:
    upstream.says(MINTED, CREATED)

    assert session(event("session", query=QUERY)) == {
        "statusCode": 201,
        "headers": {
            "content-type": "application/sdp",
            "content-length": str(len(ANSWER_WITH_DATA)),
            "location": "/session/rtc_1",
            "cache-control": "no-store",
            "x-request-id": REQUEST_ID,
        },
        "body": ANSWER_WITH_DATA,
        "isBase64Encoded": False,
    }
    mint, call = upstream.asked
    assert (mint.path, mint.headers["authorization"]) == (
        "/v1/realtime/translations/client_secrets",
        f"Bearer {API_KEY}",
    )
    assert (call.path, call.headers["authorization"]) == ("/v1/realtime/translations/calls", "Bearer ek_test")
    assert (call.headers["content-type"], call.body) == ("application/sdp", offer_of(event("session")))


def test_the_chosen_language_is_the_one_that_is_spoken(session: Invoke, upstream: ScriptedUpstream) -> None:
    upstream.says(MINTED, CREATED)

    session(event("session", query=QUERY))

    sent = json.loads(upstream.asked[0].body)
    assert sent == {
        "expires_after": {"anchor": "created_at", "seconds": 600},
        "session": presets().resolve({"preset": "interpreter", "language": "ja"}).session,
    }
    assert (sent["session"]["audio"]["output"], "type" in sent["session"]) == ({"language": "ja"}, False)


def test_it_takes_no_data_channel_id(session: Invoke, upstream: ScriptedUpstream) -> None:
    response = session(event("session", query="preset=interpreter&dcid=0"))

    assert (response["statusCode"], error(response)["code"], upstream.asked) == (400, "invalid_dcid", [])


def test_a_key_is_minted_at_the_route_of_translation(token: Invoke, upstream: ScriptedUpstream) -> None:
    upstream.says(MINTED)

    response = token(event("token", query=QUERY))

    assert (response["statusCode"], response["body"]) == (200, MINTED.body)
    assert response["headers"]["x-calls-url"] == f"{upstream.url}/realtime/translations/calls"
    assert upstream.paths() == ["/v1/realtime/translations/client_secrets"]


def test_the_caller_is_named_where_the_key_is_minted(session: Invoke, upstream: ScriptedUpstream) -> None:
    upstream.says(MINTED, CREATED)

    session(event("session", query=QUERY, claims=CLAIMS))

    assert ["openai-safety-identifier" in asked.headers for asked in upstream.asked] == [True, False]


def test_an_answer_that_is_no_sdp_is_hung_up_where_calls_of_the_realtime_api_are(
    session: Invoke, upstream: ScriptedUpstream
) -> None:
    upstream.says(MINTED, created(answer="<html>"), HUNG_UP)

    assert session(event("session", query=QUERY))["statusCode"] == 502
    assert upstream.paths()[2:] == ["/v1/realtime/calls/rtc_1/hangup"]
