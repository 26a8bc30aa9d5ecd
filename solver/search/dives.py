"""Rosters out of a linear program over tours: the surest tours are fixed, the rest answer anew.

First for everybody at once, then again and again for some agents while the others keep their tours.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from solver.bound.columns import Column, ColumnSearch
from solver.compile.model import Plan, Smalls
from solver.kernels.tours import FREE
from solver.search.annealing import plan_cost
from solver.search.incumbent import Incumbent

MOST_KNOWN = 100
"""Tours of an agent that a small program begins with."""

FIRST_ROUNDS, ROUNDS = 10, 3
"""Rounds of answers before anything is held, and before more is."""

SURE = 0.99
"""Days whose shift has such a share in the mixture are all held at once."""

PART = 0.15
"""Part of the days that are open, of all agents, that is held at least."""

STEEP = 2e-3
"""A mixture that is dearer by such a part after more was held is looked at again."""

LOOKS_BACK, LEAST_PART = 3, 1e-3
"""How often one dive goes back, and the part of the days that are open below which it does not."""

BLUR = 0.05
"""How much shares are blurred, so that two dives differ."""

FEW_DAYS = 10
"""Periods of so many days are not cut into stretches."""

WHOLE_TOURS = 0.5
"""How often whole tours of some agents are let go, and not some days of all."""

AT_A_LOSS = 0.8
"""How often a stretch of days is drawn around a slot that loses, and not anywhere."""

LONGEST_LOOK = 0.03
"""Share of the time that one neighbourhood should take at most."""


def dive(
    columns: ColumnSearch,
    over: Callable[[], bool],
    random: np.random.Generator,
    *,
    below: float = np.inf,
    part: float = PART,
) -> Plan | None:
    """A roster out of the program: the surest days are held, everybody answers anew, until each works one tour.

    Args:
        columns: the program; what it holds already stays held, nothing is afterwards.
        over: asked all the time.
        random: breaks ties.
        below: a mixture that costs as much leads nowhere.
        part: how much is held at once.

    Returns:
        A plan of the program's agents, the others without work; None when time is up or the mixture too dear first.
    """
    at_first = columns.held.copy()
    try:
        before, cost, share, chances = at_first, np.inf, part, LOOKS_BACK
        rounds = FIRST_ROUNDS
        while True:
            if not _answer(columns, over, rounds) or columns.cost >= below - 0.5:
                return None
            rounds = ROUNDS
            rise = columns.cost - cost
            if rise > STEEP * (below if np.isfinite(below) else abs(columns.cost)) and chances and share > LEAST_PART:
                # What was held last costs much: less of it, then.
                chances -= 1
                share /= 4
                columns.hold_again(before)
                if not columns.solve():
                    return None
            else:
                before, cost, share = columns.held.copy(), columns.cost, min(part, 2 * share)
            mixtures = {agent: columns.mixture(agent) for agent in columns.agents}
            if all(len(mixture) == 1 for mixture in mixtures.values()):
                return _plan_of(columns, mixtures)
            _hold_surest(columns, mixtures, random, share)
    finally:
        columns.hold_again(at_first)


def _answer(columns: ColumnSearch, over: Callable[[], bool], rounds: int) -> bool:
    """Some rounds of answers, and the mixture after them; False when time is up."""
    for _ in range(rounds):
        if over() or not columns.solve():
            return False
        if columns.answer() == 0:
            return True
    return not over() and columns.solve()


def _hold_surest(
    columns: ColumnSearch,
    mixtures: dict[int, list[tuple[float, Column]]],
    random: np.random.Generator,
    part: float,
) -> None:
    """Holds the days whose shift is surest; of each agent only so many that a tour of its mixture has them all."""
    agents, days, shifts, shares = _surest_shifts(columns, mixtures)
    blurred = shares * (1.0 + BLUR * random.random(len(shares)))
    order = np.argsort(-blurred, kind="stable")
    least = max(1, round(part * len(order)))
    chosen = order[: max(least, int((shares[order] >= SURE).sum()))]
    chosen = chosen[(shares[chosen] >= SURE) | (np.arange(len(chosen)) < least)]
    for agent in np.unique(agents[chosen]).tolist():
        own = chosen[agents[chosen] == agent]
        left = mixtures[agent]
        kept = []
        for place in own.tolist():
            fits = [(share, column) for share, column in left if column.tour.shift[days[place]] == shifts[place]]
            if fits:
                left = fits
                kept.append(place)
        columns.hold(agent, days[kept], shifts[kept])


def _surest_shifts(
    columns: ColumnSearch, mixtures: dict[int, list[tuple[float, Column]]]
) -> tuple[NDArray[np.int64], NDArray[np.int64], Smalls, NDArray[np.float64]]:
    """For each agent and day that is open, the shift with the largest share: agents, days, shifts, shares."""
    agents, days, shifts, shares = [], [], [], []
    for agent, mixture in mixtures.items():
        open_days = np.flatnonzero(columns.held[agent] == FREE)
        if not len(open_days):
            continue
        tours = np.array([column.tour.shift[open_days] for _, column in mixture])
        weight = np.array([share for share, _ in mixture])
        together = ((tours[:, None, :] == tours[None, :, :]) * weight[None, :, None]).sum(axis=1)
        best = together.argmax(axis=0)
        agents.append(np.full(len(open_days), agent))
        days.append(open_days)
        shifts.append(tours[best, np.arange(len(open_days))])
        shares.append(together.max(axis=0))
    return np.concatenate(agents), np.concatenate(days), np.concatenate(shifts), np.concatenate(shares)


def _plan_of(columns: ColumnSearch, mixtures: dict[int, list[tuple[float, Column]]]) -> Plan:
    plan = Plan.empty(columns.model)
    for agent, mixture in mixtures.items():
        tour = mixture[0][1].tour
        plan.shift[agent], plan.starts[agent] = tour.shift, tour.starts
    return plan


@dataclass
class Neighbourhoods:
    """What is let go at once: all days of some agents, or some days of all agents.

    More of it while that pays or is quick, less where it takes too long.
    """

    columns: ColumnSearch
    best: Incumbent
    over: Callable[[], bool]
    seconds: float  # the time limit of the whole solve
    random: np.random.Generator
    agents: float = 4.0  # how many are let go
    days: float = 7.0
    plan: Plan | None = None  # where it stands: as good as the best, or it goes back to that
    cost: int = 0

    def look_at_one(self) -> None:
        """Some days find new shifts together, the others keep theirs; what is as good as before is kept as well."""
        best, cost, _ = self.best.snapshot()
        if self.plan is None or cost < self.cost:
            self.plan, self.cost = best, cost
        began = time.monotonic()
        model = self.columns.model
        by_agent, by_slot = self.columns.losses(self.plan)
        whole_tours = model.days <= FEW_DAYS or self.random.random() < WHOLE_TOURS
        if whole_tours:
            held = self.plan.shift.copy()
            held[self._some(by_agent, by_slot)] = FREE
        else:
            held = self._but_some_days(self.plan, by_slot)
        found = self._with_new_tours(self.plan, held)
        better = False
        if found is not None:
            priced = plan_cost(model, found)
            better = priced < self.cost
            if priced <= self.cost:
                self.plan, self.cost = found, priced
            self.best.offer(found, priced)
        slow = time.monotonic() - began > LONGEST_LOOK * self.seconds
        factor = 0.8 if slow else 0.9 if better else 1.03
        if whole_tours:
            self.agents = max(3.0, min(len(model.agents), self.agents * factor))
        else:
            self.days = max(3.0, min(model.days, self.days * factor))

    def _with_new_tours(self, plan: Plan, held: Smalls) -> Plan | None:
        """The plan with other shifts on the days that are free; None when time is up or nothing better is in sight."""
        free = np.flatnonzero((held == FREE).any(axis=1))
        agents = free.tolist()
        columns = self.columns
        small = ColumnSearch(columns.model, columns.left, search=columns.search, around=plan, among=agents)
        small.held[free] = held[free]
        small.add_plan(plan)
        for agent in agents:
            small.add_columns(columns.cheapest(agent, MOST_KNOWN, held[agent]))
        found = dive(small, self.over, self.random, below=self.cost + columns.model.quantum)
        if found is None:
            return None
        whole = plan.copy()
        whole.shift[free], whole.starts[free] = found.shift[free], found.starts[free]
        columns.add_plan(whole)
        return whole

    def _but_some_days(self, plan: Plan, by_slot: NDArray[np.float64]) -> Smalls:
        """The plan, but for a stretch of days around one where it loses."""
        model = self.columns.model
        wanted = max(2, min(model.days, round(self.days)))
        loses = np.flatnonzero(by_slot > 0)
        if len(loses) and self.random.random() < AT_A_LOSS:
            slot = int(self.random.choice(loses, p=by_slot[loses] / by_slot[loses].sum()))
            day = min(model.days - 1, max(0, (slot - model.grid.first) * model.days // self._slots_of_period))
        else:
            day = int(self.random.integers(model.days))
        first = max(0, min(model.days - wanted, day - int(self.random.integers(wanted))))
        held = plan.shift.copy()
        held[:, first : first + wanted] = FREE
        return held

    @property
    def _slots_of_period(self) -> int:
        return self.columns.model.grid.last - self.columns.model.grid.first

    def _some(self, by_agent: NDArray[np.float64], by_slot: NDArray[np.float64]) -> NDArray[np.int64]:
        """Agents that are let go: some where the roster loses most against the bound, the others at random.

        Either those whose own tours lose, or those who know a tour through a slot that loses.
        """
        agents = len(self.columns.model.agents)
        wanted = max(2, min(agents, round(self.agents)))
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
