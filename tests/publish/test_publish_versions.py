"""The package by its version: the file of a full version never changes, that of a major version soon."""

import re
import subprocess

import pytest

from tests.conftest import ROOT
from tests.publish.cloudformation import CloudFormation
from tests.publish.conftest import PAGE, Aws, Web

FIRST = {"realtime/index.js": "1", "realtime/1/index.js": "1", "realtime/1.0.0/index.js": "1"}
LATER = {"realtime/index.js": "2", "realtime/1/index.js": "2", "realtime/1.0.0/index.js": "2"}


def test_browsers_keep_a_full_version_for_a_year_and_a_major_version_for_an_hour(
    cloudformation: CloudFormation, aws: Aws, web: Web
) -> None:
    web.holds(PAGE | FIRST | {"realtime/1.0.0/realtime-serverless.tgz": "package"})

    cloudformation.create()

    published = aws.published()
    module = "text/javascript; charset=utf-8"
    assert {key: published[key] for key in published if key.startswith("realtime/")} == {
        "realtime/index.js": (module, "max-age=0, must-revalidate, s-maxage=31536000", "1"),
        "realtime/1/index.js": (module, "max-age=3600, s-maxage=31536000", "1"),
        "realtime/1.0.0/index.js": (module, "max-age=31536000, immutable", "1"),
        "realtime/1.0.0/realtime-serverless.tgz": ("application/gzip", "max-age=31536000, immutable", "package"),
    }


def test_a_full_version_stays_what_it_was_when_first_deployed(
    cloudformation: CloudFormation, aws: Aws, web: Web
) -> None:
    web.holds(PAGE | FIRST)
    cloudformation.create()
    web.holds(PAGE | LATER)

    cloudformation.update()

    assert aws.contents() == PAGE | LATER | {"realtime/1.0.0/index.js": "1"}


def test_versions_stay_when_a_later_one_is_deployed(cloudformation: CloudFormation, aws: Aws, web: Web) -> None:
    web.holds(PAGE | FIRST)
    cloudformation.create()
    second = {"realtime/index.js": "2", "realtime/2/index.js": "2", "realtime/2.0.0/index.js": "2"}
    web.holds(PAGE | second)

    cloudformation.update()

    assert aws.contents() == PAGE | second | {"realtime/1/index.js": "1", "realtime/1.0.0/index.js": "1"}


@pytest.mark.parametrize("version", ["1.0.0-rc.1", "1.0.0-0.3.7", "1.0.0-x-y-z.--", "1.0.0+build.7", "10.20.30-a.1+b"])
def test_a_semantic_version_is_a_full_version_too(
    cloudformation: CloudFormation, aws: Aws, web: Web, version: str
) -> None:
    key = f"realtime/{version}/index.js"
    web.holds(PAGE | {key: "1"})
    cloudformation.create()
    web.holds(PAGE)

    cloudformation.update()

    assert aws.published()[key] == ("text/javascript; charset=utf-8", "max-age=31536000, immutable", "1")


@pytest.mark.parametrize(
    "folder", ["conversation", "1.0", "1.0.0.0", "01.0.0", "1.0.0-01", "1.0.0-", "1.0.0-a..b", "1a"]
)
def test_a_folder_that_is_no_version_is_replaced_and_removed(
    cloudformation: CloudFormation, aws: Aws, web: Web, folder: str
) -> None:
    key = f"realtime/{folder}/index.js"
    web.holds(PAGE | {key: "1"})
    cloudformation.create()
    assert aws.published()[key][1] == "max-age=0, must-revalidate, s-maxage=31536000"
    web.holds(PAGE)

    cloudformation.update()

    assert key not in aws.contents()


def test_deleting_the_stack_removes_full_versions_too(cloudformation: CloudFormation, aws: Aws, web: Web) -> None:
    web.holds(PAGE | FIRST)
    cloudformation.create()

    cloudformation.delete()

    assert aws.keys() == []


@pytest.mark.parametrize(("version", "major"), [("1.2.3", "1"), ("10.0.0", "10"), ("2.0.0-rc.1", None)])
def test_a_release_is_also_built_below_its_major_version_and_a_pre_release_is_not(
    version: str, major: str | None
) -> None:
    command = ["make", "-n", "-C", "functions/publish", "versions", "ARTIFACTS_DIR=/built", f"VERSION={version}"]
    steps = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout

    package = "/built/web/realtime"
    assert re.findall(rf'cp "{package}/{re.escape(version)}/index.js" "{package}/(.+?)"', steps) == [major] * bool(
        major
    )
    assert f'mkdir -p "{package}/{version}"' in steps
