"""One response: generated word by word, faster than it is played, until it is complete or cancelled."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Literal

from local.stand_in.ids import new_id
from local.stand_in.output_audio_buffer import OutputAudioBuffer
from local.stand_in.pcm import milliseconds
from local.stand_in.realtime.conversation import Conversation, Entry
from local.stand_in.realtime.reply import ToolCall, compose
from local.stand_in.realtime.usage import RATE_LIMITS, usage
from local.stand_in.speech import Speech
from local.stand_in.typed import Json

Send = Callable[..., None]

SPEED = 4
"""How much faster than real time audio is generated."""

WORD_SECONDS = 0.02
ARGUMENTS_CHUNK = 12

Reason = Literal["turn_detected", "client_cancelled", "max_output_tokens"]


@dataclass(frozen=True)
class Settings:
    """The settings of one response: the session config, overridden by `response.create`."""

    modality: Literal["text", "audio"]
    voice: str
    format: Json
    tools: list[Json]
    tool_choice: object
    max_output_tokens: int | Literal["inf"]
    metadata: dict[str, str] | None
    context: list[Entry] = field(repr=False)
    out_of_band: bool = False


class Response:
    """A response that is being generated.

    Args:
        settings: its settings.
        conversation: gets its item, unless `settings.out_of_band`.
        output_buffer: gets its audio.
        send: sends a server event.
    """

    def __init__(
        self, settings: Settings, conversation: Conversation, output_buffer: OutputAudioBuffer, send: Send
    ) -> None:
        self.id = new_id("resp")
        self.settings = settings
        self._conversation = conversation
        self._output_buffer = output_buffer
        self._send = send
        self._status = "in_progress"
        self._reason: Reason | None = None
        self._entry = Entry({"id": new_id("item"), "object": "realtime.item", "status": "in_progress"})
        self._begun = False
        self._text = ""
        self._tokens = 0
        self._task: asyncio.Task[None] | None = None

    @property
    def active(self) -> bool:
        """Whether it is still being generated."""
        return self._status == "in_progress"

    def start(self, ended: Callable[["Response"], None]) -> None:
        """Start generating it; `ended` is called when it is complete or cancelled."""
        self._ended = ended
        self._send("response.created", response=self._json())
        self._task = asyncio.get_running_loop().create_task(self._generate())
        self._task.add_done_callback(self._generated)

    def cancel(self, reason: Reason) -> None:
        """Stop generating it; what was generated stays in the conversation and is played."""
        self.abandon()
        if self._begun:
            self._end_item("incomplete")
        self._end("cancelled", reason)

    def abandon(self) -> None:
        """Stop generating it because the call has ended."""
        if self._task:
            self._task.cancel()

    def _generated(self, task: asyncio.Task[None]) -> None:
        """Report an unexpected exception to the client and to the log; the next response can then be created."""
        if not task.cancelled() and (error := task.exception()):
            self._end("failed", None)
            task.get_loop().call_exception_handler({"message": f"{self.id} failed", "exception": error, "task": task})

    async def _generate(self) -> None:
        self._send("rate_limits.updated", rate_limits=RATE_LIMITS)
        await asyncio.sleep(WORD_SECONDS)
        settings = self.settings
        reply = compose(settings.context, settings.tools, settings.tool_choice, aloud=settings.modality == "audio")
        cut = await (self._call(reply) if isinstance(reply, ToolCall) else self._say(reply))
        self._end_item("incomplete" if cut else "completed")
        self._end("incomplete" if cut else "completed", "max_output_tokens" if cut else None)

    async def _call(self, call: ToolCall) -> bool:
        call_id = new_id("call")
        self._begin_item({"type": "function_call", "name": call.name, "call_id": call_id, "arguments": ""})
        for start in range(0, len(call.arguments), ARGUMENTS_CHUNK):
            if self._limit_reached():
                return True
            delta = call.arguments[start : start + ARGUMENTS_CHUNK]
            self._text += delta
            self._send_part("response.function_call_arguments.delta", call_id=call_id, delta=delta)
            await asyncio.sleep(WORD_SECONDS)
        return False

    async def _say(self, speech: Speech) -> bool:
        aloud = self.settings.modality == "audio"
        self._begin_item({"type": "message", "role": "assistant", "content": []})
        self._send_part("response.content_part.added", content_index=0, part=self._part())
        deltas = "response.output_audio_transcript.delta" if aloud else "response.output_text.delta"
        for word, pcm in speech.pieces(self.settings.voice, aloud=aloud):
            if self._limit_reached():
                return True
            self._text += word
            self._send_part(deltas, content_index=0, delta=word)
            self._append_audio(pcm)
            await asyncio.sleep(max(milliseconds(pcm) / 1000 / SPEED, WORD_SECONDS))
        return False

    def _append_audio(self, pcm: bytes) -> None:
        if pcm:
            self._entry.audio_ms += milliseconds(pcm)
            self._output_buffer.append(self.id, self._entry.id, pcm)

    def _limit_reached(self) -> bool:
        self._tokens += 1
        return self.settings.max_output_tokens != "inf" and self._tokens > self.settings.max_output_tokens

    def _begin_item(self, item: Json) -> None:
        self._begun = True
        self._entry.item.update(item)
        self._send("response.output_item.added", response_id=self.id, output_index=0, item=self._entry.item)
        if not self.settings.out_of_band:
            previous = self._conversation.add(self._entry)
            self._send("conversation.item.added", previous_item_id=previous, item=self._entry.item)

    def _end_item(self, status: Literal["completed", "incomplete"]) -> None:
        item = self._entry.item
        item["status"] = status
        if item["type"] == "function_call":
            self._end_call(item)
        else:
            self._end_content(item)
        if not self.settings.out_of_band:
            self._send("conversation.item.done", previous_item_id=self._previous_id(), item=item)
        self._send("response.output_item.done", response_id=self.id, output_index=0, item=item)

    def _end_call(self, item: Json) -> None:
        item["arguments"] = self._text
        about = {"call_id": item["call_id"], "name": item["name"], "arguments": self._text}
        self._send_part("response.function_call_arguments.done", **about)

    def _end_content(self, item: Json) -> None:
        if self.settings.modality == "audio":
            self._send_part("response.output_audio.done", content_index=0)
            self._send_part("response.output_audio_transcript.done", content_index=0, transcript=self._text)
            content = {"type": "output_audio", "transcript": self._text}
        else:
            self._send_part("response.output_text.done", content_index=0, text=self._text)
            content = {"type": "output_text", "text": self._text}
        self._send_part("response.content_part.done", content_index=0, part=self._part())
        item["content"] = [content]

    def _end(self, status: str, reason: Reason | None) -> None:
        self._status, self._reason = status, reason
        self._send("response.done", response=self._json())
        self._output_buffer.complete(self.id)
        self._ended(self)

    def _previous_id(self) -> str | None:
        ids = [entry.id for entry in self._conversation.entries]
        position = ids.index(self._entry.id) if self._entry.id in ids else 0
        return ids[position - 1] if position else None

    def _send_part(self, event: str, **members: Any) -> None:
        """Send an event about the one item of this response."""
        self._send(event, response_id=self.id, item_id=self._entry.id, output_index=0, **members)

    def _part(self) -> dict[str, str]:
        if self.settings.modality == "audio":
            return {"type": "audio", "transcript": self._text}
        return {"type": "text", "text": self._text}

    def _details(self) -> dict[str, Any] | None:
        if self._status == "failed":
            return {"type": "failed", "error": {"type": "server_error", "code": None}}
        return {"type": self._status, "reason": self._reason} if self._reason else None

    def _json(self) -> dict[str, Any]:
        settings = self.settings
        return {
            "object": "realtime.response",
            "id": self.id,
            "status": self._status,
            "status_details": self._details(),
            "output": [self._entry.item] if self._begun else [],
            "conversation_id": None if settings.out_of_band else self._conversation.id,
            "output_modalities": [settings.modality],
            "max_output_tokens": settings.max_output_tokens,
            "audio": {"output": {"format": settings.format, "voice": settings.voice}},
            "usage": None if self.active else usage(settings.context, self._entry, self._text),
            "metadata": settings.metadata,
        }


def voice_name(voice: str | Json) -> str:
    """Return the name of a voice, or the id of a custom one."""
    return voice if isinstance(voice, str) else str(voice["id"])
