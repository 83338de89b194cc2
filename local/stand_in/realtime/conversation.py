"""The conversation: its items in order, and the last recording."""

from dataclasses import dataclass

from local.stand_in.errors import ApiError
from local.stand_in.ids import new_id
from local.stand_in.input_audio_buffer import Recording
from local.stand_in.typed import Json


@dataclass
class Entry:
    """An item of the conversation, and its audio."""

    item: Json
    recording: Recording | None = None
    audio_ms: int = 0
    """Duration of the assistant's audio."""

    @property
    def id(self) -> str:
        """The item's id."""
        return str(self.item["id"])


class Conversation:
    """The default conversation of a session."""

    def __init__(self) -> None:
        self.id = new_id("conv")
        self.entries: list[Entry] = []

    def add(self, entry: Entry, after: str | None = None) -> str | None:
        """Add an item to the conversation.

        Args:
            entry: the item.
            after: the id of the item before it, "root" for the beginning, None for the end.

        Returns:
            The id of the item before it, None at the beginning.

        Raises:
            ApiError: there is an item with its id already, or none with the id `after`.
        """
        if any(known.id == entry.id for known in self.entries):
            raise ApiError(f"Item with id '{entry.id}' already exists.", code="item_already_exists", param="item.id")
        position = len(self.entries) if after is None else 0 if after == "root" else self._after(after)
        if entry.recording:
            # Only the last recording is played back, so older ones are removed from memory.
            for older in self.entries:
                older.recording = None
        self.entries.insert(position, entry)
        return self.entries[position - 1].id if position else None

    def find(self, item_id: str, action: str) -> Entry:
        """Return an item.

        Args:
            item_id: its id.
            action: "delete", "retrieve" or "truncate", for the error's message.

        Raises:
            ApiError: there is no such item.
        """
        entry = next((entry for entry in self.entries if entry.id == item_id), None)
        if entry is None:
            raise ApiError(
                f"Error {action[:-1]}ing item: the item with id '{item_id}' does not exist.",
                code=f"item_{action}_invalid_item_id",
                param="item_id",
            )
        return entry

    def remove(self, item_id: str) -> None:
        """Remove an item; raises ApiError if there is none."""
        self.entries.remove(self.find(item_id, "delete"))

    def truncate(self, item_id: str, audio_end_ms: int) -> None:
        """Cut off the audio of an assistant's message that was not played.

        The transcript is removed, since there is no mapping from its words to times.

        Raises:
            ApiError: there is no such message, or it is shorter.
        """
        entry = self.find(item_id, "truncate")
        if entry.item.get("role") != "assistant" or not _is_audio(entry.item):
            raise ApiError("Only an assistant's audio can be truncated.", code="invalid_value", param="item_id")
        if audio_end_ms > entry.audio_ms:
            raise ApiError(
                f"Audio content of {entry.audio_ms}ms is already shorter than {audio_end_ms}ms.",
                code="invalid_value",
                param="audio_end_ms",
            )
        entry.audio_ms = audio_end_ms
        entry.item["content"] = [{"type": "output_audio", "transcript": None}]

    def _after(self, item_id: str) -> int:
        ids = [entry.id for entry in self.entries]
        if item_id not in ids:
            raise ApiError(
                f"The previous item with id '{item_id}' does not exist.",
                code="invalid_value",
                param="previous_item_id",
            )
        return ids.index(item_id) + 1


def _is_audio(item: Json) -> bool:
    return bool(item["content"]) and item["content"][0]["type"] == "output_audio"
