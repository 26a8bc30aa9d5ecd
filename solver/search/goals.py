"""Rosters for service goals: prices of contacts outside the goals move while the search goes on, until both rest.

A goal over a day has no price an interval. At a price for each contact outside the goal it has, and what the goal
allows, taken off at that price, leaves a lower bound (Lagrange). One core searches; every few moments the prices rise
where the roster misses a goal, and fall where it does more than is asked, so the roster comes to rest where the goals
are just met at least cost. The other core proves, at the mean of the prices so far.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import cycle

import numpy as np
from numpy.typing import NDArray

from solver.bound import PriceSearch
from solver.compile.goals import Goals, priced
from solver.compile.model import OFF, Ints, Model, Plan, Smalls
from solver.kernels.first import introduce
from solver.price import heads, levels, on_queue, own_costs, presence_costs, slot_costs
from solver.search.annealing import Annealer
from solver.search.incumbent import Incumbent
from solver.side_by_side import SideBySide
from solver.watch import Watch

CHUNK_SECONDS = 0.15
"""How long the search runs at the same prices."""

FIRST_STEP, LAST_STEP = 0.25, 0.1
"""How fast prices change with what is missed, in the beginning and at the end."""

MARGIN = 0.005
"""Part of what the goals allow that the prices leave unused: what chance brings may not miss the goal."""

HOTTEST, COLDEST = 3.0, 0.1
"""Temperatures, in what an agent is paid for a slot."""

NOISE, MOST_OUT = 0.5, 2
"""How much the slots' prices are blurred, in the same measure; most agents that leave at once."""

ROUND_SHARE = 0.15
"""Share of the time that is left for proving at the same prices."""

PART_PROVED_AT = (0.8, 1.0, 0.65)
"""What is proved at, in turn, of the search's prices: a fractional roster meets the goals at lower ones."""

TRUE_FROM = 0.4
"""Share of the time from which the true prices may be mixed into the convex ones whole; how much of them is drawn."""

BLUR = 0.03
"""How much the prices of contacts are blurred from chunk to chunk, so that the search sees different ones."""

BACK = 0.1
"""How often a chunk goes on from the best roster rather than from the last one."""

MEMORY = 0.93
"""How much of the mean price is kept at each change."""

GUESSES = 40
RIGID = 1.5
"""By how much a shift makes heads in the right interval dearer than they would be by the interval."""


def race_for_goals(model: Model, best: Incumbent, watch: Watch, tell: Callable[[str], None]) -> int:
    """Fills `best` with the best plan and bound for a model with goals; returns how many moves the search made."""
    introduce(model)
    run = _Run(model, best, watch, prices=Prices.of(model))
    run.run((run.search, run.prove), tell)
    return run.moves


@dataclass
class _Run(SideBySide):
    """The search and the proof, and the prices between them."""

    prices: Prices = field(kw_only=True)
    random: np.random.Generator = field(init=False)

    def __post_init__(self) -> None:
        self.random = np.random.default_rng(self.model.request.options.seed)

    def priced(self, share: float) -> Model:
        """The model at about the prices of the moment; of a single group they come near the true ones with time."""
        most = min(1.0, share / TRUE_FROM) if self.model.groups == 1 else 0.0
        blurred = self.prices.whole * np.exp(BLUR * self.random.standard_normal(len(self.prices.whole)))
        return priced(self.model, np.rint(blurred).astype(np.int64), true=most * (1.0 - 0.4 * self.random.random()))

    def search(self) -> None:
        """Searches at prices that follow what the roster misses."""
        model, seed = self.model, self.model.request.options.seed
        limit = model.request.options.iteration_limit
        at_prices = self.priced(0.0)
        annealer = Annealer(at_prices, seed)
        if not annealer.construct(self.watch.stop):
            return
        self.offer(annealer.plan, at_prices)
        annealer.polish(self.over)
        unit = max(1.0, float(np.median(model.staff.rate)) * model.grid.step) if len(model.agents) else 1.0
        moves = 5
        while not self.over():
            share = self.moves / limit if limit is not None else self.watch.share
            plan = annealer.plan
            self.offer(plan, at_prices)
            self.prices.learn(levels_of(at_prices, plan), share)
            if self.random.random() < BACK:
                plan, _, _ = self.best.snapshot()
            at_prices = self.priced(share)
            seed += 1
            annealer = Annealer(at_prices, seed)
            annealer.take(plan)
            hot = unit * HOTTEST * (COLDEST / HOTTEST) ** share
            began = time.monotonic()
            annealer.run(moves, hot, hot, most_out=MOST_OUT, guide=None, noise=NOISE * unit)
            self.moves += moves
            if limit is None:
                rate = moves / max(1e-6, time.monotonic() - began)
                moves = int(np.clip(rate * CHUNK_SECONDS, 5, 2 * moves))
            else:
                moves = max(1, min(50, limit - self.moves))
        self.offer(annealer.plan, at_prices)

    def prove(self) -> None:
        """Proves at the mean of the search's prices, again and again."""
        if not self.model.agents:
            nobody = Plan.empty(self.model)
            self.best.prove(true_cost(self.model, self.model, nobody))
            return
        start: Ints | None = None
        for part in cycle(PART_PROVED_AT):
            multipliers = np.rint(self.prices.mean * part).astype(np.int64)
            at_prices = priced(self.model, multipliers)
            free = self.prices.free(multipliers)
            search = PriceSearch(at_prices, start)
            until = self.watch.seconds + max(1.0, ROUND_SHARE * self.watch.left)
            while True:  # one step at least: without a bound a roster says little
                known = self.best.cost
                search.step(None if known is None else known - self.model.constant + free)
                assert search.bound is not None
                self.best.prove(search.bound + self.model.constant - free)
                if self.over():
                    return
                if search.settled or self.watch.seconds >= until:
                    break
            start = search.prices

    def offer(self, plan: Plan, at_prices: Model) -> None:
        """Offers a plan at the true price of missing the goals."""
        if self.best.offer(plan, true_cost(self.model, at_prices, plan)):
            self.best.model = at_prices


