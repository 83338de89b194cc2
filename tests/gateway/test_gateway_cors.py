"""CORS is handled by API Gateway: it answers preflights, and replaces the CORS headers of a function's response."""

import httpx
import pytest

from local.stack import Stack
from tests.gateway.conftest import Serve

SETS_HEADERS = """
    def handler(event, context):
        headers = {"Access-Control-Allow-Origin": "https://nobody.example", "Access-Control-Allow-Methods": "PUT"}
        return {"statusCode": 201, "headers": headers, "body": event["requestContext"]["http"]["method"]}
"""

PREFLIGHT = {"Origin": "https://app.example", "Access-Control-Request-Method": "POST"}


def cors_of(response: httpx.Response) -> dict[str, str]:
    return {name: value for name, value in response.headers.items() if name.startswith("access-control-")}


@pytest.mark.parametrize(
    ("allowed", "origin"),
    [
        ("*", "*"),
        ("https://other.example,https://app.example", "https://app.example"),
        ("https://*", "https://app.example"),
    ],
)
def test_a_preflight_is_answered_without_the_function(api: Serve, allowed: str, origin: str) -> None:
    answer = api("this is no Python", AllowedOrigins=allowed).options("/odd", headers=PREFLIGHT)

    assert (answer.status_code, answer.content) == (204, b"")
    assert cors_of(answer) == {
        "access-control-allow-origin": origin,
        "access-control-allow-methods": "GET,POST",
        "access-control-allow-headers": "authorization,content-type",
        "access-control-max-age": "60",
    }


@pytest.mark.parametrize("allowed", ["https://other.example", "http://*", "https://app.example:8443"])
def test_an_origin_that_is_not_allowed_gets_no_cors_headers(api: Serve, allowed: str) -> None:
    client = api(SETS_HEADERS, AllowedOrigins=allowed)

    preflight, actual = client.options("/odd", headers=PREFLIGHT), client.post("/odd", headers=PREFLIGHT)

    assert (preflight.status_code, cors_of(preflight)) == (204, {})
    assert (actual.status_code, cors_of(actual)) == (201, {})


def test_the_gateways_headers_replace_the_functions(api: Serve) -> None:
    client = api(SETS_HEADERS, AllowedOrigins="https://app.example")

    assert cors_of(client.post("/odd", headers=PREFLIGHT)) == {
        "access-control-allow-origin": "https://app.example",
        "access-control-expose-headers": "location",
    }
    assert cors_of(client.post("/odd")) == {}


def test_a_preflight_needs_no_token(api: Serve) -> None:
    client = api(SETS_HEADERS, Access="signed-in")

    assert client.options("/odd", headers=PREFLIGHT).status_code == 204
    assert client.post("/odd", headers=PREFLIGHT).status_code == 401


def test_an_options_request_that_is_no_preflight_is_not_found(api: Serve) -> None:
    assert api(SETS_HEADERS).options("/odd").json() == {"message": "Not Found"}


def test_a_route_with_any_takes_the_preflight_itself_as_on_aws(api: Serve) -> None:
    client = api(SETS_HEADERS, "ANY /odd")

    assert client.options("/odd", headers=PREFLIGHT).text == "OPTIONS"


def test_a_locked_route_with_any_refuses_the_preflight_as_on_aws(api: Serve) -> None:
    client = api(SETS_HEADERS, "ANY /odd", Access="signed-in")

    assert client.options("/odd", headers=PREFLIGHT).status_code == 401


@pytest.mark.parametrize(("method", "path"), [("POST", "/session"), ("DELETE", "/session/rtc_1"), ("GET", "/token")])
def test_the_agents_sdk_passes_the_shipped_preflight(shipped: Stack, method: str, path: str) -> None:
    wanted = "authorization,content-type,x-openai-agents-sdk"
    preflight = PREFLIGHT | {"Access-Control-Request-Method": method, "Access-Control-Request-Headers": wanted}

    answer = httpx.options(shipped.url + path, headers=preflight)

    assert (answer.status_code, cors_of(answer)) == (
        204,
        {
            "access-control-allow-origin": "https://app.example",
            "access-control-allow-methods": "GET,POST,DELETE,OPTIONS",
            "access-control-allow-headers": wanted,
            "access-control-max-age": "86400",
        },
    )
