"""The local gateway builds the same events as API Gateway from the same requests."""

import base64
import json
from typing import Any

import flask
import pytest
from samcli.local.apigw.event_constructor import construct_v2_event_http
from starlette.requests import Request

from local.authorizer import Claims
from local.event import to_event
from local.routed_request import RoutedRequest, new_request_id
from tests.conftest import ROOT

Event = dict[str, Any]
Headers = list[tuple[str, str]]

MISSING = "not there"


def routed_request(
    method: str = "POST",
    target: str = "/session",
    headers: Headers | None = None,
    body: bytes = b"",
    *,
    route_key: str = "POST /session",
    path_params: dict[str, str] | None = None,
    claims: Claims | None = None,
) -> RoutedRequest:
    path, _, query = target.partition("?")
    scope = {
        "type": "http",
        "method": method,
        "scheme": "https",
        "server": ("203.0.113.1", 443),
        "client": ("192.0.2.1", 50_000),
        "http_version": "1.1",
        "path": path,
        "query_string": query.encode(),
        "headers": [(name.lower().encode(), value.encode()) for name, value in headers or []],
        "state": {"request_id": "EXAMPLErequestId="},
    }
    return RoutedRequest(Request(scope), body, route_key, path_params or {}, claims)


def version_2(*request: Any, **options: Any) -> Event:
    return to_event(routed_request(*request, **options), "2.0")


