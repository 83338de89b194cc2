"""A call's end: hung up by its caller, or by the server.

Minutes are given back, and a call is forgotten, only once it has ended: the upstream has confirmed the hang-up or does
not know the call any more, or its time is over. Until then the reservation stays, with the call's id for the sweep. The
minutes of a call whose answer nobody has are given back even if its id is not known: nobody can connect to it.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager

from realtime.caller import EVERYBODY, Caller
from realtime.duration import is_surely_over, longest_seconds, used_until_unknown_end, used_without_id
from realtime.errors import LedgerUnavailable, NotFound, RealtimeError
from realtime.hang_up import is_over
from realtime.ledger import Ledger, get_ledger
from realtime.reservation import Reservation
from realtime.telemetry import count, logger
from realtime.upstream import upstream

UNKNOWN_CALL = "No call has such an id: take the last segment of the `Location` that /session answered."

OWNER_UNKNOWN = (
    "Whose call this is cannot be checked now, so it was not hung up: close your connection, which ends it too, or try"
    " again."
)


async def hang_up(call_id: str, caller: Caller) -> None:
    """End a call of the caller's, and give back what it did not use.

    A call that the ledger does not know may have been created with an ephemeral key. If the caller has an open key,
    the upstream is asked to end the call; if it confirms that, the caller's oldest key is settled.

    Args:
        call_id: the call.
        caller: who asks.

    Raises:
        NotFound: there is no such call, or it is somebody else's.
        LedgerUnavailable: whose call it is cannot be checked. Where nobody signs in, it is hung up nevertheless.
        RealtimeError: the upstream did not end it.
    """
    ledger = get_ledger()
    reservation = await _find_own(ledger, call_id, caller.person) if ledger else None
    try:
        await upstream().hang_up(call_id)
    except RealtimeError as error:
        if ledger and reservation and reservation.call_id and is_over(error):
            with _logged(reservation):
                await _settle(ledger, reservation, used_until_unknown_end(reservation))
        raise
    if ledger and reservation:
        with _logged(reservation):
            await _settle(ledger, reservation, reservation.used_seconds())


async def end_call(ledger: Ledger, reservation: Reservation) -> bool:
    """Hang a call up on behalf of the server, and close its reservation.

    Args:
        ledger: the ledger.
        reservation: an open one.

    Returns:
        True if the reservation is closed; False if the call may still be open.

    Raises:
        LedgerUnavailable: the reservation could not be closed.
    """
    used = await _hang_up_and_measure(reservation) if reservation.call_id else used_without_id(reservation)
    if used is None:
        return False
    await _settle(ledger, reservation, used)
    return True


async def leave_to_sweep(ledger: Ledger, reservation: Reservation, call_id: str) -> None:
    """Let the sweep hang up a call that may be open, although nobody can use it. A failure is logged.

    Args:
        ledger: the ledger.
        reservation: the call's.
        call_id: the call.
    """
    with _logged(reservation):
        await ledger.leave_to_sweep(reservation.to_confirmed(call_id, ends_at=int(time.time())))


async def give_back(ledger: Ledger, reservation: Reservation) -> None:
    """Give all minutes back: there is no call, or nobody has its answer. A failure is logged.

    Args:
        ledger: the ledger.
        reservation: an open one.
    """
    with _logged(reservation):
        await ledger.settle(reservation, used_seconds=0)


async def _find_own(ledger: Ledger, call_id: str, person: str) -> Reservation | None:
    """Find the reservation of a person's call or key; None if the ledger cannot be read and nobody signs in."""
    try:
        reservation = await ledger.find_call(call_id) or await ledger.find_oldest("key", person)
    except LedgerUnavailable as error:
        if person != EVERYBODY:
            raise LedgerUnavailable(OWNER_UNKNOWN) from error.__cause__
        logger.exception("A call is hung up without its reservation; the sweep will close that", call_id=call_id)
        return None
    if not reservation or reservation.person != person:
        raise NotFound(UNKNOWN_CALL)
    return reservation


async def _hang_up_and_measure(reservation: Reservation) -> int | None:
    """Hang a call up, and return the seconds that it has used; None if it may still be open."""
    try:
        await upstream().hang_up(reservation.call_id)
    except RealtimeError as error:
        if is_over(error):
            return used_until_unknown_end(reservation)
        if is_surely_over(reservation):
            return longest_seconds(reservation)
        logger.exception("A call could not be hung up", call_id=reservation.call_id)
        return None
    return reservation.used_seconds()


async def _settle(ledger: Ledger, reservation: Reservation, used: int) -> None:
    if await ledger.settle(reservation, used_seconds=used):
        count("Minutes", used / 60, preset=reservation.preset)
        # A separate line: the sweep settles many, of many people.
        logger.info("Settled", person=reservation.person, minutes=round(used / 60, 2), preset=reservation.preset)


@contextmanager
def _logged(reservation: Reservation) -> Iterator[None]:
    try:
        yield
    except LedgerUnavailable:
        logger.exception("The ledger could not be changed; the sweep will close this", reservation=reservation.id)
