"""The responses of a session: at most one at a time in the conversation, any number out of band."""

from collections.abc import Callable

from local.stand_in.errors import ApiError
from local.stand_in.output_audio_buffer import OutputAudioBuffer, Utterance
from local.stand_in.realtime.conversation import Entry
from local.stand_in.realtime.entries import entry_from_item
from local.stand_in.realtime.response import Response, Settings, voice_name
from local.stand_in.realtime.session_rules import check_choice
from local.stand_in.realtime.state import State
from local.stand_in.typed import Json, member


class Responses:
    """Creates responses, cancels them, and plays their audio.

    Args:
        state: the session's state.
        finished: called when there is no response to generate or to play any more.
    """

    def __init__(self, state: State, finished: Callable[[], None]) -> None:
        self.output_buffer = OutputAudioBuffer(self._started, self._stopped)
        self._state = state
        self._finished = finished
        self._active: dict[str, Response] = {}

    @property
    def current(self) -> Response | None:
        """The response in the conversation that is being generated, or None."""
        return next((active for active in self._active.values() if not active.settings.out_of_band), None)

    def create(self, params: Json) -> None:
        """Start a response.

        Args:
            params: what `response.create` overrides of the session config.

        Raises:
            ApiError: one is being generated in the conversation already, or the session only transcribes.
        """
        settings = self._settings(params)
        if self.current and not settings.out_of_band:
            raise ApiError(
                f"Conversation already has an active response in progress: {self.current.id}. "
                "Wait until the response is finished before creating a new one.",
                code="conversation_already_has_active_response",
            )
        response = Response(settings, self._state.conversation, self.output_buffer, self._state.send)
        self._active[response.id] = response
        response.start(self._ended)

    def cancel(self, response_id: str | None) -> None:
        """Cancel the response with this id, or with None the one in the conversation.

        Raises:
            ApiError: no such response is being generated.
        """
        response = self._active.get(response_id) if response_id else self.current
        if response is None:
            raise ApiError("Cancellation failed: no active response found.", code="response_cancel_not_active")
        response.cancel("client_cancelled")

    def interrupt(self) -> None:
        """Cancel the current response and its audio because the person speaks."""
        if self.current:
            self.current.cancel("turn_detected")
        for cut in self.clear():
            self._truncate(cut)

    def clear(self) -> list[Utterance]:
        """Clear the output audio buffer, and return what was cut off. Responses go on being generated."""
        cut = self.output_buffer.clear()
        for utterance in cut:
            if utterance.played:
                self._state.send("output_audio_buffer.cleared", response_id=utterance.response_id)
        return cut

    def abandon(self) -> None:
        """Stop all responses because the call has ended."""
        for response in self._active.values():
            response.abandon()

    def _truncate(self, cut: Utterance) -> None:
        if any(entry.id == cut.item_id for entry in self._state.conversation.entries):
            self._state.conversation.truncate(cut.item_id, cut.played_ms)
            self._state.send(
                "conversation.item.truncated", item_id=cut.item_id, content_index=0, audio_end_ms=cut.played_ms
            )

    def _started(self, response_id: str) -> None:
        self._state.spoke = True
        self._state.send("output_audio_buffer.started", response_id=response_id)

    def _stopped(self, response_id: str) -> None:
        self._state.send("output_audio_buffer.stopped", response_id=response_id)
        self._finished()

    def _ended(self, response: Response) -> None:
        del self._active[response.id]
        if self.output_buffer.is_empty:
            self._finished()

    def _settings(self, params: Json) -> Settings:
        config = self._state.config
        if config["type"] != "realtime":
            raise ApiError("A transcription session creates no responses.", code="invalid_value", param="type")
        output: Json = config["audio"]["output"] | (member(params, "audio.output") or {})
        given = {**config, **params}
        check_choice(given["tools"], given["tool_choice"], "response")
        return Settings(
            modality=given["output_modalities"][0],
            voice=voice_name(output["voice"]),
            format=output["format"],
            tools=given["tools"],
            tool_choice=given["tool_choice"],
            max_output_tokens=given["max_output_tokens"],
            metadata=params.get("metadata"),
            context=self._context(params),
            out_of_band=params.get("conversation") == "none",
        )

    def _context(self, params: Json) -> list[Entry]:
        conversation = self._state.conversation
        if "input" not in params:
            return list(conversation.entries)
        audio_format = self._state.config["audio"]["input"]["format"]["type"]
        return [
            conversation.find(item["id"], "retrieve")
            if item["type"] == "item_reference"
            else entry_from_item(item, audio_format)
            for item in params["input"]
        ]
