"""The voice of a Live or translation session: speaks word by word, and tells each word when its audio is played."""

import asyncio
from collections.abc import Callable

from local.stand_in.ids import new_id
from local.stand_in.output_audio_buffer import OutputAudioBuffer
from local.stand_in.pcm import milliseconds
from local.stand_in.speech import Speech

Told = Callable[[str, int], None]
"""Called with each word and how long its audio is, in milliseconds."""


class LiveVoice:
    """Speaks one text after the other, in real time.

    Args:
        voice: the voice's name.
        told: is told each word.
    """

    def __init__(self, voice: str, told: Told) -> None:
        self.buffer = OutputAudioBuffer(lambda _: None, lambda _: None)
        self._voice = voice
        self._told = told
        self._waiting: list[Speech] = []
        self._speaking: asyncio.Task[None] | None = None

    @property
    def is_silent(self) -> bool:
        """Whether nothing is spoken, or about to be."""
        return self._speaking is None and self.buffer.is_empty

    def say(self, speech: Speech) -> None:
        """Speak, after what is being spoken."""
        self._waiting.append(speech)
        if self._speaking is None:
            self._speaking = asyncio.get_running_loop().create_task(self._speak())

    def stop(self) -> None:
        """Stop speaking, because the person speaks or the session ends."""
        if self._speaking:
            self._speaking.cancel()
        self._speaking = None
        self._waiting.clear()
        self.buffer.clear()

    async def _speak(self) -> None:
        while self._waiting:
            words = list(self._waiting.pop(0).pieces(self._voice, aloud=True))
            # All at once, so that there is no gap between two words.
            self._play(b"".join(pcm for _, pcm in words))
            for word, pcm in words:
                self._told(word, milliseconds(pcm))
                await asyncio.sleep(milliseconds(pcm) / 1000)
        self._speaking = None

    def _play(self, pcm: bytes) -> None:
        utterance = new_id("utterance")
        self.buffer.append(utterance, utterance, pcm)
        self.buffer.complete(utterance)
