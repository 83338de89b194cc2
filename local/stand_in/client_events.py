"""The eleven client events (OpenAPI: RealtimeClientEvent)."""

import json
from typing import Annotated, Any, Literal

from pydantic import Field, TypeAdapter

from local.stand_in.audio_config import AudioFormat, Voice
from local.stand_in.errors import ApiError
from local.stand_in.items import Base64, InputItem, Item
from local.stand_in.parameters import Parameters, parse
from local.stand_in.session_config import MaxOutputTokens, Modalities, Prompt, Reasoning
from local.stand_in.tools_config import Tool, ToolChoice


class ClientEvent(Parameters):
    """The member that all client events have."""

    event_id: Annotated[str, Field(max_length=512)] | None = None


class SessionUpdate(ClientEvent):
    """Changes the session config; `session_config.merge` parses its session."""

    type: Literal["session.update"]
    session: Any


class InputAudioBufferAppend(ClientEvent):
    """Appends audio that does not come over the media track."""

    type: Literal["input_audio_buffer.append"]
    audio: Base64


class InputAudioBufferCommit(ClientEvent):
    """Ends the person's turn."""

    type: Literal["input_audio_buffer.commit"]


class InputAudioBufferClear(ClientEvent):
    """Discards the audio since the last turn."""

    type: Literal["input_audio_buffer.clear"]


class OutputAudioBufferClear(ClientEvent):
    """Stops the stand-in's audio."""

    type: Literal["output_audio_buffer.clear"]


class ItemCreate(ClientEvent):
    """Adds an item to the conversation."""

    type: Literal["conversation.item.create"]
    item: Item
    previous_item_id: str | None = None


class ItemDelete(ClientEvent):
    """Removes an item from the conversation."""

    type: Literal["conversation.item.delete"]
    item_id: str


class ItemRetrieve(ClientEvent):
    """Asks for an item."""

    type: Literal["conversation.item.retrieve"]
    item_id: str


class ItemTruncate(ClientEvent):
    """Cuts off the audio of an answer that was not played."""

    type: Literal["conversation.item.truncate"]
    item_id: str
    content_index: int
    audio_end_ms: int = Field(ge=0)


class OutputOverride(Parameters):
    """The output audio settings of one response."""

    format: AudioFormat | None = None
    voice: Voice | None = None


class AudioOverride(Parameters):
    """The audio settings of one response."""

    output: OutputOverride = OutputOverride()


class ResponseParams(Parameters):
    """Settings of one response that override the session's."""

    audio: AudioOverride = AudioOverride()
    conversation: Literal["auto", "none"] = "auto"
    input: list[InputItem] | None = None
    instructions: str | None = None
    max_output_tokens: MaxOutputTokens | None = None
    metadata: dict[str, str] | None = None
    output_modalities: Modalities | None = None
    parallel_tool_calls: bool | None = None
    prompt: Prompt | None = None
    reasoning: Reasoning | None = None
    tool_choice: ToolChoice | None = None
    tools: list[Tool] | None = None


class ResponseCreate(ClientEvent):
    """Asks for a response."""

    type: Literal["response.create"]
    response: ResponseParams = ResponseParams()


class ResponseCancel(ClientEvent):
    """Stops a response that is being generated."""

    type: Literal["response.cancel"]
    response_id: str | None = None


AnyClientEvent = (
    SessionUpdate
    | InputAudioBufferAppend
    | InputAudioBufferCommit
    | InputAudioBufferClear
    | OutputAudioBufferClear
    | ItemCreate
    | ItemDelete
    | ItemRetrieve
    | ItemTruncate
    | ResponseCreate
    | ResponseCancel
)

_EVENT: TypeAdapter[AnyClientEvent] = TypeAdapter(Annotated[AnyClientEvent, Field(discriminator="type")])


def parse_message(message: str | bytes) -> dict[str, Any]:
    """Parse a message of the data channel; raises ApiError if it is not a JSON object."""
    try:
        event = json.loads(message) if isinstance(message, str) else None
    except ValueError:
        event = None
    if not isinstance(event, dict):
        raise ApiError("A client event is a JSON object, sent as text.", code="invalid_json")
    return event


def parse_event(event: dict[str, Any]) -> AnyClientEvent:
    """Parse a client event; raises ApiError with the invalid parameter."""
    return parse(_EVENT, event)