@pytest.mark.parametrize("file", sorted((ROOT / "events").glob("*.json")), ids=lambda file: file.stem)
def test_the_shipped_events_are_what_the_gateway_builds(file: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    event: Event = json.loads(file.read_text())
    context = event["requestContext"]
    http = context.get("http", context)
    query = event.get("rawQueryString", "preset=assistant&voice=marin")
    request = routed_request(
        http.get("method") or http["httpMethod"],
        f"{http['path']}?{query}",
        [(name, value) for name, value in event["headers"].items() if not name.startswith("x-forwarded")],
        base64.b64decode(event.get("body") or ""),
        route_key=context.get("routeKey") or context["resourceId"],
        path_params=event.get("pathParameters"),
    )
    request.time = 1795348800
    monkeypatch.setattr("local.event.API_ID", context["apiId"])

    built = to_event(request, event["version"])

    assert without_iams_caller(built) == event


def without_iams_caller(event: Event) -> Event:
    """Remove ten members of format 1.0 that are null without IAM credentials; the shipped event leaves them out."""
    identity = event["requestContext"].get("identity", {})
    for name in [name for name, value in identity.items() if value is None]:
        del identity[name]
    return event


@pytest.mark.parametrize(
    ("content_type", "is_text"),
    [
        ("application/sdp", False),
        ("application/sdp; charset=utf-8", False),
        (None, False),
        ("application/octet-stream", False),
        ("application/vnd.api+json", False),
        ("text/plain", True),
        ("text/plain; charset=utf-8", True),
        ("application/json", True),
        ("Application/JSON;charset=utf-8", True),
        ("application/xml", True),
        ("application/javascript", True),
    ],
)
def test_only_bodies_of_text_types_are_passed_on_as_text(content_type: str | None, is_text: bool) -> None:
    headers = [("Content-Type", content_type)] if content_type else []

    event = version_2(headers=headers, body=b"v=0\r\n")

    assert (event["body"], event["isBase64Encoded"]) == (("v=0\r\n", False) if is_text else ("dj0wDQo=", True))


def test_members_without_a_value_are_left_out() -> None:
    event = version_2("GET", "/token", route_key="GET /token")

    assert sorted(event) == [
        "headers",
        "isBase64Encoded",
        "rawPath",
        "rawQueryString",
        "requestContext",
        "routeKey",
        "version",
    ]
    assert "authorizer" not in event["requestContext"]
    assert event["headers"]["content-length"] == "0"
    assert event["isBase64Encoded"] is False


def test_repeated_headers_and_parameters_are_joined_with_commas_and_cookies_are_listed() -> None:
    event = version_2(
        target="/session?voice=marin&voice=cedar&empty=&plus=a+b%2C",
        headers=[("X-Two", "1"), ("x-two", "2"), ("Cookie", "a=1; b=2"), ("Cookie", "c=3"), ("Connection", "close")],
    )

    assert event["headers"]["x-two"] == "1,2"
    assert event["cookies"] == ["a=1", "b=2", "c=3"]
    assert not {"cookie", "connection"} & set(event["headers"])
    assert event["rawQueryString"] == "voice=marin&voice=cedar&empty=&plus=a+b%2C"
    assert event["queryStringParameters"] == {"voice": "marin,cedar", "empty": "", "plus": "a b,"}


def test_the_gateway_adds_headers() -> None:
    headers = version_2(headers=[("X-Forwarded-For", "198.51.100.7"), ("X-Forwarded-Proto", "gopher")])["headers"]

    trace_id = headers.pop("x-amzn-trace-id")
    assert (len(trace_id), trace_id[:7]) == (40, "Root=1-")
    assert headers == {
        "content-length": "0",
        "x-forwarded-for": "198.51.100.7, 192.0.2.1",
        "x-forwarded-port": "443",
        "x-forwarded-proto": "https",
    }


def test_claims_are_strings() -> None:
    claims = {"sub": "me", "exp": 1795348800, "verified": True, "groups": ["a", "b"], "address": {"city": "x"}}
    texts = {"sub": "me", "exp": "1795348800", "verified": "true", "groups": "[a b]", "address": "map[city:x]"}

    unscoped = Claims(claims, None)
    scoped = Claims({}, ("call",))

    assert version_2(claims=unscoped)["requestContext"]["authorizer"] == {"jwt": {"claims": texts, "scopes": None}}
    assert version_2(claims=scoped)["requestContext"]["authorizer"] == {"jwt": {"claims": {}, "scopes": ["call"]}}
    version_1 = to_event(routed_request(claims=unscoped), "1.0")
    assert version_1["requestContext"]["authorizer"] == {"claims": texts, "scopes": None}


def test_format_1_0_has_all_values_and_null_for_missing_ones() -> None:
    request = routed_request("GET", "/x?a=1&a=2", [("X-Two", "1"), ("X-Two", "2")], route_key="$default")
    event = to_event(request, "1.0")

    assert (event["resource"], event["headers"]["x-two"], event["multiValueHeaders"]["x-two"]) == (
        "$default",
        "2",
        ["1", "2"],
    )
    assert (event["queryStringParameters"], event["multiValueQueryStringParameters"]) == ({"a": "2"}, {"a": ["1", "2"]})
    assert (event["pathParameters"], event["body"], event["isBase64Encoded"]) == (None, None, False)
    empty = to_event(routed_request("GET", "/x"), "1.0")
    assert (empty["queryStringParameters"], empty["multiValueQueryStringParameters"]) == (None, None)


def test_request_ids_have_the_format_of_http_apis() -> None:
    assert new_request_id() != new_request_id()
    assert (len(new_request_id()), new_request_id()[-1]) == (16, "=")


# The members of an event that the gateway of the SAM CLI (1.170) builds differently, by their path: ours, then theirs.
# Ours are AWS's: https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
IN_EVERY_EVENT = {
    # SAM has constants: one id for the life of the process, a fixed name, the time when it was started.
    "requestContext.requestId": ("EXAMPLErequestId=", "…"),
    "requestContext.apiId": ("local", "1234567890"),
    "requestContext.domainName": ("app.example", "localhost"),
    "requestContext.domainPrefix": ("app", "localhost"),
    "requestContext.time": ("22/Nov/2026:12:00:00 +0000", "…"),
    "requestContext.timeEpoch": (1795348800000, "…"),
    "requestContext.http.userAgent": ("test/1", "Custom User Agent String"),
    # Header names arrive in lower case, and API Gateway adds its own.
    "headers.host": ("app.example", MISSING),
    "headers.Host": (MISSING, "app.example"),
    "headers.user-agent": ("test/1", MISSING),
    "headers.User-Agent": (MISSING, "test/1"),
    "headers.x-amzn-trace-id": ("…", MISSING),
    "headers.x-forwarded-for": ("192.0.2.1", MISSING),
    "headers.x-forwarded-port": ("443", MISSING),
    "headers.X-Forwarded-Port": (MISSING, "443"),
    "headers.x-forwarded-proto": ("https", MISSING),
    "headers.X-Forwarded-Proto": (MISSING, "https"),
    # Members without a value are left out.
    "stageVariables": (MISSING, None),
}
WITH_AN_OFFER = {
    # application/sdp arrives in base64: https://github.com/ministackorg/ministack/pull/766
    "body": ("dj0wDQo=", "v=0\r\n"),
    "isBase64Encoded": (True, False),
    "headers.content-type": ("application/sdp", MISSING),
    "headers.Content-Type": (MISSING, "application/sdp"),
    "headers.content-length": ("5", MISSING),
    "headers.Content-Length": (MISSING, "5"),
    # Cookies are in `cookies` only.
    "headers.Cookie": (MISSING, "a=1; b=2"),
    "pathParameters": (MISSING, {}),
}
WITH_A_PATH_PARAMETER = {
    "body": (MISSING, ""),
    "cookies": (MISSING, []),
    "headers.content-length": ("0", MISSING),
}


@pytest.mark.parametrize(
    ("request_line", "headers", "body", "route", "differences"),
    [
        (
            ("POST", "/session?preset=assistant&voice=marin&voice=cedar"),
            [("Content-Type", "application/sdp"), ("Content-Length", "5"), ("Cookie", "a=1; b=2")],
            b"v=0\r\n",
            ("POST /session", "/session", {}),
            WITH_AN_OFFER,
        ),
        (
            ("DELETE", "/session/rtc_1"),
            [],
            b"",
            ("DELETE /session/{call_id}", "/session/<call_id>", {"call_id": "rtc_1"}),
            WITH_A_PATH_PARAMETER,
        ),
    ],
    ids=["offer", "hang-up"],
)
def test_the_event_is_sams_except_where_aws_differs_from_sam(
    request_line: tuple[str, str],
    headers: Headers,
    body: bytes,
    route: tuple[str, str, dict[str, str]],
    differences: dict[str, tuple[Any, Any]],
) -> None:
    method, target = request_line
    key, rule, parameters = route
    headers = [("Host", "app.example"), ("User-Agent", "test/1"), *headers]
    request = routed_request(method, target, headers, body, route_key=key, path_params=parameters)
    request.time = 1795348800
    ours = flat(to_event(request, "2.0"))
    theirs = flat(sams_event(method, target, headers, body, key, rule))

    paths = {path for path in (*ours, *theirs) if ours.get(path, MISSING) != theirs.get(path, MISSING)}
    found = {path: (ours.get(path, MISSING), theirs.get(path, MISSING)) for path in paths}

    assert masked(found) == IN_EVERY_EVENT | differences


def sams_event(method: str, target: str, headers: Headers, body: bytes, key: str, rule: str) -> Event:
    app = flask.Flask("sam")
    app.add_url_rule(rule, methods=[method], endpoint="odd", view_func=lambda **_: "")
    environ = {"REMOTE_ADDR": "192.0.2.1", "wsgi.url_scheme": "https"}
    with app.test_request_context(target, method=method, headers=headers, data=body, environ_overrides=environ):
        event: Event = construct_v2_event_http(flask.request, 443, [], "$default", route_key=key)
    return event


def flat(event: Event) -> Event:
    """The event's members by their path; those of headers, requestContext and http one by one."""
    found: Event = {}
    for name, value in event.items():
        if name in ("headers", "requestContext", "http"):
            found |= {f"{name}.{path}": member for path, member in flat(value).items()}
        else:
            found[name] = value
    return found


def masked(found: dict[str, tuple[Any, Any]]) -> dict[str, tuple[Any, Any]]:
    """Replace the values that differ in each run."""
    side_by_path = {
        "requestContext.requestId": 1,
        "requestContext.time": 1,
        "requestContext.timeEpoch": 1,
        "headers.x-amzn-trace-id": 0,
    }
    for path, side in side_by_path.items():
        pair = list(found[path])
        pair[side] = "…"
        found[path] = (pair[0], pair[1])
    return found
