"""What a page may send and receive on the data channel of a Live session.

Source: `openai/types/live/data_channel_config_param.py` and `server_event_selector_param.py`.
"""

from local.stand_in.errors import ApiError
from local.stand_in.typed import Json, member


class Permissions:
    """The permissions of one session.

    Args:
        session: the session config; without `client.data_channel`, or a member of it, everything is allowed.
    """

    def __init__(self, session: Json) -> None:
        channel = member(session, "client.data_channel") or {}
        self._client_events: str | list[str] = channel.get("allowed_client_events", "all")
        self._server_events: str | list[dict[str, str]] = channel.get("allowed_server_events", "all")

    @property
    def are_limited(self) -> bool:
        """Whether there is something that the page may not do."""
        return (self._client_events, self._server_events) != ("all", "all")

    def check_sending(self, kind: object) -> None:
        """Raise ApiError if the page may not send a client event of this type."""
        if self._client_events != "all" and kind not in self._client_events:
            raise ApiError(f"This data channel may not send '{kind}'.", code="event_not_allowed", param="type")

    def allow_receiving(self, event: Json) -> bool:
        """Tell whether the page may receive a server event."""
        selector = {"type": event["type"]}
        if selector["type"] == "response.event":
            selector["response_event"] = event["event"]["type"]
        return self._server_events == "all" or selector in self._server_events
