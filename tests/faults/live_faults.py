"""What the upstream can do to a call of the Live API, whose answer and id come in one JSON."""

import gzip
import json
from typing import Any

from tests.error_rows import refused
from tests.faults.fault import (
    NO_SESSION,
    NO_SUCH_API,
    TOO_MUCH,
    UNKNOWN_ID,
    Fault,
    created,
    gigabyte,
    invalid_answer,
    passed_on,
    timed_out,
    trickle,
    unreachable,
    upstream_error,
)
from tests.scripted_upstream import ANSWER, HUNG_UP, Reply, created_live

LIVE_ROUTE = {"request": "POST /session?preset=live"}
ID = '"session": {"id": "live_1"}'
SESSION = str(created_live(answer=ANSWER).body)
HEAD = b"HTTP/1.1 201 Created\r\nContent-Type: application/json\r\nContent-Length: 1073741824\r\n\r\n"
BEGUN = f'{{{ID}, "transport": {{"type": "webrtc", "sdp": "v=0'.encode()


def with_id(body: str | bytes, *, status: int = 201, **more: Any) -> Reply:
    """Answer with a body that has, or would have had, the id."""
    return Reply(status, body, creates="live_1", **more)


def no_session(named: str, *upstream: Reply, message: str = NO_SESSION, asked: int = 2) -> Fault:
    return invalid_answer(named, *upstream, message=message, asked=asked, **LIVE_ROUTE)


LIVE = [
    created("answers a Live session", with_id(SESSION), call_id="live_1", **LIVE_ROUTE),
    no_session("answers HTML", Reply(201, "<html>"), asked=1),
    no_session("answers with nothing", Reply(201, ""), asked=1),
    no_session("answers SDP instead of JSON", Reply(201, ANSWER), asked=1),
    no_session("answers JSON without a session", Reply(201, "{}"), asked=1),
    no_session("truncates the JSON after the id", with_id(BEGUN)),
    no_session("answers JSON without SDP", with_id(f"{{{ID}}}")),
    no_session(
        "answers HTML instead of the SDP",
        with_id(SESSION.replace("v=0", "<html>")),
        message="The upstream accepted the offer, but what it sent is not an SDP answer.",
    ),
    created(
        "answers 201 without an id",
        with_id(json.dumps({"transport": {"type": "webrtc", "sdp": ANSWER}})),
        call_id=None,
        **LIVE_ROUTE,
    ),
    no_session("answers with a gigabyte", with_id("", raw=gigabyte(HEAD + BEGUN)), message=TOO_MUCH),
    no_session("compresses the answer unasked", Reply(201, gzip.compress(SESSION.encode())), asked=1),
    no_session("answers JSON that is nested without end", Reply(201, "[" * 500_000), asked=1),
    timed_out("hangs", Reply(raw=[9.0]), **LIVE_ROUTE),
    timed_out(
        "hangs within the answer, after the id", with_id("", raw=[HEAD, BEGUN, 9.0]), HUNG_UP, asked=2, **LIVE_ROUTE
    ),
    timed_out(
        "hangs within the answer, before the id",
        with_id("", raw=[HEAD, b'{"session": {"id": "li', 9.0]),
        left=1,
        left_because=UNKNOWN_ID,
        **LIVE_ROUTE,
    ),
    timed_out("trickles the answer", with_id("", raw=trickle(HEAD + BEGUN, b"v")), HUNG_UP, asked=2, **LIVE_ROUTE),
    unreachable(
        "resets the connection within the answer",
        with_id("", raw=[HEAD, BEGUN], resets=True),
        HUNG_UP,
        asked=2,
        **LIVE_ROUTE,
    ),
    passed_on(
        "has no Live API, and says so",
        404,
        "Resource not found",
        *refused(404, None, "Resource not found"),
        type="some_upstream_type",
        param="session.model",
        **LIVE_ROUTE,
    ),
    *(
        passed_on(
            f"has no Live API: answers {status} with HTML",
            404,
            NO_SUCH_API.format(status),
            Reply(status, "<html>"),
            **LIVE_ROUTE,
        )
        for status in (404, 405, 501)
    ),
    upstream_error("answers 500", 500, Reply(500, "<html>"), **LIVE_ROUTE),
    timed_out("hangs", Reply(raw=[9.0]), request="DELETE /session/live_1"),
]
