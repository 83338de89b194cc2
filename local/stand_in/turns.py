"""The person's side: hearing, taking turns, writing down what was heard."""

import asyncio

from local.stand_in.audio_config import SemanticVad, ServerVad, Transcription
from local.stand_in.client_events import ResponseParams
from local.stand_in.conversation import Entry, new_id
from local.stand_in.ears import Ears, Heard
from local.stand_in.errors import ApiError
from local.stand_in.recording import spoken_entry
from local.stand_in.responses import Responses
from local.stand_in.session_config import RealtimeSession
from local.stand_in.state import State
from local.stand_in.transcript import completed, deltas

SHORTEST_MS = 100
TRANSCRIPTION_SECONDS = 0.05


class Turns:
    """Hears the person, and ends a turn by voice activity, by silence, or as the client says."""

    def __init__(self, state: State) -> None:
        self.ears = Ears()
        self.responses = Responses(state, self._wait_for_person)
        self._state = state
        self._item_id = new_id("item")
        self._idle: asyncio.TimerHandle | None = None
        self._transcribing: set[asyncio.Task[None]] = set()

    @property
    def _detection(self) -> ServerVad | SemanticVad | None:
        return self._state.config.audio.input.turn_detection

    def hear(self, frame: bytes) -> None:
        """Hear 20 ms."""
        change = self.ears.hear(frame, self._detection)
        if change == "started":
            self._speech_started()
        elif change == "stopped":
            self._speech_stopped()

    def clear(self) -> None:
        """Forget what was heard since the last turn."""
        self.ears.clear()
        self._state.send("input_audio_buffer.cleared")

    def commit(self) -> None:
        """End the turn as the client asks.

        Raises:
            ApiError: too little was heard to speak of.
        """
        if self.ears.buffered_ms < SHORTEST_MS:
            raise ApiError(
                "Error committing input audio buffer: buffer too small. Expected at least 100ms of audio, "
                f"but buffer only has {self.ears.buffered_ms:.2f}ms of audio.",
                code="input_audio_buffer_commit_empty",
            )
        self._commit()

    def close(self) -> None:
        """Stop everything because the call is over."""
        self._stop_waiting()
        self.responses.abandon()
        for task in self._transcribing:
            task.cancel()

    def _speech_started(self) -> None:
        self._stop_waiting()
        self._state.send("input_audio_buffer.speech_started", item_id=self._item_id, audio_start_ms=self.ears.start_ms)
        if self._detection and self._detection.interrupt_response:
            self.responses.interrupt()

    def _speech_stopped(self) -> None:
        self._state.send("input_audio_buffer.speech_stopped", item_id=self._item_id, audio_end_ms=self.ears.now_ms)
        self._commit()
        if self._detection and self._detection.create_response:
            self._respond()

    def _respond(self) -> None:
        if not isinstance(self._state.config, RealtimeSession):
            return
        try:
            self.responses.create(ResponseParams())
        except ApiError as error:
            self._state.refuse(error)

    def _commit(self) -> None:
        self._stop_waiting()
        entry = spoken_entry(self._item_id, self.ears.take())
        self._item_id = new_id("item")
        previous = self._state.conversation.add(entry)
        self._state.send("input_audio_buffer.committed", previous_item_id=previous, item_id=entry.id)
        self._state.send("conversation.item.added", previous_item_id=previous, item=entry.item)
        self._state.send("conversation.item.done", previous_item_id=previous, item=entry.item)
        self._write_down(entry)

    def _write_down(self, entry: Entry) -> None:
        transcription = self._state.config.audio.input.transcription
        if transcription and entry.heard:
            task = asyncio.create_task(self._transcribe(entry, entry.heard, transcription))
            self._transcribing.add(task)
            task.add_done_callback(self._transcribing.discard)

    async def _transcribe(self, entry: Entry, sound: Heard, transcription: Transcription) -> None:
        await asyncio.sleep(TRANSCRIPTION_SECONDS)
        # First into the item: clients retrieve it as soon as they are told.
        entry.item["content"][0]["transcript"] = str(sound)
        likely, about = bool(self._state.config.include), {"item_id": entry.id, "content_index": 0}
        kind = "conversation.item.input_audio_transcription"
        for delta in deltas(sound, likely):
            self._state.send(f"{kind}.delta", **about, **delta)
        self._state.send(f"{kind}.completed", **about, **completed(sound, transcription, likely))

    def _wait_for_person(self) -> None:
        """Have the person asked again after `idle_timeout_ms`; counts from the end of the last answer's sound."""
        self._stop_waiting()
        if isinstance(self._detection, ServerVad) and self._detection.idle_timeout_ms and not self.ears.speaking:
            seconds = self._detection.idle_timeout_ms / 1000
            self._idle = asyncio.get_running_loop().call_later(seconds, self._idled, self.ears.now_ms)

    def _stop_waiting(self) -> None:
        if self._idle:
            self._idle.cancel()

    def _idled(self, since_ms: int) -> None:
        self._state.send(
            "input_audio_buffer.timeout_triggered",
            item_id=self._item_id,
            audio_start_ms=since_ms,
            audio_end_ms=self.ears.now_ms,
        )
        self._commit()
        self._respond()
