"""The secrets in Secrets Manager."""

import asyncio
import base64

from realtime import aws
from realtime.errors import Misconfigured
from realtime.timeouts import SECRET_SECONDS


async def read_secret(secret_id: str, *, name: str, remedy: str) -> str:
    """Read the current version of a secret.

    Args:
        secret_id: its name or ARN.
        name: what it holds, such as `API key`, for the error's message.
        remedy: what to do if it does not exist.

    Returns:
        Its text, without a byte order mark; a binary secret is read as UTF-8.

    Raises:
        Misconfigured: it does not exist, or cannot be read in time.
    """
    try:
        async with asyncio.timeout(SECRET_SECONDS):
            return _text(await aws.invoke("secretsmanager", "GetSecretValue", {"SecretId": secret_id}))
    except (aws.AwsError, TimeoutError) as error:
        if isinstance(error, aws.AwsError) and error.code == "ResourceNotFoundException":
            raise Misconfigured(f"The {name}'s secret cannot be read. {remedy}") from error
        message = f"The {name} cannot be read from Secrets Manager: the function's log says why."
        raise Misconfigured(message) from error


def _text(response: dict[str, str]) -> str:
    try:
        if "SecretString" in response:
            return str(response["SecretString"]).removeprefix("\ufeff")
        return base64.b64decode(response["SecretBinary"]).decode("utf-8-sig", errors="replace")
    except (KeyError, TypeError, ValueError) as error:
        # Without the cause: its message may contain the secret.
        raise aws.AwsError(type(error).__name__, "the response of Secrets Manager has no secret in it") from None
