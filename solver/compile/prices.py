"""What missing agents and agents too many cost, by time and depth, as slopes of a convex curve."""

from __future__ import annotations

from datetime import timedelta
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from schemas.money import ticks_per_hour_to_minute
from schemas.request import CoveragePrice, PlanningGroup
from solver.compile.grid import Calendar, Grid
from solver.compile.model import Ints, Smalls
from solver.compile.shifts import WEEKDAYS

WHOLE_HEAD = 1000
"""Thousandths of a head, the unit of requirements and proficiencies."""

Tiers = tuple[tuple[int, int], ...]
"""By rising depth: thousandths of a head beyond which a price holds, and the price in ticks for one, a slot."""


class Curve(NamedTuple):
    """What the levels of a slot cost: a requirement with prices on both sides of it.

    Whatever is hashable and gives convex `costs` can stand in its place.
    """

    needed: int  # thousandths of a head
    under: Tiers
    over: Tiers

    def costs(self, levels: Ints) -> Ints:
        """Ticks a slot at each level, given in thousandths of a head."""
        return _cost(self.under, self.needed - levels) + _cost(self.over, levels - self.needed)


def _cost(tiers: Tiers, depth: Ints) -> Ints:
    """What so much missing, or too much, costs: each tier adds what it is dearer than the one before."""
    total = np.zeros_like(depth)
    before = 0
    for beyond, price in tiers:
        total += (price - before) * np.maximum(0, depth - beyond)
        before = price
    return total


def tiers_of(group: PlanningGroup, period: Calendar, grid: Grid) -> tuple[Smalls, list[tuple[Tiers, Tiers]]]:
    """Which prices hold in each slot, and the prices: those of missing agents and those of agents too many."""
    holds = np.zeros((len(group.prices), grid.slots), bool)
    for row, price in zip(holds, group.prices, strict=True):
        _lay(price, period, grid, row)
    patterns, which = np.unique(holds.T, axis=0, return_inverse=True)
    prices = [
        (_tiers(group, "understaffing", pattern, grid.step), _tiers(group, "overstaffing", pattern, grid.step))
        for pattern in patterns
    ]
    return which.reshape(-1).astype(np.int32), prices


def _lay(price: CoveragePrice, period: Calendar, grid: Grid, row: NDArray[np.bool_]) -> None:
    """Marks the slots in which the price holds; days around the period count too, where shifts may still run."""
    first = period.days[0].date
    for day in range(-4, len(period.days) + 5):
        if WEEKDAYS[(first + timedelta(days=day)).weekday()] in price.days:
            start, end = (grid.slot(period.utc(day, clock)[0]) for clock in (price.from_, price.to))
            row[max(0, start) : max(0, end)] = True


def _tiers(group: PlanningGroup, side: str, pattern: NDArray[np.bool_], step: int) -> Tiers:
    usual = group.understaffing_cost_per_hour if side == "understaffing" else group.overstaffing_cost_per_hour
    by_depth = {0: usual}
    for price, held in zip(group.prices, pattern, strict=True):
        if held and price.side == side:
            by_depth[price.beyond_milliheads] = price.cost_per_hour
    return tuple((depth, ticks_per_hour_to_minute(by_depth[depth]) // WHOLE_HEAD * step) for depth in sorted(by_depth))
