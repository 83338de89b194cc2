"""AWS services over httpx: requests that we sign, with the credentials that a Lambda function has."""

import json
import socket
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import httpx
import pytest
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials as BotoCredentials
from realtime import aws
from realtime.aws import AwsError, TransientError
from realtime.sigv4 import Credentials, SigV4

from tests.conftest import REGION, clear_caches, run
from tests.scripted_upstream import Reply, ScriptedUpstream

TARGETS = {
    "secretsmanager": "secretsmanager.GetSecretValue",
    "dynamodb": "DynamoDB_20120810.TransactWriteItems",
}
ODD = {"X-Amz-Odd": "  two   spaces\tand a tab ", "Content-Type": "application/x-amz-json-1.0; charset=utf-8"}
DATE = "20261125T120000Z"
FOUND = Reply(200, json.dumps({"SecretString": "of Secrets Manager"}))


@pytest.fixture(autouse=True)
def _nothing_cached() -> None:
    clear_caches()


@pytest.fixture
def service(environment: pytest.MonkeyPatch, upstream: ScriptedUpstream) -> ScriptedUpstream:
    """An AWS service that answers what the test wants."""
    environment.setenv("AWS_ENDPOINT_URL", upstream.root)
    return upstream


@pytest.fixture
def far_east(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A machine whose clock shows another time than UTC."""
    with monkeypatch.context() as patch:
        patch.setenv("TZ", "Asia/Tokyo")
        time.tzset()
        yield
    time.tzset()


def read_secret() -> dict[str, object]:
    return run(aws.invoke("secretsmanager", "GetSecretValue", {"SecretId": "openai-api-key"}))


@pytest.mark.parametrize("session_token", ["session/token+==", ""])
@pytest.mark.parametrize("service_name", TARGETS)
@pytest.mark.parametrize("odd", [ODD, {"Content-Type": "application/x-amz-json-1.1"}])
def test_the_signature_is_the_one_that_boto3_makes(
    monkeypatch: pytest.MonkeyPatch, service_name: str, session_token: str, odd: dict[str, str]
) -> None:
    url = f"https://{service_name}.{REGION}.amazonaws.com/"
    headers = {**odd, "X-Amz-Target": TARGETS[service_name]}
    body = '{"SecretId": "schlüssel"}'.encode()
    theirs = AWSRequest("POST", url, headers=headers, data=body)
    monkeypatch.setattr("botocore.auth.get_current_datetime", lambda: _utc(DATE))
    SigV4Auth(BotoCredentials("AKID", "secret", session_token or None), service_name, REGION).add_auth(theirs)

    ours = httpx.Request("POST", url, headers={**headers, "X-Amz-Date": DATE}, content=body)
    next(SigV4(Credentials("AKID", "secret", session_token), service_name, REGION).auth_flow(ours))

    for name in ("Authorization", "X-Amz-Date", "X-Amz-Security-Token"):
        assert ours.headers.get(name) == theirs.headers.get(name)


def _utc(text: str) -> datetime:
    return datetime.strptime(text, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)


def test_the_operation_is_posted_as_signed_json(service: ScriptedUpstream) -> None:
    service.says(FOUND)

    assert read_secret() == {"SecretString": "of Secrets Manager"}
    [asked] = service.asked
    assert (asked.path, json.loads(asked.body)) == ("/", {"SecretId": "openai-api-key"})
    assert asked.headers["x-amz-target"] == "secretsmanager.GetSecretValue"
    assert asked.headers["content-type"] == "application/x-amz-json-1.1"
    assert asked.headers["authorization"].startswith("AWS4-HMAC-SHA256 Credential=test/")
    assert "x-amz-security-token" not in asked.headers


@pytest.mark.usefixtures("far_east")
def test_a_request_is_dated_now_in_utc_and_signed_for_the_functions_region(
    environment: pytest.MonkeyPatch, service: ScriptedUpstream
) -> None:
    environment.setenv("AWS_REGION", "eu-central-1")
    environment.setenv("AWS_DEFAULT_REGION", "us-east-1")
    service.says(FOUND)

    read_secret()

    [asked] = service.asked
    date = asked.headers["x-amz-date"]
    assert abs(_utc(date) - datetime.now(UTC)) < timedelta(minutes=1)
    assert f"/{date[:8]}/eu-central-1/secretsmanager/aws4_request" in asked.headers["authorization"]


def test_with_snapstart_the_credentials_come_from_their_url(
    environment: pytest.MonkeyPatch, service: ScriptedUpstream
) -> None:
    role = {"AccessKeyId": "ROLE", "SecretAccessKey": "secret", "Token": "of-the-session", "Expiration": "…"}
    environment.delenv("AWS_ACCESS_KEY_ID")
    environment.setenv("AWS_CONTAINER_CREDENTIALS_FULL_URI", f"{service.url}/credentials?v=2")
    environment.setenv("AWS_CONTAINER_AUTHORIZATION_TOKEN", "let-me-in")
    service.says(Reply(200, json.dumps(role)), FOUND)

    assert read_secret() == {"SecretString": "of Secrets Manager"}
    credentials, secret = service.asked
    assert (credentials.path, credentials.headers["authorization"]) == ("/v1/credentials?v=2", "let-me-in")
    assert secret.headers["x-amz-security-token"] == "of-the-session"
    assert "Credential=ROLE/" in secret.headers["authorization"]


def test_credentials_that_are_not_there_yet_are_requested_once_more(
    environment: pytest.MonkeyPatch, service: ScriptedUpstream
) -> None:
    environment.delenv("AWS_ACCESS_KEY_ID")
    environment.setenv("AWS_CONTAINER_CREDENTIALS_FULL_URI", f"{service.url}/credentials")
    service.says(Reply(500, "{}"))

    with pytest.raises(TransientError, match=r"^NoCredentials: the credentials' URL answered 500$"):
        read_secret()
    assert service.paths() == ["/v1/credentials"] * 2


def test_the_json_is_of_the_services_own_version(service: ScriptedUpstream) -> None:
    service.says(Reply(200, "{}"))

    run(aws.invoke("dynamodb", "GetItem", {}))

    [asked] = service.asked
    assert asked.headers["content-type"] == "application/x-amz-json-1.0"
    assert asked.headers["x-amz-target"] == "DynamoDB_20120810.GetItem"


@pytest.mark.parametrize("snapstart", [False, True])
def test_what_is_sent_is_signed_with_all_of_the_roles_credentials(
    environment: pytest.MonkeyPatch, service: ScriptedUpstream, snapstart: bool
) -> None:
    role = {"AccessKeyId": "ROLE", "SecretAccessKey": "of the role", "Token": "of-the-session"}
    if snapstart:
        environment.delenv("AWS_ACCESS_KEY_ID")
        environment.setenv("AWS_CONTAINER_CREDENTIALS_FULL_URI", f"{service.url}/credentials")
    else:
        for name, value in zip(("ACCESS_KEY_ID", "SECRET_ACCESS_KEY", "SESSION_TOKEN"), role.values(), strict=True):
            environment.setenv(f"AWS_{name}", value)
    service.says(*([Reply(200, json.dumps(role))] if snapstart else []), FOUND)

    read_secret()

    sent = service.asked[-1]
    headers = {name: sent.headers[name] for name in ("content-type", "x-amz-target")}
    theirs = AWSRequest("POST", f"{service.root}/", headers=headers, data=sent.body)
    environment.setattr("botocore.auth.get_current_datetime", lambda: _utc(sent.headers["x-amz-date"]))
    SigV4Auth(BotoCredentials(*role.values()), "secretsmanager", REGION).add_auth(theirs)
    assert sent.headers["authorization"] == theirs.headers["Authorization"]
    assert sent.headers["x-amz-security-token"] == "of-the-session"


def test_without_credentials_the_error_names_the_variables(
    environment: pytest.MonkeyPatch, service: ScriptedUpstream
) -> None:
    environment.delenv("AWS_ACCESS_KEY_ID")

    names = "neither AWS_ACCESS_KEY_ID nor AWS_CONTAINER_CREDENTIALS_FULL_URI is set"
    with pytest.raises(AwsError, match=f"^NoCredentials: {names}$"):
        read_secret()
    assert service.asked == []


@pytest.mark.parametrize(
    ("variables", "url"),
    [
        ({}, f"https://secretsmanager.{REGION}.amazonaws.com"),
        ({"AWS_URL_SUFFIX": "amazonaws.com.cn"}, f"https://secretsmanager.{REGION}.amazonaws.com.cn"),
        ({"AWS_ENDPOINT_URL": "http://any.example"}, "http://any.example"),
        (
            {"AWS_ENDPOINT_URL": "http://any.example", "AWS_ENDPOINT_URL_SECRETS_MANAGER": "http://one.example"},
            "http://one.example",
        ),
    ],
)
def test_the_endpoint_is_that_of_the_region_and_partition_unless_one_is_set(
    environment: pytest.MonkeyPatch, variables: dict[str, str], url: str
) -> None:
    for name, value in variables.items():
        environment.setenv(name, value)
    asked = []

    async def answer(_: httpx.AsyncClient, request: httpx.Request, **__: object) -> httpx.Response:
        asked.append(str(request.url))
        return httpx.Response(200, json={}, request=request)

    environment.setattr(httpx.AsyncClient, "send", answer)  # no request may leave this machine
    read_secret()

    assert asked == [url]


@pytest.mark.parametrize(
    "failure",
    [
        Reply(500, '{"__type": "InternalServiceError"}'),
        *(Reply(400, json.dumps({"__type": code})) for code in aws.TRANSIENT_CODES),
        Reply(200, "<html>"),
        Reply(200, "5"),
    ],
)
def test_an_error_that_may_be_temporary_is_tried_once_more(service: ScriptedUpstream, failure: Reply) -> None:
    service.says(failure, FOUND)

    assert read_secret() == {"SecretString": "of Secrets Manager"}
    first, second = ((asked.headers["x-amz-target"], asked.body) for asked in service.asked)
    assert first == second == ("secretsmanager.GetSecretValue", b'{"SecretId": "openai-api-key"}')


def test_a_service_that_does_not_answer_in_time_and_one_that_is_no_service_are_told_apart(
    environment: pytest.MonkeyPatch, service: ScriptedUpstream
) -> None:
    environment.setattr("realtime.aws.AWS_SECONDS", 0.2)
    service.says(Reply(200, "{}", after_seconds=9))
    with pytest.raises(TransientError, match=r"^TimeoutError: AWS cannot be reached, or broke off$") as late:
        read_secret()
    assert isinstance(late.value.__cause__, TimeoutError)
    service.released.set()

    service.says(Reply(200, "<html>"))
    with pytest.raises(TransientError, match=r"^JSONDecodeError: the response of AWS is not a JSON object$"):
        read_secret()


def test_a_connection_that_is_not_made_in_time_is_tried_again(environment: pytest.MonkeyPatch) -> None:
    environment.setattr("realtime.http_client.CONNECT_SECONDS", 0.1)
    with socket.create_server(("127.0.0.1", 0)) as silent:  # it never answers the handshake of TLS
        environment.setenv("AWS_ENDPOINT_URL", f"https://127.0.0.1:{silent.getsockname()[1]}")

        with pytest.raises(TransientError, match=r"^ConnectTimeout: "):
            read_secret()


def test_what_fails_twice_is_not_tried_a_third_time(service: ScriptedUpstream) -> None:
    service.says(Reply(500, '{"__type": "InternalServiceError"}'))

    with pytest.raises(TransientError, match=r"^InternalServiceError: no reason given$"):
        read_secret()
    assert len(service.asked) == 2


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ({"__type": "x#AccessDeniedException", "Message": "not authorized"}, "AccessDeniedException: not authorized"),
        ({"__type": "AccessDeniedException", "message": "not authorized"}, "AccessDeniedException: not authorized"),
        ({"__type": "InvalidRequestException"}, "InvalidRequestException: no reason given"),
        ({}, "403: no reason given"),
    ],
)
def test_an_error_is_not_tried_again_and_says_why(
    service: ScriptedUpstream, body: dict[str, str], message: str
) -> None:
    service.says(Reply(403, json.dumps(body)))

    with pytest.raises(AwsError, match=f"^{message}$"):
        read_secret()
    assert len(service.asked) == 1
