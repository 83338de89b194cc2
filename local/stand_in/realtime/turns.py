"""The person's turns: audio input, turn detection and transcription."""

import asyncio

from local.stand_in.errors import ApiError
from local.stand_in.ids import new_id
from local.stand_in.input_audio_buffer import InputAudioBuffer, Recording, TurnDetection
from local.stand_in.realtime.conversation import Entry
from local.stand_in.realtime.entries import entry_from_recording
from local.stand_in.realtime.responses import Responses
from local.stand_in.realtime.state import State
from local.stand_in.realtime.transcript import completed, deltas
from local.stand_in.typed import Json

MIN_COMMIT_MS = 100
TRANSCRIPTION_SECONDS = 0.05
SEMANTIC_PAUSE_MS = {"low": 1200, "medium": 600, "auto": 600, "high": 300}
"""Semantic VAD by eagerness: the pause that ends a turn, since the stand-in cannot understand the sentence."""


class Turns:
    """Buffers the person's audio, and ends a turn by voice activity, by an idle timeout, or when the client commits."""

    def __init__(self, state: State) -> None:
        self.input_buffer = InputAudioBuffer()
        self.responses = Responses(state, self._start_idle_timer)
        self._state = state
        self._item_id = new_id("item")
        self._idle_timer: asyncio.TimerHandle | None = None
        self._transcribing: set[asyncio.Task[None]] = set()

    @property
    def _detection(self) -> Json | None:
        detection: Json | None = self._state.config["audio"]["input"]["turn_detection"]
        return detection

    def append(self, frame: bytes) -> None:
        """Append 20 ms of audio."""
        change = self.input_buffer.append(frame, _turn_detection(self._detection))
        if change == "started":
            self._speech_started()
        elif change == "stopped":
            self._speech_stopped()

    def clear(self) -> None:
        """Discard the audio since the last turn."""
        self.input_buffer.clear()
        self._state.send("input_audio_buffer.cleared")

    def commit(self) -> None:
        """End the turn because the client asks for it.

        Raises:
            ApiError: the buffer has less than MIN_COMMIT_MS of audio.
        """
        if self.input_buffer.buffered_ms < MIN_COMMIT_MS:
            raise ApiError(
                "Error committing input audio buffer: buffer too small. Expected at least 100ms of audio, "
                f"but buffer only has {self.input_buffer.buffered_ms:.2f}ms of audio.",
                code="input_audio_buffer_commit_empty",
            )
        self._commit()

    def close(self) -> None:
        """Stop everything because the call has ended."""
        self._cancel_idle_timer()
        self.responses.abandon()
        for task in self._transcribing:
            task.cancel()

    def _speech_started(self) -> None:
        self._cancel_idle_timer()
        start_ms = self.input_buffer.start_ms
        self._state.send("input_audio_buffer.speech_started", item_id=self._item_id, audio_start_ms=start_ms)
        if self._detection and self._detection["interrupt_response"]:
            self.responses.interrupt()

    def _speech_stopped(self) -> None:
        end_ms = self.input_buffer.now_ms
        self._state.send("input_audio_buffer.speech_stopped", item_id=self._item_id, audio_end_ms=end_ms)
        self._commit()
        if self._detection and self._detection["create_response"]:
            self._respond()

    def _respond(self) -> None:
        if self._state.config["type"] != "realtime":
            return
        try:
            self.responses.create({})
        except ApiError as error:
            self._state.send_error(error)

    def _commit(self) -> None:
        self._cancel_idle_timer()
        entry = entry_from_recording(self._item_id, self.input_buffer.commit())
        self._item_id = new_id("item")
        previous = self._state.conversation.add(entry)
        self._state.send("input_audio_buffer.committed", previous_item_id=previous, item_id=entry.id)
        self._state.send("conversation.item.added", previous_item_id=previous, item=entry.item)
        self._state.send("conversation.item.done", previous_item_id=previous, item=entry.item)
        self._start_transcription(entry)

    def _start_transcription(self, entry: Entry) -> None:
        transcription = self._state.config["audio"]["input"]["transcription"]
        if transcription and entry.recording:
            task = asyncio.create_task(self._transcribe(entry, entry.recording, transcription.get("model")))
            self._transcribing.add(task)
            task.add_done_callback(self._transcribing.discard)

    async def _transcribe(self, entry: Entry, recording: Recording, model: str | None) -> None:
        await asyncio.sleep(TRANSCRIPTION_SECONDS)
        # Set before the events are sent: clients retrieve the item as soon as they get `completed`.
        entry.item["content"][0]["transcript"] = str(recording)
        logprobs, about = bool(self._state.config["include"]), {"item_id": entry.id, "content_index": 0}
        kind = "conversation.item.input_audio_transcription"
        for delta in deltas(recording, logprobs):
            self._state.send(f"{kind}.delta", **about, **delta)
        self._state.send(f"{kind}.completed", **about, **completed(recording, model, logprobs))

    def _start_idle_timer(self) -> None:
        """Respond again if the person says nothing for `idle_timeout_ms` after the end of the last answer's audio."""
        self._cancel_idle_timer()
        timeout_ms = (self._detection or {}).get("idle_timeout_ms")
        if timeout_ms and not self.input_buffer.speaking:
            loop, now_ms = asyncio.get_running_loop(), self.input_buffer.now_ms
            self._idle_timer = loop.call_later(timeout_ms / 1000, self._idle_timeout, now_ms)

    def _cancel_idle_timer(self) -> None:
        if self._idle_timer:
            self._idle_timer.cancel()

    def _idle_timeout(self, since_ms: int) -> None:
        self._state.send(
            "input_audio_buffer.timeout_triggered",
            item_id=self._item_id,
            audio_start_ms=since_ms,
            audio_end_ms=self.input_buffer.now_ms,
        )
        self._commit()
        self._respond()


def _turn_detection(detection: Json | None) -> TurnDetection | None:
    if detection is None:
        return None
    if detection["type"] == "semantic_vad":
        return TurnDetection(pause_ms=SEMANTIC_PAUSE_MS[detection["eagerness"]])
    return TurnDetection(detection["threshold"], detection["prefix_padding_ms"], detection["silence_duration_ms"])
