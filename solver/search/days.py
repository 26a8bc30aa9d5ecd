"""The search by days: groups named at every moment, and one or two days of an agent at a time."""

from __future__ import annotations

import time
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from solver.compile.model import OFF, Model, Plan
from solver.kernels.days import (
    Days,
    Room,
    anneal_days,
    charge_own,
    come_in,
    count_day,
    room_for,
    whole_tour,
)
from solver.price import slot_costs
from solver.search.cooling import Cooling
from solver.search.incumbent import Incumbent

MOST_ATTEMPTS = 8
"""How often a first tour is looked for where the graph does not hold every rule."""

HOTTEST = 50.0
"""The first temperature, in prices of the cheapest head too many, or paid slot."""

ENOUGH_MOVES = 20_000
"""Moves for each agent in which the search cools down once."""

FIRST_CHUNK, CHUNK_SECONDS = 20, 0.1
"""Moves before the first look up, and how long the kernel runs between looks later."""

RELABELS = 0.5
"""Share of the moves that leave the shifts as they are."""


class DaySearch:
    """One search; begins from a plan with named groups, or makes its own first roster.

    `plan` and `cost` are the best roster so far; cost is in units, the model's constant included.
    """

    def __init__(self, model: Model, seed: int) -> None:
        self._model = model
        self._problem = model.problem
        self._room: Room = room_for(model)
        self._days = nobody_works(model, seed)
        self._random = np.random.default_rng(seed)
        self.least = max(1, -(-model.request.options.minimum_stint_minutes // model.grid.step))
        self._slots = np.flatnonzero(_matters(model))
        agents = len(model.agents)
        self._option = np.zeros((agents, model.days), np.int32)
        self._starts = np.zeros_like(self._days.starts)
        self._group = np.zeros_like(self._days.group)
        self._best_cost: int | None = None
        self.moves = 0

    @property
    def cost(self) -> int:
        assert self._best_cost is not None, "no roster yet"
        return self._best_cost + self._model.constant

    @property
    def plan(self) -> Plan:
        """The best roster so far, groups named, a copy."""
        return Plan(self._model.options.shift[self._option], self._starts.copy(), self._group.copy())

    def construct(self, over: Callable[[], bool]) -> bool:
        """Everybody answers with a whole tour, in a drawn order; False when time ran out or somebody found none."""
        for a in self._random.permutation(len(self._model.agents)):
            if not self._answer(int(a), over):
                return False
        if self._best_cost is None or int(self._days.cost[0]) < self._best_cost:
            self._keep()
        return True

    def begin(self) -> bool:
        """Everybody works the tour that the compiler met: poor, but allowed and there at once; False where none is."""
        if not all(self._take_known(a) for a in range(len(self._model.agents))):
            self._days = nobody_works(self._model, 1)._replace(random=self._days.random)
            return False
        self._keep()
        self._days = nobody_works(self._model, 1)._replace(random=self._days.random)
        return True

    def _answer(self, a: int, over: Callable[[], bool]) -> bool:
        """A whole tour for an agent that has none; values are blurred more and more until one is met."""
        dearest = float(np.abs(np.diff(self._model.coverage.curves[:, :2], axis=1)).max(initial=1))
        for attempt in range(MOST_ATTEMPTS):
            if over():
                return False
            noise = attempt * dearest
            if whole_tour(self._problem, self._model.rules, self._days, a, self.least, noise, self._room):
                return True
        return self._take_known(a)

    def _take_known(self, a: int) -> bool:
        """The tour that the compiler met, for an agent whose sums are kept beside its graph."""
        model, days = self._model, self._days
        if model.sums.row[a] == OFF:
            return False
        for day, shift in enumerate(model.sums.known[a].tolist()):
            option = self._option_of(a, day, shift)
            come_in(self._problem, days, a, day, option, self.least, self._room.desk)
        charge_own(self._problem, model.rules, days, a, self._room)
        return True

    def _option_of(self, a: int, day: int, shift: int) -> int:
        options, choice = self._model.options, self._model.staff.choice[a]
        first, last = options.begin[choice, day], options.begin[choice, day + 1]
        return int(first + np.flatnonzero(options.shift[first:last] == shift)[0])

    def take(self, plan: Plan) -> None:
        """Goes on from this plan, whose groups are named."""
        assert plan.group is not None, "The plan names no planning groups."
        model = self._model
        days = nobody_works(model, 1)._replace(random=self._days.random)
        days.starts[:], days.group[:] = plan.starts, plan.group
        for a in range(len(model.agents)):
            for day in range(model.days):
                days.option[a, day] = self._option_of(a, day, int(plan.shift[a, day]))
                count_day(self._problem, days, a, day, 1)
            charge_own(self._problem, model.rules, days, a, self._room)
        self._days = days
        if self._best_cost is None or int(days.cost[0]) < self._best_cost:
            self._keep()

    def run(self, moves: int, hot: float, cold: float, *, noise: float, relabels: float = RELABELS) -> None:
        """So many moves while the temperature falls from `hot` to `cold`, in units."""
        if not len(self._model.agents) or self._best_cost is None or not len(self._slots):
            return
        self._best_cost = anneal_days(
            self._problem,
            self._model.rules,
            self._days,
            self._option,
            self._starts,
            self._group,
            self._best_cost,
            moves,
            self.least,
            self._slots,
            relabels,
            hot,
            cold,
            noise,
            self._room,
        )
        self.moves += moves

    def cool(
        self,
        best: Incumbent,
        *,
        over: Callable[[], bool],
        share: Callable[[], float],
        hottest: float = HOTTEST,
        limit: int | None = None,
    ) -> None:
        """Anneals in chunks from hot to cold, again and again where there is time, and offers what is better.

        Args:
            best: the best roster of all engines.
            over: asked between chunks.
            share: how much of the time is used, 0 to 1.
            hottest: temperature at first, in prices of the cheapest head too many, where there are moves enough.
            limit: most moves; the temperature follows their share then.
        """
        cooling = Cooling(cheapest_head(self._model), hottest, max(1, ENOUGH_MOVES * len(self._model.agents)))
        chunk, rate, began, began_at = FIRST_CHUNK, 0.0, time.monotonic(), 0.0 if limit is not None else share()
        done = 0
        while not over() and len(self._slots) and (limit is None or done < limit):
            used = (share() - began_at) / max(1e-6, 1 - began_at) if limit is None else done / limit
            hot, noise = cooling.at(done, used)
            moves = chunk if limit is None else min(FIRST_CHUNK, limit - done)
            self.run(moves, hot, hot, noise=noise)
            done += moves
            rate = done / max(1e-6, time.monotonic() - began)
            chunk = max(FIRST_CHUNK, min(2 * chunk, int(rate * CHUNK_SECONDS)))
            if best.cost is None or self.cost < best.cost:
                best.offer(self.plan, self.cost)

    def _keep(self) -> None:
        self._best_cost = int(self._days.cost[0])
        self._option[:], self._starts[:], self._group[:] = self._days.option, self._days.starts, self._days.group


def nobody_works(model: Model, seed: int) -> Days:
    """A roster in which nobody has been given a day yet; options are those days off where there are any."""
    agents, activities = len(model.agents), max(1, model.activities)
    mixed = (seed * 0x9E3779B97F4A7C15 + 0x632BE59BD9B4E019) % (1 << 64)
    period = model.grid
    day_of = (np.arange(model.slots) - period.first) * period.step // 1440
    return Days(
        option=model.options.begin[model.staff.choice][:, :-1].astype(np.int32).copy(),
        starts=np.full((agents, model.days, activities), OFF, np.int32),
        group=np.full((agents, model.slots), OFF, np.int8),
        own_cost=np.zeros(agents, np.int64),
        level=model.coverage.base.copy(),
        cost=np.array([slot_costs(model, model.coverage.base).sum()], np.int64),
        day_of=np.clip(day_of, 0, model.days - 1).astype(np.int32),
        random=np.array([mixed or 1], np.uint64),
    )


def cheapest_head(model: Model) -> float:
    """What the cheapest head too many costs in a slot, or a paid slot where that is less; in units."""
    slopes = np.diff(model.coverage.curves, axis=1)
    prices = [slopes[slopes > 0].min(initial=np.iinfo(np.int64).max)]
    if len(model.agents):
        prices.append(int(np.median(model.staff.rate)) * model.grid.step or prices[0])
    prices.append(int(np.abs(slopes).max(initial=1)))
    return float(min(prices))


def _matters(model: Model) -> NDArray[np.bool_]:
    """The slots in which somebody may be on duty and some level is better than another."""
    lively = np.diff(model.coverage.curves[:, : model.coverage.unit + 1], axis=1).min(axis=1) < 0
    return np.asarray(lively[model.coverage.curve_of].max(axis=0), np.bool_)
