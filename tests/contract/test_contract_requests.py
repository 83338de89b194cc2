"""Requests that are generated from the OpenAPI document: the whole local stack answers each as documented."""

import base64
import json
from collections.abc import Iterator
from typing import Any

import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, Phase, settings
from realtime.presets import presets
from schemathesis import Case, DeserializationContext, HookContext, Response
from schemathesis.checks import not_a_server_error
from schemathesis.schemas import BaseSchema
from schemathesis.specs.openapi.checks import (
    ignored_auth,
    positive_data_acceptance,
    unsupported_method,
)

from local.stack import Stack, serve
from tests.conftest import QUIET, ROOT

pytestmark = pytest.mark.thorough

OFFER = base64.b64decode(json.loads((ROOT / "events" / "session.json").read_text())["body"])

EXCLUDED_CHECKS = [
    not_a_server_error,  # some are documented, and an undocumented one fails another check
    positive_data_acceptance,  # no schema can define the deployment's presets and choices, or valid SDP
    unsupported_method,  # for a route that does not exist API Gateway answers 404, not 405
    ignored_auth,  # an open deployment ignores tokens
]

BOUNDED = settings(
    max_examples=40,
    deadline=None,
    database=None,
    derandomize=True,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)


schemathesis.serializer.alias("application/sdp", "text/plain")


@schemathesis.deserializer("application/sdp")
def _text(_: DeserializationContext, response: Response) -> str:
    return response.content.decode()


@pytest.fixture(scope="module")
def opened() -> Iterator[Stack]:
    with serve(environment=QUIET) as stack:
        yield stack


@pytest.fixture(scope="module")
def locked() -> Iterator[Stack]:
    parameters = {"Access": "signed-in", "Issuer": "http://127.0.0.1:9", "Audience": "audience"}
    with serve(environment=QUIET, parameters=parameters) as stack:
        yield stack


@pytest.fixture(scope="module")
def limited() -> Iterator[Stack]:
    with serve(environment=QUIET, parameters={"MaxCallMinutes": "15", "MinutesPerDay": "16"}) as stack:
        yield stack


@pytest.fixture(scope="module")
def unlimited_minutes() -> Iterator[Stack]:
    with serve(environment=QUIET, parameters={"CallsAtOnce": "2"}) as stack:
        yield stack


@pytest.fixture(scope="module")
def api(opened: Stack) -> BaseSchema:
    """The document that the stack serves."""
    return documented(opened)


def documented(stack: Stack) -> BaseSchema:
    schema = schemathesis.openapi.from_url(f"{stack.url}/openapi.json")
    schema.config.update(base_url=stack.url)
    return schema


def send(case: Case[Any], base_url: str | None = None) -> Response:
    """Send a request, and validate the response against the document: status, headers, media type, body."""
    return case.call_and_validate(excluded_checks=EXCLUDED_CHECKS, base_url=base_url, timeout=20)


generated = schemathesis.openapi.from_path(ROOT / "web" / "openapi.json")


@generated.hook
def map_query(context: HookContext, query: Any) -> Any:
    """Replace most presets by existing ones, or nearly every request would end as an unknown preset."""
    names = [*presets().presets]
    if isinstance(query, dict) and isinstance(preset := query.get("preset"), str) and len(preset) % 3:
        return query | {"preset": names[len(preset) % len(names)]}
    return query


@generated.hook
def map_body(context: HookContext, body: Any) -> Any:
    """Put a real offer before most bodies, so that the request reaches the upstream."""
    return OFFER.decode() + body.removeprefix("v=0") + "\r\n" if isinstance(body, str) and len(body) % 3 else body


@generated.parametrize()
@BOUNDED
def test_every_response_to_a_generated_request_is_documented(case: Case[Any], opened: Stack) -> None:
    send(case, base_url=opened.url)


def test_a_call_is_created_and_hung_up_as_documented(api: BaseSchema) -> None:
    create, hang_up = api["/session"]["POST"], api["/session/{call_id}"]["DELETE"]

    created = send(
        create.Case(body=OFFER.decode(), media_type="application/sdp", query={"preset": "assistant", "dcid": 0})
    )
    assert created.status_code == 201
    call_id = created.headers["location"][0].rpartition("/")[2]

    assert send(hang_up.Case(path_parameters={"call_id": call_id})).status_code == 204
    assert send(hang_up.Case(path_parameters={"call_id": call_id})).status_code == 404


def test_a_key_is_minted_as_documented(api: BaseSchema) -> None:
    assert send(api["/token"]["GET"].Case(query={"preset": "colours", "voice": "cedar"})).status_code == 200
    assert send(api["/token"]["GET"].Case(query={"preset": "private"})).status_code == 403


def test_requests_without_a_valid_token_get_401_where_people_sign_in(locked: Stack) -> None:
    api = documented(locked)
    cases: list[tuple[str, str, dict[str, Any]]] = [
        ("/session", "POST", {"body": OFFER.decode(), "media_type": "application/sdp"}),
        ("/session/{call_id}", "DELETE", {"path_parameters": {"call_id": "rtc_1"}}),
        ("/token", "GET", {}),
        ("/usage", "GET", {}),
    ]
    for headers in ({}, {"Authorization": "Bearer nonsense"}):
        statuses = [send(api[path][method].Case(headers=headers, **case)).status_code for path, method, case in cases]
        assert statuses == [401, 401, 401, 401]


def test_minutes_are_reserved_told_and_given_back_as_documented(limited: Stack) -> None:
    api = documented(limited)

    def left() -> Any:
        usage = send(api["/usage"]["GET"].Case())
        return usage.status_code, usage.json()["left_seconds"]

    assert left() == (200, 960)
    created = send(api["/session"]["POST"].Case(body=OFFER.decode(), media_type="application/sdp"))
    assert (created.status_code, created.headers["x-call-seconds"]) == (201, ["900"])
    assert left() == (200, 60)
    assert send(api["/token"]["GET"].Case()).status_code == 429
    call_id = created.headers["location"][0].rpartition("/")[2]
    assert send(api["/session/{call_id}"]["DELETE"].Case(path_parameters={"call_id": call_id})).status_code == 204
    assert left()[1] > 900


def test_the_longest_call_is_documented(unlimited_minutes: Stack) -> None:
    """Of the Live API, which ends a call after two hours."""
    create = documented(unlimited_minutes)["/session"]["POST"]
    body, media_type = OFFER.decode(), "application/sdp"

    created = send(create.Case(body=body, media_type=media_type, query={"preset": "live"}))

    assert (created.status_code, created.headers["x-call-seconds"]) == (201, ["7200"])


def test_the_document_is_served_as_json(opened: Stack) -> None:
    answer = requests.get(f"{opened.url}/openapi.json", timeout=10)

    assert answer.headers["content-type"] == "application/json"
    assert answer.json() == json.loads((ROOT / "web" / "openapi.json").read_text())
