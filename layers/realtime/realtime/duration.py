"""How long calls last, and what counts as used of their minutes."""

import time

from realtime.presets import Type, presets
from realtime.reservation import Reservation

LONGEST_CALL_SECONDS: dict[Type, int] = {
    "realtime": 60 * 60,
    "transcription": 60 * 60,
    "translation": 60 * 60,
    "live": 2 * 60 * 60,
}
"""After which the upstream ends a call by itself."""

UNPROVEN_HANG_UP: set[Type] = {"live", "translation"}
"""Types for whose browser calls no hang-up is documented: Live's is for telephone calls, translation has none."""

KEY_SECONDS = 60 * 60
"""We never learn which call an ephemeral key is used for. The Live API has none."""


def used_until_unknown_end(reservation: Reservation) -> int:
    """Return the seconds that count as used by a call that the upstream does not know, or no longer.

    For a type in UNPROVEN_HANG_UP that does not prove that the call has ended, so nothing is given back.

    Args:
        reservation: the call's.
    """
    return reservation.seconds if _type(reservation) in UNPROVEN_HANG_UP else reservation.used_seconds()


def used_without_id(reservation: Reservation) -> int | None:
    """Return the seconds that count as used where there is no id to hang up; None if the call may still be open.

    Args:
        reservation: of a key, or of a call whose id is not known.
    """
    if not reservation.confirmed:
        return 0
    if time.time() < reservation.ends_at:
        return None
    return KEY_SECONDS if reservation.kind == "key" else longest_seconds(reservation)


def is_surely_over(reservation: Reservation) -> bool:
    """Return whether the upstream must have ended a call by itself.

    Args:
        reservation: the call's.
    """
    return time.time() >= reservation.started_at + longest_seconds(reservation)


def longest_seconds(reservation: Reservation) -> int:
    """Return the seconds after which the upstream ends a call by itself.

    Args:
        reservation: the call's.
    """
    return LONGEST_CALL_SECONDS[_type(reservation)]


def _type(reservation: Reservation) -> Type:
    preset = presets().presets.get(reservation.preset)  # none after a deployment without it
    return preset.type if preset else "live"
