"""The contract's error table: each row's whole response, from the real handlers through the local API Gateway."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from functools import cache, partial
from pathlib import Path

import httpx
import pytest

from local.stack import Stack, serve
from tests.conftest import QUIET
from tests.error_rows import LEDGER_ITEMS, ROWS, Row, named
from tests.local_stack import client, function_headers, write_template
from tests.scripted_upstream import Reply, ScriptedUpstream, scripted_upstream


@pytest.fixture(scope="module")
def upstream() -> Iterator[ScriptedUpstream]:
    with scripted_upstream() as scripted:
        yield scripted


@pytest.fixture(scope="module")
def every_method(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The template with ANY in every route, since API Gateway would answer 404 before a handler sees a wrong method."""

    def change(text: str) -> str:
        for route in ("POST /session", "DELETE /session/{call_id}", "GET /token", "GET /usage"):
            text = text.replace(f"RouteKey: {route}\n", f"RouteKey: ANY {route.split()[1]}\n")
        return text

    return write_template(tmp_path_factory.mktemp("template"), change)


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


@pytest.mark.parametrize("row", ROWS, ids=named)
def test_every_row_of_the_error_table_gets_its_response(
    stack_for: Callable[[Row], Stack], upstream: ScriptedUpstream, row: Row
) -> None:
    stack = stack_for(row)
    upstream.says(*(row.upstream or [Reply()]))
    upstream.asked.clear()
    response = httpx.request(row.method, stack.url + row.path, headers=row.sent, content=row.body.encode(), timeout=30)

    assert (response.status_code, response.json(), function_headers(response.headers, "x-request-id")) == (
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
