"""Better and better prices of the slots, each with a proved lower bound (deflected subgradients with Polyak's step).

Besides the bound, the averages of the tours met on the way are a fractional roster near the best one.
"""

from __future__ import annotations

from collections.abc import Container, Iterator

import numpy as np
from numpy.typing import NDArray

from solver.compile.model import OFF, Ints, Model, Smalls
from solver.kernels.prices import best_tours, level_values, profile_prices, shift_values
from solver.kernels.tours import FREE, scratch_for

PATIENCE = 12
"""Steps without a better bound after which the steps are made shorter."""

FIRST_FACTOR = 0.1
LEAST_FACTOR = 1e-3
SHRINK = 0.85
REKINDLED = 0.1
MOST_LEVEL_PRICES = 80
MEMORY = 0.9
"""How much of the direction is kept from step to step, against swinging prices (Camerini, Fratta & Maffioli 1975)."""


SUM_TRIES, SUM_LABELS = 6, 8
"""Where tours are asked for that keep sums beside the graphs: paths that move the prices of sums, labels in a node."""

FEW_SUM_TRIES = 2
"""Where only a bound is asked for, and the prices of sums move from step to step with those of slots."""


class PriceSearch:
    """A search for prices; `step` makes one, `bound` is the best proof so far, in units.

    Every call of `step` is one answer of all agents, so its time grows with agents times the arcs of their graphs.
    """

    def __init__(self, model: Model, prices: Ints | None = None) -> None:
        self._model = model
        self._problem = model.problem
        groups, slots = model.groups, model.slots
        profiles = model.coverage.weight.shape[0]
        agents = len(model.agents)
        self._scratch = scratch_for(model)
        self._values = np.zeros((profiles, len(model.catalogue)), np.int64)
        self._used = self._shifts_by_profile()
        self._prefixes = np.zeros((profiles, slots + 1), np.int64)
        self._serves = np.zeros((profiles, slots), np.int32)
        self._wanted = np.zeros((groups, slots), np.int64)
        self._most = model.coverage.weight[model.staff.profile].sum(axis=0, dtype=np.int64).reshape(groups)
        self.tours = np.full((agents, model.days), OFF, np.int32)
        self.places = np.full((agents, model.days, max(1, model.activities)), OFF, np.int32)
        self._free = np.full((agents, model.days), FREE, np.int32)
        self._low, self._high = self._price_range()
        start = self._first_prices() if prices is None else prices.astype(np.float64)
        self._center = np.clip(start, self._low, self._high)
        self.bound: int | None = None
        self._factor = FIRST_FACTOR
        self._stale = 0
        self._recent: int | None = None
        self.steps = 0
        self._trial = self._center
        self._direction: NDArray[np.float64] = np.zeros((groups, slots))

    @property
    def prices(self) -> Ints:
        """The prices behind the best bound, [groups, slots] units per level."""
        return self._whole(self._center)

    @property
    def guide(self) -> Ints:
        """What an agent-slot earns at the best prices, [profiles, slots]."""
        weight = self._model.coverage.weight.astype(np.int64)
        earns = np.where(weight[:, :, None] > 0, weight[:, :, None] * self.prices[None], np.iinfo(np.int64).min)
        return np.ascontiguousarray(earns.max(axis=1))

    @property
    def settled(self) -> bool:
        """Whether more steps would hardly help."""
        return self._factor <= LEAST_FACTOR

    def values_at_best(self) -> Ints:
        """What every shift earns an agent of each profile at the best prices, pay apart, [profiles, shifts]."""
        self._price(self.prices)
        return self._values.copy()

    def rekindle(self) -> None:
        """Longer steps again, from the best prices."""
        self._trial, self._factor, self._stale = self._center, REKINDLED, 0
        self._direction = np.zeros_like(self._direction)

    def begin_level(self) -> None:
        """Tries one price for all slots, from cheap to dear while that proves more; steps go on from the best.

        Where there is work for everybody to spare, that is the arithmetic of hours: all that is contracted beyond
        all that is required has to go somewhere.
        """
        slopes = np.unique(np.diff(self._model.coverage.curves, axis=1))
        slopes = slopes[np.linspace(0, len(slopes) - 1, min(len(slopes), MOST_LEVEL_PRICES)).astype(np.int64)]
        before: int | None = None
        for slope in slopes.tolist():
            level = np.clip(np.full(self._center.shape, -float(slope)), self._low, self._high)
            proved, _ = self._evaluate(self._whole(level), (), self._free, SUM_TRIES, 0)
            self._keep(level, proved)
            if before is not None and proved < before:
                break
            before = proved
        self.rekindle()

    def try_prices(
        self, prices: NDArray[np.float64], without: Container[int] = (), held: Smalls | None = None
    ) -> int | None:
        """The tours that answer prices which somebody else has thought of, and the bound that they prove.

        Args:
            prices: [groups, slots] units per level.
            without: agents that do not answer; then nothing is proved.
            held: [agents, days] shifts that days must have, FREE elsewhere; then nothing is proved either.
        """
        trial = np.clip(prices, self._low, self._high)
        asked = self._free if held is None else held
        bound, _ = self._evaluate(self._whole(trial), without, asked, SUM_TRIES, SUM_LABELS)
        if without or held is not None:
            return None
        self._keep(trial, bound)
        return bound

    def _keep(self, trial: NDArray[np.float64], bound: int) -> None:
        """Keeps prices that prove more than all before."""
        if self.bound is None or bound > self.bound:
            self.bound, self._center = bound, trial

    def step(self, known_cost: int | None) -> int:
        """Tries one more set of prices.

        Args:
            known_cost: units of the best roster known, without the model's constant; None when there is none.

        Returns:
            The best bound so far, without the model's constant.
        """
        bound, violation = self._evaluate(self._whole(self._trial), (), self._free, FEW_SUM_TRIES, 0)
        self._keep(self._trial, bound)
        self.steps += 1
        # Patience is measured against the trials of late, not against the best: after a good start the trials fall
        # far behind and climb back, and steps that climb are not too long.
        if self._recent is None or bound > self._recent:
            self._recent, self._stale = bound, 0
        else:
            self._stale += 1
        if self._stale >= PATIENCE:
            self._stale, self._recent = 0, None
            self._factor = max(LEAST_FACTOR, self._factor * SHRINK)
        self._direction = MEMORY * self._direction + (1 - MEMORY) * violation
        size = float((self._direction**2).sum())
        if size > 0:
            ahead = known_cost if known_cost is not None else bound + abs(bound) // 10
            gap = max(float(self._model.quantum), ahead - bound)
            self._trial = np.clip(self._trial + self._factor * gap / size * self._direction, self._low, self._high)
        assert self.bound is not None
        return self.bound

    def _evaluate(
        self, prices: Ints, without: Container[int], held: Smalls, tries: int, labels: int
    ) -> tuple[int, NDArray[np.float64]]:
        """The bound that the prices prove, and by how much wanted levels exceed what the agents bring."""
        self._price(prices)
        on_queue = np.zeros(prices.shape, np.int64)
        earned = 0
        for first, last in _stretches(len(self._model.agents), without):
            earned += best_tours(
                self._problem,
                first,
                last,
                self._values,
                self._prefixes,
                self._serves,
                held,
                tries,
                labels,
                on_queue,
                self.tours,
                self.places,
                self._scratch,
            )
        levels = level_values(self._problem, prices, self._most, self._wanted)
        return int(levels - earned), (self._wanted - on_queue).astype(np.float64)

    def _price(self, prices: Ints) -> None:
        """Works out what every shift earns at the prices."""
        profile_prices(self._problem, prices, self._serves, self._prefixes)
        for profile in range(len(self._values)):
            shift_values(
                self._problem, profile, self._prefixes[profile], self._scratch.ends, self._used[profile], self._values
            )

    def _whole(self, prices: NDArray[np.float64]) -> Ints:
        return np.rint(prices).astype(np.int64)

    def _price_range(self) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Between what one level too many costs and what one missing costs, nothing better lies outside."""
        coverage = self._model.coverage
        slopes = np.diff(coverage.curves, axis=1)
        low, high = -slopes.max(axis=1), -slopes.min(axis=1)
        return low[coverage.curve_of].astype(np.float64), high[coverage.curve_of].astype(np.float64)

    def _first_prices(self) -> NDArray[np.float64]:
        """Where heads are needed, what a paid hour costs about."""
        model = self._model
        rate = float(np.median(model.staff.rate)) * model.grid.step if len(model.agents) else 0.0
        empty = np.take_along_axis(
            model.coverage.curves[model.coverage.curve_of], model.coverage.base[..., None].astype(np.int64), axis=2
        )[..., 0]
        return np.where(empty > 0, rate / max(1, int(model.coverage.weight.max(initial=1))), self._low)

    def _shifts_by_profile(self) -> NDArray[np.bool_]:
        """Which shifts any agent of a profile may work, [profiles, shifts]."""
        model = self._model
        used = np.zeros((model.coverage.weight.shape[0], len(model.catalogue)), bool)
        for choice, profile in {(int(c), int(p)) for c, p in zip(model.staff.choice, model.staff.profile, strict=True)}:
            span = slice(model.options.begin[choice, 0], model.options.begin[choice, -1])
            shifts = model.options.shift[span]
            used[profile, shifts[shifts != OFF]] = True
        return used


def _stretches(agents: int, without: Container[int]) -> Iterator[tuple[int, int]]:
    """The agents that are left, as stretches from a first to one after the last."""
    first = 0
    for agent in range(agents + 1):
        if agent == agents or agent in without:
            if first < agent:
                yield first, agent
            first = agent + 1
