"""What of the upstream's errors is passed on: its fields, without any key or private value of the offer."""

import json
from typing import Any

import pytest
from realtime.sdp import private_values
from realtime.upstream_errors import redact

from tests.conftest import API_KEY, REQUEST_ID, Invoke, error, event
from tests.scripted_upstream import Reply, ScriptedUpstream, minted

PRIVATE = {
    "a=ice-ufrag:UFRG": ["UFRG"],
    "a=ice-pwd:of-the-offer": ["of-the-offer"],
    "a=fingerprint:sha-256 AA:BB:CC": ["AA:BB:CC"],
    "a=candidate:1 1 udp 1 192.0.2.17 50000 typ srflx raddr 2001:db8::17 rport 9": ["192.0.2.17", "2001:db8::17"],
    "a=rtcp:9 IN IP4 192.0.2.18": ["192.0.2.18"],
    "c=IN IP4 192.0.2.19": ["192.0.2.19"],
    "o=- 1 1 IN IP4 192.0.2.20": ["192.0.2.20"],
}
"""Lines of an offer, and what of each must not be passed on."""

OFFER = "\r\n".join(["v=0", *PRIVATE, "m=audio 9 UDP/TLS/RTP/SAVPF 111", "a=ice-ufrag:ab", ""]).encode()


@pytest.mark.parametrize("value", [value for values in PRIVATE.values() for value in values])
def test_no_private_value_of_the_offer_is_passed_on(session: Invoke, upstream: ScriptedUpstream, value: str) -> None:
    upstream.refuses(400, "invalid_offer", f"cannot use {value} here")

    assert error(session(event("session", body=OFFER)))["message"] == "cannot use [hidden] here"


def test_nor_if_the_offer_was_sent_with_an_ephemeral_key(session: Invoke, upstream: ScriptedUpstream) -> None:
    refused = {"error": {"message": "cannot use ek_test for of-the-offer"}}
    upstream.says(minted("transcription"), Reply(400, json.dumps(refused)))

    response = session(event("session", query="preset=transcriber", body=OFFER))

    assert error(response)["message"] == "cannot use [hidden] for [hidden]"


def test_nor_if_the_offer_was_sent_to_the_live_api(session: Invoke, upstream: ScriptedUpstream) -> None:
    upstream.refuses(400, "invalid_offer", "cannot use of-the-offer here")

    response = session(event("session", query="preset=live", body=OFFER))

    assert error(response)["message"] == "cannot use [hidden] here"


def test_only_private_values_of_four_characters_or_more_are_removed() -> None:
    assert private_values(OFFER) == {value for values in PRIVATE.values() for value in values}


def test_private_values_are_found_in_an_offer_that_is_not_utf_8() -> None:
    assert private_values(b"a=ice-pwd:of-the-offer\r\ns=\xff\r\n") == {"of-the-offer"}


def test_a_private_value_may_have_a_colon() -> None:
    assert private_values(b"a=ice-pwd:one:two\r\n") == {"one:two"}


@pytest.mark.parametrize("part", ["192.0.2.1", "2.0.2.17"])
def test_a_value_is_removed_whole_if_another_is_a_part_of_it(part: str) -> None:
    assert redact(f"at 192.0.2.17 and {part}", [part, "192.0.2.17"]) == "at [hidden] and [hidden]"


@pytest.mark.parametrize(
    ("text", "redacted"),
    [
        (f"Incorrect key {API_KEY}.", "Incorrect key [key]"),
        ("Incorrect key ek_abc-123, sk-***abc", "Incorrect key [key], [key]"),
        ("a task-based risk_score", "a task-based risk_score"),
        ("bad line a=mid:0 in it\nand m=audio 9", "bad line [SDP]\nand [SDP]"),
        ("the value is x = 5, y= 6 or model=gpt", "the value is x = 5, y= 6 or model=gpt"),
        ("\ud800", "?"),
        ("x" * 501, "x" * 500),
        ("y" * 6000, ""),
    ],
)
def test_what_looks_like_a_key_or_like_sdp_is_removed(text: str, redacted: str) -> None:
    assert redact(text) == redacted


@pytest.mark.parametrize("status", [404, 405, 501])
def test_an_upstream_that_says_nothing_of_a_missing_route_may_not_have_the_api(
    session: Invoke, upstream: ScriptedUpstream, status: int
) -> None:
    upstream.says(Reply(status, ""))

    response = session(event("session"))

    assert (response["statusCode"], error(response)["message"]) == (
        404,
        f"The upstream gave no reason (status {status}); it may not have this API.",
    )


