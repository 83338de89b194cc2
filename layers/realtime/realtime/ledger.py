"""The ledger: the minutes of every call are reserved before it, and given back after it.

One DynamoDB table. Its items, by the beginning of their id:

    day#2026-11-25               reserved_seconds: all people's of that UTC day, reserved or used
    person#<person>#2026-11-25   reserved_seconds: one person's
    person#<person>              open_calls, open_keys: sets of that person's open reservations, oldest first
    reservation#<id>             a call or an ephemeral key, as long as it is open; index `open_by_end`
    call#<call_id>               whose reservation a call is
    paused, blocked#<person>     written by the deployer: nobody, or not that person, may start a call

Every change is one transaction under conditions, so that no limit is passed however many requests come at once, and a
reservation is settled once. A reservation that never became a call is given back by the sweep after a minute.
"""

import asyncio
import time
import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import cache
from typing import Literal, NamedTuple

from realtime import aws
from realtime.caller import EVERYBODY
from realtime.dynamodb import Action, ConditionFailed, Item, Table, check_absent, delete, put, update
from realtime.errors import Blocked, LedgerUnavailable, Paused, QuotaExceeded
from realtime.settings import Limits, settings
from realtime.timeouts import LEDGER_SECONDS, remaining

INDEX = "open_by_end"

KEY_SECONDS = MAX_CALL_SECONDS = 60 * 60
"""The upstream's longest call. We never learn which call an ephemeral key is used for."""

MIN_CALL_SECONDS = 60
"""A call that would be shorter than that is refused."""

UNCONFIRMED_SECONDS = 60
"""How long a reservation waits to become a call; longer than any function runs."""

DAY_SECONDS = 24 * 60 * 60

Kind = Literal["call", "key"]


class TooManyCalls(Exception):
    """Raised when the person has `CallsAtOnce` open calls."""


class ReservationGone(Exception):
    """Raised when a reservation has been settled in the meantime."""


class Reservation(NamedTuple):
    """The minutes of one call or ephemeral key."""

    id: str
    kind: Kind
    person: str
    preset: str
    day: str
    seconds: int
    started_at: int
    """Seconds since the epoch."""
    ends_at: int
    """When the sweep ends it, in seconds since the epoch."""
    call_id: str = ""

    @property
    def open_name(self) -> str:
        """Its name in the person's set of open reservations, which DynamoDB keeps in no order."""
        return f"{self.started_at:012}#{self.id}"

    def used_seconds(self) -> int:
        """Return how long it has been open."""
        return min(self.seconds, max(0, int(time.time()) - self.started_at))


class Usage(NamedTuple):
    """One person's minutes of today, in seconds."""

    used: int
    """Reserved minutes of open calls included."""
    left: int | None
    """Until the person's or everybody's limit; None without a limit."""
    calls: list[Reservation]


