"""Which days an agent may work: what the rules say that do not ask which shift it is.

However the shifts are handed out, the days that agents work are worked in patterns that these rules allow. So the
numbers know, before there are any tours, how many agents they will take.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product

from solver.compile.model import OFF, Model
from solver.cpsat.design.ways import Crew

MOST_DAYS = 7
"""Days of a period whose patterns are listed at most."""


@dataclass(frozen=True)
class Pattern:
    """Days worked, and the units that the rules charge for them."""

    days: tuple[bool, ...]
    price: int


def patterns_of(model: Model, crew: Crew) -> list[Pattern] | None:
    """All patterns of a crew; None where there are no rules, or too many days."""
    cycle = model.cycle
    if cycle is None or model.days > MOST_DAYS:
        return None
    agent = crew.agents[0]
    options = model.options
    begin = options.begin[crew.choice]
    every = [options.shift[begin[day] : begin[day + 1]] for day in range(model.days)]
    shifts: list[list[int]] = [today[today != OFF].tolist() for today in every]
    blind = cycle.blind_to_shifts(agent, shifts)
    if not blind:
        return None
    found = []
    for days in product((False, True), repeat=model.days):
        if all(shifts[day] for day, works in enumerate(days) if works):
            tour = [shifts[day][0] if works else OFF for day, works in enumerate(days)]
            price = cycle.price_by(blind, agent, tour)
            if price is not None:
                found.append(Pattern(days, price))
    return found
