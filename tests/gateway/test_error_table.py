"""The contract's error table: each row's whole response, from the real handlers through the local API Gateway."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from functools import cache, partial
from pathlib import Path
from typing import Any

import boto3
import httpx
import pytest

from local.stack import Stack, serve
from local.template import TEMPLATE
from tests.conftest import QUIET
from tests.error_rows import LEDGER_ITEMS, ROWS, Row, named
from tests.scripted_upstream import Reply, ScriptedUpstream, scripted_upstream


@pytest.fixture(scope="module")
def upstream() -> Iterator[ScriptedUpstream]:
    with scripted_upstream() as scripted:
        yield scripted


@pytest.fixture(scope="module")
def every_method(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The template with ANY in every route, since API Gateway would answer 404 before a handler sees a wrong method."""
    folder = tmp_path_factory.mktemp("template")
    for name in ("functions", "layers"):
        (folder / name).symlink_to(TEMPLATE.parent / name)
    text = TEMPLATE.read_text()
    for method in ("POST /session", "DELETE /session/{call_id}", "GET /token", "GET /usage"):
        path = method.split()[1]
        text = text.replace(f"RouteKey: {method}\n", f"RouteKey: ANY {path}\n")
    file = folder / "template.yaml"
    file.write_text(text)
    return file


@pytest.fixture(scope="module")
def stack_for(upstream: ScriptedUpstream, every_method: Path) -> Iterator[Callable[[Row], Stack]]:
    """Run the stack with a row's parameters, secret and ledger; rows that have the same share one."""
    environment = QUIET | {"UPSTREAM_TIMEOUT_SECONDS": "2"}
    start = partial(serve, base_url=upstream.url, environment=environment, template=every_method)
    with ExitStack() as running:
        with_key = running.enter_context(start(api_key="sk-test-not-a-key"))

        @cache
        def stack(secret: str, parameters: frozenset[tuple[str, str]], ledger: str) -> Stack:
            if parameters:
                others = tables(with_key)
                changed = running.enter_context(start(api_key="sk-test-not-a-key", parameters=dict(parameters)))
                for table in tables(changed) - others:
                    change_ledger(changed, table, ledger)
                return changed
            if secret == "a-key":
                return with_key
            missing = with_key.secret_id.rpartition(":")[0] + ":no-secret-AbCdEf"
            arn = missing if secret == "no-secret" else create_secret_without_a_key(with_key)
            return running.enter_context(start(parameters={"ApiKeySecretArn": arn}))

        yield lambda row: stack(row.secret, frozenset(row.parameters.items()), row.ledger)


def create_secret_without_a_key(stack: Stack) -> str:
    created = client(stack, "secretsmanager").create_secret(Name="no-key", SecretString="{}")
    return str(created["ARN"])


def tables(stack: Stack) -> set[str]:
    """The tables of all stacks: moto has one memory for a process."""
    return set(client(stack, "dynamodb").list_tables()["TableNames"])


def change_ledger(stack: Stack, table: str, ledger: str) -> None:
    dynamodb = client(stack, "dynamodb")
    for item in LEDGER_ITEMS.get(ledger, []):
        dynamodb.put_item(TableName=table, Item={"id": {"S": item}})
    if ledger == "missing":
        dynamodb.delete_table(TableName=table)


def client(stack: Stack, service: str) -> Any:
    session = boto3.Session(stack.aws["AWS_ACCESS_KEY_ID"], "local", region_name=stack.aws["AWS_DEFAULT_REGION"])
    make: Any = session.client
    return make(service, endpoint_url=stack.aws["AWS_ENDPOINT_URL"])


@pytest.mark.parametrize("row", ROWS, ids=named)
def test_every_row_of_the_error_table_gets_its_response(
    stack_for: Callable[[Row], Stack], upstream: ScriptedUpstream, row: Row
) -> None:
    stack = stack_for(row)
    upstream.says(*(row.upstream or [Reply()]))
    upstream.asked.clear()
    response = httpx.request(row.method, stack.url + row.path, headers=row.sent, content=row.body.encode(), timeout=30)

    assert (response.status_code, response.json(), function_headers(response.headers)) == (
        row.status,
        {
            "error": {
                "message": row.message,
                "type": row.type,
                "code": row.code,
                "param": row.param,
                "request_id": response.headers["x-request-id"],
            }
        },
        {"content-type": "application/json", "cache-control": "no-store"} | row.headers,
    )
    assert len(upstream.asked) == row.asked


def function_headers(headers: httpx.Headers) -> dict[str, Any]:
    """The headers that the function has set, without the request id and those of the transport and the gateway."""
    others = ("date", "server", "content-length", "x-request-id", "apigw-requestid", "connection")
    return {name: value for name, value in headers.items() if name not in others}
