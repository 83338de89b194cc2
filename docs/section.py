"""A section of a document that a program writes: what is between `<!-- name -->` and `<!-- /name -->`.

The opening mark may say who writes it: `<!-- name: python -m program -->`.
"""

import re
from pathlib import Path
from typing import NamedTuple


class MissingMarks(Exception):
    """Raised when a document does not have the marks of a section."""


class Section(NamedTuple):
    """A section of a document, without its marks."""

    document: Path
    name: str
    """The word in its marks."""

    def read(self) -> str:
        """Return the section, which ends in a line break.

        Raises:
            MissingMarks: the document does not have it.
        """
        return self._parts()[1]

    def write(self, text: str) -> None:
        """Replace the section.

        Args:
            text: the new one, which ends in a line break.

        Raises:
            MissingMarks: the document does not have it.
        """
        before, _, after = self._parts()
        self.document.write_text(before + text + after)

    def _parts(self) -> tuple[str, str, str]:
        name = re.escape(self.name)
        marks = rf"(.*^<!-- {name}(?:: [^\n]*)? -->\n)(.*)(^<!-- /{name} -->\n.*)"
        found = re.fullmatch(marks, self.document.read_text(), re.DOTALL | re.MULTILINE)
        if not found:
            raise MissingMarks(f"{self.document.name} has no lines <!-- {self.name} --> and <!-- /{self.name} -->")
        return found[1], found[2], found[3]
