"""Recognisable values for every kind of secret, and the requests and replies that might reveal them."""

import json
from collections.abc import Iterator
from typing import Any

from tests.conftest import SDP
from tests.faults.fault import HEAD, aws_error, gigabyte, secret_reply
from tests.scripted_upstream import ANSWER, LOCATION, Reply, minted

API_KEY = "sk-local-marked-api-key-00000000"
EPHEMERAL_KEY = "ek_local_marked_ephemeral_key"
UFRAG, PASSWORD = "MRKD", "marked-ice-password-000"
FINGERPRINT = ":".join(["7E"] * 32)
ADDRESSES = ("192.0.2.77", "198.51.100.77", "2001:db8::77", "marked-host.local")
SUBJECT = "marked.person@example.com"

CREATED = LOCATION | {"x-request-id": "req_upstream"}

ICE = [f"a=ice-ufrag:{UFRAG}", f"a=ice-pwd:{PASSWORD}", f"a=fingerprint:sha-256 {FINGERPRINT}"]
CANDIDATES = [f"a=candidate:1 1 udp 1 {address} 50000 typ host raddr {address} rport 9" for address in ADDRESSES]
OFFER = "\r\n".join([ANSWER.strip(), *ICE, *CANDIDATES, "m=application 9 UDP/DTLS/SCTP webrtc-datachannel", ""])
LOCKED = OFFER.partition("m=application")[0]

SECRETS = (API_KEY, EPHEMERAL_KEY, PASSWORD, FINGERPRINT, *ADDRESSES, SUBJECT)
"""What must not be revealed; the test adds the bearer token, and looks for the ufrag as a whole word."""

MINTED = minted(value=EPHEMERAL_KEY)

# An upstream's message that repeats everything it was sent: whole, in parts, and in every field that is passed on.
ABOUT_KEYS = f"Incorrect key {API_KEY}, 'Bearer {API_KEY}' or {EPHEMERAL_KEY}"
ABOUT_OFFERS = f"{ABOUT_KEYS} for {' and '.join(ICE + CANDIDATES)}; ufrag '{UFRAG}', {PASSWORD} {' '.join(ADDRESSES)}"


def error_bodies(text: str) -> list[str]:
    """Return an upstream's error with a text: as OpenAI writes it, as a string, in every field, and not as JSON."""
    word = text.rpartition(" ")[2]
    fields = {"message": OFFER if UFRAG in text else text, "type": API_KEY, "code": f"bad_{word}", "param": word}
    return [*(json.dumps({"error": error}) for error in ({"message": text}, text, fields)), text]


def upstream_replies(text: str) -> Iterator[list[Reply]]:
    """Return what the upstream may reply, each with the text in it."""
    yield [Reply(201, OFFER, CREATED)]
    yield [MINTED]
    for status in (302, 400, 401, 403, 404, 409, 422, 429, 500):
        for body in error_bodies(text)[: None if status in (400, 429) else 1]:
            yield [Reply(status, body, {"Location": f"/{API_KEY}", "Retry-After": API_KEY})]
    yield [Reply(201, text, CREATED), Reply(500, text)]
    yield [Reply(200, json.dumps({"value": EPHEMERAL_KEY, "expires_at": API_KEY}))]
    yield [Reply(201, OFFER, CREATED | {"Content-Length": "9999", "Connection": "close"}), Reply(200, "")]
    yield [Reply(raw=[OFFER.encode()])]
    yield [Reply(201, raw=gigabyte(HEAD + OFFER.encode()), headers=CREATED), Reply(200, "")]


def requests(token: str) -> Iterator[dict[str, Any]]:
    """Return valid requests: all routes, all kinds of preset."""
    headers = SDP | {"Authorization": f"Bearer {token}"}
    for path, offer in (
        ("/session", OFFER),
        ("/session?preset=private", LOCKED),
        ("/session?preset=transcriber", OFFER),
    ):
        yield {"method": "POST", "url": path, "headers": headers, "content": offer}
    yield {"method": "GET", "url": "/token", "headers": headers}
    yield {"method": "DELETE", "url": "/session/rtc_1", "headers": headers}


def invalid_requests(token: str) -> Iterator[dict[str, Any]]:
    """Return requests that are refused before the upstream is asked."""
    headers = SDP | {"Authorization": f"Bearer {token}"}
    for content in ("", OFFER.strip(), OFFER[5:], json.dumps({"sdp": OFFER}), OFFER * 200):
        yield {"method": "POST", "url": "/session", "headers": headers, "content": content}
    yield {"method": "POST", "url": "/session", "headers": headers | {"Content-Type": PASSWORD}, "content": OFFER}
    for query in ("preset=private", f"preset={PASSWORD}", f"voice={PASSWORD}", f"dcid={PASSWORD}"):
        yield {"method": "POST", "url": f"/session?{query}", "headers": headers, "content": OFFER}
    yield {"method": "GET", "url": "/token?preset=private", "headers": headers}
    yield {"method": "POST", "url": "/session", "headers": headers | {"Authorization": f"Bearer {token[:-9]}"}}
    yield {"method": "GET", "url": "/no-such-route", "headers": headers}


def secrets_manager_replies() -> Iterator[list[Reply]]:
    """Return what Secrets Manager may reply; the last reply is the key."""
    yield [aws_error(400, "AccessDeniedException", "not authorized")]
    yield [Reply(200, json.dumps({"SecretString": API_KEY})[:-9])]
    yield [Reply(200, json.dumps({"Secret": API_KEY}))]
    yield [secret_reply(f"{API_KEY} {API_KEY}")]
    yield [secret_reply(json.dumps({"OPENAI_KEY": API_KEY}))]
    yield [secret_reply(API_KEY)]
