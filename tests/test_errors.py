"""Every error of the tree has a status and a code, and a row that is tested through the gateway."""

import re

import realtime.errors
from realtime.errors import RealtimeError, UpstreamRefused, UpstreamResponded

from tests import error_document
from tests.error_rows import ROWS
from tests.error_tree import ERRORS


def test_every_error_has_a_status_and_a_code_unless_the_upstream_gives_them() -> None:
    assert [error.__name__ for error in ERRORS if not error.code and not issubclass(error, UpstreamResponded)] == []
    assert [error.__name__ for error in ERRORS if "status" not in vars(error)] == [UpstreamRefused.__name__]


def test_the_tree_in_the_docstring_is_the_tree() -> None:
    drawn = re.findall(r"[├└]── (\w+) +(\d{3})?", realtime.errors.__doc__ or "")
    defined: list[type[RealtimeError]] = [*ERRORS]
    defined.insert(ERRORS.index(UpstreamRefused), UpstreamResponded)

    assert drawn == [(error.__name__, str(vars(error).get("status", ""))) for error in defined]


def test_every_code_is_seen_through_the_gateway() -> None:
    with_sign_in = {"not_invited"}  # tests/gateway/test_gateway_people.py

    assert {error.code for error in ERRORS if error.code} <= {row.code for row in ROWS} | with_sign_in


def test_the_table_in_the_docs_is_made_from_the_classes() -> None:
    assert error_document.SECTION.read() == error_document.table(), "write it again: see tests/error_document.py"


def test_the_first_line_of_every_errors_docstring_says_when_it_is_raised() -> None:
    assert [error.__name__ for error in ERRORS if not re.match(r"Raised when .+\.\n?", error.__doc__ or "")] == []
