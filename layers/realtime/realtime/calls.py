"""A call's beginning: the ledger before and after the upstream. Without limits, the upstream alone."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from functools import partial
from typing import NamedTuple

from realtime.api_key import get_api_key
from realtime.caller import Caller
from realtime.duration import KEY_SECONDS, LONGEST_CALL_SECONDS
from realtime.ending import end_call, give_back, leave_to_sweep
from realtime.errors import LedgerUnavailable, QuotaExceeded
from realtime.ledger import Ledger, ReservationGone, TooManyCalls, get_ledger
from realtime.presets import ResolvedPreset
from realtime.reservation import Kind, Reservation
from realtime.upstream import Call, CallLeftOpen, upstream


class StartedCall(NamedTuple):
    """A call that runs."""

    call: Call
    seconds: int | None
    """After which the server hangs it up, if its id is known; None without limits."""


async def start_call(offer: bytes, preset: ResolvedPreset, caller: Caller, *, dcid: int | None) -> StartedCall:
    """Reserve a call's minutes, create the call, and record it.

    Args:
        offer: the browser's SDP offer.
        preset: the session config.
        caller: who calls.
        dcid: id of the data channel that the browser has negotiated, if it has.

    Raises:
        RealtimeError: there is no call that anybody can use. What was created is hung up, or left to the sweep.
    """
    create = partial(upstream().create_call, offer, preset, caller=caller.safety_identifier, dcid=dcid)
    ledger = get_ledger()
    try:
        if ledger:
            return await _start_limited(ledger, create, preset, caller)
        return StartedCall(await create(), None)
    except CallLeftOpen as error:
        raise error.reason  # noqa: B904 - it has a cause already


async def mint_key(preset: ResolvedPreset, caller: Caller) -> bytes:
    """Reserve the minutes of an ephemeral key, and mint it.

    Args:
        preset: the session config that the key is bound to.
        caller: who asks.

    Returns:
        The upstream's JSON.

    Raises:
        RealtimeError: there is no key, and no minutes are reserved any more.
    """
    ledger = get_ledger()
    if not ledger:
        return await upstream().create_client_secret(preset, caller=caller.safety_identifier)
    reservation = await _reserve(ledger, "key", caller.person, preset)
    try:
        secret = await upstream().create_client_secret(preset, caller=caller.safety_identifier)
        # The key can be used until it expires, and its call lasts for as long as the upstream allows.
        ends_at = reservation.started_at + preset.key_lifetime_seconds + KEY_SECONDS
        reservation = reservation.to_confirmed(None, ends_at=ends_at)
        await ledger.confirm(reservation)
    except ReservationGone as error:
        raise LedgerUnavailable("The minutes of this key could not be recorded; try again.") from error
    except BaseException:  # nobody has the key
        await give_back(ledger, reservation)
        raise
    return secret


async def _start_limited(
    ledger: Ledger, create: Callable[[], Awaitable[Call]], preset: ResolvedPreset, caller: Caller
) -> StartedCall:
    reservation = await _reserve(ledger, "call", caller.person, preset)
    try:
        call = await create()
        seconds = reservation.seconds if call.call_id else LONGEST_CALL_SECONDS[preset.type]
        reservation = reservation.to_confirmed(call.call_id, ends_at=int(time.time()) + seconds)
        await _confirm_or_hang_up(ledger, reservation)
    except CallLeftOpen as error:
        await leave_to_sweep(ledger, reservation, error.call_id)
        raise
    except BaseException:
        await give_back(ledger, reservation)
        raise
    return StartedCall(call, reservation.seconds)


async def _reserve(ledger: Ledger, kind: Kind, person: str, preset: ResolvedPreset) -> Reservation:
    """Reserve while the API key is read; a person's oldest call is ended where they have too many."""
    reading = asyncio.create_task(get_api_key())
    try:
        reservation = await _reserve_or_end_oldest(ledger, kind, person, preset)
    finally:
        [key] = await asyncio.gather(reading, return_exceptions=True)
    if isinstance(key, BaseException):
        await give_back(ledger, reservation)
        raise key
    return reservation


async def _reserve_or_end_oldest(ledger: Ledger, kind: Kind, person: str, preset: ResolvedPreset) -> Reservation:
    longest = LONGEST_CALL_SECONDS[preset.type]
    try:
        return await ledger.reserve(kind, person, preset.name, longest)
    except TooManyCalls:
        if oldest := await ledger.find_oldest("call", person):
            await ledger.check_minutes_after(oldest)  # or the person would lose that call, and get no other
            if not await end_call(ledger, oldest):
                raise QuotaExceeded("Your other call could not be ended; try again.", param="calls_at_once") from None
    try:
        return await ledger.reserve(kind, person, preset.name, longest)
    except TooManyCalls:
        raise QuotaExceeded("You have too many calls at once; try again.", param="calls_at_once") from None


async def _confirm_or_hang_up(ledger: Ledger, reservation: Reservation) -> None:
    """Record a call. One that is not in the ledger is hung up, so its answer must not be sent."""
    try:
        await _confirm(ledger, reservation)
    except BaseException as error:
        if reservation.call_id:
            await upstream().hang_up_unusable(reservation.call_id, error)
        raise


async def _confirm(ledger: Ledger, reservation: Reservation) -> None:
    try:
        await ledger.confirm(reservation)
    except ReservationGone as error:
        raise QuotaExceeded("Your newer call has replaced this one.", param="calls_at_once") from error
