"""The session of a Live call: no turns, transcripts of both sides while they speak, and delegation of tasks.

Source: `openai/types/live/server_event.py` and `client_event.py`. It understands no words: of speech it writes down a
"bla" for each 300 ms, and repeats it. Where the session config says who tasks are delegated to, speech of two seconds
is a task.
"""

from local.stand_in.call_session import CallContext, EndReason
from local.stand_in.errors import ApiError
from local.stand_in.input_audio_buffer import FRAME_MS, InputAudioBuffer, TurnDetection
from local.stand_in.live.data_channel import DataChannel
from local.stand_in.live.delegations import Delegations
from local.stand_in.live.session_config import resource, updated_delegation, voice_name
from local.stand_in.live.transcript import Spaces
from local.stand_in.live.usage import LiveUsage
from local.stand_in.live.voice import LiveVoice
from local.stand_in.pcm import FRAME
from local.stand_in.speech import Speech
from local.stand_in.typed import Json, member

WORD_MS = 300
TASK_MS = 2_000


class LiveSession:
    """The session of one call.

    Args:
        config: the session config that it was created with.
        call: the call.
    """

    kind = "live"

    def __init__(self, config: Json, call: CallContext) -> None:
        self._call = call
        self._resource = resource(call.call_id, config, call.expires_at)
        self._channel = DataChannel(config, call.transmit)
        self._usage = LiveUsage(config.get("idle_timeout_s"))
        self._input = InputAudioBuffer()
        self._voice = LiveVoice(voice_name(config), self._told)
        delegation = config.get("delegation") or {"type": "client"}
        self._delegations = Delegations(delegation, self._channel, lambda text: self._voice.say(Speech(text)))
        self._delegates_tasks = bool(config.get("delegation"))
        self._wake_threshold: float = member(config, "wake_policy.vad_threshold") or TurnDetection.threshold
        self._muted = False
        self._ended = False
        self._spoke_since_ms = 0
        self._words = 0
        self._input_spaces, self._output_spaces = Spaces(), Spaces()

    @property
    def heard_hz(self) -> float | None:
        """The dominant frequency of the person's last speech, or None."""
        return self._input.dominant_hz

    def opened(self) -> None:
        """Send `session.started`, since the data channel is open now."""
        self._channel.started(self._resource)

    def receive(self, message: str | bytes) -> None:
        """Handle a client event; an invalid one, or one that is not allowed, is answered by an `error` event."""
        if not self._ended:
            self._channel.receive(message, self._handle)

    def append(self, frame: bytes) -> None:
        """Take 20 ms of the person's audio; while it is muted, the model hears silence."""
        if self._ended:
            return
        threshold = self._wake_threshold if self._usage.is_paused else TurnDetection.threshold
        change = self._input.append(bytes(FRAME) if self._muted else frame, TurnDetection(threshold))
        if change == "started":
            self._voice.stop()
            self._spoke_since_ms, self._words = self._input.now_ms, 0
        if self._input.speaking:
            self._transcribe()
        elif change == "stopped":
            self._answer()
        if self._usage.add(FRAME_MS, speech=self._input.speaking or not self._voice.is_silent):
            window = self._usage.context_window
            self._channel.send("session.usage.updated", usage=self._usage.usage, context_window=window)

    def next_packet(self) -> bytes:
        """Return the next 20 ms of the model's audio, as an Opus packet."""
        return self._voice.buffer.next_packet()

    def end(self, reason: EndReason) -> bool:
        """Send `session.closed`."""
        self._close(reason, {})
        return True

    def close(self) -> None:
        """Stop everything: the call has ended."""
        self._delegations.cancel_acknowledgements()
        self._voice.stop()

    def _close(self, reason: EndReason, command: Json) -> None:
        if self._ended:
            return
        self._ended = True
        self.close()
        usage = self._usage.usage
        self._channel.acknowledge("session.closed", command, reason=reason, session=self._resource, usage=usage)

    def _handle(self, command: Json) -> None:
        match command["type"]:
            case "session.close":
                self._close("close_requested", command)
                self._call.end_call()
            case "session.input_audio.mute" | "session.input_audio.unmute" as kind:
                self._muted = kind == "session.input_audio.mute"
                self._channel.acknowledge(f"{kind}d", command)
            case "session.update":
                self._update(command)
            case "response.item.create":
                self._delegations.backend.add(command["item"])
            case "response.create":
                self._delegations.backend.respond()
            case kind if kind.endswith(".append"):
                self._delegations.append(command, self._input.now_ms)
            case kind:
                raise ApiError(f"'{kind}' needs delegation to decisions.", code="invalid_event", param="type")

    def _update(self, command: Json) -> None:
        delegation = updated_delegation(self._resource["delegation"], command["session"])
        self._resource["delegation"] = delegation
        self._delegations.configure(delegation)
        self._channel.acknowledge("session.updated", command, session=self._resource)

    def _transcribe(self) -> None:
        """Write down a word for each 300 ms of the speech so far."""
        while self._words <= self._input.speech_ms // WORD_MS:
            delta = self._input_spaces.separate(" bla" if self._words else "Bla")
            start_ms = self._spoke_since_ms + self._words * WORD_MS
            self._words += 1
            end_ms = start_ms + WORD_MS
            self._channel.send("session.input_transcript.delta", delta=delta, start_ms=start_ms, end_ms=end_ms)

    def _answer(self) -> None:
        recording = self._input.commit()
        if self._delegates_tasks and recording.speech_ms >= TASK_MS:
            self._delegations.create(self._input.now_ms)
        else:
            self._voice.say(Speech("Bla" + " bla" * (self._words - 1), recording.pcm))

    def _told(self, word: str, milliseconds: int) -> None:
        start_ms = self._input.now_ms
        end_ms = start_ms + milliseconds
        delta = self._output_spaces.separate(word)
        self._channel.send("session.output_transcript.delta", delta=delta, start_ms=start_ms, end_ms=end_ms)
