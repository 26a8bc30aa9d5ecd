"""The kernel: the longest path where sums are kept beside the graph and each has a price, and what limits say of it."""

from __future__ import annotations

import numpy as np

from solver.compile.model import Problem, Sums
from solver.kernels.jit import inner
from solver.kernels.tours import FREE, LOTS, NOTHING, Scratch

FIRST_STEP = 1 << 16
"""Units by which the price of a sum is moved first; a slot's dearest head is about 2 ** 22 units."""

NO_SUM = np.int64(0)


@inner
def rewards_of(sums: Sums, a: int, row: int, day: int, scratch: Scratch) -> None:
    """What an option or arc of each kind is given on that day by the prices of the sums."""
    for kind in range(sums.amount.shape[0]):
        reward = 0
        for k in range(sums.number[row]):
            if sums.amount[kind, k] != 0:
                reward += scratch.multiplier[a, sums.span[row, k, day]] * sums.amount[kind, k]
        scratch.reward[kind] = reward


@inner
def new_spans(sums: Sums, row: int, day: int) -> bool:
    """Whether a span of any sum begins with the day."""
    for k in range(sums.number[row]):  # noqa: SIM110  # numba 0.68 compiles no generator
        if sums.span[row, k, day] != sums.span[row, k, day - 1]:
            return True
    return False


@inner
def priced_path(problem: Problem, a: int, row: int, held, scratch: Scratch) -> int:
    """The longest path at the prices of the sums; `scratch.value` is then what every node promises."""
    sums, options, tours, staff = problem.sums, problem.options, problem.tours, problem.staff
    graph, choice = staff.graph[a], staff.choice[a]
    days = tours.class_offset.shape[1] - 1
    base, first = tours.class_offset[graph, 0], options.begin[choice, 0]
    last = tours.layer[graph, days]
    for n in range(last):
        scratch.value[n] = NOTHING
    scratch.value[last] = 0
    rewards_of(sums, a, row, days - 1, scratch)
    for day in range(days - 1, -1, -1):
        if day < days - 1 and new_spans(sums, row, day + 1):
            rewards_of(sums, a, row, day, scratch)
        begin, end = tours.class_offset[graph, day], tours.class_offset[graph, day + 1]
        for c in range(begin, end):
            scratch.class_value[c - base] = NOTHING
        for o in range(options.begin[choice, day], options.begin[choice, day + 1]):
            if held[day] != FREE and options.shift[o] != held[day]:
                continue
            c = begin - base + options.klass[o]
            worth = scratch.worth[o - first] + scratch.reward[sums.of_option[o]]
            if worth > scratch.class_value[c]:
                scratch.class_value[c] = worth
                scratch.class_option[c] = o
        for c in range(begin, end):
            worth = scratch.class_value[c - base]
            if worth == NOTHING:
                continue
            for arc in range(tours.arcs[c], tours.arcs[c + 1]):
                earned = worth - tours.price[arc] + scratch.reward[sums.of_arc[arc]] + scratch.value[tours.target[arc]]
                source = tours.source[arc]
                if earned > scratch.value[source]:
                    scratch.value[source] = earned
                    scratch.pick_arc[source] = arc
                    scratch.pick_class[source] = c - base
    return scratch.value[staff.root[a]]


@inner
def walk(problem: Problem, a: int, row: int, scratch: Scratch) -> int:
    """Writes the path's tour and its sums; what it earns beyond its own cost, NOTHING when a sum breaks a limit."""
    sums, options, tours, staff = problem.sums, problem.options, problem.tours, problem.staff
    days = tours.class_offset.shape[1] - 1
    first = options.begin[staff.choice[a], 0]
    for span in range(sums.spans[row]):
        scratch.total[span] = 0
    node, earned = staff.root[a], 0
    for day in range(days):
        arc, option = scratch.pick_arc[node], scratch.class_option[scratch.pick_class[node]]
        scratch.tour[day] = options.shift[option]
        earned += scratch.worth[option - first] - tours.price[arc]
        by_option, by_arc = sums.of_option[option], sums.of_arc[arc]
        for k in range(sums.number[row]):
            scratch.total[sums.span[row, k, day]] += sums.amount[by_option, k] + sums.amount[by_arc, k]
        node = tours.target[arc]
    for span in range(sums.spans[row]):
        charge = charge_of(sums, row, span, scratch.total[span])
        if charge >= LOTS:
            return NOTHING
        earned -= charge
    return earned


@inner
def charge_of(sums: Sums, row: int, span: int, total: int) -> int:
    """What a span's rule charges for its sum, LOTS when it forbids it."""
    if total < sums.low[row, span] or total > sums.high[row, span]:
        return LOTS
    return sums.charge[sums.begin[row, span] + total - sums.low[row, span]]


@inner
def favourite(sums: Sums, row: int, span: int, price: int, near: int) -> int:
    """The sum that is best when each unit of it costs `price`; of equal ones the nearest to `near`."""
    low, high = sums.low[row, span], sums.high[row, span]
    begin = sums.begin[row, span] - low
    # Charges are convex, so bisect: first for the least of the best sums, then for the greatest.
    first, last = low, high
    while first < last:
        middle = (first + last) // 2
        if sums.charge[begin + middle + 1] - sums.charge[begin + middle] + price < 0:
            first = middle + 1
        else:
            last = middle
    least = first
    first, last = least, high
    while first < last:
        middle = (first + last) // 2
        if sums.charge[begin + middle + 1] - sums.charge[begin + middle] + price <= 0:
            first = middle + 1
        else:
            last = middle
    return min(max(near, least), first)


@inner
def most_of_span(sums: Sums, row: int, span: int, price: int) -> int:
    """The most that a span can be worth by itself: less its charge, less `price` for each unit of its sum."""
    total = favourite(sums, row, span, price, NO_SUM)
    return -sums.charge[sums.begin[row, span] + total - sums.low[row, span]] - price * total
