"""The responses of a session: at most one at a time in the conversation, any number out of band."""

from collections.abc import Callable

from local.stand_in.client_events import ResponseParams
from local.stand_in.conversation import Entry
from local.stand_in.entries import entry_from_item
from local.stand_in.errors import ApiError
from local.stand_in.items import ItemReference
from local.stand_in.output_audio_buffer import OutputAudioBuffer, Utterance
from local.stand_in.response import Response, Settings
from local.stand_in.session_config import RealtimeSession
from local.stand_in.state import State
from local.stand_in.tools_config import ChosenFunction, FunctionTool


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

    def create(self, params: ResponseParams) -> None:
        """Start a response.

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

    def _settings(self, params: ResponseParams) -> Settings:
        config = self._state.config
        if not isinstance(config, RealtimeSession):
            raise ApiError("A transcription session creates no responses.", code="invalid_value", param="type")
        output = params.audio.output
        settings = Settings(
            modality=(params.output_modalities or config.output_modalities)[0],
            voice=output.voice or config.audio.output.voice,
            format=(output.format or config.audio.output.format).model_dump(),
            tools=config.tools if params.tools is None else params.tools,
            tool_choice=params.tool_choice or config.tool_choice,
            max_output_tokens=params.max_output_tokens or config.max_output_tokens,
            metadata=params.metadata,
            context=self._context(params),
            out_of_band=params.conversation == "none",
        )
        _check_choice(settings)
        return settings

    def _context(self, params: ResponseParams) -> list[Entry]:
        conversation = self._state.conversation
        if params.input is None:
            return list(conversation.entries)
        return [
            conversation.find(item.id, "retrieve")
            if isinstance(item, ItemReference)
            else entry_from_item(item, self._state.config.audio.input.format.type)
            for item in params.input
        ]


def _check_choice(settings: Settings) -> None:
    names = [tool.name for tool in settings.tools if isinstance(tool, FunctionTool)]
    choice = settings.tool_choice
    if isinstance(choice, ChosenFunction) and choice.name not in names:
        raise ApiError(
            f"Tool choice '{choice.name}' is not among the tools.", code="invalid_value", param="response.tool_choice"
        )
