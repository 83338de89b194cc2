"""What the upstream can do to POST /session."""

import gzip
import itertools

from tests.error_rows import refused
from tests.faults.fault import (
    CREATED,
    HEAD,
    HUNG_UP,
    KEY_REFUSED,
    NEVER_TOLD,
    NO_REASON,
    TOO_MUCH,
    Fault,
    as_said,
    broken,
    created,
    drip,
    failed,
    flood,
    late,
    no_answer,
)
from tests.scripted_upstream import ANSWER, Reply

HANGING = Reply(201, raw=[HEAD, b"v=0\r\n", 9.0], headers=CREATED)

CONNECTION = [
    broken("nothing listens", asked=0, place="nothing listens"),
    broken("resets the connection before the request was sent", asked=0, place="slams"),
    broken("resets the connection after the request was sent", Reply(raw=[], resets=True)),
    broken("the same, having created a call", Reply(raw=[], resets=True, creates="rtc_1"), left=1, whose=NEVER_TOLD),
    broken("closes the connection without a word", Reply(raw=[])),
    broken(
        "resets the connection within the answer",
        Reply(201, raw=[HEAD, b"v=0\r\n"], resets=True, headers=CREATED),
        HUNG_UP,
        asked=2,
    ),
    broken(
        "truncates the answer",
        Reply(201, ANSWER, CREATED | {"Content-Length": "9999", "Connection": "close"}),
        HUNG_UP,
        asked=2,
    ),
    created("resets the connection before TLS is spoken, once", Reply(201, ANSWER, CREATED), place="TLS, reset once"),
    broken("has a certificate that nobody vouches for", asked=0, place="TLS, untrusted"),
    broken("speaks HTTP where TLS is asked for", asked=0, place="TLS, spoken by nobody"),
    late("takes the connection, and never speaks TLS", asked=0, place="TLS, never spoken"),
    late("speaks TLS, and hangs within the answer", HANGING, HUNG_UP, asked=2, place="TLS"),
    broken("speaks something else than HTTP", Reply(raw=[b"SSH-2.0-OpenSSH\r\n"])),
    broken(
        "sends headers without end",
        Reply(raw=[b"HTTP/1.1 201 Created\r\n", b"X: x\r\n" * 99999]),
    ),
]

TIME = [
    late("hangs", Reply(raw=[9.0])),
    late("hangs, having created a call", Reply(raw=[9.0], creates="rtc_1"), left=1, whose=NEVER_TOLD),
    late("hangs within the answer", HANGING, HUNG_UP, asked=2),
    late("trickles the head", Reply(raw=drip(b"HTTP/1.1 201 Created\r\n", b"X: x\r\n"))),
    late("trickles the answer", Reply(201, raw=drip(HEAD, b"v"), headers=CREATED), HUNG_UP, asked=2),
    late("says 102 again and again", Reply(raw=drip(b"", b"HTTP/1.1 102 Processing\r\n\r\n"))),
    late("says 102 without a pause", Reply(raw=itertools.repeat(b"HTTP/1.1 102 Processing\r\n\r\n"))),
    created("is slow, but within its time", Reply(201, ANSWER, CREATED, after_seconds=0.5)),
]

ANSWERS = [
    no_answer("answers HTML", Reply(201, "<html>", CREATED)),
    no_answer("answers HTML with 200 and no Location", Reply(200, "<html>"), asked=1),
    no_answer("answers with nothing", Reply(201, "", CREATED)),
    no_answer("answers with rubbish", Reply(201, b"\xff\x00\x80" * 99, CREATED)),
    no_answer("answers with SDP that has no media", Reply(201, "v=0\r\ns=-\r\n", CREATED)),
    no_answer(
        "compresses the answer, unasked",
        Reply(201, gzip.compress(ANSWER.encode()), CREATED | {"Content-Encoding": "gzip"}),
    ),
    no_answer(
        "answers with a gigabyte",
        Reply(
            201,
            raw=flood(HEAD.replace(b"100000", b"1073741824")),
            headers=CREATED,
        ),
        message=TOO_MUCH,
    ),
    no_answer("answers with nothing, and fails to hang up once", Reply(201, "", CREATED), Reply(500, ""), asked=3),
    no_answer(
        "answers with nothing, and never hangs up",
        Reply(201, "", CREATED),
        Reply(500, ""),
        Reply(500, ""),
        asked=3,
        left=1,
        whose="logged with its id",
    ),
    created("answers 200 without Location", Reply(200, ANSWER, creates="rtc_1")),
    created(
        "says 100 and 103 before it answers",
        Reply(
            raw=[
                b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n",
                b"HTTP/1.1 201 Created\r\nLocation: /v1/realtime/calls/rtc_1\r\nConnection: close\r\n",
                b"Content-Length: %d\r\n\r\n%s" % (len(ANSWER), ANSWER.encode()),
            ],
            headers=CREATED,
        ),
    ),
]

STATUSES = [
    broken(
        "answers 101",
        Reply(raw=[b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n"]),
    ),
    failed("answers 204", 204, Reply(raw=[b"HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n"])),
    *(
        failed(f"redirects with {status}", status, Reply(status, "", {"Location": "/elsewhere"}))
        for status in (301, 307)
    ),
    created(
        "refuses a key that has been rotated since",
        Reply(401, "no"),
        Reply(201, ANSWER, CREATED),
        asked=2,
        rotated=True,
    ),
    created("refuses the key with 401, once", Reply(401, "no"), Reply(201, ANSWER, CREATED), asked=2),
    Fault(
        "refuses the key with 401, always", 502, "upstream_credentials", KEY_REFUSED.format(401), [Reply(401, "no")], 2
    ),
    Fault("refuses the key with 403", 502, "upstream_credentials", KEY_REFUSED.format(403), [Reply(403, "no")]),
    as_said(
        "answers 429 with Retry-After",
        429,
        "slow down",
        *refused(429, None, "slow down", **{"Retry-After": "17"}),
        headers={"retry-after": "17"},
        type="some_upstream_type",
        param="session.model",
    ),
    as_said("answers 429 without Retry-After", 429, NO_REASON, Reply(429, "<html>"), headers={"retry-after": "5"}),
    as_said(
        "answers 429 with a Retry-After that is none",
        429,
        NO_REASON,
        Reply(429, "", {"Retry-After": "later, \xe9"}),
        headers={"retry-after": "5"},
    ),
    as_said(
        "answers 429 and never says why",
        429,
        NO_REASON,
        Reply(raw=[b"HTTP/1.1 429 No\r\nContent-Length: 9\r\n\r\n", 9.0]),
        headers={"retry-after": "5"},
    ),
    as_said("answers 400 with HTML", 400, NO_REASON, Reply(400, "<html>")),
    as_said(
        "answers 400 with a gigabyte",
        400,
        NO_REASON,
        Reply(raw=flood(b"HTTP/1.1 400 No\r\n\r\n")),
    ),
    *(failed(f"answers {status}", status, Reply(status, "<html>")) for status in (500, 503)),
    failed(
        "answers 500 with a gigabyte",
        500,
        Reply(raw=flood(b"HTTP/1.1 500 No\r\n\r\n")),
    ),
]


UPSTREAM = [*CONNECTION, *TIME, *ANSWERS, *STATUSES]
