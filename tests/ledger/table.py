"""The template's own table in moto, with transactions one at a time, and a clock that tests set."""

import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import cache
from typing import Any

import boto3
import pytest

from local.aws import Aws, aws
from local.intrinsics import REGION
from local.template import Template
from tests.conftest import API_KEY, CLOSED_PORT, SAFETY_KEY
from tests.scripted_upstream import Reply

UNLIMITED = {"MAX_CALL_MINUTES": 0, "CALLS_AT_ONCE": 0, "MINUTES_PER_PERSON_PER_DAY": 0, "MINUTES_PER_DAY": 0}
NOON = 1_795_608_000
"""2026-11-25, 12:00 UTC."""


class Clock:
    """The wall clock."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now = float(NOON)
        monkeypatch.setattr(time, "time", lambda: self.now)


@contextmanager
def services() -> Iterator[Aws]:
    """Secrets Manager with the API key, and DynamoDB."""
    with aws(0, "test") as running:
        yield running


def use_ledger(environment: pytest.MonkeyPatch, running: Aws, **limits: int) -> Any:
    """Give the functions a table of their own and limits; returns a client of the table's service, and its name."""
    name = running.create_table("Ledger", properties())
    for variable, value in {**UNLIMITED, **limits}.items():
        environment.setenv(variable, str(value))
    environment.setenv("LEDGER_TABLE", name)
    environment.setenv("AWS_DEFAULT_REGION", REGION)
    environment.setenv("AWS_ENDPOINT_URL", running.url)
    environment.setenv("API_KEY_SECRET_ID", running.create_secret("key", API_KEY))
    environment.setenv("SAFETY_KEY_SECRET_ID", running.create_secret("safety-key", SAFETY_KEY))
    return dynamodb(running.url).Table(name)


@cache
def properties() -> dict[str, Any]:
    """The table's, as the template has them."""
    return Template().tables["Ledger"]


@cache
def dynamodb(url: str) -> Any:
    return boto3.Session("test", "test", region_name=REGION).resource("dynamodb", endpoint_url=url)


def while_it_answers(happens: Callable[[], object], reply: Reply) -> Reply:
    """Let something happen after the request has arrived, and before its response."""
    body = reply.body.encode() if isinstance(reply.body, str) else reply.body
    headers = "".join(f"{name}: {value}\r\n" for name, value in reply.headers.items())

    def raw() -> Iterator[bytes]:
        happens()
        yield f"HTTP/1.1 {reply.status} \r\n{headers}Content-Length: {len(body)}\r\n\r\n".encode() + body

    return replace(reply, raw=raw())


def break_ledger() -> None:
    os.environ["AWS_ENDPOINT_URL_DYNAMODB"] = CLOSED_PORT


def repair_ledger() -> None:
    del os.environ["AWS_ENDPOINT_URL_DYNAMODB"]
