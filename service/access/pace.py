"""How often a tenant may call, counted in this process."""

from __future__ import annotations

import math
import threading
import time
from collections import defaultdict, deque
from collections.abc import Callable

from service.jobs.errors import TooManyCallsError

MINUTE = 60.0


class Pace:
    """Counts the calls of each tenant in the last minute, by a clock that nobody sets."""

    def __init__(self, per_minute: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._per_minute = per_minute
        self._clock = clock
        self._calls: defaultdict[str, deque[float]] = defaultdict(lambda: deque(maxlen=per_minute))
        self._lock = threading.Lock()

    def keep(self, tenant: str) -> None:
        """Count a call; one that is refused does not count.

        Raises:
            TooManyCallsError: it is one too many.
        """
        with self._lock:
            at, calls = self._clock(), self._calls[tenant]
            if len(calls) == self._per_minute and (wait := calls[0] + MINUTE - at) > 0:
                raise TooManyCallsError(self._per_minute, max(1, math.ceil(wait)))
            calls.append(at)
