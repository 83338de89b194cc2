"""`make run` answers only by the names of this machine: a foreign page cannot read /token by DNS rebinding."""

from collections.abc import Iterator

import httpx
import pytest

from local.stack import serve
from tests.conftest import QUIET


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    with serve(environment=QUIET, hosts=["voice.example"]) as stack:
        yield stack.url


@pytest.mark.parametrize("path", ["/", "/config.json", "/token", "/session"])
@pytest.mark.parametrize("host", ["evil.example", "evil.example:8000", "127.0.0.1.evil.example", ""])
def test_another_host_is_refused(url: str, path: str, host: str) -> None:
    response = httpx.get(url + path, headers={"Host": host})

    assert (response.status_code, response.text) == (400, "Invalid host header")


@pytest.mark.parametrize("host", ["127.0.0.1:8000", "localhost", "[::1]:8000", "voice.example"])
def test_the_names_of_this_machine_and_those_that_are_added_are_answered(url: str, host: str) -> None:
    assert httpx.get(f"{url}/config.json", headers={"Host": host}).status_code == 200


def test_a_request_that_is_made_as_soon_as_the_page_answers_reaches_the_upstream() -> None:
    with serve(environment=QUIET) as stack:
        assert httpx.get(f"{stack.url}/token", timeout=30).status_code == 200
