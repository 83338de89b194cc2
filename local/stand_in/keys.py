"""The standard API key, and the ephemeral keys that are minted with it."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from local.stand_in.errors import ApiError, InvalidKey
from local.stand_in.typed import Json

EXPIRED_KEY_SECONDS = 3600
"""How long an expired key gets another error than an unknown one."""


Kind = Literal["realtime", "translation"]
"""The API that a key is for."""


@dataclass(frozen=True)
class EphemeralKey:
    """A client secret: creates one call, with the session config that it was minted for."""

    value: str
    expires_at: int
    kind: Kind
    session: Json
    """The session config."""
    safety_identifier: str | None


class Keys:
    """All keys that the stand-in accepts.

    Args:
        api_key: the standard API key.
        clock: returns the time in seconds since the epoch.
    """

    def __init__(self, api_key: str, clock: Callable[[], float]) -> None:
        self._api_key = api_key
        self._clock = clock
        self._minted: dict[str, EphemeralKey] = {}
        self._used: set[str] = set()

    def is_standard(self, key: str) -> bool:
        """Tell whether this is the standard API key."""
        return secrets.compare_digest(key.encode(), self._api_key.encode())

    def require_standard(self, key: str) -> None:
        """Raise InvalidKey unless this is the standard API key."""
        if not self.is_standard(key):
            raise _unknown_key(key)

    def mint(self, kind: Kind, session: Json, seconds: int, safety_identifier: str | None) -> EphemeralKey:
        """Mint a key that expires after so many seconds."""
        self._remove_expired()
        value, expires_at = f"ek_local_{secrets.token_hex(16)}", int(self._clock()) + seconds
        key = EphemeralKey(value, expires_at, kind, session, safety_identifier)
        self._minted[key.value] = key
        return key

    def find(self, value: str) -> EphemeralKey:
        """Return a key that may still create a call.

        Raises:
            InvalidKey: the key is unknown, expired or used; since August 2026 each key creates only one call upstream.
        """
        key = self._minted.get(value)
        if key is None:
            raise _unknown_key(value)
        if value in self._used:
            raise InvalidKey("This ephemeral token has already been used.", code="ephemeral_token_already_used")
        if self._clock() >= key.expires_at:
            raise InvalidKey("This ephemeral token has expired.", code="ephemeral_token_expired")
        return key

    def use(self, key: EphemeralKey) -> None:
        """Record that this key creates its call; raises InvalidKey if another request has used it in the meantime."""
        self.find(key.value)
        self._used.add(key.value)

    def _remove_expired(self) -> None:
        limit = self._clock() - EXPIRED_KEY_SECONDS
        for value in [value for value, key in self._minted.items() if key.expires_at < limit]:
            del self._minted[value]
            self._used.discard(value)


def _unknown_key(key: str) -> ApiError:
    if not key:
        return InvalidKey(
            "You didn't provide an API key. Send it in an Authorization header as a Bearer token.",
            code="invalid_api_key",
        )
    # The real API repeats both ends of the key, so that a relay of this message would leak them.
    shown = f"{key[:8]}{'*' * 8}{key[-4:]}" if len(key) > 12 else "*" * len(key)
    return InvalidKey(f"Incorrect API key provided: {shown}.", code="invalid_api_key")
