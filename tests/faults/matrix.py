"""The faults as a table: `python -m tests.faults.matrix` measures them and writes it into docs/hardening.md."""

from collections.abc import Mapping
from pathlib import Path

from tests.faults.broken_stack import Outcome, measure
from tests.faults.fault import Fault
from tests.faults.faults import FAULTS

DOCUMENT = Path(__file__).parents[2] / "docs" / "hardening.md"
BEGIN, END = "<!-- faults: python -m tests.faults.matrix writes this -->\n", "<!-- /faults -->\n"
HEAD = "| fault | answer | requests upstream | calls left open |\n| --- | --- | --- | --- |\n"


def table(outcomes: Mapping[str, Outcome]) -> str:
    """Write what was measured as a table of Markdown."""
    return HEAD + "".join(line(fault, outcomes[fault.id]) for fault in FAULTS)


def line(fault: Fault, outcome: Outcome) -> str:
    left = f"{outcome.left}: {fault.left_because}" if outcome.left else "0"
    return f"| {named(fault)} | {response_of(outcome)} | {outcome.asked} | {left} |\n"


def named(fault: Fault) -> str:
    return fault.named if fault.request == "POST /session" else f"`{fault.request}`: {fault.named}"


def response_of(outcome: Outcome) -> str:
    if outcome.answer is None:
        return "no client"
    status, _, body = outcome.answer
    code = body["error"]["code"] if "error" in body else None
    return f"{status} `{code}`" if code else str(status)


def committed() -> str:
    """Read the table that is in the document."""
    return DOCUMENT.read_text().partition(BEGIN)[2].partition(END)[0]


def main() -> None:
    """Measure, and replace the table in the document."""
    text = DOCUMENT.read_text()
    before, after = text.partition(BEGIN)[0], text.partition(END)[2]
    DOCUMENT.write_text(before + BEGIN + table(measure(FAULTS)) + END + after)


if __name__ == "__main__":
    main()
