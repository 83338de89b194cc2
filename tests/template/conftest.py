"""The stack of each set of parameters that changes resources."""

from typing import Any

import pytest

from tests.template.translated import CASES, Stack


@pytest.fixture(params=CASES)
def stack(request: pytest.FixtureRequest) -> Stack:
    """The deployed resources of each case."""
    return Stack(CASES[request.param])


@pytest.fixture
def parameters(request: pytest.FixtureRequest, stack: Stack) -> dict[str, Any]:
    """The parameters of that case."""
    return CASES[request.node.callspec.params["stack"]]
