"""The gateway's error responses, its routing, and the responses that it makes from a function's result."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.gateway.conftest import Serve, serving
from tests.local_stack import function_headers
from tests.waiting import wait_until

MEBIBYTE = 1024 * 1024

Return = Callable[[Any], httpx.Response]


def content(response: httpx.Response) -> tuple[int, dict[str, str], str]:
    """Status, headers and body, without the headers of the transport and the request id."""
    return response.status_code, function_headers(response.headers), response.text


JSON = {"content-type": "application/json"}
TEXT = {"content-type": "text/plain; charset=utf-8"}


@pytest.fixture(scope="module")
def returning(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Return]:
    """Invoke a function that returns the given result."""
    with serving(tmp_path_factory.mktemp("returning")) as start:
        client = start("""
            import json
            def handler(event, context):
                return json.loads(event["body"])
        """)
        headers = {"Content-Type": "application/json"}
        yield lambda result: client.post("/odd", content=json.dumps(result), headers=headers)


@pytest.mark.parametrize(
    ("result", "expected"),
    [
        ({"statusCode": 200, "body": "x"}, (200, TEXT, "x")),
        ({"statusCode": "201", "body": "x", "headers": {"Content-Type": "a/b"}}, (201, {"content-type": "a/b"}, "x")),
        ({"statusCode": 200, "body": "eMOk", "isBase64Encoded": True}, (200, TEXT, "xä")),
        ({"statusCode": 204, "body": "x"}, (204, {}, "")),
        ({"statusCode": 404}, (404, {}, "")),
        ({"statusCode": 200, "headers": {"X-Number": 1, "X-Yes": True}}, (200, {"x-number": "1", "x-yes": "true"}, "")),
        ({"statusCode": 200, "headers": {"X-Tab": "a\tb"}}, (200, {"x-tab": "a\tb"}, "")),
        ({"statusCode": 200, "headers": None, "body": None, "cookies": None}, (200, {}, "")),
        ({"statusCode": 200, "headers": {"Content-Length": "9", "Transfer-Encoding": "x"}}, (200, {}, "")),
        ({"value": "ek_local"}, (200, JSON, '{"value": "ek_local"}')),
        ("Hello", (200, JSON, "Hello")),
        ([1], (200, JSON, "[1]")),
        (None, (200, JSON, "null")),
    ],
)
def test_a_result_becomes_a_response(returning: Return, result: Any, expected: Any) -> None:
    assert content(returning(result)) == expected


@pytest.mark.parametrize(
    ("result", "why"),
    [
        ({"statusCode": "many"}, "its statusCode is 'many'"),
        ({"statusCode": True}, "its statusCode is True"),
        ({"statusCode": 99}, "its statusCode is 99"),
        ({"statusCode": 200, "body": {}}, "its body is not a string"),
        ({"statusCode": 200, "body": "?", "isBase64Encoded": True}, "its body is not base64"),
        ({"statusCode": 200, "body": "é", "isBase64Encoded": True}, "its body is not base64"),
        ({"statusCode": 200, "body": "\ud800"}, "its body is not valid Unicode"),
        ("\ud800", "its body is not valid Unicode"),
        ({"statusCode": 200, "headers": {"x": "a\nb"}}, "a header of it cannot be sent"),
        ({"statusCode": 200, "headers": {"x": "a\tb\r\nset-cookie: x=1"}}, "a header of it cannot be sent"),
        ({"statusCode": 200, "headers": {"x": "é"}}, "a header of it cannot be sent"),
        ({"statusCode": 200, "headers": {"x\r\nset-cookie": "x=1"}}, "a header of it cannot be sent"),
        ({"statusCode": 200, "headers": {"\u20ac": "a"}}, "a header of it cannot be sent"),
        ({"statusCode": 200, "headers": {"": "a"}}, "a header of it cannot be sent"),
        ({"statusCode": 200, "cookies": ["a=1\r\nx: y"]}, "a header of it cannot be sent"),
        ({"statusCode": 200, "headers": [["x", "a"]]}, "its headers is not an object"),
        ({"statusCode": 200, "cookies": "a=1"}, "its cookies is not a list"),
    ],
)
def test_a_malformed_result_is_a_500(
    returning: Return, capfd: pytest.CaptureFixture[str], result: Any, why: str
) -> None:
    assert content(returning(result)) == (500, JSON, '{"message":"Internal Server Error"}')
    assert f"local-Odd: {why}" in capfd.readouterr().err


def test_each_cookie_has_its_own_set_cookie_header(returning: Return) -> None:
    assert returning({"statusCode": 200, "cookies": ["a=1", "b=2"]}).headers.get_list("set-cookie") == ["a=1", "b=2"]


def test_format_1_0_has_headers_with_several_values_and_needs_a_status(api: Serve) -> None:
    client = api(
        """
        def handler(event, context):
            several = {"X-Two": ["1", "2"]}
            return {"statusCode": 200, "multiValueHeaders": several} if event["version"] == "1.0" else {}
        """,
        payload_format="1.0",
    )

    assert client.get("/odd").headers.get_list("x-two") == ["1", "2"]


@pytest.mark.parametrize("values", [["x"], {"X-Two": "1"}, {"X-Two": ["a\r\nb"]}])
def test_format_1_0_needs_a_list_of_values_for_each_header(api: Serve, values: Any) -> None:
    handler = f"def handler(event, context): return {{'statusCode': 200, 'multiValueHeaders': {values!r}}}"

    assert content(api(handler, payload_format="1.0").get("/odd")) == (500, JSON, '{"message":"Internal Server Error"}')


def test_format_1_0_needs_a_status(api: Serve) -> None:
    client = api("def handler(event, context): return {'body': 'x'}", payload_format="1.0")

    assert client.get("/odd").status_code == 500


def test_a_request_without_a_route_is_not_found(api: Serve) -> None:
    client = api("def handler(event, context): return 'found'", "GET /odd", "POST /odd/{name}")

    for method, path in [("POST", "/odd"), ("GET", "/odd/"), ("POST", "/odd/"), ("GET", "/nowhere"), ("POST", "/x")]:
        assert content(client.request(method, path)) == (404, JSON, '{"message":"Not Found"}')


def test_the_most_specific_route_takes_a_request(api: Serve) -> None:
    client = api(
        "def handler(event, context): return [event['routeKey'], event.get('pathParameters')]",
        "$default",
        "ANY /{proxy+}",
        "GET /pets/{proxy+}",
        "GET /pets/{kind}/{id}",
        "GET /pets/dog/{id}",
        "ANY /pets/dog/1",
        "GET /pets/dog/1",
    )

    def route(method: str, path: str) -> Any:
        return client.request(method, path).json()

    assert route("GET", "/pets/dog/1") == ["GET /pets/dog/1", None]
    assert route("PUT", "/pets/dog/1") == ["ANY /pets/dog/1", None]
    assert route("GET", "/pets/dog/a%20b%2Fc") == ["GET /pets/{proxy+}", {"proxy": "dog/a b/c"}]
    assert route("GET", "/pets/dog/a%20b") == ["GET /pets/dog/{id}", {"id": "a b"}]
    assert route("GET", "/pets/cat/2") == ["GET /pets/{kind}/{id}", {"kind": "cat", "id": "2"}]
    assert route("GET", "/pets/cat/2/3") == ["GET /pets/{proxy+}", {"proxy": "cat/2/3"}]
    assert route("PUT", "/pets/cat/2/3") == ["ANY /{proxy+}", {"proxy": "pets/cat/2/3"}]


def test_the_default_route_takes_what_no_other_does(api: Serve) -> None:
    client = api("def handler(event, context): return event['routeKey']", "GET /odd", "$default")

    assert client.post("/odd").text == client.get("/deep/down").text == "$default"


def test_every_response_has_the_id_of_its_request(api: Serve) -> None:
    client = api("def handler(event, context): return event['requestContext']['requestId']")

    answer = client.get("/odd")

    assert answer.headers["apigw-requestid"] == answer.text
    assert client.get("/odd").headers["apigw-requestid"] != answer.text


def test_the_source_ip_is_not_taken_from_the_clients_headers(api: Serve) -> None:
    client = api("def handler(event, context): return event['requestContext']['http']['sourceIp']")

    assert client.get("/odd", headers={"X-Forwarded-For": "198.51.100.7"}).text == "127.0.0.1"


@pytest.mark.parametrize("chunked", [False, True])
def test_more_than_10_megabytes_are_too_large(api: Serve, chunked: bool) -> None:
    client = api("def handler(event, context): return len(event['body'])")
    body = b"x" * (10 * MEBIBYTE + 1)

    answer = client.post("/odd", content=iter([body]) if chunked else body, headers={"Content-Type": "text/plain"})

    assert content(answer) == (413, JSON, '{"message":"Request Entity Too Large"}')


def test_a_large_body_reaches_the_function_whole(api: Serve) -> None:
    client = api("def handler(event, context): return len(event['body'])")

    answer = client.post("/odd", content=b"x" * (4 * MEBIBYTE), headers={"Content-Type": "text/plain"})

    assert answer.text == str(4 * MEBIBYTE)


def test_the_gateway_stops_waiting_at_the_integrations_timeout_and_the_function_goes_on(
    api: Serve, capfd: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    answered = tmp_path / "answered"
    client = api(
        f"""
        import pathlib, time
        def handler(event, context):
            while not pathlib.Path({str(answered)!r}).exists():
                time.sleep(0.01)
            print("done after all")
        """,
        wait=400,
    )

    answer = client.get("/odd")

    assert content(answer) == (503, JSON, '{"message":"Service Unavailable"}')
    answered.touch()
    wait_for_output(capfd, "done after all")


def test_an_exception_after_the_integrations_timeout_is_logged(
    api: Serve, capfd: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    answered = tmp_path / "answered"
    client = api(
        f"""
        import pathlib, time
        def handler(event, context):
            while not pathlib.Path({str(answered)!r}).exists():
                time.sleep(0.01)
            raise ValueError
        """,
        wait=400,
    )
    assert client.get("/odd").status_code == 503
    answered.touch()
    wait_for_output(capfd, "after the integration's timeout: it raised ValueError", stream="err")


def wait_for_output(capfd: pytest.CaptureFixture[str], text: str, stream: str = "out") -> None:
    """Wait until a text has been written to stdout or stderr."""
    written: list[str] = []

    def is_written() -> bool:
        written.append(getattr(capfd.readouterr(), stream))
        return text in "".join(written)

    wait_until(is_written)
