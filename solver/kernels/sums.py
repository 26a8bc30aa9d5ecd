"""The kernel for agents whose rules add up too much for a graph: best tours in the graph that keep sums beside it.

Every sum has a price for each unit that is added (a multiplier). With these prices the longest path proves what the
best tour can earn at most, whether the sums come out right or not (Lagrange; Handler & Zang 1980). The prices are moved
until they nearly do. Then the graph is walked once more from its beginning with a few labels in each node, the most
promising by what they have earned and what the longest path promises from there; a label carries its sums, so what it
ends with keeps every limit.
"""

from __future__ import annotations

import numpy as np

from solver.compile.model import Problem, Sums
from solver.kernels.jit import inner, kernel
from solver.kernels.one_sum import forget_lines, price_one_sum
from solver.kernels.paths import (
    FIRST_STEP,
    charge_of,
    favourite,
    most_of_span,
    new_spans,
    priced_path,
    rewards_of,
    walk,
)
from solver.kernels.tours import FREE, LOTS, NOTHING, Scratch

LAST_STEP = 1 << 24
"""Longest move of a price."""

FIRST_DAY = np.int64(0)

FIRST_TRIES = 24
"""Paths more for an agent whose sums have no prices yet."""


@kernel
def keep_sums(problem: Problem, a: int, held, tries: int, width: int, scratch: Scratch) -> int:
    """The best tour that is found within the agent's sums, left in `scratch.tour`; `scratch.worth` has the options'.

    Args:
        problem: the model.
        a: the agent.
        held: [days] the shift that a day must have, FREE where it may have any.
        tries: paths for which the prices of sums are moved, at least one.
        width: labels kept in a node, 0 for none: then the tour may break the limits.
        scratch: room to work in.

    Returns:
        What no tour earns more than. `scratch.found[0]` is what the tour earns beyond its own cost, NOTHING when it
        breaks a limit.
    """
    forget_lines(scratch)
    return keep_sums_in_turn(problem, a, held, tries, width, scratch)


@inner
def keep_sums_in_turn(problem: Problem, a: int, held, tries: int, width: int, scratch: Scratch) -> int:
    """As `keep_sums`, for one agent after another while nothing changes what options earn: alike agents share paths."""
    row = problem.sums.row[a]
    if scratch.stride[a, 0] == 0:
        tries += FIRST_TRIES
    alone = problem.sums.spans[row] == 1
    if alone:
        least = price_one_sum(problem, a, row, held, tries, scratch)
    else:
        least = price_sums(problem, a, row, held, tries, scratch)
    if least == NOTHING:
        scratch.found[0] = NOTHING
        return NOTHING
    best = scratch.found[0]
    if width > 0 and best < least:
        if alone:  # the path at this price may have been walked for somebody else
            priced_path(problem, a, row, held, scratch)
        earned = walk_with_labels(problem, a, row, held, width, best, scratch)
        if earned > best:
            best = earned
            for day in range(scratch.tour.shape[0]):
                scratch.kept[day] = scratch.tour[day]
    if best > NOTHING:
        for day in range(scratch.tour.shape[0]):
            scratch.tour[day] = scratch.kept[day]
    if not alone and best < least:
        move_prices(problem.sums, a, row, scratch)
    scratch.found[0] = best
    return least


@inner
def price_sums(problem: Problem, a: int, row: int, held, tries: int, scratch: Scratch) -> int:
    """Moves the prices of several sums; what no tour earns more than, NOTHING where there is no tour.

    The best tour met that keeps them is left in `scratch.kept`, and what it earns in `scratch.found`.
    """
    sums = problem.sums
    least = LOTS
    best = NOTHING
    for attempt in range(tries):
        if attempt > 0:
            move_prices(sums, a, row, scratch)
        promised = priced_path(problem, a, row, held, scratch)
        if promised <= NOTHING // 2:
            return NOTHING
        earned = walk(problem, a, row, scratch)
        for span in range(sums.spans[row]):
            price = scratch.multiplier[a, span]
            promised += most_of_span(sums, row, span, price)
        if promised < least:
            least = promised
        if earned > best:
            best = earned
            for day in range(scratch.tour.shape[0]):
                scratch.kept[day] = scratch.tour[day]
        if best >= least:
            break
    scratch.found[0] = best
    return least


