"""The contract as other projects get it: the OpenAPI document, and the module as a package."""

import json
from typing import Any

import pytest

from tests.conftest import ROOT


@pytest.fixture(scope="session")
def document() -> dict[str, Any]:
    """web/openapi.json."""
    read: dict[str, Any] = json.loads((ROOT / "web" / "openapi.json").read_text())
    return read