class Prices:
    """Prices of contacts outside the goal, by account, in units for a part of a contact."""

    def __init__(self, goals: Goals, dearest: NDArray[np.float64], first: NDArray[np.float64]) -> None:
        self._goals, self._dearest, self._now = goals, dearest, first
        self._sum, self._weight = first.copy(), 1.0

    @classmethod
    def of(cls, model: Model) -> Prices:
        """First prices: about those at which the goals would just be met if heads could be paid by the interval."""
        goals = model.goals
        assert goals is not None
        dearest = goals.price.astype(np.float64) / float(model.ticks_per_unit)
        rate = float(np.median(model.staff.rate)) * model.grid.step if len(model.agents) else 0.0
        weight = max(1, int(model.coverage.weight.max(initial=1)))
        low, high = dearest * 1e-6, dearest
        for _ in range(GUESSES):
            middle = np.sqrt(low * high)
            met = _bought(goals, middle, rate / weight) <= goals.allowed
            low, high = np.where(met, low, middle), np.where(met, middle, high)
        return cls(goals, dearest, np.minimum(dearest, RIGID * high))

    @property
    def whole(self) -> Ints:
        """Prices in whole units."""
        return np.rint(self._now).astype(np.int64)

    @property
    def mean(self) -> Ints:
        """The mean of the prices so far, late ones counting more."""
        return np.rint(self._sum / self._weight).astype(np.int64)

    def free(self, multipliers: Ints) -> int:
        """What the goals allow at these prices, in units."""
        goals = self._goals
        return sum((np.where(goals.alone, 0, multipliers) * goals.allowed).tolist())

    def learn(self, level: Smalls, share: float) -> None:
        """Dearer where the goal is missed, cheaper where more is done than it asks for; by less and less.

        Args:
            level: [groups, slots] levels of the roster.
            share: of the time that is used.
        """
        outside = self._goals.missed(level) + self._goals.allowed
        step = FIRST_STEP * (LAST_STEP / FIRST_STEP) ** share
        excess = (outside + 1.0) / ((1 - MARGIN) * self._goals.allowed + 1.0) - 1.0
        self._now = np.minimum(
            self._dearest, np.maximum(self._dearest * 1e-6, self._now * np.exp(step * np.minimum(1.0, excess)))
        )
        self._sum, self._weight = MEMORY * self._sum + self._now, MEMORY * self._weight + 1.0


def _bought(goals: Goals, price: NDArray[np.float64], slot_cost: float) -> Ints:
    """Parts outside by account when every slot has the heads that pay for themselves at these prices."""
    g, t = np.nonzero(goals.account != OFF)
    account, row = goals.account[g, t], goals.row[g, t]
    worth = goals.outside[row] * price[account][:, None] + slot_cost * np.arange(goals.outside.shape[1])
    sums = np.zeros(len(goals.allowed), np.int64)
    np.add.at(sums, account, goals.outside[row, worth.argmin(axis=1)])
    return sums


def levels_of(model: Model, plan: Plan) -> Smalls:
    """The levels that a plan brings, [groups, slots]; without named groups, split at the model's prices."""
    if plan.group is not None:
        return levels(model, plan)
    coverage = model.coverage
    present = heads(model, on_queue(model, plan))
    if model.groups == 1:
        found: Smalls = coverage.base + coverage.weight.T @ present
        return found
    from solver.cpsat.split import best_split

    split = best_split(model, present)
    assert split is not None
    level: Smalls = coverage.base + np.einsum("pgt,pg->gt", split.count, coverage.weight)
    return level


def true_cost(model: Model, at_prices: Model, plan: Plan) -> int:
    """What the plan costs with the goals themselves, in units, the model's constant included.

    Args:
        model: the compiled request.
        at_prices: the same with prices on contacts outside the goals, which say how agents are split over groups.
        plan: a plan.
    """
    assert model.goals is not None
    level = levels_of(at_prices, plan)
    missed = int(model.goals.cost(level) / model.ticks_per_unit)
    heads_cost = int(slot_costs(model, level).sum()) + int(presence_costs(model, plan).sum())
    return model.constant + int(own_costs(model, plan).sum()) + heads_cost + missed
