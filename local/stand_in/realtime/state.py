"""The state that the parts of one session share."""

from dataclasses import dataclass, field
from typing import Any, Protocol

from local.stand_in.errors import ApiError
from local.stand_in.realtime.conversation import Conversation
from local.stand_in.typed import Json


class Send(Protocol):
    """Sends a server event."""

    def __call__(self, event: str, /, **members: Any) -> None:
        """Send the event of this type with these members."""


@dataclass
class State:
    """The current session config, the conversation, and the function that sends events."""

    config: Json
    send: Send
    conversation: Conversation = field(default_factory=Conversation)
    spoke: bool = False

    def send_error(self, error: ApiError, event_id: str | None = None) -> None:
        """Send an `error` event; the session goes on.

        Args:
            error: the error.
            event_id: the id of the client event that caused it, if the client set one.
        """
        self.send("error", error={**error.members, "event_id": event_id})
