"""Who serves which planning group when: least coverage cost, no short stints, few switches."""

from __future__ import annotations

import time
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from solver.compile.model import OFF, Model, Plan, Smalls
from solver.kernels.groups import Labels, Room, Stretches, label_all, mend, room_for
from solver.price import on_queue, slot_costs

MOST_OUT = 5
"""Most stretches that leave at once."""

MOVES = 2000
"""Moves between two looks at the clock."""

PATIENCE = 12
"""Chunks of moves without a gain, for each thousand stretches, after which mending ends."""

SWEEPS = 20
"""Most sweeps over all stretches before mending begins."""


def assign_groups(
    model: Model, plan: Plan, *, seconds: float, stop: Callable[[], bool], seed: int = 1, workers: int = 1
) -> Plan:
    """The plan with a planning group for every slot on queue.

    No stint is shorter than the request's least, or than the stretch on queue where that is shorter. The result is
    allowed and near its best at once; the rest of the time betters the coverage and then the number of switches.

    Args:
        model: the compiled request.
        plan: tours with their activities; groups it names already are forgotten.
        seconds: the time limit. The first labels come even without any.
        stop: asked again and again; when it says yes, the best labels so far are the answer.
        seed: draws the order in which things are tried.
        workers: not used by the kernel; threads of CP-SAT.
    """
    free = on_queue(model, plan)
    group = np.where(free, 0, OFF).astype(np.int8)
    named = Plan(plan.shift.copy(), plan.starts.copy(), group)
    if model.groups == 1:
        return named
    until = time.monotonic() + seconds
    naming = Naming(model, named, free, seed)
    naming.construct()
    naming.better(lambda: stop() or time.monotonic() >= until)
    return named


class Naming:
    """The labels of a plan in the making; `plan.group` always holds allowed labels once `construct` has run."""

    def __init__(self, model: Model, plan: Plan, free: NDArray[np.bool_], seed: int) -> None:
        assert plan.group is not None
        self._model = model
        self._random = np.random.default_rng(seed)
        self.stretches = stretches_of(model, plan, free)
        self.least = max(1, -(-model.request.options.minimum_stint_minutes // model.grid.step))
        count = len(self.stretches.agent)
        self.labels = Labels(
            group=plan.group,
            level=model.coverage.base.copy(),
            inside=np.zeros(count, np.bool_),
            cost=np.array([slot_costs(model, model.coverage.base).sum()], np.int64),
            switches=np.zeros(1, np.int64),
            random=self._random.integers(1, 1 << 63, 1, np.uint64),
        )
        longest = int((self.stretches.end - self.stretches.begin).max(initial=1))
        self.room: Room = room_for(model.groups, longest, MOST_OUT)
        self._knows = (model.coverage.weight > 0).sum(axis=1)[self.stretches.profile]

    @property
    def cost(self) -> tuple[int, int]:
        """Units of the coverage, and switches."""
        return int(self.labels.cost[0]), int(self.labels.switches[0])

    def construct(self) -> None:
        """Labels everybody: those with the fewest skills first, then in the order of time."""
        order = np.lexsort((self.stretches.begin, self._knows))
        self._label(order[self._knows[order] > 0])
        able = np.flatnonzero(self._knows > 1)
        for _ in range(SWEEPS):
            before = self.cost
            self._label(self._random.permutation(able))
            if self.cost >= before:
                return

    def _label(self, order: NDArray[np.int64]) -> None:
        label_all(self._model.coverage, self.stretches, self.labels, order, self.least, self.room)

    def better(self, over: Callable[[], bool]) -> None:
        """Mends slots that cost more than they might, then slots where somebody switches."""
        for slots_of, freely in (
            (self._tense, True),
            (self._switching, False),
            (self._tense, False),
            (self._switching, False),
        ):
            self._mend(slots_of, freely, over)

    def _mend(self, slots_of: Callable[[], NDArray[np.int64]], freely: bool, over: Callable[[], bool]) -> None:
        patience = max(3, PATIENCE * len(self.stretches.agent) // 1000)
        left, best = patience, self.cost
        while left > 0 and not over():
            slots = slots_of()
            if not len(slots):
                return
            mend(self._model.coverage, self.stretches, self.labels, slots, MOVES, self.least, freely, self.room)
            left = patience if self.cost < best else left - 1
            best = min(best, self.cost)

    def _tense(self) -> NDArray[np.int64]:
        """Slots in which it would save something to have a head in another group, whoever knows it."""
        coverage, level = self._model.coverage, self.labels.level
        unit = np.maximum(1, np.where(coverage.weight > 0, coverage.weight, coverage.unit).min(axis=0))[:, None]
        here = coverage.curves[coverage.curve_of, level]
        more = here - coverage.curves[coverage.curve_of, level + unit]
        less = np.where(
            level >= unit, coverage.curves[coverage.curve_of, np.maximum(0, level - unit)] - here, np.int64(1) << 60
        )
        return np.flatnonzero(more.max(axis=0) > less.min(axis=0))

    def _switching(self) -> NDArray[np.int64]:
        """Slots at which somebody switches, as often as there are switches, and the slots before."""
        group = self.labels.group
        later = np.flatnonzero(
            ((group[:, 1:] != group[:, :-1]) & (group[:, 1:] != OFF) & (group[:, :-1] != OFF)).any(axis=0)
        )
        return np.concatenate((later, later + 1))


def stretches_of(model: Model, plan: Plan, free: NDArray[np.bool_]) -> Stretches:
    """The stretches of a plan whose agents are free to serve in the slots `free`, [agents, slots]."""
    agents, slots = free.shape
    row, day = np.nonzero(plan.shift != OFF)
    start = np.zeros((agents, slots + 1), np.bool_)
    start[row, model.shifts.start[plan.shift[row, day]]] = True
    edge = np.zeros((agents, 1), np.bool_)
    begins = free & (start[:, :-1] | ~np.hstack((edge, free[:, :-1])))
    ends = free & (start[:, 1:] | ~np.hstack((free[:, 1:], edge)))
    agent, begin = np.nonzero(begins)
    end = np.nonzero(ends)[1] + 1
    shift = np.cumsum(start[:, :-1], axis=1)[agent, begin] if len(agent) else begin
    joined = (agent[1:] == agent[:-1]) & (shift[1:] == shift[:-1])
    number = np.arange(len(agent))
    before = np.full(len(agent), OFF)
    after = np.full(len(agent), OFF)
    before[1:][joined] = number[:-1][joined]
    after[:-1][joined] = number[1:][joined]
    profile = model.staff.profile[agent]
    able = np.flatnonzero(((model.coverage.weight > 0).sum(axis=1) > 1)[profile])
    length = (end - begin)[able]
    at = np.repeat(able, length)
    slot = np.repeat(begin[able], length) + np.arange(length.sum()) - np.repeat(np.cumsum(length) - length, length)
    by_slot = np.argsort(slot, kind="stable")
    first = np.concatenate(([0], np.cumsum(np.bincount(slot, minlength=slots))))
    columns: tuple[Smalls, ...] = tuple(
        column.astype(np.int32) for column in (agent, profile, begin, end, before, after, first, at[by_slot])
    )
    return Stretches(*columns)
