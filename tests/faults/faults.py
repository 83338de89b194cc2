"""All faults: the upstream's, those of the other routes, of Secrets Manager, and of everything else."""

import base64
from dataclasses import replace

from tests.faults.fault import (
    KEY,
    MINTED,
    NO_EPHEMERAL_KEY,
    NO_KEY,
    NO_KEY_IN_JSON,
    TOO_MUCH,
    UNREADABLE,
    Fault,
    aws_error,
    created,
    gigabyte,
    invalid_answer,
    misconfigured,
    secret_reply,
    timed_out,
    trickle,
    unreachable,
    upstream_error,
)
from tests.faults.ledger_faults import LEDGER
from tests.faults.live_faults import LIVE
from tests.faults.upstream_faults import HANGING, UPSTREAM
from tests.scripted_upstream import ANSWER, HUNG_UP, LOCATION, Reply

OTHER_REQUESTS = [
    timed_out("hangs", Reply(raw=[9.0]), request="GET /token"),
    unreachable("resets the connection after the request was sent", Reply(raw=[], resets=True), request="GET /token"),
    invalid_answer(
        "answers with rubbish", Reply(200, "<html>"), message=NO_EPHEMERAL_KEY, asked=1, request="GET /token"
    ),
    invalid_answer(
        "answers with a gigabyte",
        Reply(raw=gigabyte(b"HTTP/1.1 200 OK\r\n\r\n")),
        message=TOO_MUCH,
        asked=1,
        request="GET /token",
    ),
    upstream_error("answers 500", 500, Reply(500, "<html>"), request="GET /token"),
    Fault(
        "refuses the ephemeral key that it minted",
        502,
        "upstream_error",
        "The upstream does not accept the ephemeral key that it minted (status 401).",
        [MINTED, Reply(401, "no")],
        2,
        request="POST /session?preset=transcriber",
    ),
    unreachable(
        "resets the connection between minting and the call",
        MINTED,
        Reply(raw=[], resets=True),
        asked=2,
        request="POST /session?preset=transcriber",
    ),
    timed_out("hangs", Reply(raw=[9.0]), request="DELETE /session/rtc_1"),
    upstream_error("answers 500", 500, Reply(500, "<html>"), request="DELETE /session/rtc_1"),
]

SECRETS = [
    misconfigured("Secrets Manager denies access", aws_error(400, "AccessDeniedException", "not authorized")),
    misconfigured("Secrets Manager throttles", aws_error(400, "ThrottlingException", "Rate exceeded")),
    misconfigured("Secrets Manager fails", aws_error(500, "InternalServiceError", "sorry")),
    misconfigured("Secrets Manager closes the connection", Reply(raw=[])),
    misconfigured("Secrets Manager hangs", Reply(raw=[9.0])),
    misconfigured(
        "Secrets Manager trickles",
        Reply(raw=trickle(b"HTTP/1.1 200 OK\r\nContent-Length: 999\r\n\r\n", b" ")),
    ),
    misconfigured("Secrets Manager answers HTML", Reply(200, "<html>")),
    misconfigured("Secrets Manager answers without a secret", Reply(200, "{}")),
    misconfigured("Secrets Manager answers with a number", Reply(200, "5")),
    misconfigured("Secrets Manager answers with invalid base64", secret_reply(binary="b")),
    misconfigured("the secret is empty", secret_reply(""), message=NO_KEY),
    misconfigured("the secret is JSON without the key", secret_reply('{"API_KEY": "x"}'), message=NO_KEY_IN_JSON),
    misconfigured("the secret's key is null", secret_reply('{"OPENAI_API_KEY": null}'), message=NO_KEY_IN_JSON),
    misconfigured("the secret is binary, and no key", secret_reply(binary="/wCA"), message=NO_KEY),
    created(
        "Secrets Manager is slow, but within its time",
        Reply(201, ANSWER, LOCATION),
        component="secrets",
        secrets=[replace(secret_reply(KEY), after_seconds=1)],
    ),
    created(
        "Secrets Manager throttles once",
        Reply(201, ANSWER, LOCATION),
        component="secrets",
        secrets=[aws_error(400, "ThrottlingException", "Rate exceeded"), secret_reply(KEY)],
    ),
    created(
        "the secret is binary, and a key",
        Reply(201, ANSWER, LOCATION),
        component="secrets",
        secrets=[secret_reply(binary=base64.b64encode(KEY.encode()).decode())],
    ),
]

AROUND = [
    Fault(
        "the name look-up of Secrets Manager does not end",
        500,
        "misconfigured",
        UNREADABLE,
        asked=0,
        component="secrets' name",
    ),
    timed_out("the name look-up of the upstream does not end", asked=0, component="upstream's name"),
    timed_out("the function's time is nearly over", Reply(raw=[9.0]), component="function"),
    timed_out(
        "the function's time is nearly over, within the answer",
        HANGING,
        HUNG_UP,
        asked=2,
        component="function",
    ),
    Fault(
        "the function's process is killed during the request",
        500,
        message="Internal Server Error",
        upstream=[Reply(raw=[9.0])],
        component="process",
    ),
    Fault(
        "the client disconnects during the request",
        0,
        upstream=[Reply(201, ANSWER, LOCATION, after_seconds=0.8)],
        left=1,
        left_because="no client connects to it",
        component="client",
    ),
]

FAULTS = [*UPSTREAM, *LIVE, *OTHER_REQUESTS, *SECRETS, *LEDGER, *AROUND]
