"""The page's bucket."""

import logging
from collections.abc import Iterable, Mapping
from typing import Any

from botocore.exceptions import ClientError
from failure import NotRemoved
from page import File, is_immutable, is_major_version

logger = logging.getLogger("publish")

BATCH = 1000
"""Objects that one request can list or delete (https://docs.aws.amazon.com/AmazonS3/latest/API/)."""


class Bucket:
    """A bucket that holds the page and nothing else.

    Args:
        s3: the client.
        name: the bucket's name.
    """

    def __init__(self, s3: Any, name: str) -> None:
        self._s3 = s3
        self._name = name

    def upload(self, files: Iterable[File]) -> list[str]:
        """Upload the files that are new or have changed.

        The order makes sure that no browser gets a page whose modules are missing: new files first, since nothing
        refers to them yet, then changed ones, in both cases HTML last. A bundle of the page and a file of a full
        version are uploaded once: browsers do not ask for them again.

        Args:
            files: all files of the page.

        Returns:
            The keys of the objects that are obsolete. These are not all others: bundles of earlier deployments stay,
            because a page that is open imports some of them only when they are needed, and versions of the package,
            because other people's pages import them.
        """
        existing = self._keys()
        wanted = {file.key: file for file in files}
        changed = [file for file in wanted.values() if file.key not in existing or self._is_outdated(file)]
        for file in sorted(changed, key=lambda file: (file.key in existing, file.rank, file.key)):
            self._put(file)
        logger.info("Uploaded %d of %d files", len(changed), len(wanted))
        unwanted = existing - wanted.keys()
        return sorted(key for key in unwanted if not is_immutable(key) and not is_major_version(key))

    def remove(self, keys: list[str]) -> None:
        """Remove objects.

        Args:
            keys: their keys.

        Raises:
            NotRemoved: S3 did not remove an object.
        """
        for start in range(0, len(keys), BATCH):
            self._remove([{"Key": key} for key in keys[start : start + BATCH]])
        logger.info("Removed %d objects", len(keys))

    def empty(self) -> None:
        """Remove every object with all its versions and delete markers; a bucket that does not exist counts as empty.

        Raises:
            NotRemoved: S3 did not remove an object.
        """
        try:
            # Listed from the start each time: the version at which to continue would have been removed already.
            while versions := self._some_versions():
                self._remove(versions)
        except ClientError as failure:
            if failure.response["Error"]["Code"] != "NoSuchBucket":
                raise
            logger.info("Bucket %s is gone already", self._name)

    def _keys(self) -> set[str]:
        pages = self._s3.get_paginator("list_objects_v2").paginate(Bucket=self._name)
        return {listed["Key"] for page in pages for listed in page.get("Contents", [])}

    def _is_outdated(self, file: File) -> bool:
        if is_immutable(file.key):
            return False
        existing = self._s3.head_object(Bucket=self._name, Key=file.key)
        return any(existing.get(name) != value for name, value in file.headers.items())

    def _put(self, file: File) -> None:
        self._s3.put_object(Bucket=self._name, Key=file.key, Body=file.body, **file.headers)

    def _some_versions(self) -> list[dict[str, str]]:
        listed = self._s3.list_object_versions(Bucket=self._name, MaxKeys=BATCH)
        versions = [*listed.get("Versions", []), *listed.get("DeleteMarkers", [])]
        return [{"Key": version["Key"], "VersionId": version["VersionId"]} for version in versions]

    def _remove(self, objects: list[dict[str, str]]) -> None:
        done: Mapping[str, Any] = self._s3.delete_objects(Bucket=self._name, Delete={"Objects": objects, "Quiet": True})
        for error in done.get("Errors", [])[:1]:
            raise NotRemoved(
                f"S3 did not remove {error['Key']}: {error['Code']}. Remove it by hand, then deploy again."
            )
