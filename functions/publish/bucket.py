"""The bucket that holds the page and nothing else."""

import logging
from collections.abc import Iterable, Mapping
from typing import Any

from botocore.exceptions import ClientError
from failure import NotRemoved
from page import File

logger = logging.getLogger("publish")

BATCH = 1000
"""Objects that one request lists or removes at most (https://docs.aws.amazon.com/AmazonS3/latest/API/)."""


class Bucket:
    """A bucket.

    Args:
        s3: the client.
        name: the bucket's name.
    """

    def __init__(self, s3: Any, name: str) -> None:
        self._s3 = s3
        self._name = name

    def publish(self, files: Iterable[File]) -> bool:
        """Make the bucket hold these files and no others; what is there already stays untouched.

        Nobody is ever given a page whose modules are missing: first comes what is new, since nothing refers to it
        yet, then what has changed, and within both the pages last; what is gone goes in the end.

        Args:
            files: the whole page.

        Returns:
            Whether anything had to be done.
        """
        there = self._keys()
        wanted = {file.key: file for file in files}
        stale = [file for file in wanted.values() if file.key not in there or self._differs(file)]
        for file in sorted(stale, key=lambda file: (file.key in there, file.rank, file.key)):
            self._put(file)
        gone = sorted(there - wanted.keys())
        for start in range(0, len(gone), BATCH):
            self._remove([{"Key": key} for key in gone[start : start + BATCH]])
        logger.info("Uploaded %d of %d files, removed %d", len(stale), len(wanted), len(gone))
        return bool(stale or gone)

    def empty(self) -> None:
        """Remove every object, with all its versions and delete markers; a bucket that is gone is empty.

        Raises:
            NotRemoved: S3 keeps some of it.
        """
        try:
            # From the start each time: a marker to continue from would be among what has just been removed.
            while versions := self._some_versions():
                self._remove(versions)
        except ClientError as failure:
            if failure.response["Error"]["Code"] != "NoSuchBucket":
                raise
            logger.info("Bucket %s is gone already", self._name)

    def _keys(self) -> set[str]:
        pages = self._s3.get_paginator("list_objects_v2").paginate(Bucket=self._name)
        return {listed["Key"] for page in pages for listed in page.get("Contents", [])}

    def _differs(self, file: File) -> bool:
        there = self._s3.head_object(Bucket=self._name, Key=file.key)
        return any(there.get(name) != value for name, value in file.headers.items())

    def _put(self, file: File) -> None:
        self._s3.put_object(Bucket=self._name, Key=file.key, Body=file.body, **file.headers)

    def _some_versions(self) -> list[dict[str, str]]:
        listed = self._s3.list_object_versions(Bucket=self._name, MaxKeys=BATCH)
        versions = [*listed.get("Versions", []), *listed.get("DeleteMarkers", [])]
        return [{"Key": version["Key"], "VersionId": version["VersionId"]} for version in versions]

    def _remove(self, objects: list[dict[str, str]]) -> None:
        done: Mapping[str, Any] = self._s3.delete_objects(Bucket=self._name, Delete={"Objects": objects, "Quiet": True})
        for kept in done.get("Errors", [])[:1]:
            raise NotRemoved(f"S3 did not remove {kept['Key']}: {kept['Code']}. Remove it by hand, then deploy again.")
