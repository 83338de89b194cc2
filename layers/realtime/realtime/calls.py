"""A call from offer to hang-up: the ledger before and after the upstream. Without limits, the upstream alone."""

import asyncio
import time
from typing import NamedTuple

from realtime.api_key import get_api_key
from realtime.caller import Caller
from realtime.errors import LedgerUnavailable, NotFound, QuotaExceeded, RealtimeError
from realtime.ledger import Ledger, ReservationGone, TooManyCalls, get_ledger
from realtime.presets import ResolvedPreset, Type, presets
from realtime.reservation import KEY_SECONDS, LONGEST_CALL_SECONDS, Kind, Reservation
from realtime.telemetry import count, logger
from realtime.upstream import Call, upstream

UNKNOWN_CALL = "No call has such an id: take the last segment of the `Location` that /session answered."


class StartedCall(NamedTuple):
    """A call that runs."""

    call: Call
    seconds: int | None
    """After which the server hangs it up; None without limits."""


async def start_call(offer: bytes, preset: ResolvedPreset, caller: Caller, *, dcid: int | None) -> StartedCall:
    """Reserve a call's minutes, create the call, and write it down.

    Args:
        offer: the browser's SDP offer.
        preset: the session config.
        caller: who calls.
        dcid: id of the data channel that the browser has negotiated, if it has.

    Raises:
        RealtimeError: there is no call; no minutes are reserved any more, and what was created is hung up.
    """
    create = upstream().create_call
    ledger = get_ledger()
    if not ledger:
        return StartedCall(await create(offer, preset, caller=caller.safety_identifier, dcid=dcid), None)
    reservation = await _reserve(ledger, "call", caller.person, preset)
    try:
        call = await create(offer, preset, caller=caller.safety_identifier, dcid=dcid)
    except BaseException:
        await _settle_quietly(ledger, reservation, used_seconds=0)
        raise
    ends_at = int(time.time()) + reservation.seconds
    await _confirm_or_hang_up(ledger, reservation, call.call_id, ends_at)
    return StartedCall(call, reservation.seconds)


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
        await ledger.confirm(reservation, call_id=None, ends_at=ends_at)
    except ReservationGone as gone:
        raise LedgerUnavailable("The minutes of this key could not be written down; try again.") from gone
    except BaseException:
        await _settle_quietly(ledger, reservation, used_seconds=0)
        raise
    return secret


async def hang_up(call_id: str, caller: Caller) -> None:
    """End a call of the caller's, and give back what it did not use.

    A call that the ledger does not know may have been made with an ephemeral key: it is tried for a caller who has an
    open one, and a confirmed hang-up settles that key's reservation, the oldest first.

    Args:
        call_id: the call.
        caller: who asks.

    Raises:
        NotFound: there is no such call, or it is somebody else's.
        RealtimeError: the upstream did not end it.
    """
    ledger = get_ledger()
    if not ledger:
        await upstream().hang_up(call_id)
        return
    call = await ledger.find_call(call_id)
    reservation = call or await ledger.find_oldest("key", caller.person)
    if not reservation or reservation.person != caller.person:
        raise NotFound(UNKNOWN_CALL)
    try:
        await upstream().hang_up(call_id)
    except RealtimeError as error:
        if call and error.status == 404:  # it has ended by itself
            await _settle(ledger, reservation, _used_until_unknown_end(reservation))
        raise
    await _settle(ledger, reservation, reservation.used_seconds())


async def end_call(ledger: Ledger, reservation: Reservation) -> bool:
    """Hang a call up on behalf of the server, and close its reservation.

    Args:
        ledger: the ledger.
        reservation: an open one.

    Returns:
        Whether nothing is left to do; False if the upstream has to be asked again later.

    Raises:
        LedgerUnavailable: the reservation could not be closed.
    """
    used = reservation.used_seconds()
    if reservation.call_id:
        try:
            await upstream().hang_up(reservation.call_id)
        except RealtimeError as error:
            if error.status != 404 and not _is_surely_over(reservation):
                logger.exception("A call could not be hung up", call_id=reservation.call_id)
                return False
            used = _used_until_unknown_end(reservation) if error.status == 404 else _longest_seconds(reservation)
    await _settle(ledger, reservation, used)
    return True


async def _reserve(ledger: Ledger, kind: Kind, person: str, preset: ResolvedPreset) -> Reservation:
    """Reserve while the API key is read; a person's oldest call makes room for this one."""
    reservation, key = await asyncio.gather(
        _reserve_with_room(ledger, kind, person, preset), get_api_key(), return_exceptions=True
    )
    if isinstance(reservation, BaseException):
        raise reservation
    if isinstance(key, BaseException):
        await _settle_quietly(ledger, reservation, used_seconds=0)
        raise key
    return reservation


async def _reserve_with_room(ledger: Ledger, kind: Kind, person: str, preset: ResolvedPreset) -> Reservation:
    longest = LONGEST_CALL_SECONDS[preset.type]
    try:
        return await ledger.reserve(kind, person, preset.name, longest)
    except TooManyCalls:
        oldest = await ledger.find_oldest("call", person)
        if oldest and not await end_call(ledger, oldest):
            raise QuotaExceeded("Your other call could not be ended; try again.", param="calls_at_once") from None
    try:
        return await ledger.reserve(kind, person, preset.name, longest)
    except TooManyCalls:
        raise QuotaExceeded("You have too many calls at once; try again.", param="calls_at_once") from None


async def _confirm_or_hang_up(ledger: Ledger, reservation: Reservation, call_id: str | None, ends_at: int) -> None:
    try:
        await ledger.confirm(reservation, call_id=call_id, ends_at=ends_at)
    except (LedgerUnavailable, ReservationGone) as error:
        if call_id:
            await upstream().hang_up_quietly(call_id)
        await _settle_quietly(ledger, reservation, used_seconds=0)
        if isinstance(error, LedgerUnavailable):
            raise
        raise QuotaExceeded("Another call of yours has taken this one's place.", param="calls_at_once") from error


def _used_until_unknown_end(reservation: Reservation) -> int:
    """Return what counts as used by a call that the upstream does not know, or no longer.

    The Live API documents its hang-up for telephone calls alone, so that its 404 does not prove that a call has ended:
    nothing is given back.
    """
    return reservation.seconds if _type(reservation) == "live" else reservation.used_seconds()


def _is_surely_over(reservation: Reservation) -> bool:
    """Tell whether the upstream must have ended a call by itself."""
    return time.time() >= reservation.started_at + _longest_seconds(reservation)


def _longest_seconds(reservation: Reservation) -> int:
    return LONGEST_CALL_SECONDS[_type(reservation)]


def _type(reservation: Reservation) -> Type:
    preset = presets().presets.get(reservation.preset)  # none after a deployment without it
    return preset.type if preset else "live"


async def _settle(ledger: Ledger, reservation: Reservation, used: int) -> None:
    if await ledger.settle(reservation, used_seconds=used):
        count("Minutes", used / 60, preset=reservation.preset)
        # In a line of its own: the sweep settles many, of many people.
        logger.info("Settled", person=reservation.person, minutes=round(used / 60, 2), preset=reservation.preset)


async def _settle_quietly(ledger: Ledger, reservation: Reservation, *, used_seconds: int) -> None:
    try:
        await ledger.settle(reservation, used_seconds=used_seconds)
    except LedgerUnavailable:
        logger.exception("Minutes could not be given back; the sweep will do it", reservation=reservation.id)
