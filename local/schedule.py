"""EventBridge: invokes a function at a fixed rate.

Source: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-scheduled-rule-pattern.html
"""

import asyncio
import sys
from collections.abc import Sequence

from local.function import Function, InvocationFailed


class Schedule:
    """Invokes functions until it is cancelled.

    Args:
        rules: functions, and every how many seconds each is invoked.
    """

    def __init__(self, rules: Sequence[tuple[Function, int]]) -> None:
        self._rules = rules

    async def run(self) -> None:
        """Invoke all functions at their rates."""
        await asyncio.gather(*(self._repeat(function, seconds) for function, seconds in self._rules))

    async def _repeat(self, function: Function, seconds: int) -> None:
        while True:
            await asyncio.sleep(seconds)
            try:
                await function.invoke({"detail-type": "Scheduled Event", "source": "aws.events"})
            except InvocationFailed as failed:
                print(f"{function.name}: {failed}", file=sys.stderr, flush=True)
