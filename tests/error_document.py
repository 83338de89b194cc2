"""The contract's error table: written into docs/frontend.md from the error classes.

PYTHONPATH=layers/realtime .venv/bin/python -m tests.error_document
"""

from realtime.errors import RealtimeError, UpstreamResponded

from tests.conftest import ROOT
from tests.error_tree import ERRORS

DOCUMENT = ROOT / "docs" / "frontend.md"
BEGIN, END = "<!-- errors: tests/error_document.py writes this -->\n", "<!-- /errors -->\n"
HEAD = "| status | `code` | when |\n| --- | --- | --- |\n"
UPSTREAMS = "the upstream's"


def table() -> str:
    """Write the errors as a table of Markdown, those of a lower status first."""
    return HEAD + "".join(line(error) for error in sorted(ERRORS, key=status))


def line(error: type[RealtimeError]) -> str:
    code = UPSTREAMS if issubclass(error, UpstreamResponded) else f"`{error.code}`"
    first_line = (error.__doc__ or "").splitlines()[0]
    return f"| {status(error)} | {code} | {first_line.removeprefix('Raised when ').removesuffix('.')} |\n"


def status(error: type[RealtimeError]) -> str:
    return str(error.status) if "status" in vars(error) else UPSTREAMS


def committed() -> str:
    """Read the table that is in the document."""
    return DOCUMENT.read_text().partition(BEGIN)[2].partition(END)[0]


def main() -> None:
    """Replace the table in the document."""
    text = DOCUMENT.read_text()
    before, after = text.partition(BEGIN)[0], text.partition(END)[2]
    DOCUMENT.write_text(before + BEGIN + table() + END + after)


if __name__ == "__main__":
    main()
