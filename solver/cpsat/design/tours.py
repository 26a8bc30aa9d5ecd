"""From numbers to people whose rules tie their days: tours that the rules allow, and how many agents work each.

Once the kinds of shifts are few, so are the tours that can be made of them: all are listed, and CP-SAT says how many
agents work each so that the numbers come out.
"""

from __future__ import annotations

from collections import defaultdict

import numpy as np
from ortools.sat.python import cp_model

from solver.compile.model import OFF, Plan
from solver.cpsat.design.edges import Limits
from solver.cpsat.design.numbers import Counts
from solver.cpsat.design.ways import Crew, Ways, off_cost, written
from solver.cpsat.run import Objective, Outcome, add_convex, run

Var = cp_model.IntVar
Sum = cp_model.LinearExpr.sum

MOST_TOURS = 40_000
"""Tours of a crew that are listed at most."""


def staff(ways: Ways, counts: Counts, kinds: set[int], limits: Limits) -> tuple[Plan, int] | None:
    """Tours for all agents: by these numbers if there are enough agents for them, else as near as it gets.

    Args:
        ways: all ways.
        counts: how many work each way.
        kinds: the ways that may be worked where the numbers cannot be kept.
        limits: half the time is for tours that keep the numbers.

    Returns:
        The tours, and their cost in units without the kinds of shifts and the model's constant.
    """
    best: tuple[Plan, int] | None = None
    for share, longest, fixed in (
        (0.4, True, True),  # tours to which no day can be added; shifts that are too many are left out of them again
        (0.5, False, True),  # all tours
        (1.0, False, False),  # all tours, by other numbers of the same kinds
    ):
        if best is not None and not fixed:
            break
        writing = _Tours(ways, counts if fixed else None, sorted(counts if fixed else kinds), longest=longest)
        outcome = writing.run(limits, share)
        staffed = writing.staffed(outcome) if outcome.found else None
        if staffed is not None and (best is None or staffed[1] < best[1]):
            best = staffed
        if best is not None and outcome.proved:
            break
    return best


