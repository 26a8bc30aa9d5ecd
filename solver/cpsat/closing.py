"""Closing: what the prices leave of a small problem, as one CP-SAT model that proves the best roster.

The tour graphs become flows, an option worked is the sum of its class's arcs, activities are flows through the break
families, and coverage rows price the levels. Arcs and options that prices rule out are not there.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
from ortools.sat.python import cp_model

from solver.bound.survivors import Survivors
from solver.compile.model import OFF, Model, Plan
from solver.cpsat.run import Objective, add_convex, run

MOST_OPTIONS = 3_000
MOST_ARCS = 30_000

Var = cp_model.IntVar
Sum = cp_model.LinearExpr.sum


@dataclass(frozen=True)
class Closed:
    """What came of it: units of the bound, and the plan when one was found."""

    plan: Plan | None
    bound: int | None
    proved: bool


def small_enough(left: list[Survivors]) -> bool:
    """Whether a model of what is left is worth writing."""
    return sum(len(s.options) for s in left) <= MOST_OPTIONS and sum(len(s.arcs) for s in left) <= MOST_ARCS


def close(
    model: Model,
    left: list[Survivors],
    hint: Plan,
    *,
    seconds: float,
    stop: Callable[[], bool],
    seed: int,
    workers: int,
) -> Closed:
    """The best roster made of what is left.

    Returns:
        Plan and bound hold for the whole problem when every roster that is better than the hint is made of what is
        left; the bound is then the lesser of CP-SAT's and the hint's cost.
    """
    writing = _Writing(model)
    for a, own in enumerate(left):
        writing.agent(a, own, hint)
    writing.coverage()
    writing.objective.minimize(writing.cp)
    outcome = run(writing.cp, seconds=seconds, stop=stop, seed=seed, workers=workers)
    if outcome.infeasible:
        raise AssertionError("The hint is one of the rosters that are left, and CP-SAT finds none.")
    bound = writing.objective.bound(outcome.bound) + model.constant
    plan = writing.plan(outcome.value) if outcome.found else None
    return Closed(plan, bound, outcome.proved)


@dataclass
class _Option:
    """A shift that an agent may work on a day, and the ways to place its activities."""

    agent: int
    day: int
    shift: int
    chosen: Var
    places: list[tuple[int, int, Var]] = field(default_factory=list)  # activity, slot, whether it starts there


class _Writing:
    """The model in the making."""

    def __init__(self, model: Model) -> None:
        self.model = model
        self.cp = cp_model.CpModel()
        self.objective = Objective.empty()
        self.options: list[_Option] = []
        self.heads: dict[tuple[int, int], list[tuple[Var, int]]] = defaultdict(list)  # (profile, slot): +1 and -1

    def agent(self, a: int, left: Survivors, hint: Plan) -> None:
        """The agent's flow through its graph, and its options."""
        model, cp = self.model, self.cp
        tours, options = model.tours, model.options
        choice, graph = int(model.staff.choice[a]), int(model.staff.graph[a])
        leaving: dict[int, list[Var]] = defaultdict(list)
        entering: dict[int, list[Var]] = defaultdict(list)
        worked: dict[int, list[Var]] = defaultdict(list)
        classes = np.searchsorted(tours.arcs, left.arcs, side="right") - 1
        for arc, klass in zip(left.arcs.tolist(), classes.tolist(), strict=True):
            taken = cp.new_bool_var("")
            leaving[int(tours.source[arc])].append(taken)
            entering[int(tours.target[arc])].append(taken)
            worked[klass].append(taken)
            self.objective.add(taken, int(tours.price[arc]))
        root, end = int(model.staff.root[a]), int(tours.layer[graph, model.days])
        for node in {*leaving, *entering}:
            into, out = Sum(entering[node]), Sum(leaving[node])
            if node == root:
                cp.add(out == 1)
            elif node == end:
                cp.add(into == 1)
            else:
                cp.add(into == out)
        chosen: dict[int, list[Var]] = defaultdict(list)
        for row in left.options.tolist():
            day = int(np.searchsorted(options.begin[choice], row, side="right")) - 1
            klass = int(tours.class_offset[graph, day] + options.klass[row])
            chosen[klass].append(self._option(a, day, int(options.shift[row]), hint))
        for klass in {*worked, *chosen}:
            cp.add(Sum(chosen[klass]) == Sum(worked[klass]))

    def _option(self, a: int, day: int, shift: int, hint: Plan) -> Var:
        model = self.model
        chosen = self.cp.new_bool_var("")
        self.cp.add_hint(chosen, int(hint.shift[a, day] == shift))
        if shift == OFF:
            return chosen
        option = _Option(a, day, shift, chosen)
        self.options.append(option)
        self.objective.add(chosen, self._own_cost(a, shift))
        profile = int(model.staff.profile[a])
        start = int(model.shifts.start[shift])
        for slot in range(start, start + int(model.shifts.length[shift])):
            self.heads[profile, slot].append((chosen, 1))
        self._place(option, profile, hint)
        return chosen

    def _own_cost(self, a: int, shift: int) -> int:
        model = self.model
        paid = int(model.staff.rate[a]) * int(model.shifts.paid[shift])
        return paid + int(model.liking(a, np.array([shift]))[0])

    def _place(self, option: _Option, profile: int, hint: Plan) -> None:
        """The option's activities: a flow through its break family from its start to its final node."""
        model, cp, shift = self.model, self.cp, option.shift
        family = int(model.shifts.family[shift])
        if family < 0:
            return
        breaks = model.breaks
        final, low, high = (int(x[shift]) for x in (model.shifts.final, model.shifts.end_low, model.shifts.end_high))
        start = int(model.shifts.start[shift])
        ends: dict[int, dict[int, list[Var]]] = defaultdict(lambda: defaultdict(list))  # node, end of the last
        uses: dict[int, list[Var]] = defaultdict(list)
        for edge in range(breaks.family_edges[family], breaks.family_edges[family + 1]):
            source, target = int(breaks.source[edge]), int(breaks.target[edge])
            duration, activity = int(breaks.duration[edge]), int(breaks.activity[edge])
            if activity >= model.shifts.durations.shape[1] or model.shifts.durations[shift, activity] != duration:
                continue
            for slot in range(int(breaks.low[edge]), int(breaks.high[edge]) + 1):
                end = slot + duration
                if end > int(model.shifts.length[shift]) or (target == final and not low <= end <= high):
                    continue
                before: list[Var] = []
                if source:
                    gaps = range(slot - int(breaks.gap_high[edge]), slot - int(breaks.gap_low[edge]) + 1)
                    before = [v for e, found in ends[source].items() if e in gaps for v in found]
                    if not before:
                        continue
                placed = cp.new_bool_var("")
                cp.add_hint(placed, int(hint.starts[option.agent, option.day, activity] == start + slot))
                if source:
                    cp.add(Sum(before) >= placed)
                ends[target][end].append(placed)
                uses[source].append(placed)
                option.places.append((activity, start + slot, placed))
                for covered in range(start + slot, start + end):
                    self.heads[profile, covered].append((placed, -1))
        for node in {*uses, *ends}:
            into = option.chosen if node == 0 else Sum([v for found in ends[node].values() for v in found])
            if node == final:
                cp.add(into == option.chosen)
            else:
                cp.add(into == Sum(uses[node]))

    def coverage(self) -> None:
        """The levels of every slot and group, and their price."""
        model, cp = self.model, self.cp
        weight, curves = model.coverage.weight, model.coverage.curves
        profiles, groups = weight.shape
        for slot in range(model.slots):
            level: list[list[tuple[Var, int]]] = [[] for _ in range(groups)]
            most = [int(model.coverage.base[g, slot]) for g in range(groups)]
            for p in range(profiles):
                here = self.heads.get((p, slot), [])
                if not here:
                    continue
                reach = sum(factor > 0 for _, factor in here)
                known = np.flatnonzero(weight[p]).tolist()
                if len(known) == 1 and groups == 1:
                    level[0].extend((v, factor * int(weight[p, 0])) for v, factor in here)
                    most[0] += reach * int(weight[p, 0])
                    continue
                serve = [cp.new_int_var(0, reach, "") for _ in known]
                total = cp_model.LinearExpr.weighted_sum([v for v, _ in here], [f for _, f in here])
                cp.add(Sum(serve) == total)
                for variable, g in zip(serve, known, strict=True):
                    level[g].append((variable, int(weight[p, g])))
                    most[g] += reach * int(weight[p, g])
            for g in range(groups):
                curve = curves[model.coverage.curve_of[g, slot]]
                base = int(model.coverage.base[g, slot])
                add_convex(cp, self.objective, level[g], base, (base, most[g]), curve)

    def plan(self, value: Callable[[Var], int]) -> Plan:
        """The solution as a plan."""
        plan = Plan.empty(self.model)
        for option in self.options:
            if value(option.chosen):
                plan.shift[option.agent, option.day] = option.shift
                for activity, slot, placed in option.places:
                    if value(placed):
                        plan.starts[option.agent, option.day, activity] = slot
        return plan
