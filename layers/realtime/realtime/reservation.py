"""A reservation: the minutes of one call or ephemeral key, and the transactions that change it.

Every change is one transaction under conditions, so that no limit is passed however many requests come at once, and a
reservation is settled once.
"""

import time
from typing import Literal, NamedTuple

from realtime.caller import EVERYBODY
from realtime.dynamodb import Action, Item, check_absent, delete, put, update
from realtime.presets import Type
from realtime.settings import Limits

LONGEST_CALL_SECONDS: dict[Type, int] = {
    "realtime": 60 * 60,
    "transcription": 60 * 60,
    "translation": 60 * 60,
    "live": 2 * 60 * 60,
}
"""After which the upstream ends a call by itself."""

KEY_SECONDS = 60 * 60
"""We never learn which call an ephemeral key is used for. The Live API has none."""

UNCONFIRMED_SECONDS = 60
"""How long a reservation waits to become a call; longer than any function runs."""

DAY_SECONDS = 24 * 60 * 60

Kind = Literal["call", "key"]


class Reservation(NamedTuple):
    """The minutes of one call or ephemeral key."""

    id: str
    kind: Kind
    person: str
    preset: str
    day: str
    """The UTC day, as `2026-11-25`."""
    seconds: int
    started_at: int
    """Seconds since the epoch."""
    ends_at: int
    """When the sweep ends it, in seconds since the epoch."""
    confirmed: int = 0
    """1 once there is a call or a key."""
    call_id: str = ""
    """Empty for a key, and for a call whose id the upstream did not tell: neither can be hung up by us."""

    @property
    def entry(self) -> str:
        """Its entry in the person's set of open reservations, which sorts by time."""
        return f"{self.started_at:012}#{self.id}"

    @property
    def is_listed(self) -> bool:
        """Whether the person's item has it: not the calls of everybody together, which could be too many for one."""
        return self.person != EVERYBODY or self.kind == "key"

    @property
    def counters(self) -> tuple[str, str]:
        """The ids of the items that add up all people's seconds of the day, and the person's."""
        return f"day#{self.day}", f"person#{self.person}#{self.day}"

    def to_confirmed(self, call_id: str | None, *, ends_at: int) -> "Reservation":
        """Return what it becomes once there is a call or a key.

        Args:
            call_id: the upstream's; None for a key, or if the upstream told none.
            ends_at: when the sweep ends it, in seconds since the epoch.
        """
        return self._replace(confirmed=1, call_id=call_id or "", ends_at=ends_at)

    def used_seconds(self) -> int:
        """Return how long it has been open."""
        return min(self.seconds, max(0, int(time.time()) - self.started_at))

    def to_item(self) -> Item:
        """Return the item of the table."""
        item = self._asdict() | {"id": f"reservation#{self.id}", "index_key": "open"}
        return item | {"expires_at": self.ends_at + DAY_SECONDS}


def from_item(item: Item) -> Reservation:
    """Read a reservation out of its item of the table."""
    values = {name: item[name] for name in Reservation._fields}
    return Reservation(**values | {"id": item["id"].partition("#")[2]})


def entry_id(entry: str) -> str:
    """Return the id of the reservation that an entry of a person's set is about."""
    return entry.partition("#")[2]


def reserving(reservation: Reservation, limits: Limits) -> list[Action]:
    """Return the transaction that reserves, its actions named after the limits."""
    day, person = reservation.counters
    actions = [
        check_absent("paused", name="paused"),
        check_absent(f"blocked#{reservation.person}", name="blocked"),
        _adding("minutes_per_day", day, reservation.seconds, limits.minutes_per_day),
        _adding("minutes_per_person_per_day", person, reservation.seconds, limits.minutes_per_person_per_day),
    ]
    if reservation.is_listed:
        actions.append(_listing(reservation, limits.calls_at_once if reservation.kind == "call" else 0))
    return [*actions, put(reservation.to_item(), "attribute_not_exists(id)", name="reservation")]


def confirming(reservation: Reservation) -> list[Action]:
    """Return the transaction that writes down what a reservation has become."""
    expression = "SET confirmed = :one, call_id = :call_id, ends_at = :ends_at, expires_at = :expires_at"
    expires_at = reservation.ends_at + DAY_SECONDS
    values = {"one": 1, "call_id": reservation.call_id, "ends_at": reservation.ends_at, "expires_at": expires_at}
    actions = [update(f"reservation#{reservation.id}", expression, values, "attribute_exists(id)")]
    return actions + _pointing(reservation)


def restoring(reservation: Reservation) -> list[Action]:
    """Return the transaction that writes down a call whose minutes have been given back already."""
    return [put(reservation._replace(seconds=0).to_item()), *_pointing(reservation)]


def settling(reservation: Reservation, used_seconds: int) -> list[Action]:
    """Return the transaction that closes a reservation: less used is given back, and more is added.

    Its condition is that the reservation has not become a call or a key since it was read: that one would be forgotten.
    """
    known = {"none": "", "call_id": reservation.call_id, "confirmed": reservation.confirmed}
    condition = "call_id IN (:none, :call_id) AND confirmed <= :confirmed"
    actions = [delete(f"reservation#{reservation.id}", known, condition)]
    if reservation.call_id:
        actions.append(delete(f"call#{reservation.call_id}"))
    if reservation.is_listed:
        expression = f"DELETE open_{reservation.kind}s :entries"
        actions.append(update(f"person#{reservation.person}", expression, {"entries": {reservation.entry}}))
    if used_seconds != reservation.seconds:
        values = {"seconds": used_seconds - reservation.seconds}
        actions += [update(item_id, "ADD reserved_seconds :seconds", values) for item_id in reservation.counters]
    return actions


def _pointing(reservation: Reservation) -> list[Action]:
    """Write down whose reservation a call is."""
    if not reservation.call_id:
        return []
    expires_at = reservation.ends_at + DAY_SECONDS
    pointer = {"id": f"call#{reservation.call_id}", "reservation": reservation.id, "expires_at": expires_at}
    return [put(pointer)]


def _adding(name: str, item_id: str, seconds: int, minutes: int) -> Action:
    """Add seconds, on the condition that they are within the limit; 0 minutes is no limit."""
    values: Item = {"seconds": seconds, "expires_at": _item_expires_at()}
    condition = ""
    if minutes:
        values["most"] = minutes * 60 - seconds
        # An item that does not exist has no seconds to compare.
        condition = "reserved_seconds <= :most" + (" OR attribute_not_exists(id)" if values["most"] >= 0 else "")
    return update(item_id, "ADD reserved_seconds :seconds SET expires_at = :expires_at", values, condition, name)


def _listing(reservation: Reservation, at_most: int) -> Action:
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
