"""Sections of documents that programs write: found by their marks, and never lost without notice."""

from pathlib import Path

import pytest

from docs.section import MissingMarks, Section

DOCUMENT = """before
<!-- bench -->
one
<!-- /bench -->
between
<!-- bench-load: python -m bench load -->
two
<!-- /bench-load -->
after
"""


@pytest.fixture
def document(tmp_path: Path) -> Path:
    file = tmp_path / "document.md"
    file.write_text(DOCUMENT)
    return file


@pytest.mark.parametrize(("name", "text"), [("bench", "one\n"), ("bench-load", "two\n")])
def test_a_section_is_read_and_replaced_and_nothing_else(document: Path, name: str, text: str) -> None:
    section = Section(document, name)
    assert section.read() == text

    section.write("new \\1\nand more\n")

    assert section.read() == "new \\1\nand more\n"
    assert document.read_text() == DOCUMENT.replace(text, "new \\1\nand more\n")


@pytest.mark.parametrize("missing", ["<!-- bench -->\n", "<!-- /bench -->\n"])
def test_a_document_without_the_marks_is_an_error_and_stays_as_it_is(document: Path, missing: str) -> None:
    document.write_text(DOCUMENT.replace(missing, ""))

    with pytest.raises(MissingMarks, match=r"^document\.md has no lines <!-- bench --> and <!-- /bench -->$"):
        Section(document, "bench").write("new\n")
    assert document.read_text() == DOCUMENT.replace(missing, "")
