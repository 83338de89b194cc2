"""web/openapi.json agrees with the code and the template."""

import json
import re
from collections.abc import Iterator
from typing import Any

import jsonschema_rs
import pytest
import schemathesis
from realtime.errors import MethodNotAllowed
from realtime.presets import CHOICE_PATHS, presets

from local.response import MESSAGES
from local.template import Template
from tests.conftest import ROOT
from tests.error_rows import ROWS, Row, named
from tests.error_tree import ERRORS

Document = dict[str, Any]

THROTTLED = {429: "Too Many Requests"}
"""A message of API Gateway that the local gateway never sends."""


def operations(document: Document) -> Iterator[tuple[str, Document]]:
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            yield f"{method.upper()} {path}", operation


def resolved(document: Document, part: Document) -> Document:
    while "$ref" in part:
        found: Any = document
        for name in part["$ref"].removeprefix("#/").split("/"):
            found = found[name]
        part = found
    return part


def responses(document: Document) -> Iterator[tuple[str, int, Document]]:
    for route, operation in operations(document):
        for status, response in operation["responses"].items():
            yield route, int(status), resolved(document, response)


def is_valid(document: Document, schema: Document, value: object) -> bool:
    return jsonschema_rs.is_valid({**schema, "components": document["components"]}, value)


def route_of(row: Row) -> str:
    path = row.path.partition("?")[0]
    return f"{row.method} {'/session/{call_id}' if path.startswith('/session/') else path}"


def test_it_is_valid_openapi_3_1(document: Document) -> None:
    assert document["openapi"] == "3.1.0"
    schemathesis.openapi.from_dict(document).validate()


def test_its_routes_are_those_of_the_template(document: Document) -> None:
    deployed = {route.key for route in Template(parameters={"Access": "open"}).routes}

    assert {route for route, _ in operations(document)} == deployed


@pytest.mark.parametrize(("access", "locked"), [("open", False), ("signed-in", True)])
def test_a_token_is_required_only_where_people_sign_in(document: Document, access: str, locked: bool) -> None:
    template = Template(parameters={"Access": access, "Issuer": "https://issuer.example", "Audience": "audience"})

    assert {route.authorizer is not None for route in template.routes} == {locked}
    assert document["security"] == [{}, {"signedIn": []}]
    assert all("security" not in operation for _, operation in operations(document))


def test_its_codes_and_their_statuses_are_those_of_the_table(document: Document) -> None:
    of_the_upstream = {"upstream", "rate_limit_exceeded", "insufficient_quota", "gateway"}
    documented = {
        (status, code)
        for _, status, response in responses(document)
        for content in response.get("content", {}).values()
        for code in content["examples"]
        if status >= 400 and code not in of_the_upstream
    }

    # The routes have one method each: another one is API Gateway's 404.
    expected = {(error.status, error.code) for error in ERRORS if error.code and error is not MethodNotAllowed}
    assert documented == expected


@pytest.mark.parametrize("row", [row for row in ROWS if row.status != 405], ids=named)
def test_every_row_of_the_error_table_is_documented(document: Document, row: Row) -> None:
    documented = {(route, status): response for route, status, response in responses(document)}
    error = {"message": row.message, "type": row.type, "code": row.code, "param": row.param, "request_id": "r"}

    response = documented[route_of(row), row.status]

    assert is_valid(document, response["content"]["application/json"]["schema"], {"error": error})
    assert set(row.headers) <= {header.lower() for header in response["headers"]}


def test_an_unknown_code_is_invalid_where_all_codes_are_listed(document: Document) -> None:
    too_large = document["paths"]["/session"]["post"]["responses"]["413"]["content"]["application/json"]["schema"]
    error = {"message": "m", "type": "t", "code": "another", "param": None, "request_id": "r"}

    assert not is_valid(document, too_large, {"error": error})
    assert is_valid(document, too_large, {"error": error | {"code": "offer_too_large"}})


def test_the_documented_messages_of_api_gateway_are_those_of_aws(document: Document) -> None:
    documented = {
        (status, content["examples"]["gateway"]["value"]["message"])
        for _, status, response in responses(document)
        for content in response.get("content", {}).values()
        if "gateway" in content["examples"]
    }

    assert documented == set((MESSAGES | THROTTLED).items())


def test_the_choices_are_those_of_the_code_and_no_preset_is_hard_coded(document: Document) -> None:
    shared = document["components"]["parameters"]
    choices = {choice for paths in CHOICE_PATHS.values() for choice in paths}

    assert set(shared) == {"preset", "dcid", *choices}
    assert shared["preset"]["schema"] == {"type": "string"}
    assert all(shared[choice]["schema"] == {"type": "string"} for choice in choices)
    assert shared["preset"]["example"] in presets().presets


def test_every_example_is_valid(document: Document) -> None:
    def examples(part: Any) -> Iterator[tuple[Document, object]]:
        if isinstance(part, dict):
            if "schema" in part:
                yield from ((part["schema"], example["value"]) for example in part.get("examples", {}).values())
                yield from ([(part["schema"], part["example"])] if "example" in part else [])
            for inner in part.values():
                yield from examples(inner)
        elif isinstance(part, list):
            for inner in part:
                yield from examples(inner)

    found = list(examples(document))

    assert len(found) > 30
    assert [value for schema, value in found if not is_valid(document, schema, value)] == []


def test_the_guides_example_of_the_usage_is_valid(document: Document) -> None:
    [example] = re.findall(r"```json\n(.*?)```", (ROOT / "docs" / "frontend.md").read_text(), re.DOTALL)
    schema = document["components"]["schemas"]["Usage"]

    assert is_valid(document, schema, json.loads(example))
    assert not is_valid(document, schema, json.loads(example) | {"left_seconds": -1})


def test_every_error_has_an_example_and_every_reference_resolves(document: Document) -> None:
    for _, status, response in responses(document):
        assert status < 300 or response["content"]["application/json"]["examples"]
        assert all(resolved(document, header)["schema"] for header in response.get("headers", {}).values())
