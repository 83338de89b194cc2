"""What the ledger can do to a request: nothing goes upstream without it, and no call outlives a failure of it."""

import json
from typing import Any

from tests.error_rows import refused
from tests.faults.fault import MINTED, SWEEPS, Fault, aws_error, created, passed_on, trickle
from tests.scripted_upstream import ANSWER, HUNG_UP, LOCATION, Reply

UNAVAILABLE = "The minutes of this call cannot be reserved or given back; try again."
DONE = Reply(200, "{}")
DENIED = aws_error(400, "AccessDeniedException", "not authorized")
THROTTLED = aws_error(400, "ThrottlingException", "Rate exceeded")
HANGING = Reply(raw=[9.0])
CONFLICT = Reply(
    400,
    json.dumps(
        {
            "__type": "com.amazonaws.dynamodb.v20120810#TransactionCanceledException",
            "CancellationReasons": [{"Code": "TransactionConflict"}, *[{"Code": "None"}] * 4],
        }
    ),
)


def unavailable(named: str, *ledger: Reply, asked: int = 0, **more: Any) -> Fault:
    fields: dict[str, Any] = {"component": "ledger"} | more
    return Fault(named, 503, "ledger_unavailable", UNAVAILABLE, asked=asked, secrets=list(ledger), **fields)


def recorded(named: str, *ledger: Reply) -> Fault:
    return created(named, Reply(201, ANSWER, LOCATION), component="ledger", secrets=list(ledger))


def hung_up(named: str, *ledger: Reply) -> Fault:
    request = "DELETE /session/rtc_1"
    return Fault(named, 204, upstream=[HUNG_UP], request=request, component="ledger", secrets=list(ledger))


LEDGER = [
    unavailable("the ledger denies access", DENIED),
    unavailable("the ledger is missing", aws_error(400, "ResourceNotFoundException", "Requested resource not found")),
    unavailable("the ledger throttles", THROTTLED),
    unavailable("the ledger fails", aws_error(500, "InternalServerError", "sorry")),
    unavailable("the ledger closes the connection", Reply(raw=[])),
    unavailable("the ledger hangs", HANGING),
    unavailable("the ledger trickles", Reply(raw=trickle(b"HTTP/1.1 200 OK\r\nContent-Length: 999\r\n\r\n", b" "))),
    unavailable("the ledger answers rubbish", Reply(200, "<html>")),
    unavailable("other transactions are always in the ledger's way", CONFLICT),
    unavailable("the name look-up of the ledger does not end", component="ledger's name"),
    recorded("the ledger throttles once", THROTTLED, DONE),
    recorded("another transaction is in the ledger's way", CONFLICT, CONFLICT, DONE),
    unavailable(
        "the ledger denies that the call is recorded",
        DONE,
        DENIED,
        upstream=[Reply(201, ANSWER, LOCATION), HUNG_UP],
        asked=2,
    ),
    unavailable(
        "the ledger hangs when the call is recorded",
        DONE,
        HANGING,
        upstream=[Reply(201, ANSWER, LOCATION), HUNG_UP],
        asked=2,
    ),
    unavailable(
        "the ledger denies that the call is recorded, and the upstream does not hang up",
        DONE,
        DENIED,
        DONE,
        upstream=[Reply(201, ANSWER, LOCATION), Reply(500, "")],
        asked=3,
        left=1,
        left_because=SWEEPS,
    ),
    unavailable(
        "the ledger denies everything after a call is created, and the upstream does not hang up",
        DONE,
        DENIED,
        upstream=[Reply(201, ANSWER, LOCATION), Reply(500, "")],
        asked=3,
        left=1,
        left_because="logged with its id",
    ),
    passed_on(
        "the upstream refuses, and the ledger takes no minutes back",
        400,
        "no",
        *refused(400, None, "no"),
        type="some_upstream_type",
        param="session.model",
        component="ledger",
        secrets=[DONE, DENIED],
    ),
    unavailable("the ledger denies access", DENIED, request="GET /token"),
    unavailable(
        "the ledger denies that the key is recorded",
        DONE,
        DENIED,
        upstream=[MINTED],
        request="GET /token",
        asked=1,
    ),
    unavailable("the ledger denies access", DENIED, request="GET /usage"),
    hung_up("the ledger denies access, and nobody signs in", DENIED),
    hung_up(
        "the ledger has half of the call, and nobody signs in", Reply(200, '{"Item": {"id": {"S": "call#rtc_1"}}}')
    ),
]
