"""Makes conversation entries from a client's items and from recordings of the call."""

import base64

from local.stand_in.ids import new_id
from local.stand_in.input_audio_buffer import Recording, record
from local.stand_in.pcm import decode
from local.stand_in.realtime.conversation import Entry
from local.stand_in.typed import Json


def entry_from_item(item: Json, audio_format: str) -> Entry:
    """Make an entry from a client's item.

    Args:
        item: the item in the client's event.
        audio_format: the format of its audio, for example `audio/pcm`.

    Returns:
        The item with an id, and its audio as a recording: over WebRTC no server event carries audio.
    """
    shown = {"id": new_id("item"), "object": "realtime.item", **item, "status": "completed"}
    if item["type"] == "function_call":
        shown.setdefault("call_id", new_id("call"))
    return Entry(shown, _remove_audio(shown.get("content", []), audio_format))


def entry_from_recording(item_id: str, recording: Recording) -> Entry:
    """Make the entry of a spoken turn."""
    content = [{"type": "input_audio", "transcript": None}]
    shown = {"id": item_id, "object": "realtime.item", "type": "message", "role": "user"}
    return Entry({**shown, "status": "completed", "content": content}, recording)


def _remove_audio(content: list[Json], audio_format: str) -> Recording | None:
    recording = None
    for part in content:
        if "audio" in part:
            recording = record(decode(base64.b64decode(part.pop("audio")), audio_format))
            part.setdefault("transcript", None)
    return recording
