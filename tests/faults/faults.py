"""All faults: the upstream's, those of the other routes, of Secrets Manager, and of what is around."""

import base64
from dataclasses import replace

from tests.faults.fault import (
    CREATED,
    HUNG_UP,
    KEY,
    MINTED,
    NO_EPHEMERAL_KEY,
    NO_KEY,
    NO_KEY_IN_JSON,
    TOO_MUCH,
    WITHHELD,
    Fault,
    aws_error,
    broken,
    created,
    drip,
    failed,
    flood,
    holding,
    late,
    no_answer,
    unreadable,
)
from tests.faults.ledger_faults import LEDGER
from tests.faults.upstream_faults import HANGING, UPSTREAM
from tests.scripted_upstream import ANSWER, Reply

OTHER_REQUESTS = [
    late("hangs", Reply(raw=[9.0]), request="GET /token"),
    broken("resets the connection after the request was sent", Reply(raw=[], resets=True), request="GET /token"),
    no_answer("answers with rubbish", Reply(200, "<html>"), message=NO_EPHEMERAL_KEY, asked=1, request="GET /token"),
    no_answer(
        "answers with a gigabyte",
        Reply(raw=flood(b"HTTP/1.1 200 OK\r\n\r\n")),
        message=TOO_MUCH,
        asked=1,
        request="GET /token",
    ),
    failed("answers 500", 500, Reply(500, "<html>"), request="GET /token"),
    Fault(
        "refuses the ephemeral key that it has just minted",
        502,
        "upstream_error",
        "The upstream does not accept the ephemeral key that it minted (status 401).",
        [MINTED, Reply(401, "no")],
        2,
        request="POST /session?preset=transcriber",
    ),
    broken(
        "resets the connection between minting and the call",
        MINTED,
        Reply(raw=[], resets=True),
        asked=2,
        request="POST /session?preset=transcriber",
    ),
    late("hangs", Reply(raw=[9.0]), request="DELETE /session/rtc_1"),
    failed("answers 500", 500, Reply(500, "<html>"), request="DELETE /session/rtc_1"),
]

SECRETS = [
    unreadable("Secrets Manager denies access", aws_error(400, "AccessDeniedException", "not authorized")),
    unreadable("Secrets Manager throttles", aws_error(400, "ThrottlingException", "Rate exceeded")),
    unreadable("Secrets Manager fails", aws_error(500, "InternalServiceError", "sorry")),
    unreadable("Secrets Manager closes the connection", Reply(raw=[])),
    unreadable("Secrets Manager hangs", Reply(raw=[9.0])),
    unreadable(
        "Secrets Manager trickles",
        Reply(raw=drip(b"HTTP/1.1 200 OK\r\nContent-Length: 999\r\n\r\n", b" ")),
    ),
    unreadable("Secrets Manager answers rubbish", Reply(200, "<html>")),
    unreadable("Secrets Manager answers without a secret", Reply(200, "{}")),
    unreadable("Secrets Manager answers with a number", Reply(200, "5")),
    unreadable("Secrets Manager answers with what is not base64", holding(binary="b")),
    unreadable("the secret is empty", holding(""), message=NO_KEY),
    unreadable("the secret is JSON without the key", holding('{"API_KEY": "x"}'), message=NO_KEY_IN_JSON),
    unreadable("the secret's key is null", holding('{"OPENAI_API_KEY": null}'), message=NO_KEY_IN_JSON),
    unreadable("the secret is binary, and no key", holding(binary="/wCA"), message=NO_KEY),
    created(
        "Secrets Manager is slow, but within its time",
        Reply(201, ANSWER, CREATED),
        place="secrets",
        secrets=[replace(holding(KEY), after_seconds=1)],
    ),
    created(
        "Secrets Manager throttles once",
        Reply(201, ANSWER, CREATED),
        place="secrets",
        secrets=[aws_error(400, "ThrottlingException", "Rate exceeded"), holding(KEY)],
    ),
    created(
        "the secret is binary, and a key",
        Reply(201, ANSWER, CREATED),
        place="secrets",
        secrets=[holding(binary=base64.b64encode(KEY.encode()).decode())],
    ),
]

AROUND = [
    Fault(
        "no name server answers, and Secrets Manager is not found",
        500,
        "misconfigured",
        WITHHELD,
        asked=0,
        place="secrets' name",
    ),
    late("no name server answers, and the upstream is not found", asked=0, place="upstream's name"),
    late("the function's time is nearly over", Reply(raw=[9.0]), place="function"),
    late(
        "the function's time is nearly over, within the answer",
        HANGING,
        HUNG_UP,
        asked=2,
        place="function",
    ),
    Fault(
        "the function's process is killed in the middle",
        500,
        message="Internal Server Error",
        upstream=[Reply(raw=[9.0])],
        place="process",
    ),
    Fault(
        "the client leaves in the middle",
        0,
        upstream=[Reply(201, ANSWER, CREATED, after_seconds=0.8)],
        left=1,
        whose="nobody connects to it",
        place="client",
    ),
]

FAULTS = [*UPSTREAM, *OTHER_REQUESTS, *SECRETS, *LEDGER, *AROUND]
