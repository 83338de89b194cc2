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

from realtime import aws
from realtime.day import seconds_until_tomorrow, today
from realtime.duration import KEY_SECONDS
from realtime.dynamodb import ConditionFailed, Table
from realtime.errors import Blocked, LedgerUnavailable, Paused, QuotaExceeded
from realtime.reservation import Kind, Reservation, entry_id, from_item
from realtime.settings import Limits, settings
from realtime.timeouts import LEDGER_SECONDS, UNCONFIRMED_SECONDS, remaining
from realtime.transactions import (
    confirm_actions,
    remove_entries,
    reserve_actions,
    restore_actions,
    settle_actions,
)
from realtime.usage import Usage, read_entries, read_left, read_usage

MIN_CALL_SECONDS = 60
"""Where fewer are left today, no call is started."""


class TooManyCalls(Exception):
    """Raised when the person has `CallsAtOnce` open calls."""


class ReservationGone(Exception):
    """Raised when a reservation has been settled in the meantime."""


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
                left = min((await read_left(self._table, self._limits, person)).values(), default=0)
                if left < (seconds if kind == "key" else MIN_CALL_SECONDS):
                    raise
                return await self._reserve(kind, person, preset, min(left, seconds))

    async def check_minutes_after(self, oldest: Reservation) -> None:
        """Make sure that ending a person's oldest call leaves enough minutes for another one.

        Args:
            oldest: the call's reservation.

        Raises:
            QuotaExceeded: too few would be left.
        """
        given_back = oldest.seconds - oldest.used_seconds() if oldest.day == today() else 0
        async with _available():
            left = await read_left(self._table, self._limits, oldest.person)
        for limit, seconds in left.items():
            if seconds + given_back < MIN_CALL_SECONDS:
                raise self._limit_error(limit)

    async def confirm(self, reservation: Reservation) -> None:
        """Record what a reservation has become.

        Args:
            reservation: a confirmed one.

        Raises:
            ReservationGone: it has been settled in the meantime.
        """
        async with _available():
            try:
                await self._table.transact(confirm_actions(reservation))
            except ConditionFailed as error:
                raise ReservationGone from error

    async def leave_to_sweep(self, reservation: Reservation) -> None:
        """Record a call that may be open, so that the sweep hangs it up.

        Args:
            reservation: a confirmed one. If it has been settled in the meantime, its minutes have been given back: it
                is recorded again without minutes.
        """
        try:
            await self.confirm(reservation)
        except ReservationGone:
            async with _available():
                await self._table.transact(restore_actions(reservation))

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
                await self._table.transact(settle_actions(reservation, used_seconds))
            except ConditionFailed:
                return False
        return True

    async def find_call(self, call_id: str) -> Reservation | None:
        """Find the open reservation of a call."""
        async with _available():
            pointer = await self._table.get(f"call#{call_id}")
            return await self._get_reservation(pointer["reservation"]) if pointer else None

    async def find_oldest(self, kind: Kind, person: str) -> Reservation | None:
        """Find a person's oldest open reservation of a kind.

        If all have expired, because there was no sweep for more than a day, their entries are removed: they would count
        as open calls.
        """
        async with _available():
            entries = await read_entries(self._table, kind, person)
            for entry in entries:
                if oldest := await self._get_reservation(entry_id(entry)):
                    return oldest
            if entries:
                await self._table.transact([remove_entries(kind, person, entries)])
        return None

    async def find_due(self) -> list[Reservation]:
        """Find what the server has to end: all that is over its time; calls of blocked people; all calls if paused."""
        async with _available():
            paused = await self._table.get("paused")
            reservations = [from_item(item) for item in await self._table.query("open_by_end", "index_key", "open")]
            blocked = set() if paused else await self._find_blocked({one.person for one in reservations})

        def is_stopped(one: Reservation) -> bool:
            return bool(one.call_id and (paused or one.person in blocked))

        now = int(time.time())
        due = [one for one in reservations if is_stopped(one) or one.ends_at <= now]
        return sorted(due, key=is_stopped, reverse=True)

    async def get_usage(self, person: str) -> Usage:
        """Add up a person's minutes of today."""
        async with _available():
            return await read_usage(self._table, self._limits, person)

    async def get_day_seconds(self) -> int:
        """Return the seconds of all people today, reserved or used."""
        async with _available():
            return int((await self._table.get(f"day#{today()}") or {}).get("reserved_seconds", 0))

    async def _reserve(self, kind: Kind, person: str, preset: str, seconds: int) -> Reservation:
        now, reservation_id = int(time.time()), str(uuid.uuid4())
        ends_at = now + UNCONFIRMED_SECONDS
        reservation = Reservation(reservation_id, kind, person, preset, today(), seconds, now, ends_at)
        try:
            await self._table.transact(reserve_actions(reservation, self._limits), reservation.id)
        except ConditionFailed as failed:
            if failed.name != "reservation":  # it exists: DynamoDB's response to an earlier try was lost
                raise self._limit_error(failed.name) from failed
        return reservation

    def _limit_error(self, name: str) -> Exception:
        match name:
            case "paused":
                return Paused("Calls are paused for now; try again later.")
            case "blocked":
                return Blocked("You may not call; ask whoever runs this service.")
            case "calls_at_once":
                return TooManyCalls()
            case limit:
                return _quota_exceeded(limit, getattr(self._limits, limit))

    async def _get_reservation(self, reservation_id: str) -> Reservation | None:
        item = await self._table.get(f"reservation#{reservation_id}")
        return from_item(item) if item else None

    async def _find_blocked(self, people: Iterable[str]) -> set[str]:
        items = await self._table.get_many(f"blocked#{person}" for person in people)
        return {item["id"].partition("#")[2] for item in items}


@cache
def get_ledger() -> Ledger | None:
    """Return the ledger, the same object for the life of the process; None where no limit is set."""
    name = settings().ledger_table
    return Ledger(Table(name), settings().limits) if name else None


def _quota_exceeded(limit: str, minutes: int) -> QuotaExceeded:
    whose = "Today's minutes of everybody together" if limit == "minutes_per_day" else "Your minutes of today"
    message = f"{whose} are used up or reserved ({minutes} a day). They are free again at 00:00 UTC."
    return QuotaExceeded(message, param=limit, headers={"Retry-After": str(seconds_until_tomorrow())})


@asynccontextmanager
async def _available() -> AsyncIterator[None]:
    try:
        async with asyncio.timeout(min(LEDGER_SECONDS, remaining())):
            yield
    except (aws.AwsError, TimeoutError, KeyError, ValueError) as error:  # the last two: items not as we write them
        raise LedgerUnavailable("The minutes of this call cannot be reserved or given back; try again.") from error
