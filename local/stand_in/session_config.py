"""The session config, with which a call is created and which `session.update` changes.

Source: the OpenAPI types RealtimeSessionCreateRequestGA and RealtimeTranscriptionSessionCreateRequestGA. It does not
import the layer's model, so that a mistake in that model is found when the stand-in validates what the layer sends.
"""

from typing import Annotated, Any, Literal

from pydantic import (
    Discriminator,
    Field,
    SerializerFunctionWrapHandler,
    Tag,
    TypeAdapter,
    model_serializer,
    model_validator,
)
from pydantic_core import PydanticCustomError

from local.stand_in.audio_config import Audio, TranscriptionAudio
from local.stand_in.errors import ApiError
from local.stand_in.parameters import Parameters, parse
from local.stand_in.tools_config import ChosenFunction, FunctionTool, Sparse, Tool, ToolChoice, plain_or_object

INSTRUCTIONS = "You are a friendly parrot. Say back what you hear, and say what you were sent in writing."
MODEL = "gpt-realtime-2.1"


class Reasoning(Parameters):
    """The reasoning effort; the stand-in ignores it."""

    effort: Literal["minimal", "low", "medium", "high", "xhigh"] = "low"


class TokenLimits(Sparse):
    """The number of tokens at which truncation starts."""

    post_instructions: int | None = Field(None, ge=0)


class RetentionRatio(Sparse):
    """The share of a long conversation that truncation retains."""

    type: Literal["retention_ratio"]
    retention_ratio: float = Field(ge=0, le=1)
    token_limits: TokenLimits | None = None


class Tracing(Sparse):
    """A trace's name and labels."""

    workflow_name: str | None = None
    group_id: str | None = None
    metadata: dict[str, Any] | None = None


class Prompt(Sparse):
    """A stored prompt; the stand-in has none."""

    id: str
    version: str | None = None
    variables: dict[str, Any] | None = None


Include = list[Literal["item.input_audio_transcription.logprobs"]]

Modalities = Annotated[list[Literal["text", "audio"]], Field(min_length=1, max_length=1)]

MaxOutputTokens = Annotated[
    Annotated[Literal["inf"], Tag("word")] | Annotated[int, Field(ge=1, le=4096), Tag("number")],
    Discriminator(lambda value: "word" if isinstance(value, str) else "number"),
]


class RealtimeSession(Parameters):
    """A session that answers."""

    type: Literal["realtime"]
    model: str = MODEL
    output_modalities: Modalities = Field(["audio"])
    instructions: str = INSTRUCTIONS
    audio: Audio = Audio()
    include: Include | None = None
    tools: list[Tool] = Field([])
    tool_choice: ToolChoice = "auto"
    parallel_tool_calls: bool | None = None
    reasoning: Reasoning | None = None
    max_output_tokens: MaxOutputTokens = "inf"
    truncation: Annotated[
        Annotated[Literal["auto", "disabled"], Tag("plain")] | Annotated[RetentionRatio, Tag("object")],
        Discriminator(plain_or_object),
    ] = "auto"
    tracing: (
        Annotated[
            Annotated[Literal["auto"], Tag("plain")] | Annotated[Tracing, Tag("object")], Discriminator(plain_or_object)
        ]
        | None
    ) = None
    prompt: Prompt | None = None

    @model_validator(mode="after")
    def _choice_exists(self) -> "RealtimeSession":
        names = [tool.name for tool in self.tools if isinstance(tool, FunctionTool)]
        if isinstance(self.tool_choice, ChosenFunction) and self.tool_choice.name not in names:
            raise PydanticCustomError("choice", "tool_choice names a function that is not among the tools")
        return self

    @model_serializer(mode="wrap")
    def _effective(self, serialise: SerializerFunctionWrapHandler) -> dict[str, Any]:
        hidden = ("parallel_tool_calls", "reasoning")
        return {name: value for name, value in serialise(self).items() if value is not None or name not in hidden}


class TranscriptionSession(Parameters):
    """A session that only transcribes the person's audio."""

    type: Literal["transcription"]
    audio: TranscriptionAudio = TranscriptionAudio()
    include: Include | None = None


Session = RealtimeSession | TranscriptionSession

_SESSION: TypeAdapter[Session] = TypeAdapter(Annotated[Session, Field(discriminator="type")])


def parse_session(value: object) -> Session:
    """Parse a session config; raises ApiError with the invalid parameter."""
    return parse(_SESSION, value, "session")


def merge(session: Session, update: object, *, spoke: bool) -> Session:
    """Apply a `session.update`: the settings that it has are replaced, except for the model; all others stay.

    Args:
        session: the current config.
        update: the event's `session`.
        spoke: whether audio was emitted already, after which the voice cannot change.

    Returns:
        The new config.

    Raises:
        ApiError: a parameter is invalid, or cannot be changed any more.
    """
    if not isinstance(update, dict) or update.get("type") != session.type:
        parse_session(update)
        raise ApiError(f"The session's type stays '{session.type}'.", code="invalid_value", param="session.type")
    changed = parse_session(_merged(session.model_dump(), {**update, **_fixed(session)}))
    if isinstance(session, RealtimeSession) and isinstance(changed, RealtimeSession):
        _check_immutable(session, changed, spoke)
    return changed


def _fixed(session: Session) -> dict[str, str]:
    return {"model": session.model} if isinstance(session, RealtimeSession) else {}


def _merged(old: dict[str, Any], new: dict[str, Any], *, at: str = "") -> dict[str, Any]:
    """Merge the containers member by member, and replace everything else as a whole."""
    containers = {"audio", "audio.input", "audio.input.noise_reduction", "audio.output"}
    merged = dict(old)
    for name, value in new.items():
        path = f"{at}.{name}".lstrip(".")
        deep = path in containers and isinstance(value, dict) and isinstance(old.get(name), dict)
        merged[name] = _merged(old[name], value, at=path) if deep else value
    return merged


def _check_immutable(old: RealtimeSession, new: RealtimeSession, spoke: bool) -> None:
    if spoke and new.audio.output.voice != old.audio.output.voice:
        raise ApiError(
            "Cannot update a conversation's voice if assistant audio is present.", code="cannot_update_voice"
        )
    if old.tracing is not None and new.tracing != old.tracing:
        raise ApiError("Tracing cannot be changed once it is on.", code="invalid_value", param="session.tracing")
