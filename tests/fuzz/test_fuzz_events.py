"""Every event gets a response of the contract, or an UnsupportedEvent if it is not an event of an HTTP API."""

import io
from typing import Any
from urllib.parse import quote

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from realtime.event import UnsupportedEvent

from tests.conftest import Invoke, error, event
from tests.fuzz.offers import CORPUS, broken_offers
from tests.scripted_upstream import ScriptedUpstream

STATUSES = {200, 201, 204, 400, 403, 404, 405, 413, 415, 502}
MANY_EXAMPLES = settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])

text = st.text(st.characters(codec="utf-8"), max_size=30)
names = st.sampled_from(["preset", "voice", "dcid", "speed", "language"]) | text
values = st.sampled_from(["", "assistant", "private", "colours", "marin", "0", "65535", "٣", "1e9"]) | text
queries = st.lists(st.tuples(names, values), max_size=4)
header_names = st.sampled_from(
    ["content-type", "host", "x-forwarded-port", "x-forwarded-proto", "content-length", "cookie", "authorization"]
) | st.text("abcxyz-", min_size=1, max_size=12)
header_values = st.sampled_from(["application/sdp", "text/plain; a", "[::1]:8000", "a:b:c", "x" * 999]) | text
headers = st.dictionaries(header_names, header_values, max_size=5)
methods = st.sampled_from(["POST", "GET", "DELETE", "HEAD", "OPTIONS", "PUT", "post"]) | text.filter(bool)
paths = st.sampled_from(["/session", "/token", "/session/", "/session/rtc_1", "/session/..%2f", "//", "/%"]) | text.map(
    "/{}".format
)
bodies = st.sampled_from(list(CORPUS.values())) | broken_offers() | st.binary(max_size=200)
anything = st.recursive(
    st.none() | st.booleans() | st.integers() | text,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(text, inner, max_size=3),
    max_leaves=5,
)


@st.composite
def events(draw: st.DrawFn) -> dict[str, Any]:
    """Draw an event of either payload format, as API Gateway makes it of any request."""
    method, path, query, body = draw(methods), draw(paths), draw(queries), draw(bodies)
    sent = draw(headers)
    if draw(st.booleans()):
        method, path, sent = "POST", "/session", sent | {"content-type": "application/sdp"}
    made = event(draw(st.sampled_from(["session", "session-v1"])), body=body)
    if draw(st.booleans()):
        made |= {"body": body.decode(errors="replace"), "isBase64Encoded": False}
    return (as_format_1 if made["version"] == "1.0" else as_format_2)(made, method, path, query, sent)


def as_format_2(
    made: dict[str, Any], method: str, path: str, query: list[tuple[str, str]], sent: dict[str, str]
) -> dict[str, Any]:
    made["requestContext"]["http"] |= {"method": method, "path": path}
    made["rawQueryString"] = "&".join(f"{quote(name)}={quote(value)}" for name, value in query)
    return made | {"rawPath": path, "headers": sent}


def as_format_1(
    made: dict[str, Any], method: str, path: str, query: list[tuple[str, str]], sent: dict[str, str]
) -> dict[str, Any]:
    several = {name: [value for other, value in query if other == name] for name, _ in query}
    made |= {
        "httpMethod": method,
        "path": path,
        "headers": sent,
        "multiValueHeaders": {k: [v] for k, v in sent.items()},
    }
    return made | {"queryStringParameters": dict(query) or None, "multiValueQueryStringParameters": several or None}


def check_response(response: dict[str, Any], made: dict[str, Any]) -> None:
    assert response["statusCode"] in STATUSES
    assert response["headers"]["x-request-id"] == made["requestContext"]["requestId"]
    if response["statusCode"] >= 400:
        answered = error(response)
        assert set(answered) == {"message", "type", "code", "param", "request_id"}
        assert answered["message"]
        assert answered["code"]


@MANY_EXAMPLES
@given(made=events())
def test_any_request_to_the_session_function_is_answered(
    session: Invoke, upstream: ScriptedUpstream, made: Any
) -> None:
    check_response(session(made), made)


@MANY_EXAMPLES
@given(made=events())
def test_any_request_to_the_token_function_is_answered(token: Invoke, upstream: ScriptedUpstream, made: Any) -> None:
    check_response(token(made), made)


@MANY_EXAMPLES
@given(name=st.sampled_from(["session", "session-v1"]), data=st.data())
def test_an_event_with_wrong_members_is_answered_or_unsupported_and_creates_no_call(
    session: Invoke, upstream: ScriptedUpstream, logged: io.StringIO, name: str, data: st.DataObject
) -> None:
    made = event(name)
    for member in data.draw(st.sets(st.sampled_from(sorted(made)), min_size=1, max_size=3)):
        replaced = data.draw(anything | st.none())
        made.pop(member) if replaced is None else made.update({member: replaced})
    upstream.asked.clear()
    try:
        response = session(made)
    except UnsupportedEvent:
        assert upstream.asked == []
    else:
        check_response(response, made)
