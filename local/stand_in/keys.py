"""The standard key, and the ephemeral keys minted with it."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass

from local.stand_in.errors import ApiError, InvalidKey
from local.stand_in.session_config import Session

REMEMBERED_SECONDS = 3600
"""How long after its expiry a key is still told apart from one that never was."""


@dataclass(frozen=True)
class EphemeralKey:
    """A client secret: opens one call with the session config that it was minted for."""

    value: str
    expires_at: int
    session: Session
    safety_identifier: str | None


class Keys:
    """All keys that the stand-in accepts.

    Args:
        api_key: the standard key.
        clock: tells the time, in seconds since the epoch.
    """

    def __init__(self, api_key: str, clock: Callable[[], float]) -> None:
        self._api_key = api_key
        self._clock = clock
        self._minted: dict[str, EphemeralKey] = {}
        self._used: set[str] = set()

    def is_standard(self, key: str) -> bool:
        """Tell whether this is the standard key."""
        return secrets.compare_digest(key.encode(), self._api_key.encode())

    def require_standard(self, key: str) -> None:
        """Raise InvalidKey unless this is the standard key."""
        if not self.is_standard(key):
            raise _unknown(key)

    def mint(self, session: Session, seconds: int, safety_identifier: str | None) -> EphemeralKey:
        """Make a key that opens one call within so many seconds."""
        self._forget()
        key = EphemeralKey(
            f"ek_local_{secrets.token_hex(16)}", int(self._clock()) + seconds, session, safety_identifier
        )
        self._minted[key.value] = key
        return key

    def find(self, value: str) -> EphemeralKey:
        """Return a key that may still open a call.

        Raises:
            InvalidKey: it never was, has expired, or was used: one key opens one call, as upstream since August 2026.
        """
        key = self._minted.get(value)
        if key is None:
            raise _unknown(value)
        if value in self._used:
            raise InvalidKey("This ephemeral token has already been used.", code="ephemeral_token_already_used")
        if self._clock() >= key.expires_at:
            raise InvalidKey("This ephemeral token has expired.", code="ephemeral_token_expired")
        return key

    def use_up(self, key: EphemeralKey) -> None:
        """Note that this key has opened its call."""
        self._used.add(key.value)

    def _forget(self) -> None:
        horizon = self._clock() - REMEMBERED_SECONDS
        for value in [value for value, key in self._minted.items() if key.expires_at < horizon]:
            del self._minted[value]
            self._used.discard(value)


def _unknown(key: str) -> ApiError:
    if not key:
        return InvalidKey(
            "You didn't provide an API key. Send it in an Authorization header as a Bearer token.",
            code="invalid_api_key",
        )
    # The real API echoes both ends of the key: whoever relays this message leaks them.
    shown = f"{key[:8]}{'*' * 8}{key[-4:]}" if len(key) > 12 else "*" * len(key)
    return InvalidKey(f"Incorrect API key provided: {shown}.", code="invalid_api_key")
