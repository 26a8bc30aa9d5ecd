"""Choosing one tour for each agent out of a pool: the combination that covers best for what it costs."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from ortools.sat.python import cp_model

from solver.compile.model import Model, Plan, Smalls
from solver.cpsat.alike import alike
from solver.cpsat.queue import Queue, levels_of, share
from solver.cpsat.run import Objective, Outcome, run
from solver.price import heads, on_queue, own_cost, slot_costs


@dataclass(frozen=True)
class Tour:
    """A way to work the period: the number of each day's shift, where its activities start, its own cost in units."""

    shift: Smalls  # [days]
    starts: Smalls  # [days, activities]
    cost: int

    @property
    def key(self) -> bytes:
        return self.shift.tobytes() + self.starts.tobytes()


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
    """The plan of tours from the pool, the hint's own among them, that costs least.

    Agents who are alike share their tours, and are counted rather than told apart.

    Args:
        model: the compiled request.
        pool: tours by agent.
        hint: a plan to begin from.
        seconds: the time limit.
        stop: asked again and again; when it says yes, the best choice so far is the answer.
        seed: CP-SAT's seed.
        workers: CP-SAT's threads.

    Returns:
        A plan that costs less than the hint; None when none was found.
    """
    until = time.monotonic() + seconds
    count = share(model, heads(model, on_queue(model, hint)), lambda: stop() or time.monotonic() >= until)
    if count is None:
        return None
    choosing = _Choosing(model, pool, hint)
    choosing.hint(count)
    outcome = run(choosing.cp, seconds=until - time.monotonic(), stop=stop, seed=seed, workers=workers)
    if not outcome.found:
        return None
    before = int(slot_costs(model, levels_of(model, count)).sum()) + choosing.hinted_cost
    if choosing.cost(outcome) >= before:
        return None
    return choosing.plan(outcome)


@dataclass
class _Class:
    """Agents who are alike, with their tours."""

    agents: list[int]
    tours: dict[bytes, Tour] = field(default_factory=dict)
    chosen: dict[bytes, cp_model.IntVar] = field(default_factory=dict)


class _Choosing:
    """The model: how many agents of a class work each tour."""

    def __init__(self, model: Model, pool: Pool, hint: Plan) -> None:
        self.cp = cp_model.CpModel()
        self._model = model
        self._objective = Objective.empty()
        self._hinted = [tour_of(model, hint, a) for a in range(len(model.agents))]
        self._classes = [_Class(agents) for agents in alike(model)]
        nobody = np.zeros((model.coverage.weight.shape[0], model.slots), np.int32)
        most = nobody + np.bincount(model.staff.profile, minlength=len(nobody))[:, None]
        self._queue = Queue(model, self.cp, self._objective, nobody, most)
        for group in self._classes:
            for agent in group.agents:
                group.tours.update((tour.key, tour) for tour in (*pool[agent], self._hinted[agent]))
            self._choose(group)
        self._queue.price()
        self._objective.minimize(self.cp)

    def _choose(self, group: _Class) -> None:
        profile = int(self._model.staff.profile[group.agents[0]])
        free = _free(self._model, list(group.tours.values()))
        for (key, tour), row in zip(group.tours.items(), free, strict=True):
            variable = group.chosen[key] = self.cp.new_int_var(0, len(group.agents), "")
            self._objective.add(variable, tour.cost)
            for slot in np.flatnonzero(row).tolist():
                self._queue.add(profile, slot, slot + 1, variable, 1)
        self.cp.add(cp_model.LinearExpr.sum(list(group.chosen.values())) == len(group.agents))

    def hint(self, count: Smalls) -> None:
        for group in self._classes:
            worked = [self._hinted[agent].key for agent in group.agents]
            for key, variable in group.chosen.items():
                self.cp.add_hint(variable, worked.count(key))
        self._queue.hint(count)

    @property
    def hinted_cost(self) -> int:
        """What the hint's tours cost by themselves."""
        return sum(tour.cost for tour in self._hinted)

    def cost(self, outcome: Outcome) -> int:
        """What the choice costs, slots in which no tour of the pool works included."""
        idle = np.ones(self._model.slots, bool)
        idle[self._queue.slots] = False
        rest = int(slot_costs(self._model, self._model.coverage.base)[idle].sum())
        return self._objective.units(outcome.solver.objective_value) + rest

    def plan(self, outcome: Outcome) -> Plan:
        """Gives names to the tours that were chosen; whoever can keep its own does."""
        plan = Plan.empty(self._model)
        for group in self._classes:
            left = {key: outcome.value(variable) for key, variable in group.chosen.items()}
            moving = []
            for agent in group.agents:
                key = self._hinted[agent].key
                if left[key]:
                    left[key] -= 1
                    _write(plan, agent, group.tours[key])
                else:
                    moving.append(agent)
            rest = [key for key, number in left.items() for _ in range(number)]
            for agent, key in zip(moving, rest, strict=True):
                _write(plan, agent, group.tours[key])
        return plan


def _write(plan: Plan, agent: int, tour: Tour) -> None:
    plan.shift[agent] = tour.shift
    plan.starts[agent] = tour.starts


def _free(model: Model, tours: list[Tour]) -> NDArray[np.bool_]:
    """When each tour is on queue, [tours, slots]."""
    shift = np.array([tour.shift for tour in tours], np.int32)
    starts = np.array([tour.starts for tour in tours], np.int32)
    return on_queue(model, Plan(shift, starts))


__all__ = ["Pool", "Tour", "choose_tours", "tour_of"]
