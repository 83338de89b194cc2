"""A secret out of Secrets Manager.

We sign the request ourselves: boto3 would do the same, after an import that alone is as long as the rest of a cold
start. Where credentials or endpoint are not those of a Lambda function, it is asked after all, by way of Powertools.
Source: https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_GetSecretValue.html
"""

import base64
import contextlib
import http.client
import json
import os
import socket
import threading
import time
import urllib.parse
from typing import Any

from realtime.signature import Credentials, signed

CONNECT_SECONDS, READ_SECONDS = 1, 2
TRIES = 2
PAUSE_SECONDS = 0.2
"""Between the two; after that, who was throttled is mostly let through."""

THROTTLED = ("ThrottlingException", "TooManyRequestsException", "RequestLimitExceeded", "ThrottledException")

OTHER_DOMAINS = ("cn-", "us-iso", "eu-iso")
"""Regions whose endpoints end in something else than amazonaws.com."""


class SecretUnreadable(Exception):
    """Raised when Secrets Manager does not give a secret away; the message begins with its own word for why."""


class _Passing(SecretUnreadable):
    """Raised when it may do so a moment later."""


def read_secret(secret_id: str) -> str | bytes:
    """Read the current version of a secret.

    Args:
        secret_id: its name or ARN.

    Returns:
        Its text, or its bytes if it is a binary one.

    Raises:
        SecretUnreadable: it is missing, may not be read, or Secrets Manager failed twice.
    """
    region = os.environ.get("AWS_REGION") or os.environ.get("AWS_DEFAULT_REGION") or ""
    if not _signs_itself(region):
        return _by_boto3(secret_id)
    for _ in range(TRIES - 1):
        try:
            return _read(secret_id, region)
        except _Passing:
            time.sleep(PAUSE_SECONDS)
    return _read(secret_id, region)


def _signs_itself(region: str) -> bool:
    there = "AWS_ACCESS_KEY_ID" in os.environ or "AWS_CONTAINER_CREDENTIALS_FULL_URI" in os.environ
    return there and bool(region) and not region.startswith(OTHER_DOMAINS)


def _read(secret_id: str, region: str) -> str | bytes:
    endpoint = os.environ.get("AWS_ENDPOINT_URL_SECRETS_MANAGER") or os.environ.get("AWS_ENDPOINT_URL")
    url = urllib.parse.urlsplit(endpoint or f"https://secretsmanager.{region}.amazonaws.com")
    body = json.dumps({"SecretId": secret_id}).encode()
    headers = {
        "Host": url.netloc,
        "Content-Type": "application/x-amz-json-1.1",
        "X-Amz-Target": "secretsmanager.GetSecretValue",
    }
    headers = signed(_credentials(), service="secretsmanager", region=region, headers=headers, body=body)
    status, said = _exchange("POST", url, headers, body)
    if status != http.HTTPStatus.OK:
        raise _refused(status, said)
    return _held(said)


def _credentials() -> Credentials:
    """Find the role's credentials where Lambda puts them: in the environment, and with SnapStart behind a URL.

    Source: https://docs.aws.amazon.com/sdkref/latest/guide/feature-container-credentials.html
    """
    if "AWS_ACCESS_KEY_ID" in os.environ:
        names = ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN")
        return Credentials(*(os.environ.get(name, "") for name in names))
    url = urllib.parse.urlsplit(os.environ["AWS_CONTAINER_CREDENTIALS_FULL_URI"])
    headers = {"Authorization": os.environ.get("AWS_CONTAINER_AUTHORIZATION_TOKEN", "")}
    status, given = _exchange("GET", url, headers, b"")
    if status != http.HTTPStatus.OK:
        raise _Passing(f"NoCredentials: the credentials' URL answered {status}")
    return Credentials(given["AccessKeyId"], given["SecretAccessKey"], given["Token"])


def _exchange(
    method: str, url: urllib.parse.SplitResult, headers: dict[str, str], body: bytes
) -> tuple[int, dict[str, Any]]:
    connection = _connection(url)
    # The socket's own time limit is for one piece of what it reads: who trickles would never be too late.
    limit = threading.Timer(CONNECT_SECONDS + READ_SECONDS, _break_off, [connection])
    limit.daemon = True
    limit.start()
    try:
        connection.connect()
        connection.sock.settimeout(READ_SECONDS)
        path = (url.path or "/") + (f"?{url.query}" if url.query else "")
        connection.request(method, path, body, headers)
        response = connection.getresponse()
        return response.status, dict(json.loads(response.read()))
    except (OSError, http.client.HTTPException, TypeError, ValueError) as broken:
        # Never with what was read: the secret may be in it.
        raise _Passing(f"{type(broken).__name__}: Secrets Manager cannot be reached, or broke off") from None
    finally:
        limit.cancel()
        connection.close()


def _break_off(connection: http.client.HTTPConnection) -> None:
    with contextlib.suppress(OSError, TypeError):  # it is not there yet, or no more
        socket.socket.shutdown(connection.sock, socket.SHUT_RDWR)


def _connection(url: urllib.parse.SplitResult) -> http.client.HTTPConnection:
    if url.scheme == "http":
        return http.client.HTTPConnection(url.netloc, timeout=CONNECT_SECONDS)
    from realtime.trust import TLS

    return http.client.HTTPSConnection(url.netloc, timeout=CONNECT_SECONDS, context=TLS)


def _held(said: dict[str, Any]) -> str | bytes:
    try:
        return str(said["SecretString"]) if "SecretString" in said else base64.b64decode(said["SecretBinary"])
    except (KeyError, TypeError, ValueError) as odd:
        raise SecretUnreadable(f"{type(odd).__name__}: Secrets Manager's answer has no secret in it") from None


def _refused(status: int, said: dict[str, Any]) -> SecretUnreadable:
    kind = str(said.get("__type", status)).rpartition("#")[2]
    text = f"{kind}: {said.get('message') or said.get('Message') or 'no reason given'}"
    return _Passing(text) if status >= 500 or kind in THROTTLED else SecretUnreadable(text)


def _by_boto3(secret_id: str) -> str | bytes:
    from aws_lambda_powertools.utilities.parameters import GetParameterError, SecretsProvider
    from botocore.config import Config

    patience = Config(connect_timeout=CONNECT_SECONDS, read_timeout=READ_SECONDS, retries={"total_max_attempts": TRIES})
    try:
        secret = SecretsProvider(boto_config=patience).get(secret_id, force_fetch=True)
    except GetParameterError as unreadable:
        raise SecretUnreadable(str(unreadable)) from unreadable
    return secret if isinstance(secret, bytes) else str(secret)