@inner
def move_prices(sums: Sums, a: int, row: int, scratch: Scratch) -> None:
    """Moves the price of each sum by its own step, longer while it goes on in one direction (Riedmiller & Braun 1993).

    `scratch.total` has the sums of the last path.
    """
    for span in range(sums.spans[row]):
        price, total = scratch.multiplier[a, span], scratch.total[span]
        wanted = favourite(sums, row, span, price, total)
        step = scratch.stride[a, span]
        if step == 0:
            step = FIRST_STEP
        size = abs(step)
        direction = 1 if wanted > total else -1 if wanted < total else 0
        if direction == 0:
            scratch.stride[a, span] = step
            continue
        size = min(LAST_STEP, size + size // 2 + 1) if direction * step > 0 else max(1, size // 2)
        moved = price + direction * size
        # On the way through zero a limit is not felt: stay there once.
        if price != 0 and moved * price < 0:
            moved = 0
        scratch.multiplier[a, span] = moved
        scratch.stride[a, span] = direction * size


@inner
def reach_limits(problem: Problem, a: int, row: int, held, scratch: Scratch) -> None:
    """For each sum that has a least, the most that the rest of its span can add from every node."""
    sums, options, tours, staff = problem.sums, problem.options, problem.tours, problem.staff
    graph, choice = staff.graph[a], staff.choice[a]
    days = tours.class_offset.shape[1] - 1
    last = tours.layer[graph, days]
    for k in range(sums.number[row]):
        if not sums.asks[row, k]:
            continue
        for n in range(last):
            scratch.reach[k, n] = -LOTS
        scratch.reach[k, last] = 0
        for day in range(days - 1, -1, -1):
            fresh = day + 1 < days and sums.span[row, k, day + 1] != sums.span[row, k, day]
            begin = tours.class_offset[graph, day]
            for c in range(begin, tours.class_offset[graph, day + 1]):
                most = -1
                for o in range(options.begin[choice, day], options.begin[choice, day + 1]):
                    if begin + options.klass[o] == c and (held[day] == FREE or options.shift[o] == held[day]):
                        most = max(most, sums.amount[sums.of_option[o], k])
                if most < 0:
                    continue
                for arc in range(tours.arcs[c], tours.arcs[c + 1]):
                    ahead = scratch.reach[k, tours.target[arc]]
                    if ahead < 0:
                        continue
                    value = most + sums.amount[sums.of_arc[arc], k] + (0 if fresh else ahead)
                    if value > scratch.reach[k, tours.source[arc]]:
                        scratch.reach[k, tours.source[arc]] = value


@inner
def walk_with_labels(problem: Problem, a: int, row: int, held, width: int, known: int, scratch: Scratch) -> int:
    """Writes the best tour that the labels find; what it earns beyond its own cost, NOTHING when none came through.

    A label promises what no tour that goes on from it earns more than; one that promises no more than what is `known`
    is dropped.
    """
    sums, options, tours, staff = problem.sums, problem.options, problem.tours, problem.staff
    graph, choice = staff.graph[a], staff.choice[a]
    days = tours.class_offset.shape[1] - 1
    first, number, root = options.begin[choice, 0], sums.number[row], staff.root[a]
    taken, earned, promise, came, took = (
        scratch.label.taken,
        scratch.label.earned,
        scratch.label.promise,
        scratch.label.came,
        scratch.label.took,
    )
    held_sums, spare = scratch.label.sums, scratch.label.spare
    value, reach, multiplier = scratch.value, scratch.reach, scratch.multiplier
    reach_limits(problem, a, row, held, scratch)
    rewards_of(sums, a, row, FIRST_DAY, scratch)
    here = 0
    for n in range(tours.layer[graph, 1]):
        taken[here, n] = 0
    taken[here, root] = 1
    earned[here, root * width] = 0
    promise[here, root * width] = value[root]
    for span in range(sums.spans[row]):
        promise[here, root * width] += most_of_span(sums, row, span, multiplier[a, span])
    for k in range(number):
        held_sums[here, root * width, k] = 0
    for day in range(days):
        there = 1 - here
        low, high, top = tours.layer[graph, day], tours.layer[graph, day + 1], tours.layer[graph, day + 2]
        if day > 0 and new_spans(sums, row, day):
            rewards_of(sums, a, row, day, scratch)
        for n in range(top - high):
            taken[there, n] = 0
        begin = tours.class_offset[graph, day]
        for o in range(options.begin[choice, day], options.begin[choice, day + 1]):
            if held[day] != FREE and options.shift[o] != held[day]:
                continue
            worth, by_option = scratch.worth[o - first], sums.of_option[o]
            c = begin + options.klass[o]
            for arc in range(tours.arcs[c], tours.arcs[c + 1]):
                source, target = tours.source[arc], tours.target[arc]
                if taken[here, source - low] == 0 or value[target] == NOTHING:
                    continue
                by_arc = sums.of_arc[arc]
                gain = worth - tours.price[arc]
                hoped = gain + scratch.reward[by_option] + scratch.reward[by_arc] + value[target] - value[source]
                node = target - high
                for i in range(taken[here, source - low]):
                    slot = (source - low) * width + i
                    promised, earns = promise[here, slot] + hoped, earned[here, slot] + gain
                    if promised <= known:
                        continue
                    kept = True
                    for k in range(number):
                        total = held_sums[here, slot, k] + sums.amount[by_option, k] + sums.amount[by_arc, k]
                        span = sums.span[row, k, day]
                        if total > sums.high[row, span]:
                            kept = False
                            break
                        if day + 1 == days or sums.span[row, k, day + 1] != span:
                            charge = charge_of(sums, row, span, total)
                            if charge >= LOTS:
                                kept = False
                                break
                            earns -= charge
                            price = multiplier[a, span]
                            promised -= charge + price * total + most_of_span(sums, row, span, price)
                            total = 0
                        elif sums.asks[row, k] and total + reach[k, target] < sums.low[row, span]:
                            kept = False
                            break
                        spare[k] = total
                    if not kept or promised <= known:
                        continue
                    # A label with the same sums gives way to the better one; else the least promising does.
                    count = taken[there, node]
                    worst, place = LOTS, node * width + count
                    for j in range(count):
                        at = node * width + j
                        same = True
                        for k in range(number):
                            if held_sums[there, at, k] != spare[k]:
                                same = False
                                break
                        if same:
                            worst, place, count = promise[there, at], at, width
                            break
                        if count == width and promise[there, at] < worst:
                            worst, place = promise[there, at], at
                    if count == width:
                        if worst >= promised:
                            continue
                    else:
                        taken[there, node] = count + 1
                    earned[there, place] = earns
                    promise[there, place] = promised
                    came[there, place] = slot
                    took[there, place] = o
                    for k in range(number):
                        held_sums[there, place, k] = spare[k]
        # What the labels kept of this day came from is written down once for all days.
        for n in range(top - high):
            for i in range(taken[there, n]):
                scratch.label.before[(high + n) * width + i] = came[there, n * width + i]
                scratch.label.option[(high + n) * width + i] = took[there, n * width + i]
        here = there
    best, at = NOTHING, -1
    for i in range(taken[here, 0]):
        if earned[here, i] > best:
            best, at = earned[here, i], i
    if at < 0:
        return NOTHING
    place = tours.layer[graph, days] * width + at
    for day in range(days - 1, -1, -1):
        scratch.tour[day] = options.shift[scratch.label.option[place]]
        place = tours.layer[graph, day] * width + scratch.label.before[place]
    return best
