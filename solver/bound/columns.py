"""Column generation: a linear program over tours sets the prices, every agent answers with its best tour for them.

The program chooses a mixture of the known tours of each agent at least cost (Dantzig & Wolfe 1960). Its prices,
smoothed toward the best ones so far (Wentges 1997), are given to `PriceSearch`, which proves a bound with any prices.
When no agent has a tour that would better the mixture, bound and mixture cost the same: no prices prove more.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta

import numpy as np
from numpy.typing import NDArray
from ortools.math_opt.python import mathopt

from solver.bound.lagrange import PriceSearch
from solver.compile.model import Ints, Model, Plan
from solver.kernels.search import own_cost_of
from solver.price import on_queue

SMOOTHING = 0.5
"""How much of the best prices so far is mixed into those of the program."""

LP_SECONDS = 20.0
"""Longest time for one linear program."""

TINY = 1e-7

PARAMETERS = mathopt.SolveParameters(
    time_limit=timedelta(seconds=LP_SECONDS),
    presolve=mathopt.Emphasis.OFF,  # presolved, a program does not go on from where the one before it ended
)


@dataclass(frozen=True)
class Column:
    """A tour of an agent in the program."""

    agent: int
    shift: NDArray[np.int32]  # [days]
    starts: NDArray[np.int32]  # [days, activities]
    cost: int  # units, the agent's own
    slots: NDArray[np.int64]  # on queue
    variable: mathopt.Variable

    @property
    def key(self) -> bytes:
        return self.shift.tobytes() + self.starts.tobytes()


class ColumnSearch:
    """Prices by column generation; `step` makes one round, `search.bound` is the best proof so far, in units."""

    def __init__(
        self, model: Model, search: PriceSearch | None = None, around: Plan | None = None, among: Sequence[int] = ()
    ) -> None:
        """Over all agents, or over those `among` them while the others keep what they have in the plan `around`."""
        self._model = model
        self._agents = list(among) if around is not None else list(range(len(model.agents)))
        self._others = frozenset(range(len(model.agents))) - frozenset(self._agents)
        self._base = model.coverage.base[0].astype(np.int64) + self._levels(around)
        self._problem = model.problem
        self.search = search or PriceSearch(model)
        self._curve = model.coverage.curve_of[0]
        self._scale = float(max(1, np.abs(np.diff(model.coverage.curves, axis=1)).max(initial=1)))
        self._lp = mathopt.Model(name="tours")
        self._solver: mathopt.IncrementalSolver | None = None
        self._one = {agent: self._lp.add_linear_constraint(lb=1.0, ub=1.0) for agent in self._agents}
        self._rows: dict[int, mathopt.LinearConstraint] = {}
        self._known: dict[int, dict[bytes, Column]] = {agent: {} for agent in self._agents}
        self._fixed: dict[int, Column] = {}
        self._duals: NDArray[np.float64] = self._idle_prices()
        self._values: dict[mathopt.Variable, float] = {}
        self._thanks: NDArray[np.float64] = np.zeros(len(model.agents))
        self._smoothing = SMOOTHING
        self.value: float | None = None  # units of the best mixture, the price of slots that no tour reaches apart
        self.converged = False
        self._best_at: tuple[Ints, NDArray[np.float64]] | None = None

    def _levels(self, around: Plan | None) -> Ints:
        """Levels, by slot, that the agents bring who keep their tours."""
        levels = np.zeros(self._model.slots, np.int64)
        if around is not None:
            kept = sorted(self._others)
            weight = self._model.coverage.weight[self._model.staff.profile[kept], 0]
            levels += weight @ on_queue(self._model, Plan(around.shift[kept], around.starts[kept]))
        return levels

    def columns(self, agent: int) -> Sequence[Column]:
        """The tours known of an agent."""
        return list(self._known[agent].values())

    def add_plan(self, plan: Plan) -> None:
        """The tours of a roster become known."""
        shift, starts = plan.shift[self._agents], plan.starts[self._agents]
        rows = on_queue(self._model, Plan(shift, starts))
        for agent, one, places, row in zip(self._agents, shift, starts, rows, strict=True):
            self._add(agent, one, places, np.flatnonzero(row))

    def add_columns(self, columns: Iterable[Column]) -> None:
        """Tours known elsewhere become known."""
        for column in columns:
            self._add(column.agent, column.shift, column.starts, column.slots, column.cost)

    def column_of(self, plan: Plan, agent: int) -> Column:
        """The tour of an agent in a roster that is known."""
        return self._known[agent][plan.shift[agent].tobytes() + plan.starts[agent].tobytes()]

    def cheapest(self, agent: int, most: int) -> list[Column]:
        """The tours of an agent that the program's prices like best."""
        known = list(self._known[agent].values())
        return [known[n] for n in np.argsort([self._loss(column) for column in known])[:most]]

    def _loss(self, column: Column) -> float:
        """What the tour costs beyond what it earns at the program's prices."""
        weight = int(self._model.coverage.weight[self._model.staff.profile[column.agent], 0])
        return float(column.cost - weight * self._duals[column.slots].sum() - self._thanks[column.agent])

    def losses(self, plan: Plan) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Where a roster loses what it costs beyond the bound; together it is the gap.

        By agent, whose tour is not its best at the best prices, and by slot, whose level is not the best there.
        """
        model = self._model
        prices = self.search.prices
        if self._best_at is None or not np.array_equal(self._best_at[0], prices):
            self.search.try_prices(prices.astype(np.float64))
            self._best_at = prices, self._beyond(Plan(self.search.tours, self.search.places), prices[0])
        level = model.coverage.base[0] + self._weights @ on_queue(model, plan)
        curves = model.coverage.curves[self._curve]
        total = curves + prices[0][:, None] * (np.arange(curves.shape[1]) - model.coverage.base[0][:, None])
        most = model.coverage.base[0] + int(self._weights.sum())
        total = np.where(np.arange(curves.shape[1]) <= most[:, None], total, np.iinfo(np.int64).max)
        at = np.arange(model.slots)
        slots = (total[at, level] - total.min(axis=1)).astype(np.float64)
        return np.maximum(0.0, self._beyond(plan, prices[0]) - self._best_at[1]), np.maximum(0.0, slots)

    def _beyond(self, plan: Plan, prices: Ints) -> NDArray[np.float64]:
        """What each agent's tour costs beyond what it earns at the prices."""
        model = self._model
        rows = on_queue(model, plan)
        own = [int(own_cost_of(self._problem, agent, plan.shift[agent])) for agent in range(len(model.agents))]
        return np.array(own, np.float64) - self._weights * (rows @ prices.astype(np.float64))

    @property
    def _weights(self) -> Ints:
        """Levels that each agent brings."""
        weights: Ints = self._model.coverage.weight[self._model.staff.profile, 0].astype(np.int64)
        return weights

    def trim(self, most: int) -> None:
        """Forgets the tours that the program's prices like least, when there are more than so many."""
        everything = [column for known in self._known.values() for column in known.values()]
        if len(everything) <= most:
            return
        loss = [self._loss(column) for column in everything]
        for number in np.argsort(loss)[most // 2 :].tolist():
            column = everything[number]
            if loss[number] > TINY * self._scale and len(self._known[column.agent]) > 1:
                del self._known[column.agent][column.key]
                self._lp.delete_variable(column.variable)

    def step(self) -> bool:
        """One round: better prices, and each agent's answer to them; False when nothing was learnt or time was up."""
        if not self._solve():
            return False
        best = self.search.prices[0].astype(np.float64)
        mixed = self._smoothing * best + (1.0 - self._smoothing) * self._duals if self.search.bound else self._duals
        self.search.try_prices(mixed[None])
        new = self._add_answers()
        if new == 0 and self._smoothing:
            # What is best for the smoothed prices is known already: ask again for those of the program itself.
            self.search.try_prices(self._duals[None])
            new = self._add_answers()
        self.converged = new == 0
        return new > 0

    def answer(self) -> int:
        """Agents that are not fixed answer to the program's own prices, nothing is proved; how many tours are new."""
        self.search.try_prices(self._duals[None], without=self._others | self._fixed.keys())
        return self._add_answers()

    def solve(self) -> bool:
        """Solves the program over the known tours."""
        return self._solve()

    def mixture(self) -> list[list[tuple[float, Column]]]:
        """By agent, the tours that the program mixes, the largest share first."""
        found = []
        for known in self._known.values():
            values = [(self._values[column.variable], column) for column in known.values()]
            found.append(sorted(((v, c) for v, c in values if v > TINY), key=lambda pair: -pair[0]))
        return found

    def fix(self, column: Column) -> None:
        """The agent works this very tour from now on, until `release`."""
        self._fixed[column.agent] = column
        for other in self._known[column.agent].values():
            other.variable.upper_bound = 1.0 if other is column else 0.0

    def release(self) -> None:
        """Nobody is fixed any more."""
        for agent in self._fixed:
            for column in self._known[agent].values():
                column.variable.upper_bound = np.inf
        self._fixed.clear()

    @property
    def fixed(self) -> dict[int, Column]:
        return self._fixed

    def _solve(self) -> bool:
        if self._solver is None:
            self._solver = mathopt.IncrementalSolver(self._lp, mathopt.SolverType.GLOP)
        result = self._solver.solve(params=PARAMETERS)
        if result.termination.reason != mathopt.TerminationReason.OPTIMAL:
            return False
        slots = np.fromiter(self._rows, np.int64, len(self._rows))
        self._duals = self._idle_prices()
        self._duals[slots] = np.array(result.dual_values(list(self._rows.values()))) * self._scale
        self._thanks[self._agents] = np.array(result.dual_values(list(self._one.values()))) * self._scale
        self._values = result.variable_values()
        self.value = result.objective_value() * self._scale
        return True

    def _add_answers(self) -> int:
        """Adds the tours that were found last and are worth adding; how many they are."""
        model, search = self._model, self.search
        asked = [agent for agent in self._agents if agent not in self._fixed]
        rows = on_queue(model, Plan(search.tours[asked], search.places[asked]))
        added = 0
        for agent, row in zip(asked, rows, strict=True):
            slots = np.flatnonzero(row)
            weight = int(model.coverage.weight[model.staff.profile[agent], 0])
            earns = weight * float(self._duals[slots].sum()) + float(self._thanks[agent])
            key = search.tours[agent].tobytes() + search.places[agent].tobytes()
            if key in self._known[agent]:
                continue
            cost = int(own_cost_of(self._problem, agent, search.tours[agent]))
            if cost - earns < -TINY * self._scale:
                self._add(agent, search.tours[agent], search.places[agent], slots, cost)
                added += 1
        return added

    def _add(
        self,
        agent: int,
        shift: NDArray[np.int32],
        starts: NDArray[np.int32],
        slots: NDArray[np.int64],
        cost: int | None = None,
    ) -> None:
        if shift.tobytes() + starts.tobytes() in self._known[agent]:
            return
        model = self._model
        if cost is None:
            cost = int(own_cost_of(self._problem, agent, shift))
        variable = self._lp.add_variable(lb=0.0)
        column = Column(agent, shift.copy(), starts.copy(), cost, slots, variable)
        self._known[agent][column.key] = column
        self._lp.objective.set_linear_coefficient(variable, cost / self._scale)
        self._one[agent].set_coefficient(variable, 1.0)
        weight = float(model.coverage.weight[model.staff.profile[agent], 0])
        for slot in slots.tolist():
            self._row(slot).set_coefficient(variable, weight)

    def _row(self, slot: int) -> mathopt.LinearConstraint:
        """The row of a slot: levels that tours bring, less those above each bend of the curve, plus those missing."""
        row = self._rows.get(slot)
        if row is not None:
            return row
        row = self._rows[slot] = self.price_level(self._lp, slot)
        return row

    @property
    def scale(self) -> float:
        """Units that are one in the program."""
        return self._scale

    def price_level(self, program: mathopt.Model, slot: int) -> mathopt.LinearConstraint:
        """Adds the price of a slot's level to a program; the row takes what tours bring there."""
        curve = self._model.coverage.curves[self._curve[slot]]
        base = int(self._base[slot])
        slopes = np.diff(curve[base:])
        bends = np.flatnonzero(np.diff(slopes)) + 1
        marks = [0, *bends.tolist()]
        row = program.add_linear_constraint(lb=0.0, ub=0.0)
        for number, mark in enumerate(marks):
            width = marks[number + 1] - mark if number + 1 < len(marks) else np.inf
            part = program.add_variable(lb=0.0, ub=width)
            row.set_coefficient(part, -1.0)
            program.objective.set_linear_coefficient(part, float(slopes[mark]) / self._scale)
        return row

    def _idle_prices(self) -> NDArray[np.float64]:
        """What one level more is worth where there are only those of pinned shifts."""
        coverage = self._model.coverage
        base = self._base
        curves = coverage.curves[self._curve]
        at = np.arange(self._model.slots)
        worth: NDArray[np.float64] = (curves[at, base] - curves[at, base + 1]).astype(np.float64)
        return worth


MOST_KNOWN = 100
"""Tours of an agent that a small program begins with."""


def neighbourhood(
    columns: ColumnSearch, plan: Plan, free: NDArray[np.int64], over: Callable[[], bool], random: np.random.Generator
) -> Plan | None:
    """A roster in which everybody but some agents keeps its tour, and these are found new ones together."""
    agents = free.tolist()
    small = ColumnSearch(columns.search.model, columns.search, plan, agents)
    small.add_plan(plan)
    for agent in agents:
        small.add_columns(columns.cheapest(agent, MOST_KNOWN))
    # Now a quick look, now a thorough one: which of them pays depends on how the tours hang together.
    rounds, part = ((2, 3), (4, 6))[int(random.integers(2))]
    found = dive(small, over, random, rounds=rounds, part=part)
    if found is None:
        return None
    whole = plan.copy()
    whole.shift[agents], whole.starts[agents] = found.shift[agents], found.starts[agents]
    columns.add_plan(whole)
    return whole


def dive(
    columns: ColumnSearch, over: Callable[[], bool], random: np.random.Generator, *, rounds: int = 4, part: int = 6
) -> Plan | None:
    """A roster out of the program: the surest tours are fixed, the rest answer anew, until everybody has one.

    Args:
        columns: the program; nobody is fixed afterwards.
        over: asked all the time.
        random: breaks ties.
        rounds: how often the rest answer before more is fixed.
        part: at most one in so many of the rest are fixed at once.

    Returns:
        None when time is up first.
    """
    try:
        while True:
            for _ in range(rounds):
                if over() or not columns.solve():
                    return None
                if columns.answer() == 0:
                    break
            if over() or not columns.solve():
                return None
            open_ = [
                (share * (1.0 + 0.05 * random.random()), column)
                for mix in columns.mixture()
                for share, column in mix[:1]
                if column.agent not in columns.fixed
            ]
            if not open_:
                break
            open_.sort(key=lambda pair: -pair[0])
            least = 0.97 * open_[0][0] if open_[0][0] < 0.9 else 0.9
            sure = [column for share, column in open_ if share >= least]
            for column in sure[: max(1, -(-len(open_) // part))]:
                columns.fix(column)
        return _plan_of(columns)
    finally:
        columns.release()


def _plan_of(columns: ColumnSearch) -> Plan:
    model = columns.search.model
    plan = Plan.empty(model)
    for agent, column in columns.fixed.items():
        plan.shift[agent], plan.starts[agent] = column.shift, column.starts
    return plan


__all__ = ["Column", "ColumnSearch", "dive", "neighbourhood"]
