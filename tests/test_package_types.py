"""The types that are made of others' are those of today."""

import pytest

from tests.package_types import FILES, WEB


@pytest.mark.parametrize("file", FILES)
def test_the_types_that_are_made_of_others_are_current(file: str) -> None:
    assert (WEB / "realtime" / file).read_text() == FILES[file](), "`make lock` writes it again"
