"""The contract's error table, by the handlers alone: each row as whole response. tests/gateway has it through HTTP."""

import json
from typing import Any

import pytest

from tests.conftest import Event, Invoke, event
from tests.error_rows import ROWS, Row, named
from tests.scripted_upstream import Reply, ScriptedUpstream

SECRETS = {"a-key": "openai-api-key", "no-key": "no-key", "no-secret": "no-secret"}


@pytest.mark.parametrize("row", ROWS, ids=named)
def test_every_row_of_the_table_is_answered_as_it_says(
    environment: pytest.MonkeyPatch,
    session: Invoke,
    token: Invoke,
    upstream: ScriptedUpstream,
    row: Row,
) -> None:
    environment.setenv("API_KEY_SECRET_ID", SECRETS[row.secret])
    environment.setenv("UPSTREAM_TIMEOUT_SECONDS", "1")
    upstream.says(*(row.upstream or [Reply()]))
    made = event_of(row)

    response = (token if row.path.startswith("/token") else session)(made)

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


def event_of(row: Row) -> Event:
    """The event that API Gateway would make of the row's request."""
    path, _, query = row.path.partition("?")
    headers = {name.lower(): value for name, value in row.sent.items()}
    made = event("session", body=row.body.encode(), rawPath=path, rawQueryString=query, headers=headers)
    made["requestContext"]["http"] |= {"method": row.method, "path": path}
    return made
