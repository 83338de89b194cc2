"""A reservation: the minutes of one call or ephemeral key."""

import time
from typing import Literal, NamedTuple

from realtime.caller import EVERYBODY
from realtime.day import DAY_SECONDS
from realtime.item import Item

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
    """Empty for a key, and for a call whose id the upstream did not return: neither can be hung up by us."""

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
            call_id: the upstream's; None for a key, or if the upstream returned none.
            ends_at: when the sweep ends it, in seconds since the epoch.
        """
        return self._replace(confirmed=1, call_id=call_id or "", ends_at=ends_at)

    def used_seconds(self) -> int:
        """Return how long it has been open, in seconds, and at most what is reserved."""
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
