"""Who is on queue in each slot, as sums of variables, and what that costs at the best split over planning groups."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
from ortools.sat.python import cp_model

from solver.compile.model import Model, Smalls
from solver.cpsat.run import Objective, Outcome, Row, add_convex
from solver.cpsat.split import best_split
from solver.kernels.coverage import come, levels_for
from solver.price import slot_costs

Terms = list[tuple[cp_model.IntVar, int]]


@dataclass
class Queue:
    """Collects who is on queue by profile and slot, and then prices it.

    `heads` are those who are there whatever the variables say, [profiles, slots]; `most` is how many there can be.
    """

    model: Model
    cp: cp_model.CpModel
    objective: Objective
    heads: Smalls
    most: Smalls
    _terms: dict[tuple[int, int], Terms] = field(default_factory=dict)
    _split: dict[tuple[int, int, int], cp_model.IntVar] = field(default_factory=dict)
    _rows: dict[tuple[int, int], Row] = field(default_factory=dict)

    def add(self, profile: int, first: int, last: int, variable: cp_model.IntVar, number: int) -> None:
        """One of the variable is so many more agents of the profile in the slots, `last` not included."""
        for slot in range(first, last):
            self._terms.setdefault((profile, slot), []).append((variable, number))

    def price(self) -> None:
        """Adds to the objective what the slots cost in which anybody can choose."""
        profiles = self.model.coverage.weight.shape[0]
        for slot in self.slots:
            there = [p for p in range(profiles) if (p, slot) in self._terms or self.heads[p, slot]]
            self._price(slot, there)

    def _price(self, slot: int, there: list[int]) -> None:
        coverage = self.model.coverage
        groups = range(coverage.weight.shape[1])
        terms: list[Terms] = [[] for _ in groups]
        constant = [int(coverage.base[g, slot]) for g in groups]
        high = list(constant)
        for p in there:
            known = [g for g in groups if coverage.weight[p, g]]
            if len(known) > 1:
                self._share(p, slot, known, terms)
            elif known:
                weight = int(coverage.weight[p, known[0]])
                terms[known[0]].extend((v, n * weight) for v, n in self._terms.get((p, slot), []))
                constant[known[0]] += weight * int(self.heads[p, slot])
            for g in known:
                high[g] += int(coverage.weight[p, g]) * int(self.most[p, slot])
        for g in groups:
            curve = coverage.curves[coverage.curve_of[g, slot]]
            if not terms[g]:
                self.objective.constant += int(curve[constant[g]])
                continue
            span = int(coverage.base[g, slot]), high[g]
            row = add_convex(self.cp, self.objective, terms[g], constant[g], span, curve)
            if row is not None:
                self._rows[g, slot] = row

    def _share(self, p: int, slot: int, known: list[int], terms: list[Terms]) -> None:
        """The agents of a profile with several groups are shared out among them."""
        parts = []
        for g in known:
            part = self._split[p, g, slot] = self.cp.new_int_var(0, int(self.most[p, slot]), "")
            terms[g].append((part, int(self.model.coverage.weight[p, g])))
            parts.append(part)
        own = self._terms.get((p, slot), [])
        variables = [*(v for v, _ in own), *parts]
        numbers = [*(n for _, n in own), *(-1 for _ in parts)]
        self.cp.add(cp_model.LinearExpr.weighted_sum(variables, numbers) == -int(self.heads[p, slot]))

    @property
    def slots(self) -> list[int]:
        """The slots in which anybody can choose."""
        return sorted({slot for _, slot in self._terms})

    @property
    def idle_cost(self) -> int:
        """What the other slots cost with nobody there but pinned stretches."""
        idle = np.ones(self.model.slots, bool)
        idle[self.slots] = False
        return int(slot_costs(self.model, self.model.coverage.base)[idle].sum())

    def split(self, outcome: Outcome, count: Smalls, heads: Smalls) -> None:
        """Writes into `count`, [profiles, groups, slots], how the outcome shares out the agents who are then there."""
        coverage = self.model.coverage
        for slot in self.slots:
            for p in np.flatnonzero(heads[:, slot] | count[:, :, slot].any(axis=1)).tolist():
                for g in np.flatnonzero(coverage.weight[p]).tolist():
                    part = self._split.get((p, g, slot))
                    count[p, g, slot] = heads[p, slot] if part is None else outcome.value(part)

    def hint(self, count: Smalls) -> None:
        """Hints the split and the levels: agents on queue by [profile, group, slot]."""
        for (p, g, slot), variable in self._split.items():
            self.cp.add_hint(variable, int(count[p, g, slot]))
        level = levels_of(self.model, count)
        for (g, slot), row in self._rows.items():
            row.hint(self.cp, int(level[g, slot]))


def levels_of(model: Model, count: Smalls) -> Smalls:
    """The levels, [groups, slots], of agents split as `count`, [profiles, groups, slots], says."""
    level: Smalls = model.coverage.base + np.einsum("pg,pgt->gt", model.coverage.weight, count)
    return level


def share(model: Model, heads: Smalls, over: Callable[[], bool]) -> Smalls | None:
    """The cheapest split of the agents on queue, [profiles, slots], over groups: [profiles, groups, slots].

    None when it was over before the split was found.
    """
    coverage = model.coverage
    if model.groups == 1:
        alone: Smalls = np.where(coverage.weight[:, :, None] > 0, heads[:, None, :], 0)
        return alone
    if not model.interchangeable:
        split = best_split(model, heads, over)
        return None if split is None else split.count
    levels = levels_for(model)
    for p, slot in np.argwhere(heads).tolist():
        for _ in range(int(heads[p, slot])):
            come(coverage, True, levels, p, slot)
    return levels.heads
