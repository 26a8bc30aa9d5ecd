"""Time that is running: how long a solve may still go on, and who asked it to stop."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field


@dataclass
class Watch:
    """Seconds since the solve began, and whether it has to come to an end."""

    limit: float
    stop: Callable[[], bool] = lambda: False
    began: float = field(default_factory=time.monotonic)
    reserve: float = 0.0
    """Seconds kept back for naming groups, writing the roster and judging it."""

    @property
    def seconds(self) -> float:
        return time.monotonic() - self.began

    @property
    def left(self) -> float:
        """Seconds that the search may still use, never less than none."""
        return max(0.0, self.limit - self.reserve - self.seconds)

    @property
    def share(self) -> float:
        """How much of the time is used, from 0 to 1."""
        return min(1.0, self.seconds / max(1e-9, self.limit - self.reserve))

    def over(self) -> bool:
        return self.stop() or self.left <= 0
