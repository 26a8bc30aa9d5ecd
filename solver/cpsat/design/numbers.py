"""The numbers of a design as a CP-SAT model: how many agents work each way, and which kinds of shifts there are."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

import numpy as np
from ortools.sat.python import cp_model

from solver.compile.model import Ints
from solver.cpsat.design.edges import Edges, Limits
from solver.cpsat.design.patterns import Pattern
from solver.cpsat.design.ways import Ways, off_cost
from solver.cpsat.run import Objective, Outcome, Row, add_convex, run

Var = cp_model.IntVar
Sum = cp_model.LinearExpr.sum

Counts = dict[int, int]
"""How many agents work a way, by its number; ways that nobody works are left out."""


class Numbers:
    """The model in the making: a number for each way, and a yes or no for each kind.

    Args:
        ways: all ways.
        edges: what kinds must make; said again to the model, because its relaxation does not see it.
        patterns: of each crew, the days that its agents may work; None where any may be.
        most: the most agents of each way; those with none are left out.
        exact: whether nobody may be missing or too many.
    """

    def __init__(
        self, ways: Ways, edges: Edges, patterns: Sequence[list[Pattern] | None], most: Ints, *, exact: bool
    ) -> None:
        self.cp = cp_model.CpModel()
        self.objective = Objective.empty()
        self._ways, self._model, self._most = ways, ways.model, most
        self._worked: dict[int, Var] = {}
        self._kinds: list[dict[int, Var]] = []  # by rule
        self._covering: dict[tuple[int, int], list[Var]] = defaultdict(list)  # by group and slot
        self._rows: list[tuple[int, int, Row]] = []
        self._beyond: list[Var] = []
        for way in np.flatnonzero(most).tolist():
            self._count(way)
        self._staff(patterns)
        self._price_kinds()
        terms, constant = len(self.objective.terms), self.objective.constant
        self.coverable = True
        for group in range(self._model.groups):
            for slot in range(self._model.slots):
                self._cover(group, slot, exact=exact)
        if self._kinds:
            self._make(edges, None if exact else (terms, constant))
        self.objective.minimize(self.cp)

    def _count(self, way: int) -> None:
        variable = self._worked[way] = self.cp.new_int_var(0, int(self._most[way]), "")
        self.objective.add(variable, int(self._ways.cost[way]))
        group = int(self._ways.group[way])
        for slot in self._ways.slots(way).tolist():
            self._covering[group, slot].append(variable)

    def _staff(self, patterns: Sequence[list[Pattern] | None]) -> None:
        """No crew works more shifts on a day than it has agents, who work days that they may."""
        here: dict[tuple[int, int], list[Var]] = defaultdict(list)
        for way, variable in self._worked.items():
            here[int(self._ways.crew[way]), int(self._ways.day[way])].append(variable)
        for number, (crew, allowed) in enumerate(zip(self._ways.crews, patterns, strict=True)):
            agents = [self.cp.new_int_var(0, crew.size, "") for _ in allowed or ()]
            for variable, pattern in zip(agents, allowed or (), strict=True):
                self.objective.add(variable, pattern.price)
            if allowed is not None:
                self.cp.add(Sum(agents) == crew.size)
            for day in range(self._model.days):
                self.objective.constant += crew.size * off_cost(self._model, crew, day)
                worked = Sum(here[number, day])
                if allowed is None:
                    self.cp.add(worked <= crew.size)
                else:
                    who = [v for v, pattern in zip(agents, allowed, strict=True) if pattern.days[day]]
                    self.cp.add(worked == Sum(who))

    def _price_kinds(self) -> None:
        rules = self._model.kinds
        for tell_breaks, most, price in zip(rules.tell_breaks, rules.most.tolist(), rules.price.tolist(), strict=True):
            kind_of = self._ways.kinds(tell_breaks=bool(tell_breaks))
            kinds: dict[int, Var] = {}
            for way, variable in self._worked.items():
                kind = int(kind_of[way])
                if kind not in kinds:
                    kinds[kind] = self.cp.new_bool_var("")
                self.cp.add(variable <= int(self._most[way]) * kinds[kind])
            beyond = self.cp.new_int_var(0, len(kinds), "")
            self.cp.add(beyond >= Sum(list(kinds.values())) - most)
            self.objective.add(beyond, price)
            self._beyond.append(beyond)
            self._kinds.append(kinds)

    def _cover(self, group: int, slot: int, *, exact: bool) -> None:
        coverage, target = self._model.coverage, self._ways.target
        covering = self._covering.get((group, slot), [])
        heads = int(target.heads[group, slot])
        base, weight = int(coverage.base[group, slot]), coverage.unit
        curve = coverage.curves[coverage.curve_of[group, slot]]
        if exact or not covering:
            there = heads if covering else 0
            self.coverable &= there == heads or not exact
            if covering:
                self.cp.add(Sum(covering) == heads)
            self.objective.constant += int(curve[base + weight * there])
            return
        most = sum(crew.size for crew in self._ways.crews if crew.group == group)
        span = (base, base + weight * most)
        self.cp.add(Sum(covering) <= most)
        row = add_convex(self.cp, self.objective, [(variable, weight) for variable in covering], base, span, curve)
        if row is not None:
            self._rows.append((group, slot, row))

    def _make(self, edges: Edges, coverage: tuple[int, int] | None) -> None:
        """Every edge is made by a kind, or paid for out of what the coverage costs beyond the least."""
        rule = next(
            (r for r, tell in enumerate(self._model.kinds.tell_breaks) if bool(tell) == edges.tell_breaks), None
        )
        if rule is None:
            return
        kinds = self._kinds[rule]
        unmade: list[tuple[Var, int]] = []
        for edge in edges.edges:
            makers = [kinds[kind] for kind in edge.kinds if kind in kinds]
            if coverage is None:
                self.cp.add_bool_or(makers)
            else:
                unmade.append((self.cp.new_bool_var(""), edge.price))
                self.cp.add_bool_or([*makers, unmade[-1][0]])
        if coverage is None or not unmade:
            return
        terms, constant = coverage
        own = self.objective.terms[terms:]
        variables = [variable for variable, _ in own] + [variable for variable, _ in unmade]
        prices = [2 * price for _, price in own] + [-price for _, price in unmade]
        known = 2 * (int(self._ways.target.cost.sum()) - self.objective.constant + constant)
        common = int(np.gcd.reduce([*prices, known])) or 1
        self.cp.add(
            cp_model.LinearExpr.weighted_sum(variables, [price // common for price in prices]) >= known // common
        )

    def run(self, limits: Limits) -> Outcome:
        return run(self.cp, seconds=limits.seconds, stop=limits.stop, seed=limits.seed, workers=limits.workers)

    def counts(self, outcome: Outcome) -> Counts:
        """How many work each way."""
        numbers = ((way, outcome.value(variable)) for way, variable in self._worked.items())
        return {way: number for way, number in numbers if number}

    def hint(self, counts: Counts) -> None:
        """Hints how many work each way."""
        model = self._model
        heads = np.zeros((model.groups, model.slots), np.int64)
        for way, number in counts.items():
            heads[self._ways.group[way], self._ways.slots(way)] += number
        for way, variable in self._worked.items():
            self.cp.add_hint(variable, counts.get(way, 0))
        rules = model.kinds
        for kinds, beyond, most, tell in zip(self._kinds, self._beyond, rules.most, rules.tell_breaks, strict=True):
            kind_of = self._ways.kinds(tell_breaks=bool(tell))
            used = {int(kind_of[way]) for way in counts}
            for kind, variable in kinds.items():
                self.cp.add_hint(variable, kind in used)
            self.cp.add_hint(beyond, max(0, len(used) - int(most)))
        for group, slot, row in self._rows:
            row.hint(self.cp, int(model.coverage.base[group, slot]) + model.coverage.unit * int(heads[group, slot]))
