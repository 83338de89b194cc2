"""What the upstream can do to POST /session."""

import gzip
import itertools

from tests.error_rows import refused
from tests.faults.fault import (
    HEAD,
    KEY_REFUSED,
    NO_REASON,
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
from tests.scripted_upstream import ANSWER, HUNG_UP, LOCATION, Reply

HANGING = Reply(201, raw=[HEAD, b"v=0\r\n", 9.0], headers=LOCATION)

CONNECTION = [
    unreachable("nothing listens", asked=0, component="TCP, refused"),
    unreachable("resets the connection before the request was sent", asked=0, component="TCP, reset"),
    unreachable("resets the connection after the request was sent", Reply(raw=[], resets=True)),
    unreachable(
        "resets the connection after it created a call",
        Reply(raw=[], resets=True, creates="rtc_1"),
        left=1,
        left_because=UNKNOWN_ID,
    ),
    unreachable("closes the connection without a response", Reply(raw=[])),
    unreachable(
        "resets the connection within the answer",
        Reply(201, raw=[HEAD, b"v=0\r\n"], resets=True, headers=LOCATION),
        HUNG_UP,
        asked=2,
    ),
    unreachable(
        "truncates the answer",
        Reply(201, ANSWER, LOCATION | {"Content-Length": "9999", "Connection": "close"}),
        HUNG_UP,
        asked=2,
    ),
    created(
        "resets the connection before the TLS handshake, once",
        Reply(201, ANSWER, LOCATION),
        component="TLS, reset once",
    ),
    unreachable("has a certificate of an unknown authority", asked=0, component="TLS, untrusted"),
    unreachable("answers a TLS handshake with HTTP", asked=0, component="TLS, answered with HTTP"),
    timed_out("accepts the connection, and never answers the TLS handshake", asked=0, component="TLS, no answer"),
    timed_out("hangs within the answer, over TLS", HANGING, HUNG_UP, asked=2, component="TLS"),
    unreachable(
        "breaks TLS within the answer",
        Reply(201, raw=[HEAD, b"v=0\r\n"], breaks_tls=True, headers=LOCATION),
        HUNG_UP,
        asked=2,
        component="TLS",
    ),
    unreachable(
        "breaks TLS within the answer, and at the first hang-up",
        Reply(201, raw=[HEAD, b"v=0\r\n"], breaks_tls=True, headers=LOCATION),
        Reply(raw=[], breaks_tls=True),
        HUNG_UP,
        asked=3,
        component="TLS",
    ),
    unreachable("answers with another protocol than HTTP", Reply(raw=[b"SSH-2.0-OpenSSH\r\n"])),
    unreachable(
        "sends headers without end",
        Reply(raw=[b"HTTP/1.1 201 Created\r\n", b"X: x\r\n" * 99999]),
    ),
]

TIME = [
    timed_out("hangs", Reply(raw=[9.0])),
    timed_out("hangs after it created a call", Reply(raw=[9.0], creates="rtc_1"), left=1, left_because=UNKNOWN_ID),
    timed_out("hangs within the answer", HANGING, HUNG_UP, asked=2),
    timed_out("trickles the head", Reply(raw=trickle(b"HTTP/1.1 201 Created\r\n", b"X: x\r\n"))),
    timed_out("trickles the answer", Reply(201, raw=trickle(HEAD, b"v"), headers=LOCATION), HUNG_UP, asked=2),
    timed_out("sends 102 ten times a second", Reply(raw=trickle(b"", b"HTTP/1.1 102 Processing\r\n\r\n"))),
    timed_out("sends 102 without a pause", Reply(raw=itertools.repeat(b"HTTP/1.1 102 Processing\r\n\r\n"))),
    created("is slow, but within its time", Reply(201, ANSWER, LOCATION, after_seconds=0.5)),
]

ANSWERS = [
    invalid_answer("answers HTML", Reply(201, "<html>", LOCATION)),
    invalid_answer("answers HTML with 200 and no Location", Reply(200, "<html>"), asked=1),
    invalid_answer("answers with nothing", Reply(201, "", LOCATION)),
    invalid_answer("answers with rubbish", Reply(201, b"\xff\x00\x80" * 99, LOCATION)),
    invalid_answer("answers with SDP that has no media", Reply(201, "v=0\r\ns=-\r\n", LOCATION)),
    invalid_answer(
        "compresses the answer unasked",
        Reply(201, gzip.compress(ANSWER.encode()), LOCATION | {"Content-Encoding": "gzip"}),
    ),
    invalid_answer(
        "answers with a gigabyte",
        Reply(
            201,
            raw=gigabyte(HEAD.replace(b"100000", b"1073741824")),
            headers=LOCATION,
        ),
        message=TOO_MUCH,
    ),
    invalid_answer(
        "answers with nothing, and fails to hang up once", Reply(201, "", LOCATION), Reply(500, ""), asked=3
    ),
    invalid_answer(
        "answers with nothing, and never hangs up",
        Reply(201, "", LOCATION),
        Reply(500, ""),
        Reply(500, ""),
        asked=3,
        left=1,
        left_because="logged with its id",
    ),
    created("answers 200 without Location", Reply(200, ANSWER, creates="rtc_1"), call_id=None),
    created(
        "sends 100 and 103 before it answers",
        Reply(
            raw=[
                b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n",
                b"HTTP/1.1 201 Created\r\nLocation: /v1/realtime/calls/rtc_1\r\nConnection: close\r\n",
                b"Content-Length: %d\r\n\r\n%s" % (len(ANSWER), ANSWER.encode()),
            ],
            headers=LOCATION,
        ),
    ),
]

STATUSES = [
    unreachable(
        "answers 101",
        Reply(raw=[b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n"]),
    ),
    invalid_answer("answers 202 without an answer", Reply(202, "", LOCATION)),
    invalid_answer("answers 204", Reply(raw=[b"HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n"]), asked=1),
    *(
        upstream_error(f"redirects with {status}", status, Reply(status, "", {"Location": "/elsewhere"}))
        for status in (301, 307)
    ),
    created(
        "refuses a key that has been rotated",
        Reply(401, "no"),
        Reply(201, ANSWER, LOCATION),
        asked=2,
        rotated=True,
    ),
    created("refuses the key with 401, once", Reply(401, "no"), Reply(201, ANSWER, LOCATION), asked=2),
    Fault(
        "refuses the key with 401, always", 502, "upstream_credentials", KEY_REFUSED.format(401), [Reply(401, "no")], 2
    ),
    Fault("refuses the key with 403", 502, "upstream_credentials", KEY_REFUSED.format(403), [Reply(403, "no")]),
    passed_on(
        "answers 429 with Retry-After",
        429,
        "slow down",
        *refused(429, None, "slow down", **{"Retry-After": "17"}),
        headers={"retry-after": "17"},
        type="some_upstream_type",
        param="session.model",
    ),
    passed_on("answers 429 without Retry-After", 429, NO_REASON, Reply(429, "<html>"), headers={"retry-after": "5"}),
    passed_on(
        "answers 429 with an invalid Retry-After",
        429,
        NO_REASON,
        Reply(429, "", {"Retry-After": "later, \xe9"}),
        headers={"retry-after": "5"},
    ),
    passed_on(
        "answers 429 without ever sending the body",
        429,
        NO_REASON,
        Reply(raw=[b"HTTP/1.1 429 No\r\nContent-Length: 9\r\n\r\n", 9.0]),
        headers={"retry-after": "5"},
    ),
    passed_on("answers 400 with HTML", 400, NO_REASON, Reply(400, "<html>")),
    passed_on(
        "answers 400 with a gigabyte",
        400,
        NO_REASON,
        Reply(raw=gigabyte(b"HTTP/1.1 400 No\r\n\r\n")),
    ),
    *(upstream_error(f"answers {status}", status, Reply(status, "<html>")) for status in (500, 503)),
    upstream_error(
        "answers 500 with a gigabyte",
        500,
        Reply(raw=gigabyte(b"HTTP/1.1 500 No\r\n\r\n")),
    ),
]


UPSTREAM = [*CONNECTION, *TIME, *ANSWERS, *STATUSES]
