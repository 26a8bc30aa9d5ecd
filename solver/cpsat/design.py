"""Shift design: how often each kind of shift is worked on each day, and which kinds there are at all.

With all agents alike and days that nothing ties, a roster is a number for each shift of each day. First a model is
solved in which nobody is missing and nobody too many, which is quick where it can be; then the whole one, from there.
"""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Callable

import numpy as np
from ortools.sat.python import cp_model

from solver.compile.model import OFF, Model, Plan
from solver.cpsat.alike import alike
from solver.cpsat.run import Objective, Outcome, Row, add_convex, run

Var = cp_model.IntVar
Sum = cp_model.LinearExpr.sum

MOST_OPTIONS = 20_000
"""Shifts of all days that are given to CP-SAT at most."""

EXACT_SHARE = 0.4
"""How much of the time the model without deviations gets."""


def suits_design(model: Model) -> bool:
    """Whether there is nothing to choose but numbers of shifts, whose kinds are counted or whose period is cyclic."""
    if not len(model.kinds.most) and not model.cyclic:
        return False
    return bool(
        model.groups == 1
        and model.goals is None
        and not model.activities
        and not len(model.presence.where)
        and (model.sums.row == OFF).all()
        and len(alike(model, range(len(model.agents)))) == 1
        and _days_are_apart(model)
        and len(model.options.shift) <= MOST_OPTIONS
    )


def _days_are_apart(model: Model) -> bool:
    """Whether nothing ties the days of an agent but that no two shifts are worked at once."""
    if (np.diff(model.tours.layer, axis=1) == 1).all():
        return True
    agent = model.agents[0]
    plan = next(plan for plan in model.request.work_plans if plan.id == agent.work_plan_id)
    return not plan.rules and agent.history.last_shift_end is None and not agent.history.shifts


def design(
    model: Model,
    *,
    seconds: float,
    stop: Callable[[], bool],
    found: Callable[[Plan], None],
    seed: int = 1,
    workers: int = 1,
) -> int:
    """Finds numbers of shifts and proves that no roster costs less.

    Args:
        model: one that `suits_design`.
        seconds: the time limit, the writing of the model included.
        stop: asked again and again; when it says yes, what is known by then is the answer.
        found: given every plan.
        seed: CP-SAT's seed.
        workers: CP-SAT's threads.

    Returns:
        What no roster costs less than, in units, the kinds of shifts priced.
    """
    until = time.monotonic() + seconds
    exact = _Numbers(model, exact=True)
    first = exact.run(EXACT_SHARE * seconds, stop, seed, workers)
    whole = _Numbers(model, exact=False)
    if first.found:
        _tell(exact.plan(first), found)
        whole.hint(exact.numbers(first))
    last = whole.run(until - time.monotonic(), stop, seed, workers)
    if last.found:
        _tell(whole.plan(last), found)
    if model.cyclic:
        found(Plan.empty(model))  # where it is the only one: no rule of a cyclic period asks for anybody
    return model.constant + whole.objective.bound(last.bound)


def _tell(plan: Plan | None, found: Callable[[Plan], None]) -> None:
    if plan is not None:
        found(plan)