class _Tours:
    """The model: how many agents work each tour and each way."""

    def __init__(self, ways: Ways, counts: Counts | None, allowed: list[int], *, longest: bool) -> None:
        self.cp = cp_model.CpModel()
        self.objective = Objective.empty()
        self._ways, self._counts, self._longest = ways, counts, longest
        self._worked: dict[int, Var | int] = {}
        self._tours: list[list[tuple[tuple[int, ...], Var]]] = []  # by crew
        by_crew: dict[int, list[int]] = defaultdict(list)
        for way in allowed:
            by_crew[int(ways.crew[way])].append(way)
        for number, crew in enumerate(ways.crews):
            self._list(crew, by_crew[number])
        self._cover()
        self.objective.minimize(self.cp)

    def _list(self, crew: Crew, allowed: list[int]) -> None:
        """The tours of a crew, and the ways in which their shifts are worked."""
        ways, model = self._ways, self._ways.model
        assert model.cycle is not None
        by_shift: dict[int, list[int]] = defaultdict(list)
        options: list[set[int]] = [{OFF} for _ in range(model.days)]
        for way in allowed:
            by_shift[int(ways.shift[way])].append(way)
            options[int(ways.day[way])].add(int(ways.shift[way]))
        listed = []
        working: dict[int, list[Var]] = defaultdict(list)
        tours = dict(model.cycle.tours(crew.agents[0], [sorted(today) for today in options], MOST_TOURS))
        for tour, price in (_longest(tours, options) if self._longest else tours).items():
            variable = self.cp.new_int_var(0, crew.size, "")
            self.objective.add(variable, price)
            listed.append((tour, variable))
            for shift in tour:
                if shift != OFF:
                    working[shift].append(variable)
        self._tours.append(listed)
        self.cp.add(Sum([variable for _, variable in listed]) == crew.size)
        self.objective.constant += sum(crew.size * off_cost(model, crew, day) for day in range(model.days))
        for shift, own in by_shift.items():
            numbers: list[Var | int] = []
            for way in own:
                number = self.cp.new_int_var(0, crew.size, "") if self._counts is None else self._counts.get(way, 0)
                numbers.append(number)
                self._worked[way] = number
                cost = int(ways.cost[way])
                if isinstance(number, int):
                    self.objective.constant += cost * number
                else:
                    self.objective.add(number, cost)
            if self._longest:
                self.cp.add(Sum(working[shift]) >= Sum(numbers))
            else:
                self.cp.add(Sum(working[shift]) == Sum(numbers))

    def _cover(self) -> None:
        """What the coverage costs."""
        ways, model = self._ways, self._ways.model
        coverage = model.coverage
        covering: dict[tuple[int, int], list[Var | int]] = defaultdict(list)
        for way, number in self._worked.items():
            for slot in ways.slots(way).tolist():
                covering[int(ways.group[way]), slot].append(number)
        for group, slot in np.ndindex(model.groups, model.slots):
            own = covering.get((group, slot), [])
            base, curve = int(coverage.base[group, slot]), coverage.curves[coverage.curve_of[group, slot]]
            fixed = base + coverage.unit * sum(number for number in own if isinstance(number, int))
            moving = [(number, coverage.unit) for number in own if not isinstance(number, int)]
            if not moving:
                self.objective.constant += int(curve[fixed])
                continue
            most = sum(crew.size for crew in ways.crews if crew.group == group)
            self.cp.add(Sum([number for number, _ in moving]) <= most)
            add_convex(self.cp, self.objective, moving, fixed, (fixed, fixed + coverage.unit * most), curve)

    def run(self, limits: Limits, share: float) -> Outcome:
        seconds = share * limits.seconds
        return run(self.cp, seconds=seconds, stop=limits.stop, seed=limits.seed, workers=limits.workers)

    def staffed(self, outcome: Outcome) -> tuple[Plan, int] | None:
        """The tours told apart into agents, and what they cost; None where shifts cannot be left out of them."""
        ways, model = self._ways, self._ways.model
        assert model.cycle is not None
        plan, cost = Plan.empty(model), self.objective.units(outcome.solver.objective_value)
        left = {way: n if isinstance(n, int) else outcome.value(n) for way, n in self._worked.items()}
        by_shift: dict[tuple[int, int], list[int]] = defaultdict(list)
        for way in left:
            by_shift[int(ways.crew[way]), int(ways.shift[way])].append(way)
        for number, (crew, listed) in enumerate(zip(ways.crews, self._tours, strict=True)):
            waiting = iter(crew.agents)
            for tour, variable in sorted(listed, key=lambda one: -sum(shift != OFF for shift in one[0])):
                for _ in range(outcome.value(variable)):
                    agent = next(waiting)
                    before, after = model.cycle.price(agent, tour), list(tour)
                    for day, shift in enumerate(tour):
                        due = next((one for one in by_shift[number, shift] if left[one]), None)
                        after[day] = OFF if due is None else shift
                        if due is not None:
                            left[due] -= 1
                            plan.shift[agent, day], plan.starts[agent, day] = written(ways, due, plan.starts.shape[2])
                    price = model.cycle.price(agent, after)
                    if price is None:
                        return None
                    cost += price - (before or 0)
        return plan, cost


def _longest(tours: dict[tuple[int, ...], int], options: list[set[int]]) -> dict[tuple[int, ...], int]:
    """The tours that are no part of another one, and the one without any shift."""

    def grows(tour: tuple[int, ...]) -> bool:
        return any(
            (*tour[:day], more, *tour[day + 1 :]) in tours
            for day, shift in enumerate(tour)
            if shift == OFF
            for more in options[day] - {OFF}
        )

    return {tour: price for tour, price in tours.items() if not grows(tour) or all(shift == OFF for shift in tour)}
