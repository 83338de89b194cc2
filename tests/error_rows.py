"""The contract's error table: the request, the upstream's replies and the response of each row.

tests/test_error_rows.py passes each row to the handlers; tests/gateway/test_error_table.py sends it through the local
API Gateway.
"""

import json
import time
from dataclasses import dataclass, field
from typing import Any, Literal

from tests.conftest import SDP
from tests.scripted_upstream import ANSWER, ANSWER_WITH_DATA, HUNG_UP, Reply, created

OFFER = ANSWER_WITH_DATA
REMEDY = "Put it: aws secretsmanager put-secret-value --secret-id {} --secret-string file://key.txt"


DAY_SECONDS = 24 * 60 * 60
LEDGER_ITEMS = {"paused": ["paused"], "blocked": ["blocked#everybody"]}
"""What the deployer has put into the ledger."""


class SecondsUntilMidnight(str):
    """Equal to the seconds until 00:00 UTC, five more or fewer."""

    __slots__ = ()
    __hash__ = str.__hash__

    def __eq__(self, other: object) -> bool:
        apart = (int(str(other)) + int(time.time())) % DAY_SECONDS
        return min(apart, DAY_SECONDS - apart) <= 5


def refused(status: int, code: str | None, message: str = "no", **headers: str) -> list[Reply]:
    error = {"message": message, "type": "some_upstream_type", "code": code, "param": "session.model"}
    return [Reply(status, json.dumps({"error": error}), headers)]


@dataclass(frozen=True)
class Row:
    named: str
    status: int
    code: str | None
    message: str
    type: str = "invalid_request_error"
    param: str | None = None
    headers: dict[str, str] = field(default_factory=dict)
    method: str = "POST"
    path: str = "/session"
    sent: dict[str, str] = field(default_factory=lambda: SDP)
    body: str = OFFER
    upstream: list[Reply] = field(default_factory=list)
    secret: str = "a-key"
    parameters: dict[str, str] = field(default_factory=dict)
    """Of the template."""
    ledger: Literal["none", "empty", "paused", "blocked", "missing"] = "none"
    asked: int = 0


def _upstream(named: str, status: int, code: str | None, message: str, upstream: list[Reply], **more: Any) -> Row:
    fields: dict[str, Any] = {"asked": 1, "type": "server_error"} | more
    return Row(named, status, code, message, upstream=upstream, **fields)


