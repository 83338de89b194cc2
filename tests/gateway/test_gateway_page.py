"""The page's files, as the local gateway serves them beside the routes."""

import httpx
import pytest

from local.stack import Stack


@pytest.mark.parametrize("path", ["/nowhere.js", "/../pyproject.toml", "/%2e%2e/pyproject.toml", "/session"])
def test_a_path_of_neither_page_nor_route_is_not_found(shipped: Stack, path: str) -> None:
    with httpx.Client() as client:
        answer = client.get(f"{shipped.url}{path}")

    assert (answer.status_code, answer.text) == (404, '{"message":"Not Found"}')
    assert httpx.post(f"{shipped.url}/index.html").json() == {"message": "Not Found"}


def test_the_browser_asks_each_time_whether_a_file_of_the_page_has_changed(shipped: Stack) -> None:
    first = httpx.get(f"{shipped.url}/main.js")
    again = httpx.get(f"{shipped.url}/main.js", headers={"If-None-Match": first.headers["etag"]})

    assert (first.headers["cache-control"], again.status_code) == ("no-cache", 304)
