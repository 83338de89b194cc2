"""The transactions that change a reservation, and the minutes and entries that belong to it.

Every change is one transaction under conditions, so that no limit is exceeded however many requests come at once, and a
reservation is settled once.
"""

import time
from collections.abc import Iterable

from realtime.action import Action, check_absent, delete, put, update
from realtime.day import DAY_SECONDS
from realtime.item import Item
from realtime.reservation import Kind, Reservation
from realtime.settings import Limits


def reserve_actions(reservation: Reservation, limits: Limits) -> list[Action]:
    """Return the transaction that reserves, its actions named after the limits.

    The first condition that fails is reported. The number of calls comes before the minutes: ending the person's oldest
    call frees its minutes too.

    Args:
        reservation: what is reserved.
        limits: the deployer's limits.
    """
    day, person = reservation.counters
    actions = [
        check_absent("paused", name="paused"),
        check_absent(f"blocked#{reservation.person}", name="blocked"),
    ]
    if reservation.is_listed:
        actions.append(_add_entry(reservation, limits.calls_at_once if reservation.kind == "call" else 0))
    return [
        *actions,
        _add_seconds("minutes_per_day", day, reservation.seconds, limits.minutes_per_day),
        _add_seconds("minutes_per_person_per_day", person, reservation.seconds, limits.minutes_per_person_per_day),
        put(reservation.to_item(), "attribute_not_exists(id)", name="reservation"),
    ]


def confirm_actions(reservation: Reservation) -> list[Action]:
    """Return the transaction that records what a reservation has become.

    Args:
        reservation: a confirmed one.
    """
    expression = "SET confirmed = :one, call_id = :call_id, ends_at = :ends_at, expires_at = :expires_at"
    expires_at = reservation.ends_at + DAY_SECONDS
    values = {"one": 1, "call_id": reservation.call_id, "ends_at": reservation.ends_at, "expires_at": expires_at}
    actions = [update(f"reservation#{reservation.id}", expression, values, "attribute_exists(id)")]
    return actions + _pointer_actions(reservation)


def restore_actions(reservation: Reservation) -> list[Action]:
    """Return the transaction that records a call whose minutes have been given back already.

    Args:
        reservation: a confirmed one.
    """
    return [put(reservation._replace(seconds=0).to_item()), *_pointer_actions(reservation)]


def settle_actions(reservation: Reservation, used_seconds: int) -> list[Action]:
    """Return the transaction that closes a reservation: less used is given back, and more is added.

    It fails if the reservation became a call or a key after it was read: deleting it would lose that call.

    Args:
        reservation: as it was read.
        used_seconds: what counts as used.
    """
    known = {"none": "", "call_id": reservation.call_id, "confirmed": reservation.confirmed}
    condition = "call_id IN (:none, :call_id) AND confirmed <= :confirmed"
    actions = [delete(f"reservation#{reservation.id}", known, condition)]
    if reservation.call_id:
        actions.append(delete(f"call#{reservation.call_id}"))
    if reservation.is_listed:
        actions.append(remove_entries(reservation.kind, reservation.person, [reservation.entry]))
    if used_seconds != reservation.seconds:
        values = {"seconds": used_seconds - reservation.seconds}
        actions += [update(item_id, "ADD reserved_seconds :seconds", values) for item_id in reservation.counters]
    return actions


def remove_entries(kind: Kind, person: str, entries: Iterable[str]) -> Action:
    """Return the action that removes entries from a person's set of open reservations.

    Args:
        kind: `call` or `key`.
        person: whose set.
        entries: those that are removed.
    """
    return update(f"person#{person}", f"DELETE open_{kind}s :entries", {"entries": set(entries)})


def _pointer_actions(reservation: Reservation) -> list[Action]:
    """Return the action that records whose reservation a call is, if it has an id."""
    if not reservation.call_id:
        return []
    expires_at = reservation.ends_at + DAY_SECONDS
    pointer = {"id": f"call#{reservation.call_id}", "reservation": reservation.id, "expires_at": expires_at}
    return [put(pointer)]


def _add_seconds(name: str, item_id: str, seconds: int, minutes: int) -> Action:
    """Add seconds, on the condition that they are within the limit; 0 minutes is no limit."""
    values: Item = {"seconds": seconds, "expires_at": _item_expires_at()}
    condition = ""
    if minutes:
        values["most"] = minutes * 60 - seconds
        # An item that does not exist has no seconds to compare.
        condition = "reserved_seconds <= :most" + (" OR attribute_not_exists(id)" if values["most"] >= 0 else "")
    return update(item_id, "ADD reserved_seconds :seconds SET expires_at = :expires_at", values, condition, name)


def _add_entry(reservation: Reservation, at_most: int) -> Action:
    """Add to the person's open reservations, on the condition that there are fewer than the limit; 0 is no limit."""
    attribute = f"open_{reservation.kind}s"
    values: Item = {"entries": {reservation.entry}, "expires_at": _item_expires_at()}
    condition = ""
    if at_most:
        values["at_most"] = at_most
        condition = f"attribute_not_exists({attribute}) OR size({attribute}) < :at_most"
    expression = f"ADD {attribute} :entries SET expires_at = :expires_at"
    return update(f"person#{reservation.person}", expression, values, condition, name="calls_at_once")


def _item_expires_at() -> int:
    return int(time.time()) + 3 * DAY_SECONDS
