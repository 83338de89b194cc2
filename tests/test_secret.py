"""The secret: read by a request that we sign, with the credentials that a Lambda function has."""

import calendar
import json
import time
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials as BotoCredentials
from realtime.secret import SecretUnreadable, read_secret
from realtime.signature import Credentials, signed

from tests.conftest import API_KEY, REGION
from tests.scripted_upstream import Reply, ScriptedUpstream

BODY = b'{"SecretId": "openai-api-key"}'
HEADERS = {
    "Host": "secretsmanager.eu-west-1.amazonaws.com",
    "Content-Type": "application/x-amz-json-1.1",
    "X-Amz-Target": "secretsmanager.GetSecretValue",
}
FOUND = Reply(200, json.dumps({"SecretString": API_KEY}))


@pytest.mark.parametrize("token", ["session/token+==", ""])
def test_the_signature_is_the_one_that_boto3_makes(token: str) -> None:
    request = AWSRequest("POST", f"https://{HEADERS['Host']}/", headers=dict(HEADERS), data=BODY)
    SigV4Auth(BotoCredentials("AKID", "secret", token or None), "secretsmanager", REGION).add_auth(request)
    theirs = dict(request.headers.items())
    now = calendar.timegm(time.strptime(theirs["X-Amz-Date"], "%Y%m%dT%H%M%SZ"))

    ours = signed(
        Credentials("AKID", "secret", token),
        service="secretsmanager",
        region=REGION,
        headers=HEADERS,
        body=BODY,
        now=now,
    )

    assert ours == theirs


def test_with_snapstart_the_credentials_come_from_their_url(
    environment: pytest.MonkeyPatch, upstream: ScriptedUpstream
) -> None:
    role = {"AccessKeyId": "ROLE", "SecretAccessKey": "secret", "Token": "of-the-session", "Expiration": "…"}
    environment.delenv("AWS_ACCESS_KEY_ID")
    environment.setenv("AWS_CONTAINER_CREDENTIALS_FULL_URI", f"{upstream.url}/credentials?v=2")
    environment.setenv("AWS_CONTAINER_AUTHORIZATION_TOKEN", "let-me-in")
    environment.setenv("AWS_ENDPOINT_URL", upstream.url.removesuffix("/v1"))
    upstream.says(Reply(200, json.dumps(role)), FOUND)

    assert read_secret("openai-api-key") == API_KEY
    asked, secret = upstream.asked
    assert (asked.path, asked.headers["authorization"]) == ("/v1/credentials?v=2", "let-me-in")
    assert secret.headers["x-amz-security-token"] == "of-the-session"
    assert "Credential=ROLE/" in secret.headers["authorization"]


def test_without_credentials_of_lambda_boto3_finds_its_own(
    environment: pytest.MonkeyPatch, secrets: Any, tmp_path: Path
) -> None:
    file = tmp_path / "credentials"
    file.write_text("[mine]\naws_access_key_id = test\naws_secret_access_key = test\n")
    environment.delenv("AWS_ACCESS_KEY_ID")
    environment.delenv("AWS_SECRET_ACCESS_KEY")
    environment.setenv("AWS_SHARED_CREDENTIALS_FILE", str(file))
    environment.setenv("AWS_PROFILE", "mine")
    environment.setattr(boto3, "DEFAULT_SESSION", None)

    assert read_secret("openai-api-key") == API_KEY


@pytest.mark.parametrize(
    "passing",
    [
        Reply(500, '{"__type": "InternalServiceError"}'),
        Reply(400, '{"__type": "ThrottlingException"}'),
        Reply(200, "<html>"),
    ],
)
def test_what_passes_is_tried_once_more(
    environment: pytest.MonkeyPatch, upstream: ScriptedUpstream, passing: Reply
) -> None:
    environment.setenv("AWS_ENDPOINT_URL_SECRETS_MANAGER", upstream.url.removesuffix("/v1"))
    upstream.says(passing, FOUND)

    assert read_secret("openai-api-key") == API_KEY
    assert len(upstream.asked) == 2


def test_a_refusal_is_not_tried_again_and_says_why(environment: pytest.MonkeyPatch, upstream: ScriptedUpstream) -> None:
    environment.setenv("AWS_ENDPOINT_URL_SECRETS_MANAGER", upstream.url.removesuffix("/v1"))
    upstream.says(Reply(400, '{"__type": "x#AccessDeniedException", "Message": "not authorized"}'))

    with pytest.raises(SecretUnreadable, match=r"^AccessDeniedException: not authorized$"):
        read_secret("openai-api-key")
    assert len(upstream.asked) == 1
