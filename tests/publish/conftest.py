"""The publish function as `sam build` packages it, with moto's buckets and distributions."""

import importlib
import json
import shutil
import sys
import uuid
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import boto3
import pytest
from moto import mock_aws
from moto.core import enable_iam_authentication
from moto.core.models import DEFAULT_ACCOUNT_ID
from moto.s3.models import s3_backends

from tests.conftest import ROOT
from tests.publish.cloudformation import Callback, CloudFormation, Handler, listening

REGION = "us-east-1"

CONFIG = {"access": "signed-in", "client_id": "the-page", "calls_url": "https://api.openai.com/v1/realtime/calls"}

DISTRIBUTION: dict[str, Any] = {
    "Comment": "",
    "Enabled": True,
    "Origins": {"Quantity": 1, "Items": [{"Id": "web", "DomainName": "web.s3.us-east-1.amazonaws.com"}]},
    "DefaultCacheBehavior": {"TargetOriginId": "web", "ViewerProtocolPolicy": "redirect-to-https"},
}

PAGE = {
    "index.html": "<!doctype html>",
    "main.js": "import './call.js'",
    "call.js": "export {}",
    "style.css": "body {}",
}

LOG = "Log: /aws/lambda/publish, 2026/11/22/[$LATEST]0123456789abcdef"


class Web:
    """The page's folder in the bundle."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def holds(self, files: dict[str, str]) -> None:
        shutil.rmtree(self._folder, ignore_errors=True)
        for name, content in files.items():
            file = self._folder / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(content)

    def holds_folder(self, folder: Path) -> None:
        shutil.rmtree(self._folder)
        shutil.copytree(folder, self._folder)


def policy(statement: dict[str, str]) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


@dataclass
class Aws:
    """The page's bucket and its distribution, as the deployer sees them."""

    s3: Any
    cloudfront: Any
    bucket: str
    distribution: str

    def published(self) -> dict[str, tuple[str, str, str]]:
        """The content type, Cache-Control and content of every object, by key."""
        return {key: self._object(key) for key in self.keys()}

    def keys(self) -> list[str]:
        listed = self.s3.list_objects_v2(Bucket=self.bucket).get("Contents", [])
        return [each["Key"] for each in listed]

    def contents(self) -> dict[str, str]:
        return {key: content for key, (_, _, content) in self.published().items() if key != "config.json"}

    def versions(self) -> list[str]:
        """The keys of all versions and delete markers."""
        pages = self.s3.get_paginator("list_object_versions").paginate(Bucket=self.bucket)
        return [each["Key"] for page in pages for kind in ("Versions", "DeleteMarkers") for each in page.get(kind, [])]

    def invalidations(self) -> list[list[str]]:
        """The paths of each invalidation."""
        return [batch["Paths"]["Items"] for batch in self.invalidation_batches()]

    def invalidation_batches(self) -> list[Any]:
        listed = self.cloudfront.list_invalidations(DistributionId=self.distribution)["InvalidationList"]
        return [self._batch(each["Id"]) for each in listed.get("Items", [])]

    def fill(self, keys: Iterable[str]) -> None:
        """Put many empty objects through moto's backend, since by HTTP it would take seconds."""
        backend = s3_backends[DEFAULT_ACCOUNT_ID]["aws"]
        for key in keys:
            backend.put_object(self.bucket, key, b"")

    def deny(self, action: str, key: str = "*") -> None:
        denial = {"Effect": "Deny", "Principal": "*", "Action": action, "Resource": f"arn:aws:s3:::{self.bucket}/{key}"}
        self.s3.put_bucket_policy(Bucket=self.bucket, Policy=policy(denial))

    def allow(self) -> None:
        self.s3.delete_bucket_policy(Bucket=self.bucket)

    def _object(self, key: str) -> tuple[str, str, str]:
        there = self.s3.get_object(Bucket=self.bucket, Key=key)
        return there["ContentType"], there["CacheControl"], there["Body"].read().decode()

    def _batch(self, invalidation: str) -> Any:
        got = self.cloudfront.get_invalidation(DistributionId=self.distribution, Id=invalidation)
        return got["Invalidation"]["InvalidationBatch"]


