"""The table of errors and the tree of what can go wrong are one set."""

import re

import realtime.errors
from realtime.errors import TABLE, RealtimeError

from tests.error_rows import ROWS


def leaves(kind: type[RealtimeError]) -> set[type[RealtimeError]]:
    below = kind.__subclasses__()
    return {kind} if not below else set().union(*map(leaves, below))


def test_every_error_has_a_row_and_every_row_an_error() -> None:
    assert set(TABLE) == leaves(RealtimeError)


def test_the_tree_in_the_docstring_is_the_tree() -> None:
    drawn = re.findall(r"[├└]── (\w+)", realtime.errors.__doc__ or "")

    assert drawn == [kind.__name__ for kind in TABLE]


def test_every_code_of_the_table_is_seen_through_the_gateway() -> None:
    codes = {row.code for row in TABLE.values() if row.code}

    assert codes <= {row.code for row in ROWS}