class Ledger:
    """Reserves, confirms and settles.

    Args:
        table: the DynamoDB table.
        limits: the deployer's limits; 0 is no limit.
    """

    def __init__(self, table: Table, limits: Limits) -> None:
        self._table = table
        self._limits = limits

    async def reserve(self, kind: Kind, person: str, preset: str) -> Reservation:
        """Reserve the minutes of a call or a key; a call's are fewer where fewer are left today.

        Args:
            kind: `call` or `key`.
            person: who calls.
            preset: name of the preset.

        Raises:
            Paused: the deployer has paused calls.
            Blocked: the deployer has blocked the person.
            QuotaExceeded: too few minutes are left today.
            TooManyCalls: the person's oldest call has to end first.
            LedgerUnavailable: the table cannot be changed.
        """
        seconds = KEY_SECONDS if kind == "key" else self._limits.max_call_minutes * 60 or MAX_CALL_SECONDS
        async with _available():
            try:
                return await self._reserve(kind, person, preset, seconds)
            except QuotaExceeded:
                left = (await self._usage(person)).left or 0
                if kind == "key" or not MIN_CALL_SECONDS <= left < seconds:
                    raise
                return await self._reserve(kind, person, preset, left)

    async def confirm(self, reservation: Reservation, *, call_id: str | None, ends_at: int) -> Reservation:
        """Write down what the reservation has become.

        Args:
            reservation: the reservation.
            call_id: the upstream's; None for a key, or if the upstream told none.
            ends_at: when the sweep ends it, in seconds since the epoch.

        Returns:
            The reservation as it is now.

        Raises:
            ReservationGone: it has been settled in the meantime.
            LedgerUnavailable: the table cannot be changed.
        """
        confirmed = reservation._replace(call_id=call_id or "", ends_at=ends_at)
        expression = "SET call_id = :call_id, ends_at = :ends_at, expires_at = :expires_at"
        values = {"call_id": confirmed.call_id, "ends_at": ends_at, "expires_at": ends_at + DAY_SECONDS}
        actions = [
            update("reservation", f"reservation#{reservation.id}", expression, values, "attribute_exists(id)"),
        ]
        if call_id:
            pointer = {"id": f"call#{call_id}", "reservation": reservation.id, "expires_at": ends_at + DAY_SECONDS}
            actions.append(put("call", pointer))
        async with _available():
            try:
                await self._table.transact(actions, str(uuid.uuid4()))
            except ConditionFailed as gone:
                raise ReservationGone from gone
        return confirmed

    async def settle(self, reservation: Reservation, *, used_seconds: int) -> bool:
        """Close a reservation, and give back what was not used.

        Args:
            reservation: the reservation.
            used_seconds: what counts as used.

        Returns:
            Whether it was still open.

        Raises:
            LedgerUnavailable: the table cannot be changed.
        """
        async with _available():
            try:
                await self._table.transact(_settling(reservation, used_seconds), str(uuid.uuid4()))
            except ConditionFailed:
                return False
        return True

    async def find_call(self, call_id: str) -> Reservation | None:
        """Find the open reservation of a call.

        Raises:
            LedgerUnavailable: the table cannot be read.
        """
        async with _available():
            pointer = await self._table.get(f"call#{call_id}")
            return await self._get_reservation(pointer["reservation"]) if pointer else None

    async def find_oldest(self, kind: Kind, person: str) -> Reservation | None:
        """Find a person's oldest open reservation of a kind.

        Raises:
            LedgerUnavailable: the table cannot be read.
        """
        async with _available():
            names = sorted((await self._table.get(f"person#{person}") or {}).get(f"open_{kind}s", ()))
            return await self._get_reservation(names[0].partition("#")[2]) if names else None

    async def find_open(self, *, ended: bool) -> list[Reservation]:
        """Find open reservations of all people.

        Args:
            ended: only those whose end has come.

        Raises:
            LedgerUnavailable: the table cannot be read.
        """
        async with _available():
            number = int(time.time()) if ended else None
            items = await self._table.query(INDEX, "index_key", "open", until="ends_at", number=number)
            return [_reservation(item) for item in items]

    async def is_paused(self) -> bool:
        """Tell whether the deployer has paused calls.

        Raises:
            LedgerUnavailable: the table cannot be read.
        """
        async with _available():
            return await self._table.get("paused") is not None

    async def get_usage(self, person: str) -> Usage:
        """Add up a person's minutes of today.

        Raises:
            LedgerUnavailable: the table cannot be read.
        """
        async with _available():
            return await self._usage(person)

    async def get_day_seconds(self) -> int:
        """Return the seconds of all people today, reserved or used.

        Raises:
            LedgerUnavailable: the table cannot be read.
        """
        async with _available():
            return await self._get_seconds(f"day#{today()}")

    async def _reserve(self, kind: Kind, person: str, preset: str, seconds: int) -> Reservation:
        now = int(time.time())
        reservation = Reservation(
            str(uuid.uuid4()), kind, person, preset, today(), seconds, now, now + UNCONFIRMED_SECONDS
        )
        try:
            await self._table.transact(self._reserving(reservation), reservation.id)
        except ConditionFailed as failed:
            self._raise_refusal(failed)
        return reservation

    def _reserving(self, reservation: Reservation) -> list[Action]:
        limits, person = self._limits, reservation.person
        actions = [
            check_absent("paused", "paused"),
            check_absent("blocked", f"blocked#{person}"),
            _adding("minutes_per_day", f"day#{reservation.day}", reservation.seconds, limits.minutes_per_day),
            _adding(
                "minutes_per_person_per_day",
                f"person#{person}#{reservation.day}",
                reservation.seconds,
                limits.minutes_per_person_per_day,
            ),
        ]
        if person != EVERYBODY or reservation.kind == "key":
            at_most = limits.calls_at_once if reservation.kind == "call" and person != EVERYBODY else 0
            actions.append(_opening(reservation, at_most))
        return [*actions, put("reservation", _item(reservation))]

    def _raise_refusal(self, failed: ConditionFailed) -> None:
        if failed.name == "reservation":
            return  # it is there: DynamoDB's response to an earlier try was lost
        if failed.name == "paused":
            raise Paused("Calls are paused for now; try again later.") from failed
        if failed.name == "blocked":
            raise Blocked("You may not call; ask whoever runs this service.") from failed
        if failed.name == "calls_at_once":
            raise TooManyCalls from failed
        raise quota_exceeded(failed.name, getattr(self._limits, failed.name)) from failed

    async def _usage(self, person: str) -> Usage:
        day, used, names = await asyncio.gather(
            self._get_seconds(f"day#{today()}"),
            self._get_seconds(f"person#{person}#{today()}"),
            self._get_open_calls(person),
        )
        limits = ((self._limits.minutes_per_day, day), (self._limits.minutes_per_person_per_day, used))
        left = [max(0, minutes * 60 - seconds) for minutes, seconds in limits if minutes]
        return Usage(used, min(left, default=None), names)

    async def _get_seconds(self, item_id: str) -> int:
        return int((await self._table.get(item_id) or {}).get("reserved_seconds", 0))

    async def _get_open_calls(self, person: str) -> list[Reservation]:
        names = sorted((await self._table.get(f"person#{person}") or {}).get("open_calls", ()))
        found = await asyncio.gather(*(self._get_reservation(name.partition("#")[2]) for name in names))
        return [reservation for reservation in found if reservation]

    async def _get_reservation(self, reservation_id: str) -> Reservation | None:
        item = await self._table.get(f"reservation#{reservation_id}")
        return _reservation(item) if item else None


