"""The kernel for a single sum beside the graph: the very price at which it proves most.

What the longest path promises is convex in the price of the sum, and every path is a straight line that it lies above
of; the price where a line that rises and one that falls cross is tried next (Handler & Zang 1980), and soon no path is
new. Agents who differ in nothing but the limits of the sum share their paths, so a hundred of them cost little more
than one.
"""

from __future__ import annotations

import numpy as np

from solver.compile.model import OFF, Problem
from solver.kernels.jit import inner
from solver.kernels.paths import FIRST_STEP, charge_of, favourite, most_of_span, priced_path, walk
from solver.kernels.tours import FREE, LOTS, NOTHING, Scratch

WIDENING, LONGEST_STEP = 4, 1 << 30
"""By how much a step is longer than the one before while all lines lean to one side, and the longest."""

THE_SPAN = np.int64(0)

MORE_TRIES = 4
"""Paths more for an agent for whom none are known yet."""


@inner
def forget_lines(scratch: Scratch) -> None:
    """What options earn has changed, so the paths that are known are worth nothing."""
    scratch.lines.whose[0] = OFF


@inner
def price_one_sum(problem: Problem, a: int, row: int, held, tries: int, scratch: Scratch) -> int:
    """Finds the price of the agent's one sum; what no tour earns more than, NOTHING where there is no tour.

    The path at that price is left in `scratch.tour`. The best tour met that keeps the sum is left in `scratch.kept`,
    and what it earns in `scratch.found`, NOTHING when there is none.

    Args:
        problem: the model.
        a: the agent.
        row: of its sum.
        held: [days] the shift that a day must have, FREE where it may have any.
        tries: paths that may be walked for this agent.
        scratch: room to work in; with the paths of an agent before it, if they are of use.
    """
    sums, lines = problem.sums, scratch.lines
    share_lines(problem, a, held, scratch)
    least, best, at, kept = LOTS, NOTHING, -1, -1
    # The tightest line on each side: the price where it was met, what it promises at price 0 and by how much it moves.
    rising_at, rising, rise = LOTS, 0, 0
    falling_at, falling, fall = -LOTS, 0, 0
    stride = FIRST_STEP
    seen, settled = 0, False
    price = scratch.multiplier[a, 0]
    if lines.filled[0] == 0:
        tries += MORE_TRIES
    while True:
        while seen < lines.filled[0]:
            price, total = lines.price[seen], lines.total[seen]
            promised = lines.worth[seen] + price * total + most_of_span(sums, row, THE_SPAN, price)
            if promised < least:
                least, at = promised, seen
            charge = charge_of(sums, row, THE_SPAN, total)
            if charge < LOTS and lines.worth[seen] - charge > best:
                best, kept = lines.worth[seen] - charge, seen
            slope = total - favourite(sums, row, THE_SPAN, price, total)
            if slope == 0:
                settled = True
            elif slope > 0 and price < rising_at:
                rising_at, rising, rise = price, promised - price * slope, slope
            elif slope < 0 and price > falling_at:
                falling_at, falling, fall = price, promised - price * slope, slope
            seen += 1
        if settled or best >= least or tries == 0 or seen == lines.price.shape[0]:
            break
        if rise > 0 and fall < 0:
            price = (falling - rising) // (rise - fall)
            if max(rising + price * rise, falling + price * fall) >= least:
                break
        elif rise > 0:
            # On the way through zero a limit is not felt: stay there once.
            price = 0 if 0 < rising_at < stride else rising_at - stride
            stride = min(LONGEST_STEP, WIDENING * stride)
        elif fall < 0:
            price = 0 if -stride < falling_at < 0 else falling_at + stride
            stride = min(LONGEST_STEP, WIDENING * stride)
        scratch.multiplier[a, 0] = price
        if not draw_line(problem, a, row, held, scratch):
            return NOTHING
        tries -= 1
    scratch.multiplier[a, 0] = lines.price[at]  # where to begin with the next prices of slots, which will be near
    scratch.stride[a, 0] = FIRST_STEP  # it has a price now
    for day in range(scratch.tour.shape[0]):
        scratch.tour[day] = lines.tour[at, day]
        if kept >= 0:
            scratch.kept[day] = lines.tour[kept, day]
    scratch.found[0] = best
    return least


@inner
def share_lines(problem: Problem, a: int, held, scratch: Scratch) -> None:
    """Keeps the lines that are there if they are of somebody alike, else there are none yet."""
    lines, other = scratch.lines, scratch.lines.whose[0]
    free = True
    for day in range(held.shape[0]):
        if held[day] != FREE:
            free = False
    if other == OFF or not free or not alike(problem, a, other):
        lines.filled[0] = 0
    lines.whose[0] = a if free else OFF


@inner
def alike(problem: Problem, a: int, other: int) -> bool:
    """Whether the same paths earn the agents the same, and add the same to the one sum of each."""
    staff, sums = problem.staff, problem.sums
    return (
        staff.graph[a] == staff.graph[other]
        and staff.root[a] == staff.root[other]
        and staff.choice[a] == staff.choice[other]
        and staff.profile[a] == staff.profile[other]
        and staff.rate[a] == staff.rate[other]
        and staff.preference[a] == staff.preference[other]
        and staff.wish[a] == staff.wish[other]
        and sums.spans[sums.row[other]] == 1
    )


@inner
def draw_line(problem: Problem, a: int, row: int, held, scratch: Scratch) -> bool:
    """Adds the longest path at the agent's price to the lines; False when there is none."""
    lines, price = scratch.lines, scratch.multiplier[a, 0]
    worth = priced_path(problem, a, row, held, scratch)
    if worth <= NOTHING // 2:
        return False
    walk(problem, a, row, scratch)
    place = lines.filled[0]
    lines.filled[0] = place + 1
    lines.price[place], lines.total[place] = price, scratch.total[0]
    lines.worth[place] = worth - price * scratch.total[0]
    for day in range(scratch.tour.shape[0]):
        lines.tour[place, day] = scratch.tour[day]
    return True
