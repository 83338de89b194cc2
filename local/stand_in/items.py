"""The items that a client may add to a conversation (OpenAPI: RealtimeConversationItem*)."""

import base64
import binascii
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field
from pydantic_core import PydanticCustomError

from local.stand_in.parameters import Parameters
from local.stand_in.tools_config import Sparse


def _base64(value: str) -> str:
    try:
        base64.b64decode(value, validate=True)
    except binascii.Error:
        raise PydanticCustomError("base64", "it is not base64") from None
    return value


Base64 = Annotated[str, AfterValidator(_base64)]


class InputText(Parameters):
    """Text that the person typed."""

    type: Literal["input_text"]
    text: str


class InputAudio(Sparse):
    """A recording, in the session's input format."""

    type: Literal["input_audio"]
    audio: Base64
    transcript: str | None = None


class InputImage(Sparse):
    """An image; the stand-in answers only that there is one."""

    type: Literal["input_image"]
    image_url: str
    detail: Literal["auto", "low", "high"] | None = None


class OutputText(Parameters):
    """Text of the assistant; the assistant's audio cannot be added to a conversation."""

    type: Literal["output_text"]
    text: str


class _Item(Sparse):
    id: Annotated[str, Field(min_length=1, max_length=64)] | None = None
    object: Literal["realtime.item"] | None = None
    status: Literal["completed", "incomplete", "in_progress"] | None = None


class SystemMessage(_Item):
    """An instruction in the middle of a conversation."""

    type: Literal["message"]
    role: Literal["system"]
    content: list[InputText]


class UserMessage(_Item):
    """A message of the person: text, audio or images."""

    type: Literal["message"]
    role: Literal["user"]
    content: list[Annotated[InputText | InputAudio | InputImage, Field(discriminator="type")]]


class AssistantMessage(_Item):
    """An earlier message of the assistant."""

    type: Literal["message"]
    role: Literal["assistant"]
    content: list[OutputText]


class FunctionCall(_Item):
    """An earlier function call."""

    type: Literal["function_call"]
    name: str
    arguments: str
    call_id: str | None = None


class FunctionCallOutput(_Item):
    """The result of a function call."""

    type: Literal["function_call_output"]
    call_id: str
    output: str


class ItemReference(Parameters):
    """A reference to an item of the conversation, in the input of one response."""

    type: Literal["item_reference"]
    id: str


Message = Annotated[SystemMessage | UserMessage | AssistantMessage, Field(discriminator="role")]

Item = Annotated[Message | FunctionCall | FunctionCallOutput, Field(discriminator="type")]

InputItem = Annotated[Message | FunctionCall | FunctionCallOutput | ItemReference, Field(discriminator="type")]

ItemJson = dict[str, Any]
"""An item as it is sent to the client."""