@cache
def ledger() -> Ledger | None:
    """Return the ledger, the same object for the life of the process; None where no limit is set."""
    name = settings().ledger_table
    return Ledger(Table(name), settings().limits) if name else None


def today() -> str:
    """Return the UTC day."""
    return time.strftime("%Y-%m-%d", time.gmtime())


def seconds_until_tomorrow() -> int:
    """Return the seconds until the next UTC day, in which all minutes are free again."""
    return DAY_SECONDS - int(time.time()) % DAY_SECONDS


def quota_exceeded(limit: str, value: int) -> QuotaExceeded:
    """Say which limit is reached, and when it is free again.

    Args:
        limit: its name, such as `minutes_per_day`.
        value: its minutes.
    """
    whose = "Today's minutes of everybody together" if limit == "minutes_per_day" else "Your minutes of today"
    message = f"{whose} are used up or reserved ({value} a day). They are free again at 00:00 UTC."
    return QuotaExceeded(message, param=limit, headers={"Retry-After": str(seconds_until_tomorrow())})


@asynccontextmanager
async def _available() -> AsyncIterator[None]:
    try:
        async with asyncio.timeout(min(LEDGER_SECONDS, remaining())):
            yield
    except (aws.AwsError, TimeoutError, KeyError, ValueError) as error:
        raise LedgerUnavailable("The minutes of this call cannot be reserved or given back; try again.") from error


def _adding(name: str, item_id: str, seconds: int, minutes: int) -> Action:
    """Add seconds, on the condition that the limit is kept; 0 minutes is no limit."""
    values: Item = {"seconds": seconds, "expires_at": int(time.time()) + 3 * DAY_SECONDS}
    condition = ""
    if minutes:
        values["most"] = minutes * 60 - seconds
        # An item that does not exist has no seconds, with which a comparison would fail.
        condition = "reserved_seconds <= :most" + (" OR attribute_not_exists(id)" if values["most"] >= 0 else "")
    return update(name, item_id, "ADD reserved_seconds :seconds SET expires_at = :expires_at", values, condition)


def _opening(reservation: Reservation, at_most: int) -> Action:
    attribute = f"open_{reservation.kind}s"
    values: Item = {"one": {reservation.open_name}, "expires_at": int(time.time()) + 3 * DAY_SECONDS}
    condition = ""
    if at_most:
        values["at_most"] = at_most
        condition = f"attribute_not_exists({attribute}) OR size({attribute}) < :at_most"
    expression = f"ADD {attribute} :one SET expires_at = :expires_at"
    return update("calls_at_once", f"person#{reservation.person}", expression, values, condition)


def _settling(reservation: Reservation, used_seconds: int) -> list[Action]:
    actions = [delete("reservation", f"reservation#{reservation.id}")]
    if reservation.call_id:
        actions.append(delete("call", f"call#{reservation.call_id}"))
    if reservation.person != EVERYBODY or reservation.kind == "key":
        expression = f"DELETE open_{reservation.kind}s :one"
        actions.append(update("open", f"person#{reservation.person}", expression, {"one": {reservation.open_name}}))
    back = {"seconds": min(0, used_seconds - reservation.seconds)}
    if back["seconds"]:
        days = (f"day#{reservation.day}", f"person#{reservation.person}#{reservation.day}")
        actions += [update("seconds", item_id, "ADD reserved_seconds :seconds", back) for item_id in days]
    return actions


def _item(reservation: Reservation) -> Item:
    item = reservation._asdict() | {"id": f"reservation#{reservation.id}", "index_key": "open"}
    return item | {"expires_at": reservation.ends_at + DAY_SECONDS}


def _reservation(item: Item) -> Reservation:
    values = {name: item[name] for name in Reservation._fields}
    return Reservation(**values | {"id": item["id"].partition("#")[2]})
