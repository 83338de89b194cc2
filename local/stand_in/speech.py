"""What the stand-in says: words, and the sound of each."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from local.stand_in.tones import synthesise


@dataclass(frozen=True)
class Speech:
    """A spoken or written answer: its words, and the recording that they describe if it repeats one."""

    text: str
    recording: bytes = field(default=b"", repr=False)

    def pieces(self, voice: str, *, aloud: bool) -> Iterator[tuple[str, bytes]]:
        """Yield each word and its audio, which is empty unless `aloud`."""
        words = self.text.split()
        size = -(-len(self.recording) // max(len(words), 1) // 2) * 2
        for n, word in enumerate(words):
            text = word if n == 0 else f" {word}"
            if not aloud:
                yield text, b""
            elif self.recording:
                yield text, self.recording[n * size : (n + 1) * size]
            else:
                yield text, synthesise(word, voice)
