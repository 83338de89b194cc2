"""The one HTTP client of the process: which servers it trusts, what it sends of itself, and what it does not keep."""

import asyncio
import json
import socket
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
from realtime.api_key import get_api_key
from realtime.errors import Misconfigured
from realtime.http_client import MAX_CONNECTIONS, http_client

from tests.certificate import Certificate
from tests.conftest import API_KEY, CLOSED_PORT, Invoke, error, event, run
from tests.scripted_upstream import ANSWER, Reply, ScriptedUpstream, scripted_upstream

FOUND = Reply(200, json.dumps({"SecretString": API_KEY}))


@pytest.fixture
def over_tls(certificate_files: Certificate) -> Iterator[ScriptedUpstream]:
    """A server whose certificate no public authority has signed."""
    with scripted_upstream(tls=certificate_files) as server:
        yield server


def test_an_upstream_that_is_not_trusted_is_sent_nothing(
    environment: pytest.MonkeyPatch, session: Invoke, over_tls: ScriptedUpstream
) -> None:
    environment.setenv("OPENAI_BASE_URL", over_tls.url)

    response = session(event("session"))

    assert (response["statusCode"], error(response)["code"]) == (502, "upstream_unreachable")
    assert over_tls.asked == []


def test_an_upstream_that_is_trusted_is_reached_over_tls(
    environment: pytest.MonkeyPatch, session: Invoke, over_tls: ScriptedUpstream, certificate_files: Certificate
) -> None:
    environment.setenv("OPENAI_BASE_URL", over_tls.url)
    environment.setenv("SSL_CERT_FILE", str(certificate_files.bundle))

    assert session(event("session"))["statusCode"] == 201


def test_an_upstream_whose_certificate_is_for_another_name_is_sent_nothing(
    environment: pytest.MonkeyPatch, session: Invoke, over_tls: ScriptedUpstream, certificate_files: Certificate
) -> None:
    environment.setenv("OPENAI_BASE_URL", over_tls.url.replace("127.0.0.1", "localhost"))
    environment.setenv("SSL_CERT_FILE", str(certificate_files.bundle))

    assert session(event("session"))["statusCode"] == 502
    assert over_tls.asked == []


def test_a_connection_that_breaks_before_anything_is_sent_is_made_once_more(
    environment: pytest.MonkeyPatch, session: Invoke, over_tls: ScriptedUpstream, certificate_files: Certificate
) -> None:
    environment.setenv("OPENAI_BASE_URL", over_tls.url)
    environment.setenv("SSL_CERT_FILE", str(certificate_files.bundle))
    statuses = []
    for resets in (1, 2):
        over_tls.connections_to_reset = resets
        over_tls.says(Reply(201, ANSWER, {"Connection": "close"}))
        statuses.append(session(event("session"))["statusCode"])

    assert statuses == [201, 502]
    assert len(over_tls.asked) == 1


@pytest.mark.parametrize(
    ("error", "status", "sent"),
    [
        (httpx.ConnectError, 201, 2),
        (httpx.ConnectTimeout, 201, 2),
        (httpx.ReadError, 502, 1),
        (httpx.WriteError, 502, 1),
        (httpx.RemoteProtocolError, 502, 1),
    ],
)
def test_a_request_is_repeated_only_if_no_connection_could_be_made(
    environment: pytest.MonkeyPatch, session: Invoke, error: type[httpx.TransportError], status: int, sent: int
) -> None:
    session(event("session"))  # reads the API key
    requests: list[httpx.Request] = []
    send_really = httpx.AsyncClient.send

    async def send(client: httpx.AsyncClient, request: httpx.Request, **options: Any) -> httpx.Response:
        requests.append(request)
        if len(requests) == 1:
            raise error("broken")
        return await send_really(client, request, **options)

    environment.setattr(httpx.AsyncClient, "send", send)

    assert session(event("session"))["statusCode"] == status
    assert len(requests) == sent


