"""The custom resources that a deployment needs: one uploads the page to its bucket, one digests values.

`Custom::Page` has the properties `BucketName` (a bucket that holds nothing but the page), `DistributionId`, `Config`
(the members of config.json, without those about presets) and `Version`, which is not read: CloudFormation asks for an
update because it changes. `Custom::Digest` has the property `Of`, any value, and the attribute `Digest`.
Source: https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/crpg-ref.html
"""

import hashlib
import json
import logging
from collections.abc import Mapping
from typing import Any, NamedTuple, Protocol

from aws import clients
from bucket import Bucket
from callback import answer
from failure import InvalidProperties, explain, may_pass
from page import page

logger = logging.getLogger("publish")
logger.setLevel(logging.INFO)

DIGEST = "Custom::Digest"

NOTHING_PUBLISHED = "nothing-published"
"""The physical id of a resource whose creation failed before its bucket was known."""

Event = dict[str, Any]


class Context(Protocol):
    """The members of Lambda's context that are used."""

    log_group_name: str
    log_stream_name: str

    def get_remaining_time_in_millis(self) -> int:
        """Return how long the function may still run."""


class Properties(NamedTuple):
    """The resource's properties in the template."""

    bucket: str
    distribution: str
    config: dict[str, Any]


def handler(event: Event, context: Context) -> None:
    """Publish or remove the page, and send CloudFormation the result.

    Args:
        event: CloudFormation's request. It is never logged as a whole: with its `ResponseURL` anybody could answer.
        context: Lambda's context.

    Raises:
        CallbackUnreachable: CloudFormation could not be reached. Lambda invokes the function again; since publishing
            is idempotent, that does no harm.
    """
    logger.info("CloudFormation's request: %s, %s", event["RequestType"], event["RequestId"])
    answer(event, **outcome(event, context))


def outcome(event: Event, context: Context) -> dict[str, Any]:
    """Carry out a request, and describe the result.

    Args:
        event: CloudFormation's request.
        context: Lambda's context.

    Returns:
        The members `Status`, `PhysicalResourceId`, and `Data` of a digest or `Reason` of a failure.
    """
    try:
        if event["ResourceType"] == DIGEST:
            attributes = {"Digest": digest(event["ResourceProperties"]["Of"])}
            return {"Status": "SUCCESS", "PhysicalResourceId": DIGEST, "Data": attributes}
        return {"Status": "SUCCESS", "PhysicalResourceId": perform(event, context)}
    # Every exception is caught, since CloudFormation waits an hour for an answer. It is not raised again after the
    # answer, since Lambda would then repeat the request during the roll-back that the answer has started.
    except Exception as failure:
        logger.exception("%s failed", event["RequestType"])
        if event["RequestType"] == "Delete" and not may_pass(failure):
            return {"Status": "SUCCESS", "PhysicalResourceId": event["PhysicalResourceId"]}
        reason = f"{explain(failure, event['RequestType'])} Log: {context.log_group_name}, {context.log_stream_name}"
        return {"Status": "FAILED", "PhysicalResourceId": physical_id_after_failure(event), "Reason": reason}


def perform(event: Event, context: Context) -> str:
    """Carry out a request.

    Args:
        event: CloudFormation's request.
        context: Lambda's context.

    Returns:
        The physical id, which is the bucket's URL: CloudFormation replaces the resource only if the bucket changes.
    """
    s3, cloudfront = clients(context.get_remaining_time_in_millis)
    if event["RequestType"] == "Delete":
        remove(event["PhysicalResourceId"], s3)
        return str(event["PhysicalResourceId"])
    properties = parse(event["ResourceProperties"])
    bucket = Bucket(s3, properties.bucket)
    obsolete = bucket.upload(page(properties.config))
    # Also when nothing had to be uploaded: an earlier attempt may have ended between the two.
    invalidate(cloudfront, properties.distribution, event["RequestId"])
    # Last, since until the invalidation an edge answers with the earlier page, which names modules that are obsolete.
    bucket.remove(obsolete)
    return f"s3://{properties.bucket}"


def digest(value: Any) -> str:
    """Digest a value of any length, where CloudFormation only takes a short one.

    Args:
        value: as CloudFormation sends it: a text, a list or a mapping.

    Returns:
        64 hexadecimal digits.
    """
    return hashlib.sha256(json.dumps(value, sort_keys=True).encode()).hexdigest()


def remove(physical_id: str, s3: Any) -> None:
    """Empty the bucket of a resource.

    Args:
        physical_id: the physical id. It names the bucket, since after a replacement the properties have the new one.
        s3: the client.
    """
    if physical_id.startswith("s3://"):
        Bucket(s3, physical_id.removeprefix("s3://")).empty()


def invalidate(cloudfront: Any, distribution: str, request_id: str) -> None:
    """Invalidate all of CloudFront's cache.

    Args:
        cloudfront: the client.
        distribution: the distribution's id.
        request_id: the caller reference, so that a repeated request creates no second invalidation.
    """
    batch = {"Paths": {"Quantity": 1, "Items": ["/*"]}, "CallerReference": request_id}
    cloudfront.create_invalidation(DistributionId=distribution, InvalidationBatch=batch)
    logger.info("Invalidated distribution %s", distribution)


def parse(properties: Mapping[str, Any]) -> Properties:
    """Parse the resource's properties.

    Args:
        properties: the properties in CloudFormation's request.

    Returns:
        Those that are used.

    Raises:
        InvalidProperties: one is missing, empty or of the wrong type.
    """
    for name, kind in (("BucketName", str), ("DistributionId", str), ("Config", dict)):
        if not isinstance(properties.get(name), kind) or not properties[name]:
            raise InvalidProperties(f"The custom resource lacks the property {name}: set it in the template.")
    return Properties(properties["BucketName"], properties["DistributionId"], properties["Config"])


def physical_id_after_failure(event: Event) -> str:
    """Return the resource's physical id, or that of a new resource, whose bucket a roll-back must empty.

    Args:
        event: CloudFormation's request.

    Returns:
        The physical id.
    """
    bucket = event["ResourceProperties"].get("BucketName")
    return str(event.get("PhysicalResourceId") or (f"s3://{bucket}" if bucket else NOTHING_PUBLISHED))
