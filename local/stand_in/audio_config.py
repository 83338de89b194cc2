"""The audio settings of a session config."""

from typing import Annotated, Literal

from pydantic import Discriminator, Field, Tag, model_validator
from pydantic_core import PydanticCustomError

from local.stand_in.parameters import Parameters
from local.stand_in.tools_config import Sparse, plain_or_object

VOICE = "alloy"


class Pcm(Parameters):
    """16 bit samples, 24,000 a second, one channel, little-endian."""

    type: Literal["audio/pcm"]
    rate: Literal[24000] = 24000


class G711(Parameters):
    """Telephone codecs: 8 bit samples, 8,000 a second."""

    type: Literal["audio/pcmu", "audio/pcma"]


AudioFormat = Annotated[Pcm | G711, Field(discriminator="type")]


class NoiseReduction(Parameters):
    """Filters the person's audio; the stand-in accepts it and does nothing."""

    type: Literal["near_field", "far_field"]
    strength: float = 1.0


class Transcription(Sparse):
    """Transcription of the person's audio."""

    model: str | None = None
    language: str | None = None
    languages: list[str] | None = None
    keywords: list[str] | None = None
    prompt: str | None = None
    delay: Literal["minimal", "low", "medium", "high", "xhigh"] | None = None

    @model_validator(mode="after")
    def _supported_by_the_model(self) -> "Transcription":
        streaming, listed = self.model == "gpt-realtime-whisper", ("gpt-transcribe", "gpt-live-transcribe")
        if self.delay and not streaming:
            raise PydanticCustomError("delay", "delay is for gpt-realtime-whisper alone")
        if self.prompt and streaming:
            raise PydanticCustomError("prompt", "gpt-realtime-whisper takes no prompt")
        if (self.languages or self.keywords) and self.model not in listed:
            raise PydanticCustomError("lists", "languages and keywords are for gpt-transcribe and gpt-live-transcribe")
        return self


class ServerVad(Parameters):
    """A turn ends after a silence. Durations in milliseconds."""

    type: Literal["server_vad"]
    threshold: float = Field(0.5, ge=0, le=1)
    prefix_padding_ms: int = Field(300, ge=0)
    silence_duration_ms: int = Field(500, ge=0)
    create_response: bool = True
    interrupt_response: bool = True
    idle_timeout_ms: int | None = Field(None, ge=5000, le=30000)


class SemanticVad(Parameters):
    """A turn ends when the sentence seems complete."""

    type: Literal["semantic_vad"]
    eagerness: Literal["low", "medium", "high", "auto"] = "auto"
    create_response: bool = True
    interrupt_response: bool = True


TurnDetection = Annotated[ServerVad | SemanticVad, Field(discriminator="type")]


class AudioInput(Parameters):
    """Settings of the person's audio."""

    format: AudioFormat = Pcm(type="audio/pcm")
    noise_reduction: NoiseReduction | None = None
    transcription: Transcription | None = None
    turn_detection: TurnDetection | None = ServerVad(type="server_vad")

    @model_validator(mode="after")
    def _whisper_without_turn_detection(self) -> "AudioInput":
        if self.turn_detection and self.transcription and self.transcription.model == "gpt-realtime-whisper":
            raise PydanticCustomError("turns", "turn_detection must be null for gpt-realtime-whisper")
        return self


class CustomVoice(Parameters):
    """A custom voice of the organisation."""

    id: str


Voice = Annotated[Annotated[str, Tag("plain")] | Annotated[CustomVoice, Tag("object")], Discriminator(plain_or_object)]


class AudioOutput(Parameters):
    """Settings of the stand-in's audio."""

    format: AudioFormat = Pcm(type="audio/pcm")
    voice: Voice = VOICE
    speed: float = Field(1.0, ge=0.25, le=1.5)


class Audio(Parameters):
    """Both directions of a realtime session."""

    input: AudioInput = AudioInput()
    output: AudioOutput = AudioOutput()


class TranscriptionAudio(Parameters):
    """The audio settings of a transcription session, which has input only."""

    input: AudioInput = AudioInput()
