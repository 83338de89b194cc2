"""Delete: every version in the bucket is removed. A failure is reported if another Delete can succeed, otherwise it
does not prevent the deletion of the other resources."""

import logging
from unittest.mock import Mock

import pytest
from botocore.client import BaseClient
from botocore.exceptions import ClientError, ReadTimeoutError

from tests.publish.cloudformation import CloudFormation
from tests.publish.conftest import PAGE, Aws, failed


def test_a_full_bucket_is_emptied_with_all_its_versions_and_delete_markers(
    cloudformation: CloudFormation, aws: Aws
) -> None:
    cloudformation.create()
    aws.fill(f"old/{number % 7}" for number in range(1000))
    aws.s3.delete_object(Bucket=aws.bucket, Key="old/1")

    assert cloudformation.delete() == {"Status": "SUCCESS", "PhysicalResourceId": f"s3://{aws.bucket}"}

    aws.s3.delete_bucket(Bucket=aws.bucket)  # S3 deletes only empty buckets


def test_a_bucket_that_does_not_exist_is_no_failure(
    cloudformation: CloudFormation, aws: Aws, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    aws.s3.delete_bucket(Bucket=aws.bucket)

    answer = cloudformation.delete(PhysicalResourceId=f"s3://{aws.bucket}")

    assert answer == {"Status": "SUCCESS", "PhysicalResourceId": f"s3://{aws.bucket}"}
    assert caplog.messages[-1] == f"Bucket {aws.bucket} is gone already"


def test_a_resource_that_never_had_a_bucket_is_deleted_without_touching_one_of_that_name(
    cloudformation: CloudFormation, aws: Aws
) -> None:
    aws.s3.create_bucket(Bucket="nothing-published")
    aws.s3.put_object(Bucket="nothing-published", Key="another's", Body=b"")
    cloudformation.properties = {}

    assert cloudformation.create()["PhysicalResourceId"] == "nothing-published"
    assert cloudformation.delete() == {"Status": "SUCCESS", "PhysicalResourceId": "nothing-published"}

    assert aws.s3.list_objects_v2(Bucket="nothing-published")["KeyCount"] == 1


def test_an_object_that_s3_does_not_remove_is_named_and_the_next_delete_removes_it(
    cloudformation: CloudFormation, aws: Aws
) -> None:
    cloudformation.create()
    aws.deny("s3:DeleteObject", "style.css")

    assert cloudformation.delete() == failed(
        aws, "S3 did not remove style.css: AccessDenied. Remove it by hand, then delete the stack again."
    )
    assert aws.versions() == ["style.css"]

    aws.allow()
    assert cloudformation.delete() == {"Status": "SUCCESS", "PhysicalResourceId": f"s3://{aws.bucket}"}
    assert aws.versions() == []


def test_a_removal_that_takes_too_long_fails_before_the_function_times_out(
    cloudformation: CloudFormation, aws: Aws
) -> None:
    cloudformation.create()

    assert cloudformation.delete(remaining=iter([60_000, 30_999])) == failed(
        aws, "The function's time was not enough: raise its Timeout, then delete the stack again."
    )
    assert aws.contents() == PAGE


@pytest.mark.parametrize(
    ("error", "explanation"),
    [
        (
            ClientError({"Error": {"Code": "SlowDown", "Message": "Slow."}}, "ListObjectVersions"),
            "An error occurred (SlowDown) when calling the ListObjectVersions operation: Slow. Delete the stack again.",
        ),
        (
            ReadTimeoutError(endpoint_url="https://s3"),
            'ReadTimeoutError: Read timeout on endpoint URL: "https://s3" - Delete the stack again.',
        ),
    ],
)
def test_an_error_that_may_pass_is_reported(
    cloudformation: CloudFormation, aws: Aws, monkeypatch: pytest.MonkeyPatch, error: Exception, explanation: str
) -> None:
    cloudformation.create()
    monkeypatch.setattr(BaseClient, "_make_api_call", Mock(side_effect=error))

    assert cloudformation.delete() == failed(aws, explanation)


def test_a_missing_permission_is_logged_and_the_stack_goes_on(
    cloudformation: CloudFormation, aws: Aws, lacking_permissions: None, caplog: pytest.LogCaptureFixture
) -> None:
    answer = cloudformation.delete(PhysicalResourceId=f"s3://{aws.bucket}")

    assert answer == {"Status": "SUCCESS", "PhysicalResourceId": f"s3://{aws.bucket}"}
    assert "(AccessDenied) when calling the ListObjectVersions operation" in caplog.text


def test_a_bucket_name_that_s3_does_not_know_is_logged_and_the_roll_back_goes_on(
    cloudformation: CloudFormation, aws: Aws, caplog: pytest.LogCaptureFixture
) -> None:
    cloudformation.properties["BucketName"] = "no bucket"
    assert cloudformation.create()["Status"] == "FAILED"

    assert cloudformation.delete() == {"Status": "SUCCESS", "PhysicalResourceId": "s3://no bucket"}
    assert "Invalid bucket name" in caplog.text


def test_an_unexpected_error_is_logged_and_the_stack_goes_on(
    cloudformation: CloudFormation, aws: Aws, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    cloudformation.create()
    monkeypatch.setattr(BaseClient, "_make_api_call", Mock(side_effect=KeyError("Versions")))

    assert cloudformation.delete() == {"Status": "SUCCESS", "PhysicalResourceId": f"s3://{aws.bucket}"}
    assert "KeyError: 'Versions'" in caplog.text
