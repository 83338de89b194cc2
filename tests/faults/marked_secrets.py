"""Recognisable values in every place that has a secret in real life, and all the traffic that might carry them out."""

import json
from collections.abc import Iterator
from typing import Any

from tests.error_rows import SDP
from tests.faults.fault import HEAD, aws_error, flood, holding
from tests.scripted_upstream import ANSWER, Reply

API_KEY = "sk-local-planted-api-key-00000000"
EPHEMERAL_KEY = "ek_local_planted_ephemeral_key"
UFRAG, PASSWORD = "PLNT", "planted-ice-password-000"
FINGERPRINT = ":".join(["7E"] * 32)
ADDRESSES = ("192.0.2.77", "198.51.100.77", "2001:db8::77", "planted-host.local")
SUBJECT = "planted.person@example.com"

CREATED = {"Location": "/v1/realtime/calls/rtc_1", "x-request-id": "req_upstream"}

ICE = [f"a=ice-ufrag:{UFRAG}", f"a=ice-pwd:{PASSWORD}", f"a=fingerprint:sha-256 {FINGERPRINT}"]
CANDIDATES = [f"a=candidate:1 1 udp 1 {address} 50000 typ host raddr {address} rport 9" for address in ADDRESSES]
OFFER = "\r\n".join([ANSWER.strip(), *ICE, *CANDIDATES, "m=application 9 UDP/DTLS/SCTP webrtc-datachannel", ""])
LOCKED = OFFER.partition("m=application")[0]

SECRETS = (API_KEY, EPHEMERAL_KEY, PASSWORD, FINGERPRINT, *ADDRESSES, SUBJECT)
"""What nobody may see; the bearer token is made by the test, and the ufrag is looked for as a word."""

MINTED = json.dumps({"value": EPHEMERAL_KEY, "expires_at": 1, "session": {"type": "realtime"}})

# All that was sent, in the upstream's own words: whole, in pieces, and in every member that is passed on.
ABOUT_KEYS = f"Incorrect key {API_KEY}, 'Bearer {API_KEY}' or {EPHEMERAL_KEY}"
ABOUT_OFFERS = f"{ABOUT_KEYS} for {' and '.join(ICE + CANDIDATES)}; ufrag '{UFRAG}', {PASSWORD} {' '.join(ADDRESSES)}"


def gossip(told: str) -> list[str]:
    """The upstream's words as an error of its own, as a compatible server's, in its members, and as no JSON."""
    word = told.rpartition(" ")[2]
    members = {"message": OFFER if UFRAG in told else told, "type": API_KEY, "code": f"bad_{word}", "param": word}
    return [*(json.dumps({"error": error}) for error in ({"message": told}, told, members)), told]


def upstreams(told: str) -> Iterator[list[Reply]]:
    """What the upstream does to a request, of which it tells all it knows."""
    yield [Reply(201, OFFER, CREATED)]
    yield [Reply(200, MINTED)]
    for status in (302, 400, 401, 403, 404, 409, 422, 429, 500):
        for words in gossip(told)[: None if status in (400, 429) else 1]:
            yield [Reply(status, words, {"Location": f"/{API_KEY}", "Retry-After": API_KEY})]
    yield [Reply(201, told, CREATED), Reply(500, told)]
    yield [Reply(200, json.dumps({"value": EPHEMERAL_KEY, "expires_at": API_KEY}))]
    yield [Reply(201, OFFER, CREATED | {"Content-Length": "9999", "Connection": "close"}), Reply(200, "")]
    yield [Reply(raw=[OFFER.encode()])]
    yield [Reply(201, raw=flood(HEAD + OFFER.encode()), headers=CREATED), Reply(200, "")]


def requests(token: str) -> Iterator[dict[str, Any]]:
    """What clients ask: both routes, all presets, and each refusal of our own."""
    headers = SDP | {"Authorization": f"Bearer {token}"}
    for path, offer in (
        ("/session", OFFER),
        ("/session?preset=private", LOCKED),
        ("/session?preset=transcriber", OFFER),
    ):
        yield {"method": "POST", "url": path, "headers": headers, "content": offer}
    yield {"method": "GET", "url": "/token", "headers": headers}
    yield {"method": "DELETE", "url": "/session/rtc_1", "headers": headers}


def refused_requests(token: str) -> Iterator[dict[str, Any]]:
    """What we refuse ourselves."""
    headers = SDP | {"Authorization": f"Bearer {token}"}
    for content in ("", OFFER.strip(), OFFER[5:], json.dumps({"sdp": OFFER}), OFFER * 200):
        yield {"method": "POST", "url": "/session", "headers": headers, "content": content}
    yield {"method": "POST", "url": "/session", "headers": headers | {"Content-Type": PASSWORD}, "content": OFFER}
    for query in ("preset=private", f"preset={PASSWORD}", f"voice={PASSWORD}", f"dcid={PASSWORD}"):
        yield {"method": "POST", "url": f"/session?{query}", "headers": headers, "content": OFFER}
    yield {"method": "GET", "url": "/token?preset=private", "headers": headers}
    yield {"method": "POST", "url": "/session", "headers": headers | {"Authorization": f"Bearer {token[:-9]}"}}
    yield {"method": "GET", "url": "/nowhere", "headers": headers}


def vaults() -> Iterator[list[Reply]]:
    """What Secrets Manager does, before it hands out the key."""
    yield [aws_error(400, "AccessDeniedException", "not authorized")]
    yield [Reply(200, json.dumps({"SecretString": API_KEY})[:-9])]
    yield [Reply(200, json.dumps({"Secret": API_KEY}))]
    yield [holding(f"{API_KEY} {API_KEY}")]
    yield [holding(json.dumps({"OPENAI_KEY": API_KEY}))]
    yield [holding(API_KEY)]
