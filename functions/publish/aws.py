"""The AWS clients: none begins what it might not finish while the function runs."""

from collections.abc import Callable
from typing import Any

import boto3
from botocore.config import Config
from failure import OutOfTime

CONNECT_SECONDS = 2
READ_SECONDS = 10
CALLBACK_SECONDS = 10
"""What telling CloudFormation may take."""

LEAST_MILLISECONDS = (CONNECT_SECONDS + READ_SECONDS + CALLBACK_SECONDS) * 1000


def clients(remaining: Callable[[], int]) -> tuple[Any, Any]:
    """Make the clients.

    Args:
        remaining: tells how many milliseconds the function may still run.

    Returns:
        Those of S3 and CloudFront. Each request that they try raises `OutOfTime` where not enough is left for it.
    """

    def check(**_: Any) -> None:
        if remaining() < LEAST_MILLISECONDS:
            raise OutOfTime("The function's time was not enough: raise its Timeout, then deploy again.")

    patience = Config(
        connect_timeout=CONNECT_SECONDS,
        read_timeout=READ_SECONDS,
        retries={"mode": "standard", "total_max_attempts": 4},
    )
    made = boto3.client("s3", config=patience), boto3.client("cloudfront", config=patience)
    for client in made:
        client.meta.events.register_first("before-send", check)
    return made
