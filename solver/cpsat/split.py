"""The best split of agents over planning groups in a slot, by CP-SAT: exact, for whatever proficiencies."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from ortools.sat.python import cp_model

from solver.compile.model import Ints, Model, Smalls
from solver.cpsat.run import Objective, add_convex

SECONDS = 10.0
"""For one slot; it takes milliseconds."""


@dataclass(frozen=True)
class Split:
    """Agents by profile and group, and what the levels then cost."""

    count: Smalls  # [profiles, groups, slots]
    cost: Ints  # [slots]


def best_split(model: Model, heads: Smalls, over: Callable[[], bool] = lambda: False) -> Split | None:
    """The cheapest split of the agents on queue, `heads` [profiles, slots]; None when it was over before that."""
    coverage = model.coverage
    profiles, groups = coverage.weight.shape
    count = np.zeros((profiles, groups, model.slots), np.int32)
    cost = np.zeros(model.slots, np.int64)
    keys = np.vstack((heads, coverage.curve_of, coverage.base)).T
    rows, slot, kind = np.unique(keys, axis=0, return_index=True, return_inverse=True)
    for row in range(len(rows)):
        if over():
            return None
        same = kind.ravel() == row
        split, price = _split(model, heads[:, slot[row]], int(slot[row]))
        count[:, :, same] = split[:, :, None]
        cost[same] = price
    return Split(count, cost)


def _split(model: Model, heads: Smalls, slot: int) -> tuple[Smalls, int]:
    """The split of one slot, [profiles, groups], and its cost."""
    coverage = model.coverage
    cp = cp_model.CpModel()
    objective = Objective.empty()
    serve: dict[tuple[int, int], cp_model.IntVar] = {}
    for p in np.flatnonzero(heads).tolist():
        known = np.flatnonzero(coverage.weight[p]).tolist()
        for g in known:
            serve[p, g] = cp.new_int_var(0, int(heads[p]), "")
        if len(known):
            cp.add(cp_model.LinearExpr.sum([serve[p, g] for g in known]) == int(heads[p]))
    for g in range(coverage.weight.shape[1]):
        terms = [(v, int(coverage.weight[q, g])) for (q, h), v in serve.items() if h == g]
        base = int(coverage.base[g, slot])
        most = base + sum(int(heads[q] * coverage.weight[q, g]) for q, h in serve if h == g)
        add_convex(cp, objective, terms, base, (base, most), coverage.curves[coverage.curve_of[g, slot]])
    objective.minimize(cp)
    # Without a thread that watches: it would take longer than the solve.
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    solver.parameters.linearization_level = 2
    solver.parameters.max_time_in_seconds = SECONDS
    if solver.solve(cp) != cp_model.OPTIMAL:
        raise TimeoutError(f"The split of slot {slot} was not proved best within {SECONDS} s.")
    split = np.zeros(coverage.weight.shape, np.int32)
    for (q, g), variable in serve.items():
        split[q, g] = solver.value(variable)
    return split, objective.units(solver.objective_value)
