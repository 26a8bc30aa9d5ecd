"""All activities of a day at once, over all agents, every shift staying where it is."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from ortools.sat.python import cp_model

from solver.compile.model import OFF, Model, Plan, Smalls
from solver.cpsat.places import Block, Key, blocks_of, placed
from solver.cpsat.queue import Queue, levels_of, share
from solver.cpsat.run import Objective, Outcome, run
from solver.price import heads, on_queue, slot_costs

MOST_AT_ONCE = 120
"""Agents of a day that are placed by one model where there are several planning groups."""

NEARBY, NEARBY_SECONDS = 40, 2.0
"""Agents that are placed anew at once on a larger day, and the most seconds for them."""


def improve_breaks(
    model: Model,
    plan: Plan,
    *,
    day: int | None = None,
    seconds: float,
    stop: Callable[[], bool],
    seed: int = 1,
    workers: int = 1,
) -> Plan:
    """The plan with the activities of one day, or of one day after the other, placed at least coverage cost.

    Never a worse plan. Planning groups that the plan names are forgotten where anything was moved.

    Args:
        model: the compiled request.
        plan: tours with their activities.
        day: the day on which the shifts begin; None for every day.
        seconds: the time limit.
        stop: asked again and again; when it says yes, the best places so far are the answer.
        seed: CP-SAT's seed.
        workers: CP-SAT's threads.
    """
    days = range(model.days) if day is None else range(day, day + 1)
    until = time.monotonic() + seconds
    for number, today in enumerate(days):
        left = until - time.monotonic()
        if left <= 0 or stop():
            break
        share_of_time = left / (len(days) - number)
        plan = place_day(model, plan, today, seconds=share_of_time, stop=stop, seed=seed, workers=workers).plan
    return plan


@dataclass(frozen=True)
class Placed:
    """A plan with other places of activities: what that saved in units, and whether no places are better."""

    plan: Plan
    saved: int
    proved: bool


def place_day(
    model: Model, plan: Plan, day: int, *, seconds: float, stop: Callable[[], bool], seed: int = 1, workers: int = 1
) -> Placed:
    """One day's activities: by one model, or on a large day with several planning groups part after part."""
    until = time.monotonic() + seconds

    def over() -> bool:
        return stop() or time.monotonic() >= until

    numbers = plan.shift[:, day]
    movable = np.flatnonzero((numbers != OFF) & (model.shifts.family[numbers] >= 0))
    if not len(movable):
        return Placed(plan, 0, True)
    split = share(model, heads(model, on_queue(model, plan)), over)
    if split is None:
        return Placed(plan, 0, False)
    state = _Day(model, plan, split.copy(), day)
    if model.groups == 1 or len(movable) <= MOST_AT_ONCE:
        saved, proved = state.place(movable, seconds=until - time.monotonic(), stop=stop, seed=seed, workers=workers)
        return Placed(state.plan, saved, proved)
    random = np.random.default_rng(seed)
    total = 0
    while not over():
        limit = min(NEARBY_SECONDS, until - time.monotonic())
        saved, _ = state.place(state.nearby(movable, random), seconds=limit, stop=stop, seed=seed, workers=workers)
        total += saved
    return Placed(state.plan, total, False)


@dataclass
class _Day:
    """The plan on its way, with a split of agents over groups, [profiles, groups, slots], that only gets cheaper."""

    model: Model
    plan: Plan
    split: Smalls
    day: int

    def nearby(self, movable: NDArray[np.int64], random: np.random.Generator) -> NDArray[np.int64]:
        """Agents who work in one slot, dear slots being drawn more often."""
        model = self.model
        number = self.plan.shift[movable, self.day]
        start = model.shifts.start[number]
        end = start + model.shifts.length[number]
        cost = slot_costs(model, levels_of(model, self.split))[start.min() : end.max()] + 1
        slot = start.min() + random.choice(len(cost), p=cost / cost.sum())
        there = movable[(start <= slot) & (slot < end)]
        return np.sort(random.permutation(there)[:NEARBY])

    def place(
        self, agents: NDArray[np.int64], *, seconds: float, stop: Callable[[], bool], seed: int, workers: int
    ) -> tuple[int, bool]:
        """Places the activities of these agents; gives the units saved, and whether no places of theirs are better."""
        if not len(agents) or seconds <= 0:
            return 0, False
        placing = _Placing(self.model, self.plan, self.day, agents)
        placing.hint(self.split)
        outcome = run(placing.cp, seconds=seconds, stop=stop, seed=seed, workers=workers)
        if not outcome.found:
            return 0, False
        slots = placing.queue.slots
        before = int(slot_costs(self.model, levels_of(self.model, self.split))[slots].sum())
        saved = before - placing.objective.units(outcome.solver.objective_value)
        if saved > 0:
            self.plan = placing.read(outcome)
            placing.queue.split(outcome, self.split, heads(self.model, on_queue(self.model, self.plan)))
        return max(0, saved), outcome.proved


class _Placing:
    """The model of a day: a flow for each profile and block of shifts."""

    def __init__(self, model: Model, plan: Plan, day: int, movable: NDArray[np.int64]) -> None:
        self._model, self._plan, self._day = model, plan, day
        self.cp = cp_model.CpModel()
        self.objective = Objective.empty()
        self._members: dict[tuple[int, int], list[int]] = {}  # profile, shift -> agents
        for agent in movable.tolist():
            alike = int(model.staff.profile[agent]), int(plan.shift[agent, day])
            self._members.setdefault(alike, []).append(agent)
        bare = plan.copy()
        bare.starts[movable, day] = OFF
        present = heads(model, on_queue(model, bare))
        self.queue = Queue(model, self.cp, self.objective, present, present)
        self._blocks: list[tuple[int, Block]] = []
        for profile in sorted({profile for profile, _ in self._members}):
            for key, shifts in blocks_of(model, [n for p, n in self._members if p == profile]).items():
                self._blocks.append((profile, self._block(profile, key, shifts)))
        self.queue.price()
        self.objective.minimize(self.cp)

    def _block(self, profile: int, key: Key, shifts: list[int]) -> Block:
        counts = {n: len(self._members[profile, n]) for n in shifts}
        block = Block.build(self._model, self.cp, key, dict(counts), sum(counts.values()))
        for variable, first, last in block.covered():
            self.queue.add(profile, first, last, variable, -1)
        return block

    def hint(self, split: Smalls) -> None:
        """Hints the places there are, and how agents are split over groups with them, [profiles, groups, slots]."""
        for profile, block in self._blocks:
            agents = [agent for n in block.counts for agent in self._members[profile, n]]
            block.hint(self.cp, [placed(self._plan.starts[agent, self._day]) for agent in agents])
        self.queue.hint(split)

    def read(self, outcome: Outcome) -> Plan:
        """The plan with the places that were found."""
        plan = Plan(self._plan.shift.copy(), self._plan.starts.copy())
        for profile, block in self._blocks:
            flow = {position: outcome.value(variable) for position, variable in block.flow.items()}
            counts = {n: len(self._members[profile, n]) for n in block.counts}
            for number, places in block.places(flow, counts).items():
                for agent, starts in zip(self._members[profile, number], places, strict=True):
                    plan.starts[agent, self._day] = OFF
                    for activity, slot in starts.items():
                        plan.starts[agent, self._day, activity] = slot
        return plan
