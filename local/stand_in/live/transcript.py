"""The transcript of one side of a session, which is one text: its fragments are appended as they come."""


class Spaces:
    """Separates what is said at different times."""

    def __init__(self) -> None:
        self._is_first = True

    def separate(self, word: str) -> str:
        """Return a word with a space before it, unless it is the first of all."""
        spaced = word if self._is_first or word.startswith(" ") else f" {word}"
        self._is_first = False
        return spaced
