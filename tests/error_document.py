"""The contract's error table: written into docs/frontend.md from the error classes.

PYTHONPATH=layers/realtime .venv/bin/python -m tests.error_document
"""

from realtime.errors import RealtimeError, UpstreamResponded

from docs.section import Section
from tests.conftest import ROOT
from tests.error_tree import ERRORS

SECTION = Section(ROOT / "docs" / "frontend.md", "errors")
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


if __name__ == "__main__":
    SECTION.write(table())
