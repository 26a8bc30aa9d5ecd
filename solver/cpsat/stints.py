"""Labels of a window of slots all at once by CP-SAT: what mending one stretch after another cannot reach."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from ortools.sat.python import cp_model

from solver.compile.model import Model
from solver.cpsat.run import Objective, Outcome, add_convex, run
from solver.kernels.groups import Labels, Stretches

Literal = cp_model.IntVar | bool
Slot = tuple[int, int, int]  # stretch, group, slot


@dataclass
class Window:
    """The slots `first` to `last`, last not included, of the stretches `free`; all else stays as it is."""

    model: Model
    stretches: Stretches
    labels: Labels
    least: int
    free: NDArray[np.int64]
    first: int
    last: int
    count_switches: bool = True
    _cp: cp_model.CpModel = field(default_factory=cp_model.CpModel)
    _objective: Objective = field(default_factory=Objective.empty)
    _serves: dict[Slot, cp_model.IntVar] = field(default_factory=dict)

    def solve(
        self, *, seconds: float, stop: Callable[[], bool], seed: int, workers: int, effort: float | None = None
    ) -> Outcome:
        """Looks for the labels of least cost, and of fewest switches among those; hinted by the labels there are."""
        stretches: list[int] = self.free.tolist()
        for i in stretches:
            self._choose(i)
        for i in stretches:
            self._last_long_enough(i)
        self._price_levels()
        self._objective.minimize(self._cp)
        return run(self._cp, seconds=seconds, stop=stop, seed=seed, workers=workers, effort=effort)

    def write(self, outcome: Outcome) -> None:
        """Writes the groups that were found; the stretches must be out of the levels."""
        for (i, g, t), variable in self._serves.items():
            if outcome.value(variable):
                self.labels.group[self.stretches.agent[i], t] = g

    def _choose(self, i: int) -> None:
        """One group for each slot."""
        first, last = max(self.first, int(self.stretches.begin[i])), min(self.last, int(self.stretches.end[i]))
        for t in range(first, last):
            here = {g: self._cp.new_bool_var("") for g in self._groups(i)}
            self._cp.add_exactly_one(here.values())
            for g, variable in here.items():
                self._serves[i, g, t] = variable
                self._cp.add_hint(variable, self._now(i, g, t))

    def _last_long_enough(self, i: int) -> None:
        """No run is short, and every switch is counted."""
        begin, end = int(self.stretches.begin[i]), int(self.stretches.end[i])
        least = min(self.least, end - begin)
        for t in range(max(begin, self.first - least + 1), min(end, self.last + 1)):
            for g in self._groups(i):
                here, before = self._at(i, g, t), self._at(i, g, t - 1) if t > begin else False
                for u in range(t + 1, t + least):
                    self._clause([_no(here), before, self._at(i, g, u) if u < end else False])
                if self.count_switches and t > begin and not (isinstance(here, bool) and isinstance(before, bool)):
                    switch = self._cp.new_bool_var("")
                    self._clause([_no(here), before, switch])
                    self._cp.add_hint(switch, self._now(i, g, t) and not self._now(i, g, t - 1))
                    self._objective.add(switch, 1)

    def _price_levels(self) -> None:
        """A quantum of money weighs more than all the switches."""
        coverage = self.model.coverage
        dear = -(-len(self._serves) // self.model.quantum) + 1
        terms: dict[tuple[int, int], list[tuple[cp_model.IntVar, int]]] = {}
        brought: dict[tuple[int, int], int] = {}
        for (i, g, t), variable in self._serves.items():
            weight = int(coverage.weight[self.stretches.profile[i], g])
            terms.setdefault((g, t), []).append((variable, weight))
            brought[g, t] = brought.get((g, t), 0) + weight * self._now(i, g, t)
        for (g, t), those in terms.items():
            level = int(self.labels.level[g, t])
            fixed = level - brought[g, t]
            most = fixed + sum(weight for _, weight in those)
            curve = coverage.curves[coverage.curve_of[g, t]] * dear
            row = add_convex(self._cp, self._objective, those, fixed, (fixed, most), curve)
            if row is not None:
                row.hint(self._cp, level)

    def _groups(self, i: int) -> list[int]:
        known: list[int] = np.flatnonzero(self.model.coverage.weight[self.stretches.profile[i]]).tolist()
        return known

    def _now(self, i: int, g: int, t: int) -> bool:
        return bool(self.labels.group[self.stretches.agent[i], t] == g)

    def _at(self, i: int, g: int, t: int) -> Literal:
        """Whether the stretch is on the group in a slot of its own: a fact outside the window."""
        return self._serves.get((i, g, t), self._now(i, g, t))

    def _clause(self, literals: list[cp_model.LiteralT]) -> None:
        """At least one of them holds."""
        if not any(literal is True for literal in literals):
            self._cp.add_bool_or([literal for literal in literals if not isinstance(literal, bool)])


def _no(literal: Literal) -> cp_model.LiteralT:
    return not literal if isinstance(literal, bool) else ~literal
