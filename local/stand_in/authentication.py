"""Reads the key of a request, from OpenAI's header or Azure's, and counts the connections of the standard key."""

from starlette.requests import Request

from local.stand_in.keys import EphemeralKey, Keys


class Authentication:
    """Tells who sends a request.

    Args:
        keys: all keys that the stand-in accepts.
    """

    def __init__(self, keys: Keys) -> None:
        self._keys = keys
        self._connections: set[tuple[str, int]] = set()

    @property
    def connections(self) -> int:
        """The number of connections on which the standard key was sent."""
        return len(self._connections)

    def require_standard(self, request: Request) -> None:
        """Raise InvalidKey unless the request has the standard API key."""
        self._keys.require_standard(self._key(request))

    def ephemeral(self, request: Request) -> EphemeralKey | None:
        """Return the request's ephemeral key, None if it has the standard one; raises InvalidKey for any other."""
        key = self._key(request)
        return None if self._keys.is_standard(key) else self._keys.find(key)

    def _key(self, request: Request) -> str:
        scheme, _, key = request.headers.get("authorization", "").partition(" ")
        key = key.strip() if scheme.lower() == "bearer" else request.headers.get("api-key", "")
        if request.client and self._keys.is_standard(key):
            self._connections.add((request.client.host, request.client.port))
        return key
