"""The AWS clients, which start no request that might take longer than the function may still run."""

from collections.abc import Callable
from typing import Any

import boto3
from botocore.config import Config
from failure import OutOfTime

CONNECT_SECONDS = 2
READ_SECONDS = 10
ATTEMPTS = 4
PAUSE_SECONDS = 2 ** (ATTEMPTS - 2) + 5
"""The longest pause before an attempt: up to 1, 2 and 4 s, and up to 5 s more if the service asks for it by the header
`x-amz-retry-after`. Source: `ExponentialBackoff` in
https://github.com/boto/botocore/blob/develop/botocore/retries/standard.py"""
CALLBACK_SECONDS = 10
"""The time that is reserved for the answer to CloudFormation."""

MIN_REMAINING_MILLISECONDS = (CONNECT_SECONDS + READ_SECONDS + PAUSE_SECONDS + CALLBACK_SECONDS) * 1000
"""The time for an attempt, the pause after it and the answer, since the time is next checked after the pause."""


def clients(remaining: Callable[[], int]) -> tuple[Any, Any]:
    """Make the clients.

    Args:
        remaining: returns how many milliseconds the function may still run.

    Returns:
        The clients of S3 and CloudFront. A request raises `OutOfTime` if there is not enough time left for it.
    """

    def check_time(**_: Any) -> None:
        if remaining() < MIN_REMAINING_MILLISECONDS:
            raise OutOfTime("The function's time was not enough: raise its Timeout, then deploy again.")

    config = Config(
        connect_timeout=CONNECT_SECONDS,
        read_timeout=READ_SECONDS,
        retries={"mode": "standard", "total_max_attempts": ATTEMPTS},
    )
    s3, cloudfront = boto3.client("s3", config=config), boto3.client("cloudfront", config=config)
    for client in (s3, cloudfront):
        client.meta.events.register_first("before-send", check_time)
    return s3, cloudfront
