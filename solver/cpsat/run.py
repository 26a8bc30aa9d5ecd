"""Running CP-SAT so that it ends when it is told to, and writing convex costs for it."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import gcd

import numpy as np
from ortools.sat.python import cp_model

from solver.compile.model import Ints

POLL_SECONDS = 0.02
"""How often the watching thread asks whether to stop."""

SUBSOLVERS = ("max_lp", "quick_restart", "reduced_costs", "pseudo_costs", "no_lp")
"""What several threads do; the first is what a single one would."""


@dataclass
class Objective:
    """A sum of prices in units, handed to CP-SAT in the coarsest whole numbers that hold it."""

    constant: int
    terms: list[tuple[cp_model.IntVar, int]]
    divisor: int = 1
    _least: int = 0

    @classmethod
    def empty(cls) -> Objective:
        return cls(0, [])

    def add(self, variable: cp_model.IntVar, price: int) -> None:
        if price:
            self.terms.append((variable, price))

    def minimize(self, model: cp_model.CpModel) -> None:
        self.divisor = gcd(0, *(price for _, price in self.terms)) or 1
        # As a list: the domain itself gives 0 for the index -1 (9.15).
        spans = [(price, list(variable.proto.domain)) for variable, price in self.terms]
        self._least = sum(min(price * span[0], price * span[-1]) for price, span in spans) // self.divisor
        model.minimize(
            cp_model.LinearExpr.weighted_sum(
                [variable for variable, _ in self.terms], [price // self.divisor for _, price in self.terms]
            )
        )

    def units(self, value: float) -> int:
        """A value of CP-SAT's objective in units; values lie on whole numbers."""
        return round(value) * self.divisor + self.constant

    def bound(self, value: float) -> int:
        """A bound of CP-SAT's in units, raised to the next whole number of its own."""
        return max(self._least, int(np.ceil(max(value, float(self._least)) - 1e-6))) * self.divisor + self.constant


@dataclass
class Outcome:
    """What came of a run; `found` says whether there are values to read."""

    found: bool
    proved: bool
    infeasible: bool
    solver: cp_model.CpSolver

    @property
    def bound(self) -> float:
        """What CP-SAT has proved that its objective is not below.

        Stopped before it had any bound it says 0 (9.15), which is none where prices may be negative.
        """
        known = self.solver.best_objective_bound
        return -np.inf if known == 0 and not self.found else known

    def value(self, variable: cp_model.IntVar) -> int:
        return int(self.solver.value(variable))


class _Watcher(cp_model.CpSolverSolutionCallback):
    """Ends the search at the next solution once it is told to stop."""

    def __init__(self, over: Callable[[], bool]) -> None:
        super().__init__()
        self._over = over

    def on_solution_callback(self) -> None:
        if self._over():
            self.stop_search()


def run(
    model: cp_model.CpModel,
    *,
    seconds: float,
    stop: Callable[[], bool],
    seed: int,
    workers: int,
    effort: float | None = None,
) -> Outcome:
    """Solves the model until it is proved, time is up or `stop` says yes.

    A call to stop that comes before the search listens is lost, so a thread repeats it until the run has ended.

    Args:
        model: the model, hints and all.
        seconds: the time limit.
        stop: asked fifty times a second and at every solution.
        seed: CP-SAT's seed.
        workers: CP-SAT's threads.
        effort: CP-SAT's own measure of time, the same on every machine; None for no such limit.
    """
    until = time.monotonic() + seconds
    solver = cp_model.CpSolver()
    solver.parameters.max_time_in_seconds = max(0.001, seconds)
    solver.parameters.num_workers = max(1, workers)
    solver.parameters.random_seed = seed % (1 << 31)
    # With level 1, the default, clauses are left out of the relaxation (9.15): a day of labels is then not proved in a
    # minute that is proved in a third of a second with them.
    solver.parameters.linearization_level = 2
    if workers > 1:
        solver.parameters.subsolvers.extend(SUBSOLVERS)
    if effort is not None:
        solver.parameters.max_deterministic_time = effort

    def over() -> bool:
        return stop() or time.monotonic() >= until

    ended = threading.Event()

    def watch() -> None:
        while not ended.wait(POLL_SECONDS):
            if over():
                solver.stop_search()

    watching = threading.Thread(target=watch, daemon=True)
    watching.start()
    try:
        status = solver.solve(model, _Watcher(over))
    finally:
        ended.set()
        watching.join()
    if status == cp_model.MODEL_INVALID:
        raise AssertionError(f"CP-SAT refuses the model: {model.validate()}")
    return Outcome(
        found=status in (cp_model.OPTIMAL, cp_model.FEASIBLE),
        proved=status == cp_model.OPTIMAL,
        infeasible=status == cp_model.INFEASIBLE,
        solver=solver,
    )


@dataclass(frozen=True)
class Row:
    """A level in the model: the variables that make up its distance from where its curve bends first."""

    bends: tuple[int, ...]
    below: cp_model.IntVar
    above: tuple[cp_model.IntVar, ...]  # from one bend to the next, and beyond the last

    def hint(self, model: cp_model.CpModel, level: int) -> None:
        """Hints the variables as they are at this level."""
        model.add_hint(self.below, max(0, self.bends[0] - level))
        for bend, after, variable in zip(self.bends, (*self.bends[1:], None), self.above, strict=True):
            reached = level if after is None else min(level, after)
            model.add_hint(variable, max(0, reached - bend))


def add_convex(
    model: cp_model.CpModel,
    objective: Objective,
    terms: Sequence[tuple[cp_model.IntVar, int]],
    constant: int,
    span: tuple[int, int],
    curve: Ints,
) -> Row | None:
    """Adds the price of a level to the objective.

    Args:
        model: takes a row.
        objective: takes the price.
        terms: the variables that make the level, and what one of each brings.
        constant: the level without them.
        span: the lowest and the highest level there can be.
        curve: units at each level, convex.

    Returns:
        The row, to be hinted; None where nothing bends.
    """
    low, high = max(0, span[0]), min(span[1], len(curve) - 1)
    slopes = np.diff(curve[low : high + 1])
    bends: list[int] = (np.flatnonzero(np.diff(slopes)) + 1 + low).tolist() if len(slopes) else []
    if not bends:
        slope = int(slopes[0]) if len(slopes) else 0
        objective.constant += int(curve[low]) + slope * (constant - low)
        for variable, weight in terms:
            objective.add(variable, weight * slope)
        return None
    first = bends[0]
    objective.constant += int(curve[first])
    below = model.new_int_var(0, first - low, "")
    objective.add(below, -int(slopes[first - low - 1]))
    above = []
    for bend, after in zip(bends, (*bends[1:], high), strict=True):
        above.append(model.new_int_var(0, after - bend, ""))
        objective.add(above[-1], int(slopes[bend - low]))
    variables = [*(variable for variable, _ in terms), below, *above]
    weights = [*(weight for _, weight in terms), 1, *(-1 for _ in above)]
    model.add(cp_model.LinearExpr.weighted_sum(variables, weights) == first - constant)
    return Row(tuple(bends), below, tuple(above))