class _Numbers:
    """The model in the making: a number for each option of each day, and a yes or no for each kind."""

    def __init__(self, model: Model, *, exact: bool) -> None:
        self.cp = cp_model.CpModel()
        self.objective = Objective.empty()
        self._model = model
        self._options: dict[int, Var] = {}  # by row of `model.options`
        self._kinds: dict[int, Var] = {}
        self._covering: dict[int, list[Var]] = defaultdict(list)  # by slot
        self._rows: list[tuple[int, Row]] = []
        self._beyond: list[Var] = []
        self._best = self._best_heads()
        for day in range(model.days):
            self._count(day)
        self._price_kinds()
        for slot in range(model.slots):
            self._cover(slot, exact=exact)
        self.objective.minimize(self.cp)

    def _best_heads(self) -> list[int]:
        """The fewest agents at which each slot costs least."""
        coverage = self._model.coverage
        level = coverage.curves[coverage.curve_of[0]].argmin(axis=1) - coverage.base[0]
        return [max(0, -(-int(value) // self._weight)) for value in level]

    @property
    def _weight(self) -> int:
        return int(self._model.coverage.weight[self._model.staff.profile[0], 0])

    def _slots(self, shift: int) -> range | list[int]:
        """The slots that a shift covers."""
        start = int(self._model.shifts.start[shift])
        slots = range(start, start + int(self._model.shifts.length[shift]))
        if not self._model.cyclic:
            return slots
        grid = self._model.grid
        return [grid.first + (slot - grid.first) % (grid.last - grid.first) for slot in slots]

    def _own(self, day: int, row: int) -> int:
        """What one agent who takes the option costs."""
        model = self._model
        graph, shift = int(model.staff.graph[0]), int(model.options.shift[row])
        arc = int(model.tours.arcs[model.tours.class_offset[graph, day] + model.options.klass[row]])
        cost = int(model.tours.price[arc])
        if shift != OFF:
            cost += int(model.staff.rate[0]) * int(model.shifts.paid[shift])
            cost += int(model.liking(0, np.array([shift]))[0])
        return cost

    def _count(self, day: int) -> None:
        """The options of a day."""
        model, agents = self._model, len(self._model.agents)
        choice = int(model.staff.choice[0])
        rows = range(int(model.options.begin[choice, day]), int(model.options.begin[choice, day + 1]))
        free = min((self._own(day, row) for row in rows if model.options.shift[row] == OFF), default=None)
        for row in rows:
            shift, cost = int(model.options.shift[row]), self._own(day, row)
            most = agents
            if shift != OFF and free is not None and cost >= free:
                # More than the largest need are too many in every slot of the shift: one of them may as well be off.
                most = min(most, max((self._best[slot] for slot in self._slots(shift)), default=0))
            variable = self._options[row] = self.cp.new_int_var(0, most, "")
            self.objective.add(variable, cost)
            if shift == OFF or not most:
                continue
            for slot in self._slots(shift):
                self._covering[slot].append(variable)
            kind = int(model.kinds.of_shift[shift])
            if kind not in self._kinds:
                self._kinds[kind] = self.cp.new_bool_var("")
            self.cp.add(variable <= most * self._kinds[kind])
        self.cp.add(Sum([self._options[row] for row in rows]) == agents)

    def _price_kinds(self) -> None:
        kinds = self._model.kinds
        used = list(self._kinds.values())
        for most, price in zip(kinds.most.tolist(), kinds.price.tolist(), strict=True):
            beyond = self.cp.new_int_var(0, len(used), "")
            self.cp.add(beyond >= Sum(used) - most)
            self.objective.add(beyond, price)
            self._beyond.append(beyond)

    def _cover(self, slot: int, *, exact: bool) -> None:
        coverage, weight = self._model.coverage, self._weight
        curve, base = coverage.curves[coverage.curve_of[0, slot]], int(coverage.base[0, slot])
        covering = self._covering.get(slot, [])
        if not covering:
            self.objective.constant += int(curve[base])
            return
        if exact:
            self.cp.add(Sum(covering) == self._best[slot])
            self.objective.constant += int(curve[base + weight * self._best[slot]])
            return
        span = (base, base + weight * len(self._model.agents))
        self.cp.add(Sum(covering) <= len(self._model.agents))
        row = add_convex(self.cp, self.objective, [(variable, weight) for variable in covering], base, span, curve)
        if row is not None:
            self._rows.append((slot, row))

    def run(self, seconds: float, stop: Callable[[], bool], seed: int, workers: int) -> Outcome:
        return run(self.cp, seconds=seconds, stop=stop, seed=seed, workers=workers)

    def numbers(self, outcome: Outcome) -> dict[int, int]:
        """How many take each option."""
        return {row: outcome.value(variable) for row, variable in self._options.items()}

    def hint(self, numbers: dict[int, int]) -> None:
        """Hints how many take each option."""
        model = self._model
        heads = np.zeros(model.slots, np.int64)
        used = set()
        for row, number in numbers.items():
            self.cp.add_hint(self._options[row], number)
            shift = int(model.options.shift[row])
            if shift != OFF and number:
                used.add(int(model.kinds.of_shift[shift]))
                for slot in self._slots(shift):
                    heads[slot] += number
        for kind, literal in self._kinds.items():
            self.cp.add_hint(literal, kind in used)
        for beyond, most in zip(self._beyond, model.kinds.most.tolist(), strict=True):
            self.cp.add_hint(beyond, max(0, len(used) - most))
        for slot, line in self._rows:
            line.hint(self.cp, int(model.coverage.base[0, slot]) + self._weight * int(heads[slot]))

    def plan(self, outcome: Outcome) -> Plan | None:
        """Hands the shifts of each day to agents who are done with the last one; None where there are too few agents.

        The earliest shift goes to whoever has been free the longest: if any way of handing out a day works, this does.
        """
        model, numbers = self._model, self.numbers(outcome)
        plan, free = Plan.empty(model), np.zeros(len(model.agents), np.int64)
        choice = int(model.staff.choice[0])
        for day in range(model.days):
            rows = range(int(model.options.begin[choice, day]), int(model.options.begin[choice, day + 1]))
            worked = [shift for row in rows for shift in [int(model.options.shift[row])] * numbers[row] if shift != OFF]
            worked.sort(key=lambda shift: int(model.shifts.start[shift]))
            for agent, shift in zip(np.argsort(free, kind="stable").tolist(), worked, strict=False):
                start = int(model.shifts.start[shift])
                if free[agent] > start:
                    return None
                free[agent] = start + int(model.shifts.length[shift])
                plan.shift[agent, day] = shift
        return plan


__all__ = ["design", "suits_design"]
