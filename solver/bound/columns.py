"""Column generation: a linear program over tours sets the prices, every agent answers with its best tour for them.

The program chooses a mixture of the known tours of each agent at least cost (Dantzig & Wolfe 1960). Its prices,
smoothed toward the best ones so far (Wentges 1997), are given to `PriceSearch`, which proves a bound with any prices.
When no agent has a tour that would better the mixture, bound and mixture cost the same: no prices prove more.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from ortools.math_opt.python import mathopt

from solver.bound.lagrange import PriceSearch
from solver.compile.model import Ints, Model, Plan, Smalls, Tour, tour_key
from solver.kernels.search import own_cost_of
from solver.kernels.tours import FREE, LOTS
from solver.price import on_queue

SMOOTHING = 0.5
"""How much of the best prices so far is mixed into those of the program."""

LP_SECONDS = 20.0
"""Longest time for one linear program."""

TINY = 1e-7


@dataclass(frozen=True)
class Column:
    """A tour of an agent in the program."""

    agent: int
    tour: Tour
    slots: Ints  # on queue
    variable: mathopt.Variable


class _AtBest(NamedTuple):
    """What the best prices say, worked out once for as long as they are the best."""

    prices: Ints  # [slots]
    beyond: NDArray[np.float64]  # [agents] what the best tour costs beyond what it earns
    levels: Ints  # [slots] least that price and curve come to at any level that the agents can reach


class ColumnSearch:
    """Prices by column generation; `step` makes one round, `search.bound` is the best proof so far, in units."""

    def __init__(
        self,
        model: Model,
        left: Callable[[], float],
        *,
        search: PriceSearch | None = None,
        around: Plan | None = None,
        among: Sequence[int] = (),
    ) -> None:
        """Over all agents, or over those `among` them while the others keep what they have in the plan `around`.

        Args:
            model: the compiled request, with one planning group.
            left: the seconds that a linear program may still take.
            search: where prices are tried and bounds kept.
            around: a plan that stays as it is but for some agents.
            among: these agents.
        """
        self.model = model
        self.left = left
        self.search = search or PriceSearch(model)
        self.held: Smalls = np.full((len(model.agents), model.days), FREE, np.int32)
        self.cost = np.inf  # what the mixture costs in units, with what the others keep and the model's constant
        self._problem = model.problem
        self._weights = model.coverage.weight[model.staff.profile, 0].astype(np.int64)
        self._agents = list(among) if around is not None else list(range(len(model.agents)))
        self._others = frozenset(range(len(model.agents))) - frozenset(self._agents)
        self._base = model.coverage.base[0].astype(np.int64)
        self._offset = float(model.constant)
        if around is not None:
            kept = sorted(self._others)
            self._offset += sum(float(own_cost_of(self._problem, agent, around.shift[agent])) for agent in kept)
            self._base += self._weights[kept] @ on_queue(model, Plan(around.shift[kept], around.starts[kept]))
        self._curves = model.coverage.curves[model.coverage.curve_of[0]]  # [slots, levels]
        self._offset += float(self._curves[np.arange(model.slots), self._base].sum())
        self._scale = float(max(1, np.abs(np.diff(model.coverage.curves, axis=1)).max(initial=1)))
        self._lp = mathopt.Model(name="tours")
        self._solver = mathopt.IncrementalSolver(self._lp, mathopt.SolverType.GLOP)
        self._one = {agent: self._lp.add_linear_constraint(lb=1.0, ub=1.0) for agent in self._agents}
        self._rows: dict[int, mathopt.LinearConstraint] = {}
        self._known: dict[int, dict[bytes, Column]] = {agent: {} for agent in self._agents}
        self._shares: dict[mathopt.Variable, float] = {}
        self._duals = self._idle_prices()
        self._thanks: NDArray[np.float64] = np.zeros(len(model.agents))
        self._at_best: _AtBest | None = None

    # What is known.

    def columns(self, agent: int) -> list[Column]:
        """The tours known of an agent."""
        return list(self._known[agent].values())

    @property
    def agents(self) -> list[int]:
        """The agents of the program."""
        return self._agents

    def cheapest(self, agent: int, most: int, held: Smalls) -> list[Column]:
        """The tours of an agent that the program's prices like best, of those that have the shifts `held`."""
        fit = [one for one in self.columns(agent) if ((held == FREE) | (held == one.tour.shift)).all()]
        return sorted(fit, key=self._loss)[:most]

    def add_plan(self, plan: Plan) -> None:
        """The tours of a roster become known."""
        shift, starts = plan.shift[self._agents], plan.starts[self._agents]
        rows = on_queue(self.model, Plan(shift, starts))
        for agent, one, places, row in zip(self._agents, shift, starts, rows, strict=True):
            if tour_key(one, places) not in self._known[agent]:
                cost = int(own_cost_of(self._problem, agent, one))
                self._add(agent, Tour(one.copy(), places.copy(), cost), np.flatnonzero(row))

    def add_columns(self, columns: Iterable[Column]) -> None:
        """Tours known elsewhere become known."""
        for column in columns:
            if column.tour.key not in self._known[column.agent]:
                self._add(column.agent, column.tour, column.slots)

    def trim(self, most: int) -> None:
        """Forgets the tours that the program's prices like least, when there are more than so many."""
        everything = [column for known in self._known.values() for column in known.values()]
        if len(everything) <= most:
            return
        for column in sorted(everything, key=self._loss)[most // 2 :]:
            if self._loss(column) > TINY * self._scale and len(self._known[column.agent]) > 1:
                del self._known[column.agent][column.tour.key]
                self._lp.delete_variable(column.variable)

    def twin(self) -> ColumnSearch:
        """A program of everybody that knows the same tours and begins with the same prices, for another thread."""
        other = ColumnSearch(self.model, self.left, search=PriceSearch(self.model, self.search.prices))
        for agent in self._agents:
            other.add_columns(self.columns(agent))
        return other

    # Rounds.

    def begin(self, plan: Plan) -> None:
        """The tours of a roster become known, and answers to the first prices, so that there is something to mix."""
        self.add_plan(plan)
        self.search.try_prices(self.search.prices.astype(np.float64))
        for agent, tour, slots in self._answers():
            self._add(agent, tour, slots)

    def step(self) -> bool:
        """One round: better prices, and each agent's answer to them; False when nothing was learnt or time was up."""
        if not self.solve():
            return False
        best = self.search.prices[0].astype(np.float64)
        self.search.try_prices((SMOOTHING * best + (1.0 - SMOOTHING) * self._duals)[None])
        if self._add_answers():
            return True
        # What is best for the smoothed prices is known already: ask again for those of the program itself.
        self.search.try_prices(self._duals[None])
        return self._add_answers() > 0

    def answer(self) -> int:
        """Agents answer to the program's own prices with what they hold, nothing is proved; how many tours are new."""
        self.search.try_prices(self._duals[None], without=self._others, held=self.held)
        return self._add_answers()

    def solve(self) -> bool:
        """Solves the program over the known tours; False when time is up."""
        seconds = max(0.001, min(LP_SECONDS, self.left()))
        # Presolved, a program does not go on from where the one before it ended.
        limits = mathopt.SolveParameters(time_limit=timedelta(seconds=seconds), presolve=mathopt.Emphasis.OFF)
        result = self._solver.solve(params=limits)
        if result.termination.reason != mathopt.TerminationReason.OPTIMAL:
            return False
        slots = np.fromiter(self._rows, np.int64, len(self._rows))
        self._duals = self._idle_prices()
        self._duals[slots] = np.array(result.dual_values(list(self._rows.values()))) * self._scale
        self._thanks[self._agents] = np.array(result.dual_values(list(self._one.values()))) * self._scale
        self._shares = result.variable_values()
        self.cost = result.objective_value() * self._scale + self._offset
        return True

    def _add_answers(self) -> int:
        """Adds the tours that were found last and are worth adding; how many they are."""
        added = 0
        for agent, tour, slots in self._answers():
            if self._loss_of(agent, tour, slots) < -TINY * self._scale:
                self._add(agent, tour, slots)
                added += 1
        return added

    def _answers(self) -> Iterator[tuple[int, Tour, Ints]]:
        """The tours that were found last and are not known, each with its agent and its slots on queue."""
        search, asked = self.search, self._agents
        rows = on_queue(self.model, Plan(search.tours[asked], search.places[asked]))
        for agent, row in zip(asked, rows, strict=True):
            shift, starts = search.tours[agent], search.places[agent]
            if tour_key(shift, starts) in self._known[agent]:
                continue
            tour = Tour(shift.copy(), starts.copy(), int(own_cost_of(self._problem, agent, shift)))
            # Where no tour was met that keeps all sums, or what is held, an older one still stands there.
            if tour.cost < LOTS and self._keeps(agent, tour):
                yield agent, tour, np.flatnonzero(row)

    def _loss(self, column: Column) -> float:
        return self._loss_of(column.agent, column.tour, column.slots)

    def _loss_of(self, agent: int, tour: Tour, slots: Ints) -> float:
        """What a tour costs beyond what it earns at the program's prices."""
        return float(tour.cost - self._weights[agent] * self._duals[slots].sum() - self._thanks[agent])

    # Rosters out of the mixture.

    def mixture(self, agent: int) -> list[tuple[float, Column]]:
        """The tours of an agent that are in the mixture, with their shares."""
        known = self._known[agent].values()
        return [(share, column) for column in known if (share := self._shares[column.variable]) > TINY]

    def hold(self, agent: int, days: NDArray[np.int64], shifts: Smalls) -> None:
        """The agent has these shifts on these days from now on, until `release`."""
        self.held[agent, days] = shifts
        for column in self._known[agent].values():
            if (column.tour.shift[days] != shifts).any():
                column.variable.upper_bound = 0.0

    def hold_again(self, held: Smalls) -> None:
        """What was held at another time is held again, and nothing else."""
        changed = np.flatnonzero((self.held != held).any(axis=1)).tolist()
        self.held[:] = held
        for agent in changed:
            for column in self._known.get(agent, {}).values():
                column.variable.upper_bound = np.inf if self._keeps(agent, column.tour) else 0.0

    def _keeps(self, agent: int, tour: Tour) -> bool:
        """Whether the tour has the shifts that the agent holds."""
        held = self.held[agent]
        return bool(((held == FREE) | (held == tour.shift)).all())

    def losses(self, plan: Plan) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Where a roster of everybody loses what it costs beyond the bound; together it is the gap.

        By agent, whose tour is not its best at the best prices, and by slot, whose level is not the best there.
        """
        best = self._what_best_prices_say()
        at = np.arange(self.model.slots)
        brought = self._weights @ on_queue(self.model, plan)
        slots = self._curves[at, self._base + brought] + best.prices * brought - best.levels
        return np.maximum(0.0, self._beyond(plan, best.prices) - best.beyond), slots.astype(np.float64)

    def _what_best_prices_say(self) -> _AtBest:
        prices = self.search.prices[0]
        if self._at_best is None or not np.array_equal(self._at_best.prices, prices):
            self.search.try_prices(prices[None].astype(np.float64))
            beyond = self._beyond(Plan(self.search.tours, self.search.places), prices)
            brought = np.arange(self._curves.shape[1]) - self._base[:, None]
            reached = (brought >= 0) & (brought <= self._weights.sum())
            priced = np.where(reached, self._curves + prices[:, None] * brought, np.iinfo(np.int64).max)
            self._at_best = _AtBest(prices, beyond, priced.min(axis=1))
        return self._at_best

    def _beyond(self, plan: Plan, prices: Ints) -> NDArray[np.float64]:
        """What each agent's tour costs beyond what it earns at the prices."""
        own = [int(own_cost_of(self._problem, agent, shift)) for agent, shift in enumerate(plan.shift)]
        earns = self._weights * (on_queue(self.model, plan) @ prices.astype(np.float64))
        beyond: NDArray[np.float64] = np.array(own, np.float64) - earns
        return beyond

    # The program.

    def _add(self, agent: int, tour: Tour, slots: Ints) -> None:
        variable = self._lp.add_variable(lb=0.0, ub=np.inf if self._keeps(agent, tour) else 0.0)
        self._known[agent][tour.key] = Column(agent, tour, slots, variable)
        self._lp.objective.set_linear_coefficient(variable, tour.cost / self._scale)
        self._one[agent].set_coefficient(variable, 1.0)
        weight = float(self._weights[agent])
        for slot in slots.tolist():
            self._row(slot).set_coefficient(variable, weight)

    def _row(self, slot: int) -> mathopt.LinearConstraint:
        """The row of a slot: levels that tours bring, less those from each bend of the curve to the next."""
        row = self._rows.get(slot)
        if row is not None:
            return row
        row = self._rows[slot] = self._lp.add_linear_constraint(lb=0.0, ub=0.0)
        slopes = np.diff(self._curves[slot, self._base[slot] :])
        marks = [0, *(np.flatnonzero(np.diff(slopes)) + 1).tolist()]
        for mark, after in zip(marks, [*marks[1:], np.inf], strict=True):
            part = self._lp.add_variable(lb=0.0, ub=after - mark)
            row.set_coefficient(part, -1.0)
            self._lp.objective.set_linear_coefficient(part, float(slopes[mark]) / self._scale)
        return row

    def _idle_prices(self) -> NDArray[np.float64]:
        """What one level more is worth where nobody of the program works."""
        at = np.arange(self.model.slots)
        worth: NDArray[np.float64] = (self._curves[at, self._base] - self._curves[at, self._base + 1]).astype(
            np.float64
        )
        return worth


__all__ = ["Column", "ColumnSearch"]
