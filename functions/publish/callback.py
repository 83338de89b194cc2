"""Answers CloudFormation's request by a PUT to the URL in it.

Source: https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/crpg-ref-responses.html
"""

import http.client
import json
import logging
import time
import urllib.request
from collections.abc import Mapping
from typing import Any

from failure import CallbackUnreachable

logger = logging.getLogger("publish")

RETRY_DELAYS = (0.0, 0.5, 1.5)
"""Seconds before each attempt."""
ATTEMPT_SECONDS = 2.5
"""The timeout of an attempt. With the delays, all attempts take less than `aws.CALLBACK_SECONDS`."""

MAX_REASON_LENGTH = 1000
"""Characters, which are at most 2000 bytes in JSON: the whole answer may have 4096, and an id in it 1024."""


def answer(event: Mapping[str, Any], **outcome: Any) -> None:
    """Send CloudFormation the result of its request.

    Args:
        event: the request.
        outcome: `Status`, `PhysicalResourceId`, and `Data` of a digest or `Reason` of a failure.

    Raises:
        CallbackUnreachable: all attempts failed.
    """
    if "Reason" in outcome:
        outcome["Reason"] = shortened(outcome["Reason"])
    ids = {name: event[name] for name in ("StackId", "RequestId", "LogicalResourceId")}
    body = json.dumps({**outcome, **ids}).encode()
    for delay in RETRY_DELAYS:
        time.sleep(delay)
        if put(event["ResponseURL"], body):
            return
    raise CallbackUnreachable("CloudFormation could not be sent the result of its request; Lambda will try again.")


def put(url: str, body: bytes) -> bool:
    """Send the answer once.

    Args:
        url: the URL in the request. Its query is a signature, which must not be logged.
        body: the answer.

    Returns:
        Whether it was accepted.
    """
    # The URL is signed for an empty content type; urllib's default would be that of a form.
    request = urllib.request.Request(url, body, {"Content-Type": ""}, method="PUT")  # noqa: S310 - CloudFormation's URL
    try:
        with urllib.request.urlopen(request, timeout=ATTEMPT_SECONDS):  # noqa: S310
            return True
    except (OSError, http.client.HTTPException) as failure:
        # Only the name of the exception, since some messages contain the whole URL.
        cause = getattr(failure, "code", None) or type(getattr(failure, "reason", failure)).__name__
        logger.error("No answer could be put to %s: %s", url.partition("?")[0], cause)  # noqa: TRY400
        return False


def shortened(reason: str) -> str:
    """Put a reason into one line of MAX_REASON_LENGTH characters, all ASCII, since JSON makes others longer."""
    line = " ".join(reason.split())
    return "".join(letter if " " <= letter <= "~" else "?" for letter in line[:MAX_REASON_LENGTH])
