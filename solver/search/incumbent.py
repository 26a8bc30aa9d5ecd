"""The best roster and the best bound so far, shared by the engines that run side by side."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from solver.compile.model import Model, Plan
from solver.price import together_cost

if TYPE_CHECKING:
    from solver.search.annealing import Annealer


@dataclass
class Incumbent:
    """What is known: a plan and its cost, and what no roster can cost less than; all in units."""

    model: Model
    target_gap: float
    plan: Plan | None = None
    cost: int | None = None
    bound: int | None = None
    version: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def offer(self, plan: Plan, cost: int) -> bool:
        """Keeps the plan when it is better; the plan must not be changed afterwards.

        Its cost leaves out what shifts cost beside each other, which no engine that moves agents one by one counts.
        """
        cost += together_cost(self.model, plan)
        with self._lock:
            if self.cost is not None and cost >= self.cost:
                return False
            self.plan, self.cost = plan, cost
            self.version += 1
            return True

    def offer_from(self, search: Annealer) -> bool:
        """Keeps the search's best roster when it is better; copies it only then."""
        return (self.cost is None or search.cost < self.cost) and self.offer(search.plan, search.cost)

    def snapshot(self) -> tuple[Plan, int, int | None]:
        """Plan, cost and bound as they stand together."""
        with self._lock:
            assert self.plan is not None, "no roster yet"
            assert self.cost is not None
            return self.plan, self.cost, self.bound

    def prove(self, bound: int) -> None:
        """No roster costs less than this. Costs differ by whole quanta, so the bound is raised to the next one."""
        quantum, constant = self.model.quantum, self.model.constant
        whole = -(-(bound - constant) // quantum) * quantum + constant
        with self._lock:
            if self.bound is None or whole > self.bound:
                self.bound = whole
                self.version += 1

    @property
    def gap(self) -> float:
        """Percent of the cost that may still be saved; 100 while nothing is known."""
        if self.cost is None or self.bound is None:
            return 100.0
        if self.cost <= self.bound:
            return 0.0
        return 100.0 * (self.cost - self.bound) / abs(self.cost) if self.cost else 100.0

    @property
    def proved(self) -> bool:
        return self.cost is not None and self.bound is not None and self.cost <= self.bound

    @property
    def good_enough(self) -> bool:
        return self.proved or (self.cost is not None and self.bound is not None and self.gap <= self.target_gap)
