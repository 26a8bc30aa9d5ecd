"""Prices of a planning group by time and depth: times that are some, and no depth cheaper than a lesser one."""

from __future__ import annotations

from decimal import Decimal

from schemas.clock import clock_text
from schemas.request import EVERY_DAY, CoveragePrice, PlanningGroup, RosterRequest
from solver.reading.faults import Faults

A_DAY, A_WEEK = 1440, 7 * 1440
MOST_PRICES = 200
WORDS = {"understaffing": ("missing", "shortage"), "overstaffing": ("too many", "surplus")}


def look(request: RosterRequest, faults: Faults) -> None:
    """Every group's prices."""
    for number, group in enumerate(request.planning_groups):
        place = ("planning_groups", number, "prices")
        if len(group.prices) > MOST_PRICES:
            faults.add(
                place,
                f"{len(group.prices)} prices",
                f"at most {MOST_PRICES}",
                f"Planning group {group.id!r} has too many prices. Maybe times of equal price can be one.",
            )
            continue
        sound = len(faults.found)
        for index, price in enumerate(group.prices):
            _times(price, (*place, index), request.interval_minutes, faults)
        if len(faults.found) == sound:
            _depths(group, place, faults)


def _times(price: CoveragePrice, place: tuple[str | int, ...], step: int, faults: Faults) -> None:
    if not price.days:
        faults.add((*place, "days"), "no days", "at least one day", "The price is for no day of the week.")
    for name, clock in (("from", price.from_), ("to", price.to)):
        faults.on_grid((*place, name), clock, step, f"The clock time {clock_text(clock)}")
    if price.from_ >= price.to:
        faults.add(
            place,
            f"{clock_text(price.from_)} to {clock_text(price.to)}",
            "a time that ends after it begins",
            f"The price holds from {clock_text(price.from_)} to {clock_text(price.to)}, which is never. "
            "Maybe it crosses midnight and the end needs 24 hours more: 26:00 is 02:00 on the next day.",
        )


def _depths(group: PlanningGroup, place: tuple[str | int, ...], faults: Faults) -> None:
    """Convexity: each price that is lower than one of lesser depth at some time of the week, once."""
    told: set[int] = set()
    usual = {"understaffing": group.understaffing_cost_per_hour, "overstaffing": group.overstaffing_cost_per_hour}
    for side, first in usual.items():
        own = [(n, price) for n, price in enumerate(group.prices) if price.side == side]
        for minute in sorted({start for _, price in own for start in _edges(price)}):
            holds: dict[int, tuple[int | None, Decimal]] = {
                0: (None, first)
            }  # depth -> which price of the list, None for the group's own
            for n, price in own:
                if any(start <= at < end for start, end in _spans(price) for at in (minute, minute + A_WEEK)):
                    holds[price.beyond_milliheads] = n, price.cost_per_hour
            _compare(group, side, minute, sorted(holds.items()), told, place, faults)


def _compare(
    group: PlanningGroup,
    side: str,
    minute: int,
    holds: list[tuple[int, tuple[int | None, Decimal]]],
    told: set[int],
    place: tuple[str | int, ...],
    faults: Faults,
) -> None:
    """Looks at the prices of one minute of the week, in the order of their depth."""
    dearest, lesser = 0, holds[0][1][1]
    for depth, (number, price) in holds:
        if price >= lesser:
            dearest, lesser = depth, price
        elif number is not None and number not in told:
            told.add(number)
            word, noun = WORDS[side]
            day, clock = EVERY_DAY[minute // A_DAY], clock_text(minute % A_DAY)
            faults.add(
                (*place, number, "cost_per_hour"),
                f"{price:f}",
                f"at least {lesser:f}",
                f"On {day} at {clock} an agent {word} on planning group {group.id!r} costs {price:f} an hour beyond "
                f"{depth / 1000:g}, but {lesser:f} beyond {dearest / 1000:g}: a deeper {noun} may not cost less an agent. "
                "Maybe the price of the lesser depth is for other times, or this one should be raised for them too.",
            )


def _spans(price: CoveragePrice) -> list[tuple[int, int]]:
    """Minutes of the week from Monday's midnight, running up to two days into the next week."""
    return [(EVERY_DAY.index(day) * A_DAY + price.from_, EVERY_DAY.index(day) * A_DAY + price.to) for day in price.days]


def _edges(price: CoveragePrice) -> set[int]:
    return {edge % A_WEEK for span in _spans(price) for edge in span}