def test_a_form_is_sent_in_one_piece(environment: pytest.MonkeyPatch, session: Invoke) -> None:
    pieces: list[bytes] = []
    send_really = httpx.AsyncClient.send

    async def send(client: httpx.AsyncClient, request: httpx.Request, **options: Any) -> httpx.Response:
        if request.url.path.endswith("/realtime/calls"):
            assert isinstance(request.stream, httpx.AsyncByteStream)
            pieces.extend([piece async for piece in request.stream])
        return await send_really(client, request, **options)

    environment.setattr(httpx.AsyncClient, "send", send)

    assert session(event("session"))["statusCode"] == 201
    assert len(pieces) == 1


@pytest.mark.parametrize("trusted", [False, True])
def test_secrets_manager_is_asked_for_the_key_only_if_it_is_trusted(
    environment: pytest.MonkeyPatch,
    new_process: None,
    over_tls: ScriptedUpstream,
    certificate_files: Certificate,
    trusted: bool,
) -> None:
    over_tls.says(FOUND)
    environment.setenv("AWS_ENDPOINT_URL", over_tls.root)
    environment.setattr("realtime.aws.AWS_RETRY_PAUSE_SECONDS", 0)
    if trusted:
        environment.setenv("SSL_CERT_FILE", str(certificate_files.bundle))
        assert run(get_api_key()) == API_KEY
    else:
        with pytest.raises(Misconfigured):
            run(get_api_key())
    assert len(over_tls.asked) == trusted


def test_the_upstream_gets_our_headers_and_no_others(session: Invoke, upstream: ScriptedUpstream) -> None:
    session(event("session"))

    [asked] = upstream.asked
    headers = {name: value.partition("=")[0] for name, value in asked.headers.items()}
    assert headers == {
        "accept": "*/*",
        "accept-encoding": "identity",
        "authorization": f"Bearer {API_KEY}",
        "connection": "keep-alive",
        "content-length": str(len(asked.body)),
        "content-type": "multipart/form-data; boundary",
        "host": upstream.root.removeprefix("http://"),
        "user-agent": "realtime-serverless",
    }


def test_no_cookie_of_the_upstream_is_sent_for_the_next_caller(session: Invoke, upstream: ScriptedUpstream) -> None:
    upstream.says(Reply(201, ANSWER, {"Set-Cookie": "__cf_bm=of-the-first-caller; Path=/"}))

    session(event("session"))
    session(event("session"))

    assert ["cookie" in asked.headers for asked in upstream.asked] == [False, False]


SEVERAL_ADDRESSES = pytest.mark.skipif(sys.platform == "darwin", reason="macOS answers at 127.0.0.1 alone")
PROXIED = "http://upstream.example/v1"


@pytest.mark.parametrize("name", ["HTTP_PROXY", "http_proxy", "ALL_PROXY"])
def test_a_proxy_of_the_environment_is_used(
    environment: pytest.MonkeyPatch, session: Invoke, upstream: ScriptedUpstream, name: str
) -> None:
    environment.setenv("OPENAI_BASE_URL", PROXIED)
    environment.setenv(name, upstream.root)

    assert session(event("session"))["statusCode"] == 201
    assert upstream.paths() == ["http://upstream.example/v1/realtime/calls"]


@SEVERAL_ADDRESSES
def test_a_host_in_no_proxy_is_reached_without_one(
    environment: pytest.MonkeyPatch, session: Invoke, upstream: ScriptedUpstream
) -> None:
    environment.setenv("OPENAI_BASE_URL", PROXIED)
    environment.setenv("HTTP_PROXY", upstream.root)
    environment.setenv("NO_PROXY", "upstream.example")
    resolve(environment, "127.0.0.3", port=9)

    assert session(event("session"))["statusCode"] == 502
    assert upstream.asked == []


