"""Failures: CloudFormation gets the reason and its fix, and the published page still works."""

import importlib
import sys
from pathlib import Path
from typing import Any

import pytest
from botocore.awsrequest import AWSResponse
from botocore.compat import HTTPHeaders
from botocore.retries import standard
from botocore.retries.standard import ThrottlingErrorDetector
from build.presets import read_presets
from realtime import presets

from tests.publish.cloudformation import Callback, CloudFormation, Handler
from tests.publish.conftest import LOG, PAGE, Aws, Web, failed


def test_a_first_publication_that_fails_lacks_the_page_itself(cloudformation: CloudFormation, aws: Aws) -> None:
    aws.deny("s3:PutObject", "index.html")

    assert cloudformation.create() == failed(
        aws,
        "An error occurred (403) when calling the PutObject operation: Forbidden."
        " Allow that to the role of the publish function, then deploy again.",
    )
    assert aws.keys() == ["call.js", "config.json", "main.js", "style.css"]
    aws.allow()
    assert cloudformation.delete()["Status"] == "SUCCESS"
    assert aws.versions() == []


def test_a_permission_that_the_role_lacks_is_named(
    cloudformation: CloudFormation, aws: Aws, lacking_permissions: None
) -> None:
    assert cloudformation.create() == failed(
        aws,
        "An error occurred (AccessDenied) when calling the PutObject operation: Access Denied."
        " Allow that to the role of the publish function, then deploy again.",
    )


@pytest.mark.parametrize(
    ("denied", "expected"),
    [
        ("sign-in.js", PAGE),
        ("main.js", PAGE | {"sign-in.js": "export {}"}),
        ("index.html", PAGE | {"sign-in.js": "export {}", "main.js": "import './sign-in.js'"}),
    ],
)
def test_an_update_that_fails_in_the_middle_leaves_no_page_without_its_modules(
    cloudformation: CloudFormation, aws: Aws, new_page: dict[str, str], denied: str, expected: dict[str, str]
) -> None:
    aws.deny("s3:PutObject", denied)

    assert cloudformation.update()["Status"] == "FAILED"

    assert aws.contents() == expected


def test_the_roll_back_of_a_failed_update_puts_the_old_page_back(
    cloudformation: CloudFormation, aws: Aws, web: Web, new_page: dict[str, str]
) -> None:
    aws.deny("s3:PutObject", "index.html")
    cloudformation.update()
    aws.allow()
    web.holds(PAGE)

    assert cloudformation.update() == {"Status": "SUCCESS", "PhysicalResourceId": f"s3://{aws.bucket}"}

    assert aws.contents() == PAGE
    assert aws.invalidations() == [["/*"], ["/*"]]


def test_a_failed_move_to_another_bucket_does_not_make_cloudformation_empty_the_old_one(
    cloudformation: CloudFormation, aws: Aws
) -> None:
    cloudformation.create()
    cloudformation.properties["BucketName"] = "no-such-bucket"

    assert cloudformation.update() == failed(
        aws,
        "An error occurred (NoSuchBucket) when calling the ListObjectsV2 operation: The specified bucket does not"
        " exist. The bucket has been removed by hand: create one of that name, then deploy again.",
    )


def test_an_object_that_s3_does_not_remove_is_named(
    cloudformation: CloudFormation, aws: Aws, new_page: dict[str, str]
) -> None:
    aws.deny("s3:DeleteObject", "call.js")

    assert cloudformation.update() == failed(
        aws, "S3 did not remove call.js: AccessDenied. Remove it by hand, then deploy again."
    )


def test_an_object_that_s3_does_not_remove_does_not_keep_the_old_page_in_cloudfronts_cache(
    cloudformation: CloudFormation, aws: Aws, new_page: dict[str, str]
) -> None:
    aws.deny("s3:DeleteObject")

    assert cloudformation.update()["Status"] == "FAILED"

    assert aws.contents() == new_page | {"call.js": PAGE["call.js"]}
    assert aws.invalidations() == [["/*"], ["/*"]]


def test_nothing_is_removed_that_cloudfronts_cache_may_still_refer_to(
    cloudformation: CloudFormation, aws: Aws, new_page: dict[str, str]
) -> None:
    cloudformation.properties["DistributionId"] = "EDFDVBD6EXAMPLE"

    assert cloudformation.update()["Status"] == "FAILED"

    assert aws.contents() == new_page | {"call.js": PAGE["call.js"]}


def test_a_distribution_that_does_not_exist_is_named(cloudformation: CloudFormation, aws: Aws) -> None:
    cloudformation.properties["DistributionId"] = "EDFDVBD6EXAMPLE"

    assert cloudformation.create() == failed(
        aws,
        "An error occurred (NoSuchDistribution) when calling the CreateInvalidation operation: The specified"
        " distribution does not exist. The distribution has been removed by hand: delete the stack, then deploy again.",
    )


@pytest.mark.parametrize("empty", [{"DistributionId": ""}, {"DistributionId": ["E1"]}, {"Config": {}}, {"Config": "x"}])
def test_a_property_that_is_missing_or_of_the_wrong_type_is_named(
    cloudformation: CloudFormation, aws: Aws, empty: dict[str, Any]
) -> None:
    cloudformation.properties |= empty

    assert cloudformation.create() == failed(
        aws, f"The custom resource lacks the property {next(iter(empty))}: set it in the template."
    )
    assert aws.keys() == []


