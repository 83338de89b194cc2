"""Every minute: hangs up what is over its time, or everything while calls are paused.

EventBridge invokes it; the event is of no interest. What could not be hung up is tried again a minute later.
"""

import asyncio
from typing import TYPE_CHECKING, Any

from realtime.ending import end_call
from realtime.errors import LedgerUnavailable
from realtime.event_loop import event_loop
from realtime.http_client import http_client
from realtime.ledger import MIN_CALL_SECONDS, Ledger, get_ledger
from realtime.reservation import Reservation
from realtime.settings import settings
from realtime.telemetry import count, logger
from realtime.timeouts import set_function_deadline

if TYPE_CHECKING:
    from aws_lambda_powertools.utilities.typing import LambdaContext

AT_ONCE = 10
"""How many calls are hung up at the same time."""


@logger.inject_lambda_context(clear_state=True, log_event=False)
def handler(_: object, context: "LambdaContext") -> dict[str, int]:
    """End what is due.

    Args:
        context: Lambda's context.

    Returns:
        How many calls and keys were ended, and how many could not be.

    Raises:
        LedgerUnavailable: the ledger cannot be read. Lambda counts this, and any unexpected exception, as an error of
            the function.
    """
    return event_loop().run_until_complete(sweep(context.get_remaining_time_in_millis()))


async def sweep(milliseconds: int) -> dict[str, int]:
    """End what is due.

    Args:
        milliseconds: how long it may take.

    Returns:
        How many calls and keys were ended, and how many could not be.

    Raises:
        LedgerUnavailable: the ledger cannot be read.
    """
    set_function_deadline(milliseconds)
    await http_client.close_if_idle()
    ledger = get_ledger()
    if not ledger:
        return {"ended": 0, "failed": 0}
    due = await ledger.find_due()
    slots = asyncio.Semaphore(AT_ONCE)
    # An unexpected exception is raised last: it must not leave the other calls open.
    results = await asyncio.gather(*(_end(ledger, reservation, slots) for reservation in due), return_exceptions=True)
    ended = results.count(True)
    outcome: dict[str, Any] = {"ended": ended, "failed": len(due) - ended}
    if due:
        logger.info("Swept", **outcome)
    if outcome["failed"]:
        count("SweepFailures", outcome["failed"])
    await _report_day(ledger)
    for result in results:
        if isinstance(result, BaseException):
            raise result
    return outcome


async def _end(ledger: Ledger, reservation: Reservation, slots: asyncio.Semaphore) -> bool:
    async with slots:
        try:
            return await end_call(ledger, reservation)
        except LedgerUnavailable:
            logger.exception("A reservation could not be closed", reservation=reservation.id)
            return False
        except BaseException:
            logger.exception("An unexpected exception left a reservation open", reservation=reservation.id)
            raise


async def _report_day(ledger: Ledger) -> None:
    """Report how much of `MinutesPerDay` is used, for the alarms: all if what is left is too little for a call."""
    limit = 60 * settings().limits.minutes_per_day
    if limit:
        seconds = await ledger.get_day_seconds()
        count("DayUsedPercent", 100 if limit - seconds < MIN_CALL_SECONDS else 100 * seconds / limit)
