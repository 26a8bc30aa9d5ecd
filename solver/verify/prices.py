"""What an interval's shortage or surplus costs, read off the price list depth by depth."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from schemas.money import ticks_per_hour_to_minute
from schemas.request import CoveragePrice, PlanningGroup
from solver.verify.calendar import NAMES, Calendar, at_clock

DAYS_AROUND = 7
"""Days before and after the period on which a price may still hold while somebody works."""


def price_list(group: PlanningGroup, calendar: Calendar) -> Callable[[int, int], int]:
    """The price of a net level (thousandths of a head, negative when short) at a UTC minute, in ticks a minute."""
    times = [(price, Times.of(price, calendar)) for price in group.prices]
    usual = {
        True: ticks_per_hour_to_minute(group.understaffing_cost_per_hour),
        False: ticks_per_hour_to_minute(group.overstaffing_cost_per_hour),
    }

    def price_of(minute: int, net: int) -> int:
        short = net < 0
        depth = abs(net)
        steps = {0: usual[short]}
        for price, held in times:
            if (price.side == "understaffing") == short and held.at(minute):
                steps[price.beyond_milliheads] = ticks_per_hour_to_minute(price.cost_per_hour)
        total = 0
        # From the deepest step up: what lies below it is dealt with, what lies above is still to be priced.
        for beyond in sorted(steps, reverse=True):
            if depth > beyond:
                total += (depth - beyond) * steps[beyond]
                depth = beyond
        return total

    return price_of


@dataclass(frozen=True)
class Times:
    """Stretches of UTC minutes in order, none touching another."""

    begins: list[int]
    ends: list[int]

    @classmethod
    def of(cls, price: CoveragePrice, calendar: Calendar) -> Times:
        """The stretches in which the price holds."""
        times = cls([], [])
        first = calendar.days[0].date
        for ahead in range(-DAYS_AROUND, len(calendar.days) + DAYS_AROUND):
            day = first + timedelta(days=ahead)
            if NAMES[day.weekday()] not in price.days:
                continue
            begin, end = (at_clock(day, clock, calendar.zone) for clock in (price.from_, price.to))
            if times.ends and begin <= times.ends[-1]:
                times.ends[-1] = max(end, times.ends[-1])
            else:
                times.begins.append(begin)
                times.ends.append(end)
        return times

    def at(self, minute: int) -> bool:
        """Whether the minute lies in one of them."""
        place = bisect_right(self.begins, minute) - 1
        return place >= 0 and minute < self.ends[place]
