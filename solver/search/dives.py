"""Rosters out of a linear program over tours: the surest tours are fixed, the rest answer anew.

First for everybody at once, then again and again for some agents while the others keep their tours.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from solver.bound.columns import ColumnSearch
from solver.compile.model import Plan
from solver.search.annealing import plan_cost
from solver.search.incumbent import Incumbent

MOST_KNOWN = 100
"""Tours of an agent that a small program begins with."""

ALMOST_SURE = 0.9
"""Tours with such a share in the mixture are all fixed at once."""

CLOSE_TO_SUREST = 0.97
"""Where none is as sure, those are fixed that come as close to the surest one."""

BLUR = 0.05
"""How much shares are blurred, so that two dives differ."""

QUICK, THOROUGH = (2, 3), (4, 6)
"""Rounds of answers before more is fixed, and the part of the rest, one in so many, that is fixed at once."""

LONGEST_LOOK = 0.03
"""Share of the time that one neighbourhood should take at most."""


def dive(
    columns: ColumnSearch,
    over: Callable[[], bool],
    random: np.random.Generator,
    rounds_and_part: tuple[int, int] = THOROUGH,
) -> Plan | None:
    """A roster out of the program: the surest tours are fixed, the rest answer anew, until everybody has one.

    Args:
        columns: the program; nobody is fixed afterwards.
        over: asked all the time.
        random: breaks ties.
        rounds_and_part: how quick or thorough it is.

    Returns:
        A plan of the program's agents, the others without work; None when time is up first.
    """
    rounds, part = rounds_and_part
    try:
        while True:
            for _ in range(rounds):
                if over() or not columns.solve():
                    return None
                if columns.answer() == 0:
                    break
            if over() or not columns.solve():
                return None
            rest = [(share * (1.0 + BLUR * random.random()), column) for share, column in columns.surest()]
            if not rest:
                return _plan_of(columns)
            rest.sort(key=lambda pair: -pair[0])
            surest = rest[0][0]
            least = ALMOST_SURE if surest >= ALMOST_SURE else CLOSE_TO_SUREST * surest
            for share, column in rest[: -(-len(rest) // part)]:
                if share >= least:
                    columns.fix(column)
    finally:
        columns.release()


def _plan_of(columns: ColumnSearch) -> Plan:
    plan = Plan.empty(columns.model)
    for agent, column in columns.fixed.items():
        plan.shift[agent], plan.starts[agent] = column.tour.shift, column.tour.starts
    return plan


@dataclass
class Neighbourhoods:
    """Which agents are let go at once: more of them while that pays or is quick, fewer where it takes too long."""

    columns: ColumnSearch
    best: Incumbent
    over: Callable[[], bool]
    seconds: float  # the time limit of the whole solve
    random: np.random.Generator
    size: float = 4.0
    plan: Plan | None = None  # where it stands: as good as the best, or it goes back to that
    cost: int = 0

    def look_at_one(self) -> None:
        """Some agents find new tours together, the others keep theirs; what is as good as before is kept as well."""
        best, cost, _ = self.best.snapshot()
        if self.plan is None or cost < self.cost:
            self.plan, self.cost = best, cost
        began = time.monotonic()
        found = self._with_new_tours(self.plan, self._some(self.plan))
        if found is None:
            return
        priced = plan_cost(self.columns.model, found)
        better = priced < self.cost
        if priced <= self.cost:
            self.plan, self.cost = found, priced
        self.best.offer(found, priced)
        agents = len(self.columns.model.agents)
        slow = time.monotonic() - began > LONGEST_LOOK * self.seconds
        self.size = max(3.0, self.size * 0.8) if slow else min(agents, self.size * (0.9 if better else 1.02))

    def _with_new_tours(self, plan: Plan, free: NDArray[np.int64]) -> Plan | None:
        """The plan with other tours for these agents; None when time is up first."""
        agents = free.tolist()
        columns = self.columns
        small = ColumnSearch(columns.model, columns.left, search=columns.search, around=plan, among=agents)
        small.add_plan(plan)
        for agent in agents:
            small.add_columns(columns.cheapest(agent, MOST_KNOWN))
        # Now a quick look, now a thorough one: which of them pays depends on how the tours hang together.
        found = dive(small, self.over, self.random, (QUICK, THOROUGH)[int(self.random.integers(2))])
        if found is None:
            return None
        whole = plan.copy()
        whole.shift[free], whole.starts[free] = found.shift[free], found.starts[free]
        columns.add_plan(whole)
        return whole

    def _some(self, plan: Plan) -> NDArray[np.int64]:
        """Agents that are let go: some where the roster loses most against the bound, the others at random.

        Either those whose own tours lose, or those who know a tour through a slot that loses.
        """
        agents = len(self.columns.model.agents)
        wanted = max(2, min(agents, round(self.size)))
        by_agent, by_slot = self.columns.losses(plan)
        first: NDArray[np.bool_] = np.zeros(agents, bool)
        if self.random.random() * (by_agent.sum() + by_slot.sum()) < by_agent.sum():
            number = max(1, min(wanted // 2, int((by_agent > 0).sum())))
            first[self.random.choice(agents, number, replace=False, p=by_agent / by_agent.sum())] = True
        elif by_slot.sum() > 0:
            slot = int(self.random.choice(len(by_slot), p=by_slot / by_slot.sum()))
            first |= [any(slot in column.slots for column in self.columns.columns(agent)) for agent in range(agents)]
        order = self.random.permutation(agents)
        order = order[np.argsort(~first[order], kind="stable")]
        some: NDArray[np.int64] = np.sort(order[:wanted])
        return some
