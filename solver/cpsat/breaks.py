"""All activities of a day at once, over all agents, every shift staying where it is."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from ortools.sat.python import cp_model

from solver.compile.model import OFF, Model, Plan, Smalls
from solver.cpsat.places import Block, Key, blocks_of
from solver.cpsat.queue import Queue, levels_of, share
from solver.cpsat.run import Objective, Outcome, run
from solver.price import heads, on_queue, slot_costs


@dataclass(frozen=True)
class BetterBreaks:
    """A plan with other places of activities: what was saved in units, and whether no place is better."""

    plan: Plan
    saved: int
    proved: bool


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
    until = time.monotonic() + seconds
    for today in range(model.days) if day is None else (day,):
        left = until - time.monotonic()
        if left <= 0 or stop():
            break
        plan = place_day(model, plan, today, seconds=left, stop=stop, seed=seed, workers=workers).plan
    return plan


def place_day(
    model: Model, plan: Plan, day: int, *, seconds: float, stop: Callable[[], bool], seed: int, workers: int
) -> BetterBreaks:
    """One day's activities by one CP-SAT model; agents of one profile whose shifts are alike are counted."""
    numbers = plan.shift[:, day]
    movable = np.flatnonzero((numbers != OFF) & (model.shifts.family[numbers] >= 0))
    if not len(movable):
        return BetterBreaks(plan, 0, True)
    until = time.monotonic() + seconds
    before = heads(model, on_queue(model, plan))
    split = share(model, before, lambda: stop() or time.monotonic() >= until)
    if split is None:
        return BetterBreaks(plan, 0, False)
    placing = _Placing(model, plan, day, movable)
    placing.hint(split)
    return placing.solve(split, seconds=until - time.monotonic(), stop=stop, seed=seed, workers=workers)


class _Placing:
    """The model of a day: a flow for each profile and block of shifts."""

    def __init__(self, model: Model, plan: Plan, day: int, movable: NDArray[np.int64]) -> None:
        self._model, self._plan, self._day = model, plan, day
        self._cp = cp_model.CpModel()
        self._objective = Objective.empty()
        self._members: dict[tuple[int, int], list[int]] = {}  # profile, shift -> agents
        for agent in movable.tolist():
            alike = int(model.staff.profile[agent]), int(plan.shift[agent, day])
            self._members.setdefault(alike, []).append(agent)
        bare = plan.copy()
        bare.starts[movable, day] = OFF
        present = heads(model, on_queue(model, bare))
        self._queue = Queue(model, self._cp, self._objective, present, present)
        self._blocks: list[tuple[int, Block]] = []
        for profile in sorted({profile for profile, _ in self._members}):
            for key, shifts in blocks_of(model, [n for p, n in self._members if p == profile]).items():
                self._blocks.append((profile, self._block(profile, key, shifts)))
        self._queue.price()
        self._objective.minimize(self._cp)

    def _block(self, profile: int, key: Key, shifts: list[int]) -> Block:
        counts = {n: len(self._members[profile, n]) for n in shifts}
        block = Block.build(self._model, self._cp, key, dict(counts), sum(counts.values()))
        for variable, first, last in block.covered():
            self._queue.add(profile, first, last, variable, -1)
        return block

    def hint(self, split: Smalls) -> None:
        """Hints the places there are, and how agents are split over groups with them, [profiles, groups, slots]."""
        for profile, block in self._blocks:
            agents = [agent for n in block.counts for agent in self._members[profile, n]]
            block.hint(self._cp, [_placed(self._plan.starts[agent, self._day]) for agent in agents])
        self._queue.hint(split)

    def solve(
        self, split: Smalls, *, seconds: float, stop: Callable[[], bool], seed: int, workers: int
    ) -> BetterBreaks:
        """The day with its activities where they are found to cost least, or as it was."""
        outcome = run(self._cp, seconds=seconds, stop=stop, seed=seed, workers=workers)
        if not outcome.found:
            return BetterBreaks(self._plan, 0, False)
        cost = self._objective.units(outcome.solver.objective_value)
        saved = int(slot_costs(self._model, levels_of(self._model, split)).sum()) - cost
        return BetterBreaks(self._read(outcome) if saved > 0 else self._plan, max(0, saved), outcome.proved)

    def _read(self, outcome: Outcome) -> Plan:
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


def _placed(starts: Smalls) -> list[tuple[int, int]]:
    """The activities with their slots, in the order of time."""
    found = [(activity, slot) for activity, slot in enumerate(starts.tolist()) if slot != OFF]
    return sorted(found, key=lambda one: one[1])
