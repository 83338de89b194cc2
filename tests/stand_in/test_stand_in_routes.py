"""What every route has, what there is no more, and the state for tests."""

import httpx
import pytest

from local.stand_in.app import create_app
from tests.stand_in.bodies import SESSION, error, form_of
from tests.stand_in.conftest import API_KEY, serving


@pytest.mark.parametrize(
    ("path", "headers", "expected"),
    [
        ("/v1/realtime/calls", {"openai-beta": "realtime=v1"}, (400, "beta_api_shape_disabled", None)),
        ("/v1/realtime/client_secrets", {"openai-beta": "realtime=v1"}, (400, "beta_api_shape_disabled", None)),
        ("/v1/realtime?model=gpt-realtime", {}, (400, "beta_api_shape_disabled", None)),
        ("/v1/realtime/calls?model=gpt-realtime", {}, (400, "unknown_parameter", "model")),
        ("/v1/realtime/calls?dcid=first", {}, (400, "invalid_value", "dcid")),
        ("/v1/realtime/calls?dcid=65535", {}, (400, "invalid_value", "dcid")),
        ("/v1/realtime/calls/rtc_nobody/hangup", {}, (404, "call_id_not_found", None)),
        ("/v1/realtime/sessions", {}, (404, None, None)),
    ],
)
def test_removed_and_unknown_parts_of_the_api_are_refused(
    http: httpx.Client, offer: bytes, path: str, headers: dict[str, str], expected: tuple[int, str | None, str | None]
) -> None:
    response = http.post(path, content=offer, headers={"content-type": "application/sdp", **headers})
    assert error(response) == expected


def test_browsers_of_any_origin_are_allowed(stand_in: str) -> None:
    asked = "authorization,content-type,x-openai-agents-sdk"
    headers = {
        "origin": "http://localhost:3000",
        "access-control-request-method": "POST",
        "access-control-request-headers": asked,
    }
    preflight = httpx.options(f"{stand_in}/v1/realtime/calls", headers=headers)
    assert preflight.status_code == 200
    assert preflight.headers["access-control-allow-origin"] == "*"
    assert preflight.headers["access-control-allow-headers"] == asked
    assert "POST" in preflight.headers["access-control-allow-methods"]
    refused = httpx.post(f"{stand_in}/v1/realtime/calls", headers={"origin": "http://localhost:3000"})
    assert (refused.status_code, refused.headers["access-control-allow-origin"]) == (401, "*")


def test_the_state_route_describes_calls_and_connections(offer: bytes) -> None:
    with serving(create_app(API_KEY)) as url, httpx.Client(base_url=url) as client:
        assert client.get("/_stand_in").json() == {
            "open_calls": [],
            "calls_created": 0,
            "calls_ended": {},
            "connections": 0,
        }
        body, form = form_of(SESSION, offer)
        headers = {**form, "api-key": API_KEY, "openai-safety-identifier": "hash-of-somebody"}
        for _ in range(2):
            location = client.post("/v1/realtime/calls?dcid=3", content=body, headers=headers).headers["location"]
        secret = client.post(
            "/v1/realtime/client_secrets", json={}, headers=headers | {"content-type": "application/json"}
        )
        client.post(
            "/v1/realtime/calls",
            content=offer,
            headers={"content-type": "application/sdp", "authorization": f"Bearer {secret.json()['value']}"},
        )
        state = client.get("/_stand_in").json()
        assert (state["calls_created"], state["connections"]) == (3, 1)
        assert state["open_calls"][1] == {
            "call_id": location.rpartition("/")[2],
            "state": "connecting",
            "session_type": "realtime",
            "heard_hz": None,
            "safety_identifier": "hash-of-somebody",
            "dcid": 3,
        }
        assert state["open_calls"][2]["safety_identifier"] == "hash-of-somebody"
        httpx.post(f"{url}/v1/realtime/client_secrets", json={}, headers={"api-key": API_KEY})
        assert client.get("/_stand_in").json()["connections"] == 2