@SEVERAL_ADDRESSES
def test_where_an_address_of_a_host_leads_nowhere_the_next_one_is_tried(
    environment: pytest.MonkeyPatch, session: Invoke, upstream: ScriptedUpstream
) -> None:
    port = int(upstream.root.rpartition(":")[2])
    resolve(environment, "127.0.0.2", "127.0.0.1", port=port)
    environment.setenv("OPENAI_BASE_URL", f"http://upstream.example:{port}/v1")
    with silent_address("127.0.0.2", port):
        assert session(event("session"))["statusCode"] == 201


def resolve(environment: pytest.MonkeyPatch, *addresses: str, port: int) -> None:
    """Give upstream.example addresses of this machine."""
    look_up = socket.getaddrinfo

    def getaddrinfo(host: str | bytes, *rest: Any, **options: Any) -> Any:
        if "upstream.example" not in str(host):
            return look_up(host, *rest, **options)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port)) for address in addresses]

    environment.setattr(socket, "getaddrinfo", getaddrinfo)


@contextmanager
def silent_address(address: str, port: int) -> Iterator[None]:
    """Listen with a full backlog, so that nobody gets a connection and nobody is refused."""
    with socket.create_server((address, port), backlog=0), ExitStack() as waiting:
        for _ in range(4):
            client = waiting.enter_context(socket.socket())
            client.setblocking(False)
            client.connect_ex((address, port))
        yield


def test_no_netrc_is_used_and_no_proxy_for_this_machine(
    environment: pytest.MonkeyPatch, session: Invoke, upstream: ScriptedUpstream, tmp_path: Path
) -> None:
    (tmp_path / ".netrc").write_text("default login somebody password else\n")
    environment.setenv("HOME", str(tmp_path))
    environment.setenv("NETRC", str(tmp_path / ".netrc"))
    for name in ("HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "ALL_PROXY"):
        environment.setenv(name, CLOSED_PORT)

    assert session(event("session"))["statusCode"] == 201
    assert upstream.asked[0].headers["authorization"] == f"Bearer {API_KEY}"


def test_all_invocations_share_one_event_loop_and_one_client(
    environment: pytest.MonkeyPatch, session: Invoke, token: Invoke, upstream: ScriptedUpstream
) -> None:
    loops, clients = [], []
    new_loop, new_client = asyncio.new_event_loop, httpx.AsyncClient.__init__

    def count_loop() -> asyncio.AbstractEventLoop:
        loops.append(new_loop())
        return loops[-1]

    def count_client(client: httpx.AsyncClient, **options: object) -> None:
        clients.append(client)
        new_client(client, **options)  # type: ignore[arg-type]

    environment.setattr(asyncio, "new_event_loop", count_loop)
    environment.setattr(httpx.AsyncClient, "__init__", count_client)
    for _ in range(3):
        session(event("session"))
        token(event("token"))

    assert (loops, len(clients), len(upstream.connections)) == ([], 1, 1)


def test_no_more_than_so_many_connections_are_open_at_once(upstream: ScriptedUpstream) -> None:
    upstream.says(Reply(200, "", after_seconds=0.3))

    async def send() -> None:
        await (await http_client.send("POST", upstream.url)).aread()

    async def send_many() -> None:
        await asyncio.gather(*(send() for _ in range(30)))

    run(http_client.close())
    run(send_many())
    run(http_client.close())

    assert (len(upstream.asked), len(upstream.connections)) == (30, MAX_CONNECTIONS)


def test_a_connection_that_is_idle_within_an_invocation_is_not_used(
    upstream: ScriptedUpstream, environment: pytest.MonkeyPatch
) -> None:
    environment.setattr("realtime.http_client.IDLE_SECONDS", 0.1)
    upstream.says(Reply(200, ""))

    async def send_twice() -> None:
        for _ in range(2):
            await (await http_client.send("POST", upstream.url)).aread()
            await asyncio.sleep(0.3)  # by the clock of httpx

    run(http_client.close())
    run(send_twice())
    run(http_client.close())

    assert len(upstream.connections) == 2
