"""The other custom resource: a digest of whatever the functions depend on, short enough for a version's description."""

from typing import Any

from tests.publish.cloudformation import Callback, CloudFormation, Handler

DIGEST = "Custom::Digest"


def digests(handler: Handler, callback: Callback, *values: Any) -> list[str]:
    answers = [
        CloudFormation(handler, callback, {"Of": value}).create(ResourceType=DIGEST, LogicalResourceId="Configuration")
        for value in values
    ]
    assert {(one["Status"], one["PhysicalResourceId"]) for one in answers} == {("SUCCESS", DIGEST)}
    return [one["Data"]["Digest"] for one in answers]


def test_a_digest_differs_where_the_values_do_and_has_one_length(handler: Handler, callback: Callback) -> None:
    short, other, long = digests(handler, callback, ["arn:layer:7", ""], ["arn:layer:8", ""], ["a@example.com," * 300])

    assert len({short, other, long}) == 3
    assert {len(one) for one in (short, other, long)} == {64}


def test_the_same_values_have_the_same_digest(handler: Handler, callback: Callback) -> None:
    first, second = digests(handler, callback, {"a": "1", "b": ["2"]}, {"b": ["2"], "a": "1"})

    assert first == second


def test_a_digest_is_removed_without_touching_aws(handler: Handler, callback: Callback) -> None:
    resource = CloudFormation(handler, callback, {"Of": []}, physical_id=DIGEST)

    assert resource.delete(ResourceType=DIGEST)["Status"] == "SUCCESS"


def test_a_digest_of_nothing_is_refused(handler: Handler, callback: Callback) -> None:
    answer = CloudFormation(handler, callback, {}).create(ResourceType=DIGEST)

    assert (answer["Status"], answer["Reason"].partition(":")[0]) == ("FAILED", "Unexpected KeyError")
