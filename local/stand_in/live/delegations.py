"""What a Live session delegates, to the application or to its Responses backend, and what comes back.

Source: `openai/types/live/delegation_created_event.py`, `commentary_append_event.py` and their like.
"""

import asyncio
from collections.abc import Callable

from local.stand_in.errors import ApiError
from local.stand_in.ids import new_id
from local.stand_in.live.backend import LiveBackend
from local.stand_in.live.data_channel import DataChannel
from local.stand_in.typed import Json

ACKNOWLEDGEMENT = "One moment."


class Delegations:
    """The delegations of one session.

    Args:
        config: the session's `delegation`.
        channel: its data channel.
        say: speaks a text.
    """

    def __init__(self, config: Json, channel: DataChannel, say: Callable[[str], None]) -> None:
        self._channel = channel
        self._say = say
        self._created: set[str] = set()
        self._pending: list[asyncio.TimerHandle] = []
        self._backend: LiveBackend | None = None
        self.configure(config)

    def configure(self, config: Json) -> None:
        """Use other settings from now on."""
        self._config = config
        if config["type"] != "responses":
            return
        if self._backend:
            self._backend.config = config["responses"]
        else:
            self._backend = LiveBackend(config["responses"], self._channel.send, self._say)

    @property
    def backend(self) -> LiveBackend:
        """The Responses backend; raises ApiError if the session has none."""
        if self._backend is None:
            raise ApiError("This needs delegation to Responses.", code="invalid_event", param="type")
        return self._backend

    def create(self, offset_ms: int) -> None:
        """Delegate what was said until `offset_ms` on the session's timeline; acknowledge it aloud after a while."""
        delegation: Json = {"id": new_id("delegation"), "type": "delegation", "target": self._config["type"]}
        self._created.add(delegation["id"])
        if self._backend:
            delegation["response_id"] = self._backend.new_response()
        self._channel.send("session.delegation.created", delegation=delegation, offset_ms=offset_ms)
        delay = self._config.get("acknowledgement_delay_ms", 0) / 1000
        self._pending.append(asyncio.get_running_loop().call_later(delay, self._say, ACKNOWLEDGEMENT))
        if self._backend:
            self._backend.respond_to_speech(delegation["id"])

    def append(self, command: Json, now_ms: int) -> None:
        """Take context from the page: commentary, which is spoken, or thinking or instructions, which are not.

        Raises:
            ApiError: it is for a delegation that does not exist, or is not the application's.
        """
        self._check(command["delegation_id"])
        if command["type"] != "session.instructions.append":
            self.cancel_acknowledgements()
        self._channel.acknowledge(f"{command['type']}ed", command, start_ms=now_ms, end_ms=now_ms)
        if command["type"] == "session.commentary.append":
            self._say(command["content"])

    def cancel_acknowledgements(self) -> None:
        """Say nothing about what was delegated."""
        while self._pending:
            self._pending.pop().cancel()

    def _check(self, delegation_id: str | None) -> None:
        if delegation_id is not None and (self._backend or delegation_id not in self._created):
            message = f"'{delegation_id}' is no delegation to the application."
            raise ApiError(message, code="invalid_value", param="delegation_id")
