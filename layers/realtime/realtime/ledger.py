"""The ledger: the minutes of every call are reserved before it, and given back after it.

One DynamoDB table. Its items, by the beginning of their id:

    day#2026-11-25               reserved_seconds: all people's of that UTC day, reserved or used
    person#<person>#2026-11-25   reserved_seconds: one person's
    person#<person>              open_calls, open_keys: sets of that person's open reservations
    reservation#<id>             a call or an ephemeral key, as long as it is open; index `open_by_end`
    call#<call_id>               whose reservation a call is
    paused, blocked#<person>     written by the deployer: nobody, or not that person, may start a call

A reservation that never became a call is given back by the sweep after a minute.
"""

import asyncio
import time
import uuid
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from functools import cache
from typing import NamedTuple

from realtime import aws
from realtime.dynamodb import ConditionFailed, Table
from realtime.errors import Blocked, LedgerUnavailable, Paused, QuotaExceeded
from realtime.reservation import (
    DAY_SECONDS,
    KEY_SECONDS,
    UNCONFIRMED_SECONDS,
    Kind,
    Reservation,
    confirming,
    entry_id,
    from_item,
    reserving,
    restoring,
    settling,
)
from realtime.settings import Limits, settings
from realtime.timeouts import LEDGER_SECONDS, remaining

MIN_CALL_SECONDS = 60
"""Where fewer are left today, no call is started."""


class TooManyCalls(Exception):
    """Raised when the person has `CallsAtOnce` open calls."""


class ReservationGone(Exception):
    """Raised when a reservation has been settled in the meantime."""


class Usage(NamedTuple):
    """One person's minutes of today, in seconds."""

    used: int
    """All reserved seconds of open calls included."""
    left: int | None
    """Until the person's or everybody's limit; None without a limit."""
    open_calls: list[Reservation]


