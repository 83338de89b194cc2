"""Delete: every version in the bucket is removed, and no failure prevents the deletion of the stack."""

import logging

import pytest

from tests.publish.cloudformation import CloudFormation
from tests.publish.conftest import PAGE, Aws


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


def test_what_s3_does_not_remove_is_logged_and_the_stack_goes_on(
    cloudformation: CloudFormation, aws: Aws, caplog: pytest.LogCaptureFixture
) -> None:
    cloudformation.create()
    aws.deny("s3:DeleteObject", "style.css")

    assert cloudformation.delete() == {"Status": "SUCCESS", "PhysicalResourceId": f"s3://{aws.bucket}"}

    assert aws.versions() == ["style.css"]
    assert "S3 did not remove style.css: AccessDenied." in caplog.text


def test_a_removal_that_takes_too_long_is_logged_and_the_stack_goes_on(
    cloudformation: CloudFormation, aws: Aws, caplog: pytest.LogCaptureFixture
) -> None:
    cloudformation.create()

    answer = cloudformation.delete(remaining=iter([60_000, 21_000]))

    assert answer == {"Status": "SUCCESS", "PhysicalResourceId": f"s3://{aws.bucket}"}
    assert aws.contents() == PAGE
    assert "The function's time was not enough" in caplog.text


def test_a_missing_permission_is_logged_and_the_stack_goes_on(
    cloudformation: CloudFormation, aws: Aws, lacking_permissions: None, caplog: pytest.LogCaptureFixture
) -> None:
    answer = cloudformation.delete(PhysicalResourceId=f"s3://{aws.bucket}")

    assert answer == {"Status": "SUCCESS", "PhysicalResourceId": f"s3://{aws.bucket}"}
    assert "(AccessDenied) when calling the ListObjectVersions operation" in caplog.text
