"""How CloudFormation is told: a PUT to the URL that came with its request.

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

WAITS = (0.0, 0.5, 1.5)
"""Seconds before each try."""
TRY_SECONDS = 2.5
"""With the waits, all tries take the 10 s that are kept for them."""

LONGEST_REASON = 1000
"""Characters, that JSON makes 2000 bytes of at most: the whole answer may have 4096, the ids in it 1024."""


def answer(event: Mapping[str, Any], **outcome: str) -> None:
    """Tell CloudFormation how its request went.

    Args:
        event: the request.
        outcome: `Status`, `PhysicalResourceId` and perhaps `Reason`.

    Raises:
        CallbackUnreachable: no try got through.
    """
    if "Reason" in outcome:
        outcome["Reason"] = plain(outcome["Reason"])
    ids = {name: event[name] for name in ("StackId", "RequestId", "LogicalResourceId")}
    body = json.dumps({**outcome, **ids}).encode()
    for wait in WAITS:
        time.sleep(wait)
        if put(event["ResponseURL"], body):
            return
    raise CallbackUnreachable("CloudFormation could not be told how its request went; Lambda will try again.")


def put(url: str, body: bytes) -> bool:
    """Try once.

    Args:
        url: where to; its query is a signature, which must not be logged.
        body: the answer.

    Returns:
        Whether it arrived.
    """
    # The signature covers an empty content type; urllib would make it a form's.
    request = urllib.request.Request(url, body, {"Content-Type": ""}, method="PUT")  # noqa: S310 - CloudFormation's URL
    try:
        with urllib.request.urlopen(request, timeout=TRY_SECONDS):  # noqa: S310
            return True
    except (OSError, http.client.HTTPException) as failure:
        # Only its name: the message of some has the whole URL in it.
        cause = getattr(failure, "code", None) or type(getattr(failure, "reason", failure)).__name__
        logger.error("No answer could be put to %s: %s", url.partition("?")[0], cause)  # noqa: TRY400
        return False


def plain(reason: str) -> str:
    """Put a reason into one line, cut it to what fits, and leave out what JSON would make long."""
    line = " ".join(reason.split())
    return "".join(letter if " " <= letter <= "~" else "?" for letter in line[:LONGEST_REASON])
