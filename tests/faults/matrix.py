"""The faults as a table: `python -m tests.faults.matrix` measures them and writes it into docs/hardening.md."""

from collections.abc import Mapping

from docs.section import Section
from tests.conftest import ROOT
from tests.faults.broken_stack import Outcome, measure
from tests.faults.fault import Fault
from tests.faults.faults import FAULTS

SECTION = Section(ROOT / "docs" / "hardening.md", "faults")
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


if __name__ == "__main__":
    SECTION.write(table(measure(FAULTS)))
