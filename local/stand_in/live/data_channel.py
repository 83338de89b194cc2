"""The data channel of a Live session: parses what the page sends, sends server events, both as far as is allowed."""

import json
from collections.abc import Callable
from typing import Any

from local.stand_in.errors import ApiError
from local.stand_in.ids import new_id
from local.stand_in.live.client_events import parse_live_event
from local.stand_in.live.permissions import Permissions
from local.stand_in.messages import parse_message
from local.stand_in.typed import Json


class DataChannel:
    """The events of one session.

    Args:
        session: the session config, whose `client.data_channel` is what is allowed.
        transmit: sends a message.
    """

    def __init__(self, session: Json, transmit: Callable[[str], None]) -> None:
        self._permissions = Permissions(session)
        self._transmit = transmit

    def receive(self, message: str | bytes, handle: Callable[[Json], None]) -> None:
        """Handle a message; one that is invalid, or not allowed, is answered by an `error` event.

        Args:
            message: what the page has sent.
            handle: handles a valid client event, or raises ApiError.
        """
        event: Json = {}
        try:
            event = parse_message(message)
            self._permissions.check_sending(event.get("type"))
            handle(parse_live_event(event))
        except ApiError as error:
            self._send_error(error, event.get("event_id"))

    def started(self, session: Json) -> None:
        """Send `session.started`, and say if something is not allowed."""
        self.send("session.started", session=session)
        if self._permissions.are_limited:
            message = "This data channel may not send or receive every event."
            self.send("info", code="data_channel_permissions", message=message)

    def send(self, kind: str, /, **members: Any) -> None:
        """Send a server event, if the page may receive it."""
        event = {"type": kind, "event_id": new_id("event"), **members}
        if self._permissions.allow_receiving(event):
            self._transmit(json.dumps(event))

    def acknowledge(self, kind: str, command: Json, **members: Any) -> None:
        """Send the server event that a client event causes."""
        about = {"client_event_id": command["event_id"]} if "event_id" in command else {}
        self.send(kind, **members, **about)

    def _send_error(self, error: ApiError, event_id: object) -> None:
        about = {name: value for name, value in error.members.items() if value is not None}
        if isinstance(event_id, str):
            about["client_event_id"] = event_id
        self.send("error", error=about)
