"""The contract's error table, by the handlers alone: each row as whole response. tests/gateway has it through HTTP."""

import json
import re
import uuid
from typing import Any

import boto3
import pytest

from tests.conftest import REGION, Event, Invoke, event
from tests.error_rows import LEDGER_ITEMS, ROWS, Row, named
from tests.ledger.table import properties
from tests.scripted_upstream import Reply, ScriptedUpstream

SECRETS = {"a-key": "openai-api-key", "no-key": "no-key", "no-secret": "no-secret"}


@pytest.mark.parametrize("row", ROWS, ids=named)
def test_every_row_of_the_table_is_answered_as_it_says(
    environment: pytest.MonkeyPatch,
    session: Invoke,
    token: Invoke,
    upstream: ScriptedUpstream,
    secrets: Any,
    row: Row,
) -> None:
    set_parameters(environment, secrets.meta.endpoint_url, row)
    environment.setenv("API_KEY_SECRET_ID", SECRETS[row.secret])
    environment.setenv("UPSTREAM_TIMEOUT_SECONDS", "1")
    upstream.says(*(row.upstream or [Reply()]))
    made = event_of(row)

    response = (token if row.path.startswith(("/token", "/usage")) else session)(made)

    request_id = made["requestContext"]["requestId"]
    error = {"message": row.message, "type": row.type, "code": row.code, "param": row.param, "request_id": request_id}
    assert response | {"body": json.loads(response["body"])} == {
        "statusCode": row.status,
        "headers": {
            "content-type": "application/json",
            "content-length": str(len(response["body"])),
            "cache-control": "no-store",
            "x-request-id": request_id,
            **row.headers,
        },
        "body": {"error": error},
        "isBase64Encoded": False,
    }
    assert len(upstream.asked) == row.asked


@pytest.fixture(autouse=True)
def _secret_without_a_key(secrets: Any) -> None:
    secrets.create_secret(Name="no-key", SecretString="{}")


def set_parameters(environment: pytest.MonkeyPatch, aws_url: str, row: Row) -> None:
    """Set the variables that the template makes of the row's parameters, and create the row's ledger."""
    for parameter, value in row.parameters.items():
        environment.setenv(re.sub("(?<!^)(?=[A-Z])", "_", parameter).upper(), value)
    if row.ledger == "none":
        return
    table = f"Ledger-{uuid.uuid4()}"
    environment.setenv("LEDGER_TABLE", table)
    if row.ledger == "missing":
        return
    dynamodb = boto3.Session("test", "test", region_name=REGION).client("dynamodb", endpoint_url=aws_url)
    used = ("AttributeDefinitions", "BillingMode", "GlobalSecondaryIndexes", "KeySchema")
    dynamodb.create_table(TableName=table, **{name: properties()[name] for name in used})
    for item in LEDGER_ITEMS.get(row.ledger, []):
        dynamodb.put_item(TableName=table, Item={"id": {"S": item}})


def event_of(row: Row) -> Event:
    """The event that API Gateway would make of the row's request."""
    path, _, query = row.path.partition("?")
    headers = {name.lower(): value for name, value in row.sent.items()}
    made = event("session", path=path, body=row.body.encode(), rawQueryString=query, headers=headers)
    made["requestContext"]["http"]["method"] = row.method
    return made
