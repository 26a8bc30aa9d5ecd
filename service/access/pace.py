"""How often a tenant may call, counted in this process."""

from __future__ import annotations

import math
import time

from limits import RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter

from service.jobs.errors import TooManyCallsError


class Pace:
    """Counts the calls of each tenant in the last minute."""

    def __init__(self, per_minute: int) -> None:
        self._limit = RateLimitItemPerMinute(per_minute)
        self._limiter = MovingWindowRateLimiter(MemoryStorage())

    def keep(self, tenant: str) -> None:
        """Count a call.

        Raises:
            TooManyCallsError: it is one too many.
        """
        if not self._limiter.hit(self._limit, tenant):
            free_at = self._limiter.get_window_stats(self._limit, tenant).reset_time
            raise TooManyCallsError(self._limit.amount, max(1, math.ceil(free_at - time.time())))
