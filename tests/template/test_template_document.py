"""docs/deploy.md against the template: every parameter and every output is explained there."""

import re

from local.template import ROOT
from tests.template.translated import translation

DOCUMENT = (ROOT / "docs" / "deploy.md").read_text()


def test_every_parameter_is_named_in_the_document() -> None:
    assert [name for name in translation()["Parameters"] if not re.search(rf"\b{name}\b", DOCUMENT)] == []


def test_every_output_is_in_the_documents_table_and_no_other() -> None:
    rows = [line.split("|")[1] for line in DOCUMENT.splitlines() if line.startswith("| `")]
    named = {name for row in rows for name in re.findall(r"`(\w+)`", row)}

    assert translation()["Outputs"].keys() - named == set()
    assert {name for row in rows[:9] for name in re.findall(r"`(\w+)`", row)} == translation()["Outputs"].keys()


def test_what_is_typed_to_unset_a_parameter_is_of_the_template() -> None:
    unset = re.findall(r"'(\w+)=\"\"'", DOCUMENT)

    assert len(unset) >= 3
    assert set(unset) <= translation()["Parameters"].keys()