ROWS = [
    Row(
        "empty body",
        400,
        "invalid_offer",
        "The body is empty: post the offer's SDP, as `setLocalDescription` made it.",
        body="",
    ),
    Row(
        "not SDP",
        400,
        "invalid_offer",
        "The body is not SDP: post `offer.sdp` itself, neither JSON nor a form.",
        body='{"sdp": "v=0"}',
    ),
    Row(
        "no audio",
        400,
        "invalid_offer",
        "The offer has no `m=audio`: add a microphone track before `createOffer`.",
        body="v=0\r\ns=-\r\n",
    ),
    Row(
        "trimmed",
        400,
        "invalid_offer",
        "The offer has lost its last line break: post `offer.sdp` untrimmed.",
        body=OFFER.rstrip(),
    ),
    Row(
        "locked preset, data channel",
        400,
        "invalid_offer",
        "A locked preset takes one audio track and no data channel: offer exactly one `m=audio`.",
        path="/session?preset=private",
    ),
    Row("too large", 413, "offer_too_large", "The offer has 65537 bytes; at most 65536 are relayed.", body="v" * 65537),
    Row(
        "another media type",
        415,
        "unsupported_media_type",
        "Post the offer with Content-Type: application/sdp (or text/plain).",
        sent={"Content-Type": "application/json"},
    ),
    Row(
        "unknown preset",
        400,
        "unknown_preset",
        "There is no preset of that name: take one of assistant, private, colours, transcriber, live, live-private,"
        " interpreter.",
        param="preset",
        path="/session?preset=nope",
    ),
    Row(
        "choice not allowed",
        400,
        "choice_not_allowed",
        "The preset colours allows for voice: marin, cedar.",
        param="voice",
        path="/session?preset=colours&voice=hal",
    ),
    Row(
        "bad dcid",
        400,
        "invalid_dcid",
        "dcid is the id of a data channel: a whole number from 0 to 65534.",
        param="dcid",
        path="/session?dcid=65535",
    ),
    Row(
        "token of a locked preset",
        403,
        "preset_locked",
        "The preset private is locked: connect through POST /session.",
        param="preset",
        method="GET",
        path="/token?preset=private",
        body="",
    ),
    Row(
        "token of a preset whose API has no keys",
        400,
        "preset_not_mintable",
        "The Live API has no ephemeral keys: connect to the preset live through POST /session.",
        param="preset",
        method="GET",
        path="/token?preset=live",
        body="",
    ),
    Row(
        "locked live preset, video",
        400,
        "invalid_offer",
        "This locked preset takes one audio track and one data channel: offer exactly one `m=audio`, and no video.",
        path="/session?preset=live-private",
        body=OFFER + "m=video 9 UDP/TLS/RTP/SAVPF 96\r\n",
    ),
    Row(
        "dcid of a preset that takes none",
        400,
        "invalid_dcid",
        "The preset live takes no dcid: leave it out, and open the data channel.",
        param="dcid",
        path="/session?preset=live&dcid=0",
    ),
    Row(
        "no call has that id",
        404,
        "not_found",
        "No call has such an id: take the last segment of the `Location` that /session answered.",
        method="DELETE",
        path="/session/rtc.1",
        body="",
    ),
    Row("wrong method", 405, "method_not_allowed", "This route takes POST.", headers={"allow": "POST"}, method="PUT"),
    Row(
        "wrong method of a call",
        405,
        "method_not_allowed",
        "This route takes DELETE.",
        headers={"allow": "DELETE"},
        path="/session/rtc_1",
    ),
    Row(
        "wrong method of the token",
        405,
        "method_not_allowed",
        "This route takes GET.",
        headers={"allow": "GET"},
        path="/token",
    ),
    Row(
        "wrong method of the usage",
        405,
        "method_not_allowed",
        "This route takes GET.",
        headers={"allow": "GET"},
        path="/usage",
    ),
    Row(
        "a page of another site",
        403,
        "origin_not_allowed",
        "Pages of this origin may not call: add it to AllowedOrigins, or let people sign in.",
        sent=SDP | {"Sec-Fetch-Site": "cross-site"},
        parameters={"AllowedOrigins": "https://app.example"},
    ),
    Row(
        "keys turned off",
        403,
        "ephemeral_keys_off",
        "This deployment gives out no ephemeral keys: connect through POST /session.",
        method="GET",
        path="/token",
        body="",
        parameters={"EphemeralKeys": "off"},
    ),
    Row(
        "too few minutes of everybody",
        429,
        "quota_exceeded",
        "Today's minutes of everybody together are used up or reserved (10 a day). They are free again at 00:00 UTC.",
        param="minutes_per_day",
        headers={"retry-after": SecondsUntilMidnight()},
        method="GET",
        path="/token",
        body="",
        parameters={"MinutesPerDay": "10"},
        ledger="empty",
    ),
    Row(
        "too few minutes of the person",
        429,
        "quota_exceeded",
        "Your minutes of today are used up or reserved (10 a day). They are free again at 00:00 UTC.",
        param="minutes_per_person_per_day",
        headers={"retry-after": SecondsUntilMidnight()},
        method="GET",
        path="/token",
        body="",
        parameters={"MinutesPerPersonPerDay": "10"},
        ledger="empty",
    ),
    Row(
        "calls are paused",
        503,
        "paused",
        "Calls are paused for now; try again later.",
        type="server_error",
        parameters={"MaxCallMinutes": "15"},
        ledger="paused",
    ),
    Row(
        "the person is blocked",
        403,
        "blocked",
        "You may not call; ask whoever runs this service.",
        parameters={"MaxCallMinutes": "15"},
        ledger="blocked",
    ),
    Row(
        "no ledger",
        503,
        "ledger_unavailable",
        "The minutes of this call cannot be reserved or given back; try again.",
        type="server_error",
        parameters={"MaxCallMinutes": "15"},
        ledger="missing",
    ),
    *(
        _upstream(
            f"upstream {status}",
            status,
            "model_not_found",
            "no such model",
            refused(status, "model_not_found", "no such model"),
            type="some_upstream_type",
            param="session.model",
        )
        for status in (400, 404, 409, 422)
    ),
    _upstream(
        "upstream 401 twice",
        502,
        "upstream_credentials",
        "The upstream does not accept the deployment's API key (status 401).",
        refused(401, "invalid_api_key", "Incorrect API key provided: sk-test-not-a-key"),
        asked=2,
    ),
    _upstream(
        "upstream 403",
        502,
        "upstream_credentials",
        "The upstream does not accept the deployment's API key (status 403).",
        refused(403, "forbidden"),
    ),
    _upstream(
        "rate limit",
        429,
        "rate_limit_exceeded",
        "slow down",
        refused(429, "rate_limit_exceeded", "slow down", **{"Retry-After": "17"}),
        headers={"retry-after": "17"},
        type="some_upstream_type",
        param="session.model",
    ),
    _upstream(
        "quota",
        429,
        "insufficient_quota",
        "pay first",
        refused(429, "insufficient_quota", "pay first"),
        type="some_upstream_type",
        param="session.model",
    ),
    *(
        _upstream(
            f"upstream {status}",
            502,
            "upstream_error",
            f"The upstream failed (status {status}); try again.",
            [Reply(status, "<html>")],
        )
        for status in (302, 418, 500, 503)
    ),
    _upstream(
        "upstream hangs up",
        502,
        "upstream_unreachable",
        "The upstream cannot be reached, or broke off; try again.",
        [Reply(201, ANSWER, {"Content-Length": "9999", "Connection": "close"})],
    ),
    _upstream(
        "answer is not SDP",
        502,
        "invalid_answer",
        "The upstream accepted the offer, but what it sent is not an SDP answer.",
        [created(answer="<html>"), HUNG_UP],
        asked=2,
    ),
    _upstream(
        "answer is over 1 MiB",
        502,
        "invalid_answer",
        "The upstream sent more than 1048576 bytes.",
        [created(answer="v" * (2**20 + 1)), HUNG_UP],
        asked=2,
    ),
    _upstream(
        "upstream too slow",
        504,
        "upstream_timeout",
        "The upstream took too long to answer; try again.",
        [Reply(after_seconds=5)],
    ),
    Row(
        "secret missing",
        500,
        "misconfigured",
        "The API key's secret cannot be read. " + REMEDY.format("no-secret"),
        type="server_error",
        secret="no-secret",
    ),
    Row(
        "secret empty",
        500,
        "misconfigured",
        "The API key's secret holds no key: it is JSON without the text member OPENAI_API_KEY. "
        + REMEDY.format("no-key"),
        type="server_error",
        secret="no-key",
    ),
]


def named(row: Row) -> str:
    return f"{row.named}: {row.status} {row.code}"
