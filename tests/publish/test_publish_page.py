"""Create and update: the bucket gets the same files as in the bundle, and no browser gets stale or missing files."""

import json
from collections.abc import Callable
from pathlib import Path

from realtime.presets import presets

from tests.conftest import ROOT
from tests.publish.cloudformation import CloudFormation
from tests.publish.conftest import CONFIG, PAGE, Aws, Web

EDGE = "max-age=0, must-revalidate, s-maxage=31536000"
"""A browser asks each time; CloudFront answers by itself until it is told that something has changed."""


def test_the_whole_page_is_uploaded_with_its_media_types_and_cache_headers(
    cloudformation: CloudFormation, aws: Aws, web: Web
) -> None:
    names = ["index.html", "main.js", "style.css", "types.d.ts", "icon.svg", "data.json", "robots.txt", "favicon.ico"]
    web.holds(
        dict.fromkeys([*names, "app.webmanifest", "img/Logo.PNG", "img/raw.bin", ".well-known/security.txt"], "x")
    )

    assert cloudformation.create() == {"Status": "SUCCESS", "PhysicalResourceId": f"s3://{aws.bucket}"}

    published = aws.published()
    assert json.loads(published.pop("config.json")[2]) == {
        **CONFIG,
        "default_preset": "assistant",
        "presets": presets().catalogue,
    }
    assert published == {
        ".well-known/security.txt": ("text/plain; charset=utf-8", EDGE, "x"),
        "app.webmanifest": ("application/manifest+json", EDGE, "x"),
        "data.json": ("application/json", EDGE, "x"),
        "favicon.ico": ("image/vnd.microsoft.icon", EDGE, "x"),
        "icon.svg": ("image/svg+xml", EDGE, "x"),
        "img/Logo.PNG": ("image/png", EDGE, "x"),
        "img/raw.bin": ("application/octet-stream", EDGE, "x"),
        "index.html": ("text/html; charset=utf-8", EDGE, "x"),
        "main.js": ("text/javascript; charset=utf-8", EDGE, "x"),
        "robots.txt": ("text/plain; charset=utf-8", EDGE, "x"),
        "style.css": ("text/css; charset=utf-8", EDGE, "x"),
        "types.d.ts": ("text/plain; charset=utf-8", EDGE, "x"),
    }


def test_the_configuration_is_not_cached(cloudformation: CloudFormation, aws: Aws) -> None:
    cloudformation.create()

    assert aws.published()["config.json"][:2] == ("application/json", "no-store")


def test_a_config_json_in_the_folder_does_not_replace_the_generated_one(
    cloudformation: CloudFormation, aws: Aws, web: Web
) -> None:
    web.holds(PAGE | {"config.json": "{}"})

    cloudformation.create()

    assert json.loads(aws.published()["config.json"][2])["access"] == "signed-in"


def test_this_projects_page_is_uploaded_and_every_file_has_a_media_type(
    cloudformation: CloudFormation, aws: Aws, web: Web
) -> None:
    web.holds_folder(ROOT / "web")

    cloudformation.create()

    files = {path.relative_to(ROOT / "web").as_posix() for path in (ROOT / "web").rglob("*") if path.is_file()}
    assert set(aws.keys()) == files | {"config.json"}
    assert "application/octet-stream" not in {kind for kind, _, _ in aws.published().values()}


def test_the_folder_in_the_function_is_the_page_itself() -> None:
    assert (ROOT / "functions" / "publish" / "web").readlink() == Path("../../web")


def test_hidden_files_in_the_folder_are_not_uploaded(cloudformation: CloudFormation, aws: Aws, web: Web) -> None:
    web.holds(PAGE | {".DS_Store": "x", ".env": "x", ".git/config": "x", "img/.cache": "x"})

    cloudformation.create()

    assert aws.contents() == PAGE


