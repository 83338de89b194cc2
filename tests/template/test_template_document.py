"""docs/deploy.md against the template: every parameter and every output is explained there."""

import re

from local.template import ROOT
from tests.template.translated import translation

DOCUMENT = (ROOT / "docs" / "deploy.md").read_text()
BEFORE, _, REST = DOCUMENT.partition("\n| output | what it is |\n| --- | --- |\n")
OUTPUTS, _, AFTER = REST.partition("\n\n")
"""The table of outputs; one has the name of a parameter."""


def in_code(text: str) -> list[str]:
    """List the names that stand in a code span by themselves or before an equals sign."""
    spans = re.findall(r"`([^`\n]+)`", text)
    return [name for span in spans for name in re.findall(r"(?:^|[ '])(\w+)(?==|$)", span)]


def test_every_parameter_is_named_in_the_document() -> None:
    assert translation()["Parameters"].keys() - in_code(BEFORE + AFTER) == set()


def test_every_output_is_in_the_documents_table_and_no_other() -> None:
    named = [name for row in OUTPUTS.splitlines() for name in in_code(row.split("|")[1])]

    assert sorted(named) == sorted(translation()["Outputs"])


def test_what_is_typed_to_unset_a_parameter_is_of_the_template() -> None:
    unset = re.findall(r"'(\w+)=\"\"'", DOCUMENT)

    assert len(unset) >= 3
    assert set(unset) <= translation()["Parameters"].keys()
