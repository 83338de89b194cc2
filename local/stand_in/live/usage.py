"""How long a Live session has been used: what it is billed by.

Source: `openai/types/live/session_usage.py`; how often the real API sends it is not documented.
"""

from typing import Any

UPDATE_MS = 2_000
MAX_SESSION_MS = 7_200_000


class LiveUsage:
    """Counts the milliseconds of a session, and those in which it was paused.

    Args:
        idle_timeout_s: seconds without speech after which inference pauses; None if it never does.
    """

    def __init__(self, idle_timeout_s: int | None) -> None:
        self._idle_ms = None if idle_timeout_s is None else idle_timeout_s * 1000
        self._total_ms = 0
        self._paused_ms = 0
        self._last_speech_ms = 0

    @property
    def is_paused(self) -> bool:
        """Whether inference is paused, until somebody speaks."""
        return self._idle_ms is not None and self._total_ms - self._last_speech_ms > self._idle_ms

    def add(self, milliseconds: int, *, speech: bool) -> bool:
        """Count time.

        Args:
            milliseconds: how much.
            speech: whether somebody spoke in it.

        Returns:
            Whether it is time to tell the usage.
        """
        self._total_ms += milliseconds
        if speech:
            self._last_speech_ms = self._total_ms
        if self.is_paused:
            self._paused_ms += milliseconds
        return self._total_ms % UPDATE_MS < milliseconds

    @property
    def usage(self) -> dict[str, Any]:
        """The usage so far; active and paused seconds add up to all."""
        seconds, paused = self._total_ms // 1000, self._paused_ms // 1000
        breakdown = {} if self._idle_ms is None else {"active_seconds": seconds - paused, "paused_seconds": paused}
        return {"seconds": seconds, **breakdown}

    @property
    def context_window(self) -> dict[str, float]:
        """How full the context is: as much as the session's time is over."""
        return {"usage_ratio": round(self._total_ms / MAX_SESSION_MS, 4)}
