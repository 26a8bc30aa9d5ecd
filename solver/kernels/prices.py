"""Prices that prove: every agent's best tour for given prices of the slots, and a step towards better prices.

For prices `y[g, t]` of an agent-slot, no roster costs less than

    sum over g, t of min over levels n of (curve(n) + y * n)  +  sum over agents of min over tours of (cost - earnings)

(Lagrange; the coverage rows are relaxed). All numbers are whole units, so the bound is exact.
"""

from __future__ import annotations

from solver.compile.model import OFF, Problem
from solver.kernels.jit import inner, kernel
from solver.kernels.one_sum import forget_lines
from solver.kernels.sums import keep_sums_in_turn
from solver.kernels.tours import (
    FREE,
    LOTS,
    NOTHING,
    Scratch,
    follow,
    least_loss,
    longest_path,
    own_day,
    place,
    walk_family,
)


@kernel
def shift_values(problem: Problem, profile: int, prefix, ends, used, values) -> None:
    """What every shift of the catalogue earns an agent of the profile, activities at their best places, pay apart."""
    shifts, breaks = problem.shifts, problem.breaks
    walked_family, walked_start = -1, -1
    for shift in range(shifts.start.shape[0]):
        if not used[shift]:
            continue
        start = shifts.start[shift]
        value = prefix[start + shifts.length[shift]] - prefix[start]
        family = shifts.family[shift]
        if family >= 0:
            if family != walked_family or start != walked_start:
                walk_family(breaks, family, start, prefix, ends)
                walked_family, walked_start = family, start
            value -= least_loss(shifts, shift, ends)
        values[profile, shift] = value


@kernel
def best_tours(
    problem: Problem,
    first: int,
    last: int,
    values,
    prefixes,
    serves,
    held,
    tries: int,
    width: int,
    on_queue,
    tours_out,
    places_out,
    scratch: Scratch,
) -> int:
    """The best tours of the agents `first` to `last`, last not included, for the prices behind `values`.

    Args:
        problem: the model.
        first: first agent.
        last: agent after the last.
        values: [profiles, shifts] what each shift earns.
        prefixes: [profiles, slots + 1] running sums of the profile's prices.
        serves: [profiles, slots] the group that a profile's agent serves best in each slot.
        held: [agents, days] the shift that a day must have, FREE where it may have any.
        tries: paths for which the prices of sums are moved.
        width: labels kept in a node, 0 for none: then tours may break the limits of sums.
        on_queue: [groups, slots] where agent-levels are added up.
        tours_out: [agents, days] the tours.
        places_out: [agents, days, activities] where the activities start.
        scratch: room to work in.

    Returns:
        What the agents earn beyond their own cost at most. An agent that has no tour with what it must hold keeps the
        one that is written; then what is returned says nothing.
    """
    staff, shifts, options, graphs = problem.staff, problem.shifts, problem.options, problem.tours
    days = graphs.class_offset.shape[1] - 1
    earned = 0
    forget_lines(scratch)
    for a in range(first, last):
        graph, choice, profile = staff.graph[a], staff.choice[a], staff.profile[a]
        base = graphs.class_offset[graph, 0]
        for c in range(graphs.class_offset[graph, days] - base):
            scratch.class_value[c] = NOTHING
        for day in range(days):
            offset = graphs.class_offset[graph, day] - base
            for o in range(options.begin[choice, day], options.begin[choice, day + 1]):
                shift = options.shift[o]
                if held[a, day] != FREE and shift != held[a, day]:
                    continue
                worth = 0
                if shift != OFF:
                    worth = values[profile, shift] - own_day(problem, a, shift)
                scratch.worth[o - options.begin[choice, 0]] = worth
                c = offset + options.klass[o]
                if worth > scratch.class_value[c]:
                    scratch.class_value[c] = worth
                    scratch.class_shift[c] = shift
        if problem.sums.row[a] >= 0:
            best = keep_sums_in_turn(problem, a, held[a], tries, width, scratch)
            if best <= NOTHING // 2:
                continue
            earned += best
            if width > 0 and scratch.found[0] == NOTHING:
                # No tour was met that keeps all sums; what it may earn at most holds all the same.
                continue
        else:
            best = longest_path(
                graphs, graph, staff.root[a], scratch.class_value, scratch.value, scratch.pick_arc, scratch.pick_class
            )
            if best <= NOTHING // 2:
                continue
            earned += best
            follow(
                graphs, graph, staff.root[a], scratch.pick_arc, scratch.pick_class, scratch.class_shift, scratch.tour
            )
        for day in range(days):
            shift = scratch.tour[day]
            tours_out[a, day] = shift
            for k in range(places_out.shape[2]):
                places_out[a, day, k] = OFF
            if shift == OFF:
                continue
            place(shifts, problem.breaks, shift, prefixes[profile], scratch.ends, places_out[a, day])
            count_shift(problem, profile, shift, places_out[a, day], serves, on_queue, 1)
    return earned


@inner
def count_shift(problem: Problem, profile: int, shift: int, places, serves, on_queue, sign: int) -> None:
    """Adds the shift's on-queue slots to the groups that the prices send the agent to."""
    start = problem.shifts.start[shift]
    end = start + problem.shifts.length[shift]
    weight = problem.coverage.weight
    for t in range(start, end):
        g = serves[profile, t]
        on_queue[g, t] += sign * weight[profile, g]
    for k in range(places.shape[0]):
        if places[k] != OFF:
            for t in range(places[k], places[k] + problem.shifts.durations[shift, k]):
                g = serves[profile, t]
                on_queue[g, t] -= sign * weight[profile, g]


@kernel
def level_values(problem: Problem, prices, most, wanted) -> int:
    """Sum of min over levels of (curve + price times level above the pinned base), and levels that attain it.

    Args:
        problem: the model.
        prices: [groups, slots] units per level.
        most: [groups] highest level that agents can reach.
        wanted: [groups, slots] out: levels above the base.
    """
    curves, base = problem.coverage.curves, problem.coverage.base
    total = 0
    for g in range(prices.shape[0]):
        for t in range(prices.shape[1]):
            curve = problem.coverage.curve_of[g, t]
            price = prices[g, t]
            # The curve is convex, so bisect for the last level from which one more pays.
            low, high = 0, most[g]
            offset = base[g, t]
            while low < high:
                middle = (low + high) // 2
                if curves[curve, offset + middle + 1] - curves[curve, offset + middle] + price < 0:
                    low = middle + 1
                else:
                    high = middle
            wanted[g, t] = low
            total += curves[curve, offset + low] + price * low
    return total


@kernel
def profile_prices(problem: Problem, prices, serves, prefixes) -> None:
    """The best that an agent of each profile can earn in each slot, where, and the running sums."""
    weight = problem.coverage.weight
    for p in range(weight.shape[0]):
        total = 0
        for t in range(prices.shape[1]):
            best, place_ = -LOTS, 0
            for g in range(weight.shape[1]):
                if weight[p, g] > 0 and prices[g, t] * weight[p, g] > best:
                    best, place_ = prices[g, t] * weight[p, g], g
            serves[p, t] = place_
            total += best
            prefixes[p, t + 1] = total
