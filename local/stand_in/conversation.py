"""The conversation: its items in order, and the sound of the last one that was heard."""

import secrets
from dataclasses import dataclass

from local.stand_in.ears import Heard
from local.stand_in.errors import ApiError
from local.stand_in.items import Shown


def new_id(kind: str) -> str:
    """Make an id as the API does, for example `item_…`."""
    return f"{kind}_{secrets.token_hex(12)}"


@dataclass
class Entry:
    """An item of the conversation."""

    item: Shown
    heard: Heard | None = None
    audio_ms: int = 0

    @property
    def id(self) -> str:
        """The item's id."""
        return str(self.item["id"])


class Conversation:
    """The default conversation of a session."""

    def __init__(self) -> None:
        self.id = new_id("conv")
        self.entries: list[Entry] = []

    @property
    def last_id(self) -> str | None:
        """The id of the newest item."""
        return self.entries[-1].id if self.entries else None

    def add(self, entry: Entry, after: str | None = None) -> str | None:
        """Put an item into the conversation.

        Args:
            entry: the item.
            after: the id of the one before it, "root" for the beginning, None for the end.

        Returns:
            The id of the one before it, None at the beginning.

        Raises:
            ApiError: there is an item of that id already, or none to put it after.
        """
        if any(known.id == entry.id for known in self.entries):
            raise ApiError(f"Item with id '{entry.id}' already exists.", code="item_already_exists", param="item.id")
        position = len(self.entries) if after is None else 0 if after == "root" else self._after(after)
        if entry.heard:
            # Only the last sound is ever played back: an hour of speech need not stay in memory.
            for older in self.entries:
                older.heard = None
        self.entries.insert(position, entry)
        return self.entries[position - 1].id if position else None

    def find(self, item_id: str, doing: str) -> Entry:
        """Return an item.

        Args:
            item_id: its id.
            doing: what for ("delete", "retrieve", "truncate"), for the error.

        Raises:
            ApiError: there is none.
        """
        entry = next((entry for entry in self.entries if entry.id == item_id), None)
        if entry is None:
            raise ApiError(
                f"Error {doing[:-1]}ing item: the item with id '{item_id}' does not exist.",
                code=f"item_{doing}_invalid_item_id",
                param="item_id",
            )
        return entry

    def remove(self, item_id: str) -> None:
        """Take an item out; raises ApiError where there is none."""
        self.entries.remove(self.find(item_id, "delete"))

    def truncate(self, item_id: str, audio_end_ms: int) -> None:
        """Forget what of an answer was not heard, and its transcript, which cannot be cut at a time.

        Raises:
            ApiError: there is no such answer, or it is shorter.
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


def _is_audio(item: Shown) -> bool:
    return bool(item["content"]) and item["content"][0]["type"] == "output_audio"
