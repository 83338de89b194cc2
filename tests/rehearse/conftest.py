"""An emulated AWS, an upstream, and a copy of the repository that is built by `sam build`."""

import secrets
from collections.abc import Iterator
from pathlib import Path

import pytest

from local.ports import bind, free
from local.upstream import stand_in
from tests.rehearse.emulated_aws import ministack
from tests.rehearse.emulated_template import copy
from tests.rehearse.stack import Stack, deployed


@pytest.fixture(scope="session")
def endpoint(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The endpoint of the emulated AWS."""
    with ministack(free(0, ""), tmp_path_factory.mktemp("ministack")) as url:
        yield url


@pytest.fixture(scope="session")
def api_key() -> str:
    """The API key that the upstream accepts."""
    return f"sk-local-{secrets.token_hex(16)}"


@pytest.fixture(scope="session")
def upstream(api_key: str) -> Iterator[str]:
    """The base URL of the stand-in for the Realtime API."""
    with stand_in(bind(0, ""), api_key) as running:
        running.wait_until_ready()
        yield running.base_url


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory, endpoint: str) -> Path:
    """A built copy of the repository."""
    folder = tmp_path_factory.mktemp("built") / "repository"
    folder.mkdir()
    copy(folder, int(endpoint.rpartition(":")[2]))
    Stack(folder, endpoint).build()
    return folder


@pytest.fixture(scope="module", params=["open", "signed-in"])
def stack(request: pytest.FixtureRequest, built: Path, endpoint: str, upstream: str) -> Iterator[Stack]:
    """A deployed stack, whose secret has no API key yet."""
    with deployed(built, endpoint, upstream, Access=request.param) as stack:
        yield stack
