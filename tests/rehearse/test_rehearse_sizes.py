"""What is uploaded stays small: a function starts as fast as its bundle can be fetched."""

import io
import zipfile
from pathlib import Path

import pytest

KB = 1000
FUNCTIONS = ("SessionFunction", "TokenFunction", "PublishFunction")


def zipped(folder: Path, *, leaving_out: str = "") -> int:
    """Return the size of a folder in bytes, packed as `sam deploy` packs it."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(folder.rglob("*")):
            if path.relative_to(folder).parts[0] != leaving_out:
                archive.write(path, path.relative_to(folder))
    return len(packed.getvalue())


@pytest.mark.parametrize("function", FUNCTIONS)
def test_a_function_is_under_50_kb(built: Path, function: str) -> None:
    # The page that one of them carries is no code that has to be loaded.
    assert zipped(built / ".aws-sam" / "build" / function, leaving_out="web") < 50 * KB


def test_the_page_and_what_publishes_it_are_under_100_kb(built: Path) -> None:
    assert zipped(built / ".aws-sam" / "build" / "PublishFunction") < 100 * KB


def test_the_layer_is_under_6_mb_without_bytecode(built: Path) -> None:
    layer = built / ".aws-sam" / "build" / "RealtimeLayer"

    assert zipped(layer) < 6000 * KB
    assert list(layer.rglob("*.pyc")) == []


def test_boto3_is_not_shipped(built: Path) -> None:
    packages = {path.name for path in (built / ".aws-sam" / "build").rglob("*") if path.is_dir()}

    assert "pydantic" in packages
    assert packages & {"boto3", "botocore", "s3transfer", "urllib3"} == set()
