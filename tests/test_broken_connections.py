"""What a connection that breaks leads to, and what of it is logged."""

import io
import json
from collections.abc import Iterator

import pytest
from realtime import aws

from tests.certificate import Certificate
from tests.conftest import Invoke, clear_caches, error, event, run
from tests.scripted_upstream import HUNG_UP, LOCATION, Reply, ScriptedUpstream, scripted_upstream

API_KEY = "sk-test-not-a-key"
BROKEN = [b"HTTP/1.1 201 Created\r\nLocation: /v1/realtime/calls/rtc_1\r\n\r\n"]
FOUND = Reply(200, json.dumps({"SecretString": API_KEY}))
UNREACHABLE = (502, "upstream_unreachable", "The upstream cannot be reached, or broke off; try again.")


@pytest.fixture
def over_tls(
    new_process: None, environment: pytest.MonkeyPatch, certificate_files: Certificate
) -> Iterator[ScriptedUpstream]:
    """A server over TLS; the upstream, unless the test makes something else of it."""
    environment.setenv("SSL_CERT_FILE", str(certificate_files.bundle))
    with scripted_upstream(tls=certificate_files) as upstream:
        environment.setenv("OPENAI_BASE_URL", upstream.url)
        clear_caches()
        yield upstream


def test_a_call_whose_answer_breaks_off_within_tls_is_hung_up(over_tls: ScriptedUpstream, session: Invoke) -> None:
    over_tls.says(Reply(201, raw=BROKEN, breaks_tls=True, headers=LOCATION), Reply(raw=[], breaks_tls=True), HUNG_UP)

    assert described(session) == UNREACHABLE
    assert over_tls.paths() == ["/v1/realtime/calls", *["/v1/realtime/calls/rtc_1/hangup"] * 2]
    assert over_tls.open_calls == []


def test_an_error_whose_reason_breaks_off_within_tls_is_described_by_its_status(
    over_tls: ScriptedUpstream, session: Invoke
) -> None:
    over_tls.says(Reply(raw=[b"HTTP/1.1 400 Bad Request\r\n\r\n{"], breaks_tls=True))

    assert described(session) == (400, None, "The upstream gave no reason.")


def test_secrets_manager_is_asked_again_if_tls_breaks(
    over_tls: ScriptedUpstream, environment: pytest.MonkeyPatch
) -> None:
    environment.setenv("AWS_ENDPOINT_URL", over_tls.root)
    over_tls.says(Reply(raw=[], breaks_tls=True), FOUND)

    assert run(aws.invoke("secretsmanager", "GetSecretValue", {})) == {"SecretString": API_KEY}


def test_a_request_that_is_sent_again_after_a_failed_handshake_is_signed_too(
    over_tls: ScriptedUpstream, environment: pytest.MonkeyPatch
) -> None:
    environment.setenv("AWS_ENDPOINT_URL", over_tls.root)
    over_tls.connections_to_reset = 1
    over_tls.says(FOUND)

    assert run(aws.invoke("secretsmanager", "GetSecretValue", {})) == {"SecretString": API_KEY}
    [asked] = over_tls.asked
    assert asked.headers["authorization"].startswith("AWS4-HMAC-SHA256 ")


@pytest.mark.parametrize(
    "raw",
    [
        f"HTTP/1.1 {API_KEY}\r\n\r\n",
        f"HTTP/1.1 200 OK\r\nAuthorization  Bearer {API_KEY}\r\n\r\n",
        f"HTTP/1.1 201 Created\r\nTransfer-Encoding: chunked\r\n\r\n{API_KEY}\r\n",
    ],
)
def test_what_is_not_http_is_not_logged(
    upstream: ScriptedUpstream, session: Invoke, logged: io.StringIO, raw: str
) -> None:
    upstream.says(Reply(raw=[raw.encode()]))

    assert described(session) == UNREACHABLE
    assert "RemoteProtocolError: the response is not HTTP, or ended too soon" in logged.getvalue()
    assert API_KEY not in logged.getvalue()


def test_a_request_id_that_repeats_the_key_is_logged_without_it(
    upstream: ScriptedUpstream, session: Invoke, logged: io.StringIO
) -> None:
    upstream.says(Reply(headers=LOCATION | {"x-request-id": f"req_1 Bearer {API_KEY}"}))

    assert session(event("session"))["statusCode"] == 201
    assert '"upstream_request_id":"req_1 Bearer [hidden]"' in logged.getvalue()
    assert API_KEY not in logged.getvalue()


def described(session: Invoke) -> tuple[int, str | None, str]:
    response = session(event("session"))
    answered = error(response)
    return response["statusCode"], answered["code"], answered["message"]