class Ledger:
    """Reserves, confirms and settles. Every method raises LedgerUnavailable if the table cannot be read or changed.

    Args:
        table: the DynamoDB table.
        limits: the deployer's limits; 0 is no limit.
    """

    def __init__(self, table: Table, limits: Limits) -> None:
        self._table = table
        self._limits = limits

    async def reserve(self, kind: Kind, person: str, preset: str, longest_seconds: int) -> Reservation:
        """Reserve the minutes of a call or a key; fewer for a call if fewer are left today.

        Args:
            kind: `call` or `key`.
            person: who calls.
            preset: name of the preset.
            longest_seconds: after which the upstream ends such a call by itself.

        Raises:
            Paused: the deployer has paused calls.
            Blocked: the deployer has blocked the person.
            QuotaExceeded: too few minutes are left today.
            TooManyCalls: the person's oldest call has to end first.
        """
        limit = self._limits.max_call_minutes * 60 or longest_seconds
        seconds = KEY_SECONDS if kind == "key" else min(limit, longest_seconds)
        async with _available():
            try:
                return await self._reserve(kind, person, preset, seconds)
            except QuotaExceeded:
                left = (await self._get_usage(person)).left or 0
                if kind == "key" or not MIN_CALL_SECONDS <= left < seconds:
                    raise
                return await self._reserve(kind, person, preset, left)

    async def confirm(self, reservation: Reservation) -> None:
        """Write down what a reservation has become.

        Args:
            reservation: a confirmed one.

        Raises:
            ReservationGone: it has been settled in the meantime.
        """
        async with _available():
            try:
                await self._table.transact(confirming(reservation), str(uuid.uuid4()))
            except ConditionFailed as gone:
                raise ReservationGone from gone

    async def leave_to_sweep(self, reservation: Reservation) -> None:
        """Write down a call that may be open, so that the sweep hangs it up.

        Args:
            reservation: a confirmed one. If it has been settled in the meantime, its minutes are somebody else's: it
                is written down again without minutes.
        """
        try:
            await self.confirm(reservation)
        except ReservationGone:
            async with _available():
                await self._table.transact(restoring(reservation), str(uuid.uuid4()))

    async def settle(self, reservation: Reservation, *, used_seconds: int) -> bool:
        """Close a reservation, and give back what was not used.

        Args:
            reservation: the reservation.
            used_seconds: what counts as used.

        Returns:
            Whether it was still open, and had not become a call or a key since it was read.
        """
        async with _available():
            try:
                await self._table.transact(settling(reservation, used_seconds), str(uuid.uuid4()))
            except ConditionFailed:
                return False
        return True

    async def find_call(self, call_id: str) -> Reservation | None:
        """Find the open reservation of a call."""
        async with _available():
            pointer = await self._table.get(f"call#{call_id}")
            return await self._get_reservation(pointer["reservation"]) if pointer else None

    async def find_oldest(self, kind: Kind, person: str) -> Reservation | None:
        """Find a person's oldest open reservation of a kind."""
        async with _available():
            return next(iter(await self._get_open(kind, person)), None)

    async def find_due(self) -> list[Reservation]:
        """Find what the server has to end: all that is over its time; calls of blocked people; all calls if paused."""
        async with _available():
            paused, everything = await asyncio.gather(
                self._table.get("paused"), self._table.query("open_by_end", "index_key", "open")
            )
            reservations = [from_item(item) for item in everything]
            blocked = set() if paused else await self._find_blocked({one.person for one in reservations})
            now = int(time.time())
            stopped = [one for one in reservations if one.call_id and (paused or one.person in blocked)]
            return stopped + [one for one in reservations if one not in stopped and one.ends_at <= now]

    async def get_usage(self, person: str) -> Usage:
        """Add up a person's minutes of today."""
        async with _available():
            return await self._get_usage(person)

    async def get_day_seconds(self) -> int:
        """Return the seconds of all people today, reserved or used."""
        async with _available():
            return await self._get_seconds(f"day#{today()}")

    async def _reserve(self, kind: Kind, person: str, preset: str, seconds: int) -> Reservation:
        now, reservation_id = int(time.time()), str(uuid.uuid4())
        ends_at = now + UNCONFIRMED_SECONDS
        reservation = Reservation(reservation_id, kind, person, preset, today(), seconds, now, ends_at)
        try:
            await self._table.transact(reserving(reservation, self._limits), reservation.id)
        except ConditionFailed as failed:
            self._raise_exceeded_limit(failed)
        return reservation

    def _raise_exceeded_limit(self, failed: ConditionFailed) -> None:
        match failed.name:
            case "reservation":  # it exists: DynamoDB's response to an earlier try was lost
                return
            case "paused":
                raise Paused("Calls are paused for now; try again later.") from failed
            case "blocked":
                raise Blocked("You may not call; ask whoever runs this service.") from failed
            case "calls_at_once":
                raise TooManyCalls from failed
            case limit:
                raise _quota_exceeded(limit, getattr(self._limits, limit)) from failed

    async def _get_usage(self, person: str) -> Usage:
        day, used, calls = await asyncio.gather(
            self._get_seconds(f"day#{today()}"),
            self._get_seconds(f"person#{person}#{today()}"),
            self._get_open("call", person),
        )
        limits = ((self._limits.minutes_per_day, day), (self._limits.minutes_per_person_per_day, used))
        left = [max(0, minutes * 60 - seconds) for minutes, seconds in limits if minutes]
        return Usage(used, min(left, default=None), calls)

    async def _get_seconds(self, item_id: str) -> int:
        return int((await self._table.get(item_id) or {}).get("reserved_seconds", 0))

    async def _get_open(self, kind: Kind, person: str) -> list[Reservation]:
        """Read a person's open reservations of a kind, oldest first."""
        entries = sorted((await self._table.get(f"person#{person}") or {}).get(f"open_{kind}s", ()))
        found = await asyncio.gather(*(self._get_reservation(entry_id(entry)) for entry in entries))
        return [reservation for reservation in found if reservation]

    async def _get_reservation(self, reservation_id: str) -> Reservation | None:
        item = await self._table.get(f"reservation#{reservation_id}")
        return from_item(item) if item else None

    async def _find_blocked(self, people: Iterable[str]) -> set[str]:
        names = list(people)
        found = await asyncio.gather(*(self._table.get(f"blocked#{name}") for name in names))
        return {name for name, item in zip(names, found, strict=True) if item}


@cache
def get_ledger() -> Ledger | None:
    """Return the ledger, the same object for the life of the process; None where no limit is set."""
    name = settings().ledger_table
    return Ledger(Table(name), settings().limits) if name else None


def today() -> str:
    """Return the UTC day."""
    return time.strftime("%Y-%m-%d", time.gmtime(time.time()))


def seconds_until_tomorrow() -> int:
    """Return the seconds until the next UTC day, in which all minutes are free again."""
    return DAY_SECONDS - int(time.time()) % DAY_SECONDS


def _quota_exceeded(limit: str, minutes: int) -> QuotaExceeded:
    whose = "Today's minutes of everybody together" if limit == "minutes_per_day" else "Your minutes of today"
    message = f"{whose} are used up or reserved ({minutes} a day). They are free again at 00:00 UTC."
    return QuotaExceeded(message, param=limit, headers={"Retry-After": str(seconds_until_tomorrow())})


@asynccontextmanager
async def _available() -> AsyncIterator[None]:
    try:
        async with asyncio.timeout(min(LEDGER_SECONDS, remaining())):
            yield
    except (aws.AwsError, TimeoutError, KeyError, ValueError) as error:
        raise LedgerUnavailable("The minutes of this call cannot be reserved or given back; try again.") from error
