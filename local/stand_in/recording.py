"""Items with sound in them: what a client puts into a conversation, and what was heard on the call."""

import base64
from typing import Any

from local.stand_in.conversation import Entry, new_id
from local.stand_in.ears import Heard, heard
from local.stand_in.items import AssistantMessage, FunctionCall, FunctionCallOutput, SystemMessage, UserMessage
from local.stand_in.pcm import decoded


def entry_of(
    item: SystemMessage | UserMessage | AssistantMessage | FunctionCall | FunctionCallOutput, audio_format: str
) -> Entry:
    """Make a client's item an item of the conversation.

    Args:
        item: as it came.
        audio_format: what its recordings are in, for example `audio/pcm`.

    Returns:
        The item with an id, its sound apart: over WebRTC no event carries audio.
    """
    shown = {"id": new_id("item"), "object": "realtime.item", **item.model_dump(), "status": "completed"}
    if isinstance(item, FunctionCall):
        shown.setdefault("call_id", new_id("call"))
    return Entry(shown, _take_audio(shown.get("content", []), audio_format))


def spoken_entry(item_id: str, sound: Heard) -> Entry:
    """Make what was heard an item of the conversation."""
    content = [{"type": "input_audio", "transcript": None}]
    shown = {"id": item_id, "object": "realtime.item", "type": "message", "role": "user"}
    return Entry({**shown, "status": "completed", "content": content}, sound)


def _take_audio(content: list[dict[str, Any]], audio_format: str) -> Heard | None:
    sound = None
    for part in content:
        if "audio" in part:
            sound = heard(decoded(base64.b64decode(part.pop("audio")), audio_format))
            part.setdefault("transcript", None)
    return sound
