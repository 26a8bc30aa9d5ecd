"""Choosing one tour for each agent out of a pool: the combination that covers best for what it costs."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from ortools.sat.python import cp_model

from solver.compile.model import OFF, Model, Plan, Smalls, Tour
from solver.cpsat.alike import alike
from solver.cpsat.queue import Queue, levels_of, share
from solver.cpsat.run import Objective, Outcome, run
from solver.price import heads, on_queue, own_cost, slot_costs

WHOLE_POOL, WHOLE_SHARE = 20_000, 0.5
"""Tours in a pool that CP-SAT is given whole, and its part of the time then."""

SOME_TOURS, SOME_SECONDS = 300, 1.0
"""Tours among which the agents drawn from a larger pool choose at once, and the most seconds for it."""


Pool = Sequence[Sequence[Tour]]
"""For each agent the tours to choose among; it may be the empty sequence where the hint's tour is to stay."""


def tour_of(model: Model, plan: Plan, agent: int) -> Tour:
    """The tour that the agent has in a plan."""
    return Tour(plan.shift[agent].copy(), plan.starts[agent].copy(), own_cost(model, agent, plan.shift[agent]))


def choose_tours(
    model: Model,
    pool: Pool,
    hint: Plan,
    *,
    seconds: float,
    stop: Callable[[], bool],
    seed: int = 1,
    workers: int = 1,
) -> Plan | None:
    """The best plan that is found of tours from the pool, the hint's own among them.

    CP-SAT is given the pool whole; where that proves nothing, agents drawn together choose anew, again and again.
    Agents who are alike share their tours, and are counted rather than told apart.

    Args:
        model: the compiled request.
        pool: tours by agent.
        hint: a plan to begin from.
        seconds: the time limit.
        stop: asked again and again; when it says yes, the best choice so far is the answer.
        seed: CP-SAT's seed, and draws the agents.
        workers: CP-SAT's threads.

    Returns:
        A plan that costs less than the hint; None when none was found.
    """
    until = time.monotonic() + seconds

    def over() -> bool:
        return stop() or time.monotonic() >= until

    count = share(model, heads(model, on_queue(model, hint)), over)
    if count is None or not len(model.agents):
        return None
    choice = _Choice(model, pool, hint, count.copy())
    everybody = np.arange(len(model.agents))
    size = sum(len(tours) for tours in pool)
    if size <= WHOLE_POOL:
        part = WHOLE_SHARE * (until - time.monotonic())
        if choice.better(everybody, seconds=part, stop=stop, seed=seed, workers=workers):
            return choice.plan if choice.saved else None
    random = np.random.default_rng(seed)
    some = max(2, min(len(everybody), SOME_TOURS * len(everybody) // size))
    while not over():
        drawn = np.sort(random.permutation(everybody)[:some])
        limit = min(SOME_SECONDS, until - time.monotonic())
        choice.better(drawn, seconds=limit, stop=stop, seed=seed, workers=workers)
    return choice.plan if choice.saved else None


@dataclass
class _Choice:
    """Where the choice stands: a plan, and a split of its agents over groups that only gets cheaper."""

    model: Model
    pool: Pool
    plan: Plan
    split: Smalls
    saved: int = 0

    def better(
        self, agents: NDArray[np.int64], *, seconds: float, stop: Callable[[], bool], seed: int, workers: int
    ) -> bool:
        """Lets these agents choose anew; True when no choice of theirs is better than the one they then have."""
        if seconds <= 0:
            return False
        choosing = _Choosing(self.model, self.pool, self.plan, agents)
        choosing.hint(self.split)
        outcome = run(choosing.cp, seconds=seconds, stop=stop, seed=seed, workers=workers)
        if not outcome.found:
            return False
        slots = choosing.queue.slots
        before = int(slot_costs(self.model, levels_of(self.model, self.split))[slots].sum()) + choosing.hinted_cost
        saved = before - choosing.objective.units(outcome.solver.objective_value)
        if saved > 0:
            self.saved += saved
            self.plan = choosing.plan(outcome)
            choosing.queue.split(outcome, self.split, heads(self.model, on_queue(self.model, self.plan)))
        return outcome.proved


@dataclass
class _Class:
    """Agents who are alike, with their tours."""

    agents: list[int]
    tours: dict[bytes, Tour] = field(default_factory=dict)
    chosen: dict[bytes, cp_model.IntVar] = field(default_factory=dict)


class _Choosing:
    """The model: how many agents of a class work each tour."""

    def __init__(self, model: Model, pool: Pool, plan: Plan, agents: NDArray[np.int64]) -> None:
        self.cp = cp_model.CpModel()
        self.objective = Objective.empty()
        self._model, self._plan = model, plan
        self._worked = {agent: tour_of(model, plan, agent) for agent in agents.tolist()}
        others = plan.copy()
        others.shift[agents] = OFF
        others.starts[agents] = OFF
        there = heads(model, on_queue(model, others))
        able = np.bincount(model.staff.profile[agents], minlength=len(there)).astype(np.int32)
        self.queue = Queue(model, self.cp, self.objective, there, there + able[:, None])
        self._classes = [_Class(same) for same in alike(model, agents.tolist())]
        for group in self._classes:
            for agent in group.agents:
                group.tours.update((tour.key, tour) for tour in (*pool[agent], self._worked[agent]))
            self._choose(group)
        self.queue.price()
        self.objective.minimize(self.cp)

    def _choose(self, group: _Class) -> None:
        profile = int(self._model.staff.profile[group.agents[0]])
        free = _free(self._model, list(group.tours.values()))
        for (key, tour), row in zip(group.tours.items(), free, strict=True):
            variable = group.chosen[key] = self.cp.new_int_var(0, len(group.agents), "")
            self.objective.add(variable, tour.cost)
            for slot in np.flatnonzero(row).tolist():
                self.queue.add(profile, slot, slot + 1, variable, 1)
        self.cp.add(cp_model.LinearExpr.sum(list(group.chosen.values())) == len(group.agents))

    def hint(self, split: Smalls) -> None:
        """Hints the tours that the plan has, and the split of everybody over groups."""
        for group in self._classes:
            worked = [self._worked[agent].key for agent in group.agents]
            for key, variable in group.chosen.items():
                self.cp.add_hint(variable, worked.count(key))
        self.queue.hint(split)

    @property
    def hinted_cost(self) -> int:
        """What the plan's tours of these agents cost by themselves."""
        return sum(tour.cost for tour in self._worked.values())

    def plan(self, outcome: Outcome) -> Plan:
        """Gives names to the tours that were chosen; whoever can keep its own does."""
        plan = Plan(self._plan.shift.copy(), self._plan.starts.copy())
        for group in self._classes:
            left = {key: outcome.value(variable) for key, variable in group.chosen.items()}
            moving = []
            for agent in group.agents:
                key = self._worked[agent].key
                if left[key]:
                    left[key] -= 1
                else:
                    moving.append(agent)
            rest = [key for key, number in left.items() for _ in range(number)]
            for agent, key in zip(moving, rest, strict=True):
                plan.shift[agent] = group.tours[key].shift
                plan.starts[agent] = group.tours[key].starts
        return plan


def _free(model: Model, tours: list[Tour]) -> NDArray[np.bool_]:
    """When each tour is on queue, [tours, slots]."""
    shift = np.array([tour.shift for tour in tours], np.int32)
    starts = np.array([tour.starts for tour in tours], np.int32)
    return on_queue(model, Plan(shift, starts))


__all__ = ["Pool", "Tour", "choose_tours", "tour_of"]
