"""Naming the planning group of every on-queue slot of a finished plan."""

from __future__ import annotations

import time
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from solver.compile.model import OFF, Model, Plan
from solver.kernels.stints import Stretches, recut, slot_by_slot

MOST_SWEEPS = 40
"""Sweeps over all stretches, at most; they end before when none changes anything."""

DEARNESS = 1 << 14
"""More than the changes of group that one stretch can have: a unit of money always weighs more."""


def assign_groups(model: Model, plan: Plan, *, seconds: float, stop: Callable[[], bool] = lambda: False) -> Plan:
    """The plan with its groups named: best coverage with stints that are long enough, then fewest changes.

    At least one sweep is made however little time there is, so that no stint is too short.
    """
    began = time.monotonic()
    group = np.full((len(model.agents), model.slots), OFF, np.int8)
    named = Plan(plan.shift, plan.starts, group)
    stretches = stretches_of(model, plan)
    if not len(stretches.agent):
        return named
    level = model.coverage.base.astype(np.int32).copy()
    slot_by_slot(model.coverage, model.interchangeable, stretches, level, group)
    least = max(1, model.request.options.minimum_stint_minutes // model.grid.step)
    order = np.argsort(stretches.start, kind="stable").astype(np.int64)
    random = np.random.default_rng(model.request.options.seed)
    for sweep in range(MOST_SWEEPS):
        if recut(model.coverage, stretches, order, least, DEARNESS, level, group) == 0:
            break
        if sweep and (stop() or time.monotonic() - began > seconds):
            break
        order = random.permutation(order)
    return named


def stretches_of(model: Model, plan: Plan) -> Stretches:
    """All on-queue time of the plan between activities, those that name their group by a pin left out."""
    rows: list[tuple[int, int, int]] = []
    shifts = model.shifts
    for a, day in zip(*np.nonzero(plan.shift != OFF), strict=True):
        shift = plan.shift[a, day]
        at, end = int(shifts.start[shift]), int(shifts.start[shift] + shifts.length[shift])
        placed = [
            (int(start), int(shifts.durations[shift, k])) for k, start in enumerate(plan.starts[a, day]) if start != OFF
        ]
        for start, slots in [*sorted(placed), (end, 0)]:
            if start > at:
                rows.append((int(a), at, start))
            at = start + slots
    table: NDArray[np.int32] = np.array(rows, np.int32).reshape(len(rows), 3)
    lengths = table[:, 2] - table[:, 1]
    slot = np.concatenate([np.arange(s, e) for _, s, e in rows]) if rows else np.zeros(0, np.int64)
    owner = np.repeat(np.arange(len(rows), dtype=np.int32), lengths)
    by_slot = np.argsort(slot, kind="stable")
    begin = np.zeros(model.slots + 1, np.int64)
    np.cumsum(np.bincount(slot.astype(np.int64), minlength=model.slots), out=begin[1:])
    return Stretches(
        np.ascontiguousarray(table[:, 0]),
        np.ascontiguousarray(table[:, 1]),
        np.ascontiguousarray(table[:, 2]),
        model.staff.profile,
        begin,
        owner[by_slot],
    )
