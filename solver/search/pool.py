"""Tours that good rosters had, kept so that the best combination of them can be chosen."""

from __future__ import annotations

import threading
from collections import OrderedDict

import numpy as np

from solver.compile.model import Model, Plan
from solver.cpsat.master import Tour, tour_of

MOST_TOURS = 24
"""Tours kept of an agent; the oldest go first."""


class TourPool:
    """The last tours of each agent in rosters that were the best of their time; shared by the engines."""

    def __init__(self, model: Model) -> None:
        self._model = model
        self._tours: list[OrderedDict[bytes, Tour]] = [OrderedDict() for _ in model.agents]
        self._seen: Plan | None = None
        self._lock = threading.Lock()

    def add(self, plan: Plan) -> None:
        """Keeps what is new in the plan."""
        with self._lock:
            seen = self._seen
            if seen is None:
                changed = np.arange(len(self._tours))
            else:
                moved = (plan.shift != seen.shift).any(axis=1) | (plan.starts != seen.starts).any(axis=(1, 2))
                changed = np.flatnonzero(moved)
            for agent in changed.tolist():
                tour = tour_of(self._model, plan, agent)
                own = self._tours[agent]
                own[tour.key] = tour
                own.move_to_end(tour.key)
                if len(own) > MOST_TOURS:
                    own.popitem(last=False)
            self._seen = plan

    def tours(self) -> list[list[Tour]]:
        """By agent, what is kept."""
        with self._lock:
            return [list(own.values()) for own in self._tours]