def failed(aws: Aws, reason: str) -> dict[str, Any]:
    """The answer to a request that failed."""
    return {"Status": "FAILED", "PhysicalResourceId": f"s3://{aws.bucket}", "Reason": f"{reason} {LOG}"}


# Once for each module, since it takes a while; every test has another bucket and distribution.
@pytest.fixture(scope="module")
def clients() -> Iterator[tuple[Any, Any]]:
    with mock_aws():
        yield boto3.client("s3", region_name=REGION), boto3.client("cloudfront", region_name=REGION)


@pytest.fixture
def new_bucket(environment: pytest.MonkeyPatch, clients: tuple[Any, Any]) -> Callable[[], str]:
    """Makes a versioned bucket."""
    environment.setenv("AWS_DEFAULT_REGION", REGION)
    environment.delenv("AWS_ENDPOINT_URL", raising=False)
    s3, _ = clients

    def new() -> str:
        name = f"web-{uuid.uuid4()}"
        s3.create_bucket(Bucket=name)
        s3.put_bucket_versioning(Bucket=name, VersioningConfiguration={"Status": "Enabled"})
        return name

    return new


@pytest.fixture
def aws(new_bucket: Callable[[], str], clients: tuple[Any, Any]) -> Aws:
    s3, cloudfront = clients
    distribution = {**DISTRIBUTION, "CallerReference": str(uuid.uuid4())}
    made: Any = cloudfront.create_distribution(DistributionConfig=distribution)
    return Aws(s3, cloudfront, new_bucket(), made["Distribution"]["Id"])


@pytest.fixture(scope="session")
def bundle(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The function as `sam build` packages it: a copy in which the page's folder replaces the link to it."""
    copy = tmp_path_factory.mktemp("publish") / "bundle"
    return shutil.copytree(ROOT / "functions" / "publish", copy, ignore=shutil.ignore_patterns("__pycache__"))


@pytest.fixture(scope="session")
def handler(bundle: Path) -> Iterator[Handler]:
    before = set(sys.modules)
    sys.path.insert(0, str(bundle))
    yield importlib.import_module("app").handler
    sys.path.remove(str(bundle))
    for name in {"app", "aws", "bucket", "callback", "failure", "page"} - before:
        del sys.modules[name]


@pytest.fixture
def web(bundle: Path) -> Web:
    """The page's folder, with a small page in it."""
    folder = Web(bundle / "web")
    folder.holds(PAGE)
    return folder


@pytest.fixture
def callback() -> Iterator[Callback]:
    with listening() as waiting:
        yield waiting


@pytest.fixture
def cloudformation(handler: Handler, callback: Callback, web: Web, aws: Aws) -> CloudFormation:
    properties = {"BucketName": aws.bucket, "DistributionId": aws.distribution, "Config": CONFIG, "Version": "1"}
    return CloudFormation(handler, callback, properties)


@pytest.fixture
def new_page(cloudformation: CloudFormation, web: Web) -> dict[str, str]:
    """Publish a page, and put its next version into the bundle: one new file, two changed, one removed."""
    cloudformation.create()
    successor = PAGE | {
        "index.html": "<!doctype html><p>2",
        "main.js": "import './sign-in.js'",
        "sign-in.js": "export {}",
    }
    del successor["call.js"]
    web.holds(successor)
    return successor


@pytest.fixture
def lacking_permissions(aws: Aws, environment: pytest.MonkeyPatch) -> Iterator[None]:
    """Restrict the function's role to listing the objects of its bucket."""
    iam, user = boto3.client("iam"), f"user-{uuid.uuid4()}"
    iam.create_user(UserName=user)
    permission = {"Effect": "Allow", "Action": "s3:ListBucket", "Resource": f"arn:aws:s3:::{aws.bucket}"}
    iam.put_user_policy(UserName=user, PolicyName="one", PolicyDocument=policy(permission))
    key = iam.create_access_key(UserName=user)["AccessKey"]
    environment.setenv("AWS_ACCESS_KEY_ID", key["AccessKeyId"])
    environment.setenv("AWS_SECRET_ACCESS_KEY", key["SecretAccessKey"])
    environment.setattr(boto3, "DEFAULT_SESSION", None)  # it has read the environment already
    with enable_iam_authentication():
        yield
