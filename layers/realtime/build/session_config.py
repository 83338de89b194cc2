"""The session config: what a call is created with, as the GA Realtime API accepts it.

The API refuses the whole object for one unknown member, so a mistake is found here, before any call.
Source: https://developers.openai.com/api/reference (RealtimeSessionCreateRequestGA and
RealtimeTranscriptionSessionCreateRequestGA). The defaults are the upstream's; only members that are set are sent.
"""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field


class StrictModel(BaseModel):
    """An object with exactly the members that are listed."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class PcmFormat(StrictModel):
    """Raw samples; over WebRTC the offer and the answer decide instead."""

    type: Literal["audio/pcm"]
    rate: Literal[24000] = 24000


class G711Format(StrictModel):
    """Telephone codecs."""

    type: Literal["audio/pcmu", "audio/pcma"]


AudioFormat = Annotated[PcmFormat | G711Format, Field(discriminator="type")]


class NoiseReduction(StrictModel):
    """Filters what the microphone hears, before turn detection and the model."""

    type: Literal["near_field", "far_field"]
    strength: float | None = None


class Transcription(StrictModel):
    """Transcribes what the person says, with a separate model."""

    model: str | None = None
    language: str | None = None
    languages: list[str] | None = None
    keywords: list[str] | None = None
    prompt: str | None = None
    delay: Literal["minimal", "low", "medium", "high", "xhigh"] | None = None


class ServerVad(StrictModel):
    """A turn ends after a silence."""

    type: Literal["server_vad"]
    threshold: float = Field(default=0.5, ge=0, le=1)
    prefix_padding_ms: int = Field(default=300, ge=0)
    silence_duration_ms: int = Field(default=500, ge=0)
    create_response: bool = True
    interrupt_response: bool = True
    idle_timeout_ms: int | None = Field(default=None, ge=5000, le=30000)


class SemanticVad(StrictModel):
    """A turn ends when the person seems to have finished."""

    type: Literal["semantic_vad"]
    eagerness: Literal["low", "medium", "high", "auto"] = "auto"
    create_response: bool = True
    interrupt_response: bool = True


def _none_is_null(value: object) -> object:
    """Read `"none"` as null, which TOML cannot express: the client ends turns itself."""
    return None if value == "none" else value


TurnDetection = Annotated[ServerVad | SemanticVad, Field(discriminator="type")]


class AudioInput(StrictModel):
    """How the person is heard."""

    format: AudioFormat | None = None
    noise_reduction: NoiseReduction | None = None
    transcription: Transcription | None = None
    turn_detection: Annotated[TurnDetection | None, BeforeValidator(_none_is_null)] = None


class CustomVoice(StrictModel):
    """A custom voice of the account."""

    id: str


class AudioOutput(StrictModel):
    """How the model speaks."""

    format: AudioFormat | None = None
    voice: str | CustomVoice | None = None
    speed: float | None = Field(default=None, ge=0.25, le=1.5)


class RealtimeAudio(StrictModel):
    """Both directions of a conversation."""

    input: AudioInput | None = None
    output: AudioOutput | None = None


class TranscriptionAudio(StrictModel):
    """The one direction of a transcription."""

    input: AudioInput | None = None


class FunctionTool(StrictModel):
    """A function that the client runs when the model calls it."""

    type: Literal["function"]
    name: str = Field(pattern=r"^[a-zA-Z0-9_-]{1,64}$")
    description: str | None = None
    parameters: dict[str, Any] | None = None


class McpTool(StrictModel):
    """An MCP server whose tools the upstream calls."""

    type: Literal["mcp"]
    server_label: str
    server_url: str | None = None
    connector_id: str | None = None
    tunnel_id: str | None = None
    authorization: str | None = None
    headers: dict[str, str] | None = None
    server_description: str | None = None
    allowed_tools: list[str] | dict[str, Any] | None = None
    allowed_callers: list[Literal["direct", "programmatic"]] | None = None
    require_approval: Literal["always", "never"] | dict[str, Any] | None = None
    defer_loading: bool | None = None


Tool = Annotated[FunctionTool | McpTool, Field(discriminator="type")]


class FunctionChoice(StrictModel):
    """Names the function that the model must call."""

    type: Literal["function"]
    name: str


class McpChoice(StrictModel):
    """Names the MCP server that the model must call."""

    type: Literal["mcp"]
    server_label: str
    name: str | None = None


class Reasoning(StrictModel):
    """How long the model thinks before it speaks."""

    effort: Literal["minimal", "low", "medium", "high", "xhigh"]


class TokenLimits(StrictModel):
    """What may stay in the conversation."""

    post_instructions: int | None = Field(default=None, ge=0)


class RetentionRatio(StrictModel):
    """How much of a conversation that has grown too long is kept."""

    type: Literal["retention_ratio"]
    retention_ratio: float = Field(ge=0, le=1)
    token_limits: TokenLimits | None = None


class Tracing(StrictModel):
    """How the call is named in the upstream's traces."""

    workflow_name: str | None = None
    group_id: str | None = None
    metadata: dict[str, Any] | None = None


class StoredPrompt(StrictModel):
    """A prompt that is kept upstream."""

    id: str
    version: str | None = None
    variables: dict[str, Any] | None = None


Include = list[Literal["item.input_audio_transcription.logprobs"]]


class RealtimeSession(StrictModel):
    """A conversation."""

    type: Literal["realtime"]
    model: str | None = None
    instructions: str | None = None
    output_modalities: Annotated[list[Literal["audio", "text"]], Field(min_length=1, max_length=1)] | None = None
    audio: RealtimeAudio | None = None
    include: Include | None = None
    tools: list[Tool] | None = None
    tool_choice: Literal["none", "auto", "required"] | FunctionChoice | McpChoice | None = None
    parallel_tool_calls: bool | None = None
    reasoning: Reasoning | None = None
    max_output_tokens: Annotated[int, Field(ge=1, le=4096)] | Literal["inf"] | None = None
    truncation: Literal["auto", "disabled"] | RetentionRatio | None = None
    tracing: Literal["auto"] | Tracing | None = None
    prompt: StoredPrompt | None = None


class TranscriptionSession(StrictModel):
    """Speech to text, without an answer."""

    type: Literal["transcription"]
    audio: TranscriptionAudio | None = None
    include: Include | None = None


SessionConfig = Annotated[RealtimeSession | TranscriptionSession, Field(discriminator="type")]
