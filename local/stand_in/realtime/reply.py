"""Decides what the stand-in answers: the person's own audio, tones for typed text, or a function call."""

import json
from dataclasses import dataclass

from local.stand_in.input_audio_buffer import Recording
from local.stand_in.realtime.conversation import Entry
from local.stand_in.speech import Speech
from local.stand_in.tool_calls import arguments, choose
from local.stand_in.typed import Json

GREETING = "Hello, I am a parrot: say something, and I say it back."
STILL_THERE = "I heard only silence. Are you still there?"


@dataclass(frozen=True)
class ToolCall:
    """A function that the client must call."""

    name: str
    arguments: str


def compose(context: list[Entry], tools: list[Json], choice: object, *, aloud: bool) -> Speech | ToolCall:
    """Decide what to answer.

    Args:
        context: the items that the response answers, in order.
        tools: the response's tools.
        choice: the response's tool choice.
        aloud: whether the answer has audio.

    Returns:
        The answer, or the function to call.
    """
    last = next((entry for entry in reversed(context) if _asks(entry)), None)
    text = _typed(last) if last else ""
    tool = choose(tools, choice, text)
    if tool:
        return ToolCall(tool["name"], json.dumps(arguments(tool, text)))
    if last is None:
        return Speech(GREETING)
    if last.item["type"] == "function_call_output":
        return Speech(f"{_called(context, last)} says: {last.item['output']}")
    return _about(last, text, aloud)


def _about(message: Entry, text: str, aloud: bool) -> Speech:
    if message.recording:
        return _repeat(message.recording, aloud)
    if text:
        return Speech(f"You typed: {text}")
    if any(part["type"] == "input_image" for part in message.item["content"]):
        return Speech("You sent a picture.")
    return Speech("You said something, but that was a while ago.")


def _repeat(recording: Recording, aloud: bool) -> Speech:
    if not recording.speech_ms:
        return Speech(STILL_THERE)
    return Speech(str(recording), recording.pcm) if aloud else Speech(f"You said something: {recording}.")


def _asks(entry: Entry) -> bool:
    return entry.item["type"] == "function_call_output" or entry.item.get("role") == "user"


def _typed(entry: Entry) -> str:
    parts = entry.item.get("content", [])
    return " ".join(part["text"] for part in parts if part["type"] == "input_text").strip()


def _called(context: list[Entry], output: Entry) -> str:
    calls = (entry.item for entry in context if entry.item["type"] == "function_call")
    names = (item["name"] for item in calls if item.get("call_id") == output.item["call_id"])
    return str(next(names, "The function"))
