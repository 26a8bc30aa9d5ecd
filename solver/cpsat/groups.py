"""Who serves which planning group when: least coverage cost, no short stints, few switches."""

from __future__ import annotations

import time
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from solver.compile.model import OFF, Model, Plan, Smalls
from solver.cpsat.run import Outcome
from solver.cpsat.stints import Window
from solver.kernels.groups import Labels, Room, Stretches, exchange, label_all, mend, room_for
from solver.price import on_queue, slot_costs

MOST_OUT = 5
"""Most stretches that leave at once."""

FIRST_MOVES, MOVES = 5, 10
"""Moves for each stretch: at the beginning, whatever the time, and between two looks at the gain."""

CHUNK = 2000
"""Moves between two looks at the clock."""

LEAST_GAIN = 1e-3
"""Part of the coverage cost that a chunk of mending must save, or windows are tried."""

SWEEPS = 20
"""Most sweeps over all stretches before mending begins."""

WINDOW_SLOTS, WINDOW_STRETCHES = 24, 60
"""Size of the windows that CP-SAT labels at once: proved in a tenth of a second."""

WINDOW_SECONDS, WINDOW_EFFORT = 2.0, 1.0
"""Most time for a window, by the clock and in CP-SAT's own measure."""

SWITCHES_SHARE = 0.2
"""Part of the time that is kept for the number of switches."""


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
        workers: threads of CP-SAT.
    """
    free = on_queue(model, plan)
    group = np.where(free, 0, OFF).astype(np.int8)
    named = Plan(plan.shift.copy(), plan.starts.copy(), group)
    if model.groups == 1:
        return named
    now = time.monotonic()
    naming = Naming(model, named, free, seed)
    naming.construct()
    naming.save(_until(stop, now + (1 - SWITCHES_SHARE) * seconds), workers)
    naming.settle(_until(stop, now + seconds))
    return named


def _until(stop: Callable[[], bool], instant: float) -> Callable[[], bool]:
    return lambda: stop() or time.monotonic() >= instant


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
        self._per_switch = model.quantum / max(1, int((self.stretches.end - self.stretches.begin).sum()))
        self._knows = (model.coverage.weight > 0).sum(axis=1)[self.stretches.profile]
        self._able = np.flatnonzero(self._knows > 1)
        self._lively = np.flatnonzero(np.diff(self.stretches.first) > 0)

    @property
    def cost(self) -> tuple[int, int]:
        """Units of the coverage, and switches."""
        return int(self.labels.cost[0]), int(self.labels.switches[0])

    def construct(self) -> None:
        """Labels everybody: those with the fewest skills first, then in the order of time; then mends a little."""
        order = np.lexsort((self.stretches.begin, self._knows))
        self._label(order[self._knows[order] > 0])
        for _ in range(SWEEPS):
            before = self.cost
            self._label(self._random.permutation(self._able))
            if self.cost >= before:
                break
        self._mend(FIRST_MOVES, lambda: False)

    def _label(self, order: NDArray[np.int64]) -> None:
        label_all(self._model.coverage, self.stretches, self.labels, order, self.least, self.room)

    def save(self, over: Callable[[], bool], workers: int = 1) -> None:
        """Mends, and has windows labelled at once, until neither saves coverage cost."""
        clean: set[int] = set()
        while not over() and len(self._lively):
            before = self.cost[0]
            self._mend(MOVES, over)
            if before - self.cost[0] > LEAST_GAIN * before:
                clean.clear()
                continue
            if before > self.cost[0]:
                clean.clear()
            before = self.cost[0]
            for first in self._windows():
                if not over() and first not in clean:
                    self._open(first, clean, over, workers)
            if self.cost[0] == before:
                return

    def settle(self, over: Callable[[], bool]) -> None:
        """Mends until there are no fewer switches."""
        while not over():
            before = self.cost
            self._mend(MOVES, over)
            if self.cost >= before:
                return

    def _mend(self, each: int, over: Callable[[], bool]) -> None:
        """So many moves for each stretch that can change, in slots drawn evenly."""
        for _ in range(-(-each * len(self._able) // CHUNK) if len(self._lively) else 0):
            if over():
                return
            mend(
                self._model.coverage,
                self.stretches,
                self.labels,
                self._lively,
                CHUNK,
                self.least,
                0.0,
                self._per_switch,
                self.room,
            )

    def _windows(self) -> list[int]:
        """Where windows begin, each half over the next, in a drawn order."""
        firsts = np.unique(self._lively // (WINDOW_SLOTS // 2)) * (WINDOW_SLOTS // 2)
        drawn: list[int] = self._random.permutation(firsts).tolist()
        return drawn

    def _open(self, first: int, clean: set[int], over: Callable[[], bool], workers: int) -> None:
        """Labels a window at its best; `clean` are the windows that are known to be so."""
        last = min(first + WINDOW_SLOTS, self._model.slots)
        there = self._able[(self.stretches.begin[self._able] < last) & (self.stretches.end[self._able] > first)]
        if len(there) < 2:
            return
        some = np.sort(self._random.permutation(there)[:WINDOW_STRETCHES])
        window = Window(self._model, self.stretches, self.labels, self.least, some, first, last, count_switches=False)
        outcome = window.solve(seconds=WINDOW_SECONDS, stop=over, seed=first, workers=workers, effort=WINDOW_EFFORT)
        before = self.cost[0]
        if outcome.found:
            self._write(window, outcome, some)
        if self.cost[0] < before:
            near = range(first - WINDOW_SLOTS, first + WINDOW_SLOTS + 1)
            clean.difference_update(near)
        if outcome.proved and len(some) == len(there):
            clean.add(first)

    def _write(self, window: Window, outcome: Outcome, some: NDArray[np.int64]) -> None:
        exchange(self._model.coverage, self.stretches, self.labels, some, False)
        window.write(outcome)
        exchange(self._model.coverage, self.stretches, self.labels, some, True)


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
