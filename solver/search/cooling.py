"""How hot the search by days is, and how far its moves are blurred."""

from __future__ import annotations

from dataclasses import dataclass

COLDEST = 0.5
"""The last temperature, in the unit of the first."""

NOISE = 0.4
"""How much the values of options are blurred, at first, in temperatures."""


@dataclass(frozen=True)
class Cooling:
    """From hot to cold: with few moves from less hot, in proportion; with many again and again.

    Args:
        unit: the price in which temperatures are told.
        hottest: the first temperature where there are moves enough.
        enough: the moves in which it cools down once.
    """

    unit: float
    hottest: float
    enough: int

    def at(self, done: int, used: float) -> tuple[float, float]:
        """Temperature and blur after so many moves, which have used this share of the time."""
        planned = done / max(1e-6, used)
        highest = max(COLDEST, self.hottest * min(1.0, planned / self.enough))
        cooled = min(1.0, used) * max(1, round(planned / self.enough)) % 1.0
        return self.unit * highest * (COLDEST / highest) ** cooled, NOISE * highest * self.unit * (1 - cooled)