def test_a_bundle_without_the_page_does_not_remove_the_one_that_is_live(
    cloudformation: CloudFormation, aws: Aws, web: Web
) -> None:
    cloudformation.create()
    web.holds({"main.js": "export {}"})

    assert cloudformation.update() == failed(
        aws, "The bundle has no web/index.html: run `sam build` in the whole repository, then deploy."
    )
    assert aws.contents() == PAGE


def test_presets_that_are_not_valid_are_named_with_the_field(
    cloudformation: CloudFormation, aws: Aws, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = tmp_path / "presets.toml"
    broken.write_text("presets = {}")
    monkeypatch.setattr(presets, "presets", lambda: read_presets(broken))

    assert cloudformation.create() == failed(aws, "presets.toml: default: Field required. Fix that, then deploy again.")


def test_a_default_preset_that_does_not_exist_is_named(cloudformation: CloudFormation, aws: Aws) -> None:
    cloudformation.properties["Config"] = cloudformation.properties["Config"] | {"default_preset": "nope"}

    answer = cloudformation.create()

    assert answer["Status"] == "FAILED"
    assert answer["Reason"].startswith("DefaultPreset: there is no preset nope: take one of assistant, private,")


def test_a_layer_that_cannot_be_imported_is_reported_and_does_not_prevent_a_delete(
    cloudformation: CloudFormation, aws: Aws, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    cloudformation.create()
    monkeypatch.setitem(sys.modules, "realtime.presets", None)

    assert cloudformation.update() == failed(aws, "Unexpected ModuleNotFoundError: the log tells where.")
    assert "import of realtime.presets halted" in caplog.text
    assert cloudformation.delete()["Status"] == "SUCCESS"
    assert aws.versions() == []


def test_a_request_that_boto3_rejects_is_reported(cloudformation: CloudFormation, aws: Aws) -> None:
    cloudformation.create()
    cloudformation.properties["BucketName"] = "no bucket"

    answer = cloudformation.update()

    assert answer["Reason"].startswith("ParamValidationError: Parameter validation failed: Invalid bucket name")


def test_with_aws_unreachable_it_answers_before_the_function_times_out(
    cloudformation: CloudFormation, aws: Aws, environment: pytest.MonkeyPatch
) -> None:
    environment.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:1")

    answer = cloudformation.create(remaining=iter([31_000, 30_999]))

    assert answer == failed(aws, "The function's time was not enough: raise its Timeout, then deploy again.")


def test_it_answers_before_the_function_times_out(cloudformation: CloudFormation, aws: Aws) -> None:
    enough = [120_000] * 4

    answer = cloudformation.create(remaining=iter([*enough, 30_999]))

    assert answer == failed(aws, "The function's time was not enough: raise its Timeout, then deploy again.")
    assert aws.keys() == ["call.js", "main.js", "style.css"]


@pytest.mark.parametrize("new", [False, True])
def test_the_time_that_is_left_for_a_request_includes_the_longest_pause_before_the_next_attempt(
    handler: Handler, monkeypatch: pytest.MonkeyPatch, new: bool
) -> None:
    """Botocore waits between attempts, and only then it is asked whether there is time for another one."""
    clients = importlib.import_module("aws")
    monkeypatch.setattr(standard, "NEW_RETRIES_ENABLED", new)
    monkeypatch.setattr(ThrottlingErrorDetector, "is_throttling_error_from_context", lambda *_: True)
    backoff = standard.ExponentialBackoff(
        random=lambda: 1, throttling_detector=ThrottlingErrorDetector(standard.RetryEventAdapter())
    )
    headers = HTTPHeaders.from_dict({"x-amz-retry-after": "60000"})
    asked = AWSResponse("https://s3", 503, headers, None)
    pauses = [
        backoff.delay_amount(standard.RetryContext(attempt, http_response=asked))
        for attempt in range(1, clients.ATTEMPTS)
    ]

    assert max(pauses) == (clients.PAUSE_SECONDS if new else 4)


def test_the_answer_is_put_to_the_signed_url_with_an_empty_content_type(
    cloudformation: CloudFormation, callback: Callback
) -> None:
    cloudformation.create()

    [put] = callback.received
    assert put.target == callback.url.removeprefix(callback.url.partition("/arn")[0])
    assert put.content_type == ""


@pytest.mark.parametrize("key", ['ü\N{HORIZONTAL ELLIPSIS}"\\' * 180, "x" * 1000, '"' * 1000])
def test_the_answer_is_always_shorter_than_4_kib(
    cloudformation: CloudFormation, aws: Aws, callback: Callback, key: str
) -> None:
    aws.s3.put_object(Bucket=aws.bucket, Key=key, Body=b"")
    aws.deny("s3:DeleteObject")
    cloudformation.physical_id = "s3://" + "b" * 1019

    assert cloudformation.update()["Reason"].endswith(LOG)
    cloudformation.log_group = '"' * 2000
    assert cloudformation.update()["Status"] == "FAILED"

    assert max(len(put.body) for put in callback.received) < 4096


def test_neither_the_signature_nor_the_properties_are_logged(
    cloudformation: CloudFormation, callback: Callback, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO", "publish")
    callback.error_statuses = [500]

    cloudformation.create()

    assert {"Uploaded 5 of 5 files", "Removed 0 objects"} <= {*caplog.messages}
    assert "Signature" not in caplog.text
    assert "the-page" not in caplog.text
