"""What a person has used today, and what is left of it."""

from typing import NamedTuple

from realtime.day import today
from realtime.dynamodb import Table
from realtime.reservation import Kind, Reservation, entry_id, from_item
from realtime.settings import Limits


class Usage(NamedTuple):
    """One person's minutes of today, in seconds."""

    used: int
    """All reserved seconds of open calls included."""
    left: int | None
    """Until the person's or everybody's limit; None without a limit."""
    open_calls: list[Reservation]


async def read_usage(table: Table, limits: Limits, person: str) -> Usage:
    """Add up a person's minutes of today.

    Args:
        table: the ledger's table.
        limits: the deployer's limits.
        person: whose minutes.

    Returns:
        The minutes, and the open calls, oldest first.
    """
    everybodys, used = await _read_seconds(table, person)
    left = min(_left(limits, everybodys, used).values(), default=None)
    return Usage(used, left, await _read_open_calls(table, person))


async def read_left(table: Table, limits: Limits, person: str) -> dict[str, int]:
    """Return how many seconds a person may still use today, by limit; limits that are not set are left out.

    Args:
        table: the ledger's table.
        limits: the deployer's limits.
        person: whose minutes.
    """
    return _left(limits, *await _read_seconds(table, person))


async def read_entries(table: Table, kind: Kind, person: str) -> list[str]:
    """Return the entries of a person's open reservations of a kind, oldest first.

    Args:
        table: the ledger's table.
        kind: `call` or `key`.
        person: whose reservations.
    """
    return sorted((await table.get(f"person#{person}") or {}).get(f"open_{kind}s", ()))


async def _read_seconds(table: Table, person: str) -> tuple[int, int]:
    """Return the seconds of today that all people together, and this one, have reserved or used."""
    item_ids = (f"day#{today()}", f"person#{person}#{today()}")
    seconds = {item["id"]: int(item["reserved_seconds"]) for item in await table.get_many(item_ids)}
    return seconds.get(item_ids[0], 0), seconds.get(item_ids[1], 0)


def _left(limits: Limits, everybodys: int, used: int) -> dict[str, int]:
    counted = {"minutes_per_day": everybodys, "minutes_per_person_per_day": used}
    minutes = {limit: getattr(limits, limit) for limit in counted}
    return {limit: max(0, minutes[limit] * 60 - seconds) for limit, seconds in counted.items() if minutes[limit]}


async def _read_open_calls(table: Table, person: str) -> list[Reservation]:
    entries = await read_entries(table, "call", person)
    items = await table.get_many([f"reservation#{entry_id(entry)}" for entry in entries])
    return sorted(map(from_item, items), key=lambda reservation: reservation.entry)
