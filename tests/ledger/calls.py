"""Calls of two people, and what is in the ledger's table about them."""

import json
from typing import Any

import pytest

from tests.conftest import Invoke, Response, event
from tests.scripted_upstream import Reply

ALICE, BOB = "alice", "bob"
DAY = "day#2026-11-25"
UNKNOWN = Reply(404, json.dumps({"error": {"message": "unknown", "code": "call_id_not_found"}}))


def limits(**values: int) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("limited", [values], indirect=True)


def start(session: Invoke, subject: str = ALICE, query: str = "") -> Response:
    return session(event("session", query=query, claims={"sub": subject}))


def end(session: Invoke, call_id: str, subject: str = ALICE) -> Response:
    return session(event("hang-up", path=f"/session/{call_id}", claims={"sub": subject}))


def usage(token: Invoke, subject: str = ALICE) -> dict[str, Any]:
    body: dict[str, Any] = json.loads(token(event("usage", claims={"sub": subject}))["body"])
    return body


def reserved(table: Any) -> int:
    """Return the seconds of all people today."""
    return int(table.get_item(Key={"id": DAY}).get("Item", {}).get("reserved_seconds", 0))


def open_ids(table: Any) -> list[str]:
    """Return the ids of all items that are about an open call or key."""
    ids = [item["id"].partition("#")[0] for item in table.scan()["Items"]]
    return sorted(kind for kind in ids if kind in ("call", "reservation"))
