"""Deploy time only: the custom resource that puts the page into its bucket.

Its properties: `BucketName` (it belongs to the page alone), `DistributionId`, `Config` (what config.json has besides
the presets) and `Version`, which is not read: that it differs is what makes CloudFormation ask for an update.
Source: https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/crpg-ref.html
"""

import logging
from collections.abc import Mapping
from typing import Any, NamedTuple, Protocol

from aws import clients
from bucket import Bucket
from callback import answer
from failure import InvalidProperties, explain
from page import page

logger = logging.getLogger("publish")
logger.setLevel(logging.INFO)

NOTHING_PUBLISHED = "nothing-published"
"""The physical id of a resource that failed before it had a bucket."""

Event = dict[str, Any]


class Context(Protocol):
    """What is read of Lambda's context."""

    log_group_name: str
    log_stream_name: str

    def get_remaining_time_in_millis(self) -> int:
        """Tell how long the function may still run."""


class Properties(NamedTuple):
    """What the template says of the page."""

    bucket: str
    distribution: str
    config: dict[str, Any]


def handler(event: Event, context: Context) -> None:
    """Publish or remove the page, and tell CloudFormation how it went.

    Args:
        event: CloudFormation's request. Never logged whole: whoever has its `ResponseURL` can answer in our place.
        context: Lambda's context.

    Raises:
        CallbackUnreachable: CloudFormation could not be told. Lambda invokes the function again, which is harmless.
    """
    logger.info("Asked by CloudFormation: %s, request %s", event["RequestType"], event["RequestId"])
    answer(event, **outcome(event, context))


def outcome(event: Event, context: Context) -> dict[str, str]:
    """Do what is asked for, and say how it went.

    Args:
        event: CloudFormation's request.
        context: Lambda's context.

    Returns:
        The members `Status`, `PhysicalResourceId` and, of a failure, `Reason` of the answer.
    """
    try:
        return {"Status": "SUCCESS", "PhysicalResourceId": perform(event, context)}
    # Nothing may pass this door: CloudFormation waits an hour for an answer that never comes. Nor is it raised again
    # after the answer: Lambda would run the request once more, into the roll-back that the answer has set off.
    except Exception as failure:
        logger.exception("%s failed", event["RequestType"])
        if event["RequestType"] == "Delete":  # a page that cannot be removed must not keep the stack from going
            return {"Status": "SUCCESS", "PhysicalResourceId": event["PhysicalResourceId"]}
        reason = f"{explain(failure)} Log: {context.log_group_name}, {context.log_stream_name}"
        return {"Status": "FAILED", "PhysicalResourceId": place_so_far(event), "Reason": reason}


def perform(event: Event, context: Context) -> str:
    """Do what is asked for.

    Args:
        event: CloudFormation's request.
        context: Lambda's context.

    Returns:
        The physical id: the bucket that the page is in, so that only another bucket is a replacement.
    """
    s3, cloudfront = clients(context.get_remaining_time_in_millis)
    if event["RequestType"] == "Delete":
        remove(event["PhysicalResourceId"], s3)
        return str(event["PhysicalResourceId"])
    properties = read(event["ResourceProperties"])
    changed = Bucket(s3, properties.bucket).publish(page(properties.config))
    if changed:
        invalidate(cloudfront, properties.distribution, event["RequestId"])
    return f"s3://{properties.bucket}"


def remove(place: str, s3: Any) -> None:
    """Empty a bucket.

    Args:
        place: the physical id. It, not the properties, tells which bucket: after a replacement, the one left behind.
        s3: the client.
    """
    if place.startswith("s3://"):
        Bucket(s3, place.removeprefix("s3://")).empty()


def invalidate(cloudfront: Any, distribution: str, request_id: str) -> None:
    """Make CloudFront ask the bucket again for everything.

    Args:
        cloudfront: the client.
        distribution: the distribution's id.
        request_id: names the invalidation, so that the same request makes one only, however often it is carried out.
    """
    batch = {"Paths": {"Quantity": 1, "Items": ["/*"]}, "CallerReference": request_id}
    cloudfront.create_invalidation(DistributionId=distribution, InvalidationBatch=batch)
    logger.info("Invalidated distribution %s", distribution)


def read(properties: Mapping[str, Any]) -> Properties:
    """Check the resource's properties.

    Args:
        properties: as CloudFormation sends them.

    Returns:
        The ones that are used.

    Raises:
        InvalidProperties: one is missing, or not what it should be.
    """
    for name, kind in (("BucketName", str), ("DistributionId", str), ("Config", dict)):
        if not isinstance(properties.get(name), kind) or not properties[name]:
            raise InvalidProperties(f"The custom resource lacks the property {name}: set it in the template.")
    return Properties(properties["BucketName"], properties["DistributionId"], properties["Config"])


def place_so_far(event: Event) -> str:
    """Name the resource after a failure: what it was, or what a roll-back has to empty.

    Args:
        event: CloudFormation's request.

    Returns:
        The physical id.
    """
    bucket = event["ResourceProperties"].get("BucketName")
    return str(event.get("PhysicalResourceId") or (f"s3://{bucket}" if bucket else NOTHING_PUBLISHED))