@pytest.mark.parametrize("space", [" ", "\n"])
def test_no_secret_is_cut_in_two(space: str) -> None:
    text = space.join([f"sk-{'y' * 4980}", "and", "0123456789-a-secret", "word"])
    assert text[:5000].endswith("0123456789-a")

    assert redact(text, ["0123456789-a-secret"]) == "[key] and"


@pytest.mark.parametrize(
    ("body", "passed_on"),
    [
        ({"error": "no such model"}, ("no such model", None, None)),
        ({"error": {"message": "no", "code": "a_code", "param": "model"}}, ("no", "a_code", "model")),
        ({"error": {"message": ["no"], "code": 5, "param": None}}, ("The upstream gave no reason.", None, None)),
        ({"error": {"message": ""}}, ("The upstream gave no reason.", None, None)),
        ({"detail": "no"}, ("The upstream gave no reason.", None, None)),
        (["no"], ("The upstream gave no reason.", None, None)),
        ("no", ("The upstream gave no reason.", None, None)),
    ],
)
def test_the_fields_of_an_error_are_passed_on_as_far_as_they_are_text(
    session: Invoke, upstream: ScriptedUpstream, body: Any, passed_on: tuple[str, str | None, str | None]
) -> None:
    upstream.says(Reply(400, json.dumps(body)))

    response = error(session(event("session")))

    assert (response["message"], response["code"], response["param"]) == passed_on
    assert response["type"] == "invalid_request_error"


@pytest.mark.parametrize(
    ("given", "relayed"),
    [
        ("0", "0"),
        ("120", "120"),
        ("Sun, 22 Nov 2026 12:00:00 GMT", "Sun, 22 Nov 2026 12:00:00 GMT"),
        ("1.5", "5"),
        ("-1", "5"),
        ("soon", "5"),
        ("9" * 99, "5"),
    ],
)
def test_a_valid_retry_after_is_relayed_and_an_invalid_one_replaced(
    session: Invoke, upstream: ScriptedUpstream, given: str, relayed: str
) -> None:
    upstream.says(Reply(429, "", {"Retry-After": given}))

    assert session(event("session"))["headers"]["retry-after"] == relayed


@pytest.mark.parametrize(
    "text", ['"\\ud800"', '"\\u0000\\u001b[31m"', '{"message": 5}', "[]", "null", '"' + "x" * 9999 + '"']
)
def test_an_unusual_error_body_of_the_upstream_becomes_a_message_of_limited_length(
    session: Invoke, upstream: ScriptedUpstream, text: str
) -> None:
    upstream.says(Reply(400, f'{{"error": {text}}}'))

    response = session(event("session"))

    assert response["statusCode"] == 400
    assert 0 < len(error(response)["message"]) <= 500


@pytest.mark.parametrize(
    "code",
    [
        "insufficient_quota",
        "credit_balance_exhausted",
        "project_spend_limit_exceeded",
        "organization_spend_limit_exceeded",
        "organization_usage_limit_exceeded",
        "a_code_that_is_new",
    ],
)
def test_an_account_that_may_spend_no_more_is_not_asked_to_wait(
    session: Invoke, upstream: ScriptedUpstream, capsys: pytest.CaptureFixture[str], code: str
) -> None:
    sent = {"message": "pay first", "type": "insufficient_quota", "code": code}
    upstream.says(Reply(429, json.dumps({"error": sent}), {"Retry-After": "17"}))

    response = session(event("session"))

    assert (response["statusCode"], error(response)["code"]) == (429, code)
    assert "retry-after" not in response["headers"]
    assert '"code":"insufficient_quota","Errors":[1.0]' in capsys.readouterr().out


def test_nothing_of_the_key_or_the_sdp_is_in_the_upstreams_message(session: Invoke, upstream: ScriptedUpstream) -> None:
    message = f"Failed to parse offer: bad line 'a=ice-pwd:verysecret' in v=0 for {API_KEY} and ek_abc123"
    upstream.refuses(400, "invalid_offer", message)

    assert error(session(event("session"))) == {
        "message": "Failed to parse offer: bad line '[SDP]",
        "type": "invalid_request_error",
        "code": "invalid_offer",
        "param": None,
        "request_id": REQUEST_ID,
    }


def test_a_key_without_the_usual_prefix_is_not_in_the_upstreams_message_either(
    session: Invoke, upstream: ScriptedUpstream, secrets: Any
) -> None:
    secrets.put_secret_value(SecretId="openai-api-key", SecretString="0123456789abcdef-of-azure")
    upstream.refuses(400, "bad_request", "The key 0123456789abcdef-of-azure has no access to this model")

    assert error(session(event("session")))["message"] == "The key [hidden] has no access to this model"
