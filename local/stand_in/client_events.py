"""The eleven client events (OpenAPI: RealtimeClientEvent)."""

import json
from typing import Annotated, Any, Literal

from pydantic import Field, TypeAdapter

from local.stand_in.audio_config import AudioFormat, Voice
from local.stand_in.errors import ApiError
from local.stand_in.items import Base64, InputItem, Item
from local.stand_in.parameters import Parameters, read
from local.stand_in.session_config import MaxOutputTokens, Modalities, Prompt, Reasoning
from local.stand_in.tools_config import Tool, ToolChoice


class ClientEvent(Parameters):
    """What all have."""

    event_id: Annotated[str, Field(max_length=512)] | None = None


class SessionUpdate(ClientEvent):
    """Changes the session config; its member is read by `session_config.merge`."""

    type: Literal["session.update"]
    session: Any


class InputAudioBufferAppend(ClientEvent):
    """Has the stand-in hear audio that does not come over the media track."""

    type: Literal["input_audio_buffer.append"]
    audio: Base64


class InputAudioBufferCommit(ClientEvent):
    """Ends the person's turn."""

    type: Literal["input_audio_buffer.commit"]


class InputAudioBufferClear(ClientEvent):
    """Forgets what was heard since the last turn."""

    type: Literal["input_audio_buffer.clear"]


class OutputAudioBufferClear(ClientEvent):
    """Has the stand-in fall silent."""

    type: Literal["output_audio_buffer.clear"]


class ItemCreate(ClientEvent):
    """Puts an item into the conversation."""

    type: Literal["conversation.item.create"]
    item: Item
    previous_item_id: str | None = None


class ItemDelete(ClientEvent):
    """Takes an item out of the conversation."""

    type: Literal["conversation.item.delete"]
    item_id: str


class ItemRetrieve(ClientEvent):
    """Asks for an item."""

    type: Literal["conversation.item.retrieve"]
    item_id: str


class ItemTruncate(ClientEvent):
    """Says how much of an answer was heard."""

    type: Literal["conversation.item.truncate"]
    item_id: str
    content_index: int
    audio_end_ms: int = Field(ge=0)


class OutputOverride(Parameters):
    """The sound of one response."""

    format: AudioFormat | None = None
    voice: Voice | None = None


class AudioOverride(Parameters):
    """The sound of one response."""

    output: OutputOverride = OutputOverride()


class ResponseParams(Parameters):
    """What differs from the session for one response."""

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
    """Asks for an answer."""

    type: Literal["response.create"]
    response: ResponseParams = ResponseParams()


class ResponseCancel(ClientEvent):
    """Stops an answer that is being made."""

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


def parse(message: str | bytes) -> dict[str, Any]:
    """Read a message of the data channel; raises ApiError where it is not a JSON object."""
    try:
        event = json.loads(message) if isinstance(message, str) else None
    except ValueError:
        event = None
    if not isinstance(event, dict):
        raise ApiError("A client event is a JSON object, sent as text.", code="invalid_json")
    return event


def read_event(event: dict[str, Any]) -> AnyClientEvent:
    """Read a client event; raises ApiError with the parameter at fault."""
    return read(_EVENT, event)
