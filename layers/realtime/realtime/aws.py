"""AWS services as JSON over httpx: Secrets Manager and DynamoDB.

Not boto3: importing it takes as long as the rest of a cold start.
Source: https://docs.aws.amazon.com/secretsmanager/latest/apireference/CommonParameters.html
"""

import asyncio
import json
import os
from typing import Any, NamedTuple

import httpx

from realtime.http_client import CONNECTION_ERRORS, http_client, without_content
from realtime.sigv4 import Credentials, SigV4
from realtime.timeouts import AWS_RETRY_PAUSE_SECONDS, AWS_SECONDS

TRANSIENT_CODES = (
    "ProvisionedThroughputExceededException",
    "RequestLimitExceeded",
    "ThrottledException",
    "ThrottlingException",
    "TooManyRequestsException",
    "TransactionInProgressException",
)


class Service(NamedTuple):
    """How a service is addressed."""

    target_prefix: str
    json_version: str
    endpoint_variable: str


SERVICES = {
    "secretsmanager": Service("secretsmanager", "1.1", "AWS_ENDPOINT_URL_SECRETS_MANAGER"),
    "dynamodb": Service("DynamoDB_20120810", "1.0", "AWS_ENDPOINT_URL_DYNAMODB"),
}


class AwsError(Exception):
    """Raised when an AWS service does not do what it is asked.

    Args:
        code: the service's error code, or ours.
        message: why.
        body: the service's response.
    """

    def __init__(self, code: str, message: str, body: dict[str, Any] | None = None) -> None:
        super().__init__(f"{code}: {message}")
        self.code = code
        self.body = body or {}


class TransientError(AwsError):
    """Raised when a retry may help."""


async def invoke(service: str, operation: str, parameters: dict[str, Any]) -> dict[str, Any]:
    """Invoke an operation of an AWS service; once more if that may help.

    Args:
        service: one of SERVICES.
        operation: such as `GetSecretValue`.
        parameters: of the operation.

    Returns:
        The service's response.

    Raises:
        AwsError: the service refused, or failed twice.
    """
    try:
        return await _invoke(service, operation, parameters)
    except TransientError:
        await asyncio.sleep(AWS_RETRY_PAUSE_SECONDS)
        return await _invoke(service, operation, parameters)


async def _invoke(service: str, operation: str, parameters: dict[str, Any]) -> dict[str, Any]:
    region = os.environ.get("AWS_REGION") or os.environ["AWS_DEFAULT_REGION"]
    prefix, version, _ = SERVICES[service]
    headers = {"Content-Type": f"application/x-amz-json-{version}", "X-Amz-Target": f"{prefix}.{operation}"}
    signer = SigV4(await _get_credentials(), service, region)
    url = _endpoint(service, region)
    status, body = await _send("POST", url, content=json.dumps(parameters), headers=headers, auth=signer)
    if status != httpx.codes.OK:
        raise _error(status, body)
    return body


async def _get_credentials() -> Credentials:
    """Read the role's credentials where Lambda puts them: in the environment, and with SnapStart behind a URL.

    Source: https://docs.aws.amazon.com/sdkref/latest/guide/feature-container-credentials.html
    """
    environ = os.environ
    if "AWS_ACCESS_KEY_ID" in environ:
        names = ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN")
        return Credentials(*(environ.get(name, "") for name in names))
    if "AWS_CONTAINER_CREDENTIALS_FULL_URI" not in environ:
        raise AwsError("NoCredentials", "neither AWS_ACCESS_KEY_ID nor AWS_CONTAINER_CREDENTIALS_FULL_URI is set")
    headers = {"Authorization": environ.get("AWS_CONTAINER_AUTHORIZATION_TOKEN", "")}
    status, body = await _send("GET", environ["AWS_CONTAINER_CREDENTIALS_FULL_URI"], headers=headers)
    if status != httpx.codes.OK:
        raise TransientError("NoCredentials", f"the credentials' URL answered {status}")
    return Credentials(body["AccessKeyId"], body["SecretAccessKey"], body["Token"])


async def _send(method: str, url: str, **request: Any) -> tuple[int, dict[str, Any]]:
    try:
        async with asyncio.timeout(AWS_SECONDS):
            response = await http_client.send(method, url, **request)
            await response.aread()
    except (TimeoutError, *CONNECTION_ERRORS) as error:
        raise TransientError(type(error).__name__, "AWS cannot be reached, or broke off") from without_content(error)
    return response.status_code, _parse(response)


def _parse(response: httpx.Response) -> dict[str, Any]:
    try:
        return dict(response.json())
    except (TypeError, ValueError) as error:
        # Without the cause: the body may contain the secret.
        raise TransientError(type(error).__name__, "the response of AWS is not a JSON object") from None


def _endpoint(service: str, region: str) -> str:
    suffix = os.environ.get("AWS_URL_SUFFIX") or "amazonaws.com"
    given = os.environ.get(SERVICES[service].endpoint_variable) or os.environ.get("AWS_ENDPOINT_URL")
    return given or f"https://{service}.{region}.{suffix}"


def _error(status: int, body: dict[str, Any]) -> AwsError:
    code = str(body.get("__type", status)).rpartition("#")[2]
    kind = TransientError if status >= 500 or code in TRANSIENT_CODES else AwsError
    return kind(code, body.get("message") or body.get("Message") or "no reason given", body)