def test_an_update_uploads_changed_files_only(
    cloudformation: CloudFormation, aws: Aws, new_page: dict[str, str]
) -> None:
    assert cloudformation.update() == {"Status": "SUCCESS", "PhysicalResourceId": f"s3://{aws.bucket}"}

    assert aws.contents() == new_page
    assert sorted(aws.versions()) == [
        *["call.js"] * 2,  # the old version and the delete marker
        "config.json",
        *["index.html"] * 2,
        *["main.js"] * 2,
        "sign-in.js",
        "style.css",
    ]
    assert aws.invalidations() == [["/*"], ["/*"]]


def test_an_update_without_a_change_uploads_nothing(cloudformation: CloudFormation, aws: Aws) -> None:
    cloudformation.create()
    before = aws.versions()

    assert cloudformation.update() == {"Status": "SUCCESS", "PhysicalResourceId": f"s3://{aws.bucket}"}

    assert aws.versions() == before


def test_a_try_that_ended_before_its_invalidation_is_made_good_by_the_next(
    cloudformation: CloudFormation, aws: Aws
) -> None:
    """The bucket already has what is wanted then, and CloudFront would show the page of before for a year."""
    distribution, cloudformation.properties["DistributionId"] = aws.distribution, "EDFDVBD6EXAMPLE"
    assert cloudformation.create()["Status"] == "FAILED"
    cloudformation.properties["DistributionId"] = distribution

    cloudformation.update()

    assert aws.invalidations() == [["/*"]]


def test_changed_headers_of_an_object_are_restored(cloudformation: CloudFormation, aws: Aws) -> None:
    cloudformation.create()
    before = aws.published()
    aws.s3.put_object(Bucket=aws.bucket, Key="main.js", Body=PAGE["main.js"], CacheControl="max-age=31536000")

    cloudformation.update()

    assert aws.published() == before


def test_a_changed_configuration_is_uploaded_and_invalidates_the_cache(
    cloudformation: CloudFormation, aws: Aws
) -> None:
    cloudformation.create()
    cloudformation.properties["Config"] = CONFIG | {"access": "open"}

    cloudformation.update()

    assert json.loads(aws.published()["config.json"][2])["access"] == "open"
    assert sorted(aws.versions()) == sorted([*PAGE, "config.json", "config.json"])
    assert aws.invalidations() == [["/*"], ["/*"]]


def test_removing_a_file_invalidates_the_cache(cloudformation: CloudFormation, aws: Aws, web: Web) -> None:
    web.holds(PAGE | {"old.js": "export {}"})
    cloudformation.create()
    web.holds(PAGE)

    cloudformation.update()

    assert aws.contents() == PAGE
    assert aws.invalidations() == [["/*"], ["/*"]]


def test_more_objects_than_fit_one_request_are_removed(cloudformation: CloudFormation, aws: Aws) -> None:
    aws.fill(f"old/{number}" for number in range(1001))

    cloudformation.create()

    assert aws.contents() == PAGE


def test_repeating_a_request_changes_nothing(cloudformation: CloudFormation, aws: Aws) -> None:
    first = cloudformation.create(RequestId="the-same")

    assert cloudformation.create(RequestId="the-same") == first
    # CloudFront makes one invalidation of two requests with the same reference and the same paths.
    assert [one["CallerReference"] for one in aws.invalidation_batches()] == ["the-same", "the-same"]


def test_another_bucket_replaces_the_resource_and_only_the_old_one_is_emptied(
    cloudformation: CloudFormation, aws: Aws, new_bucket: Callable[[], str]
) -> None:
    old = cloudformation.create()["PhysicalResourceId"]
    other = new_bucket()
    cloudformation.properties["BucketName"] = other

    assert cloudformation.update() == {"Status": "SUCCESS", "PhysicalResourceId": f"s3://{other}"}
    assert cloudformation.delete(PhysicalResourceId=old) == {"Status": "SUCCESS", "PhysicalResourceId": old}

    assert aws.versions() == []
    assert Aws(aws.s3, aws.cloudfront, other, aws.distribution).contents() == PAGE
