"""The search kernel: agents leave and answer with their best tour, again and again, in one compiled loop."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from solver.compile.model import OFF, Model, Problem
from solver.kernels.coverage import Levels, come, go, levels_for, refresh
from solver.kernels.presence import add_prices, attend
from solver.kernels.sums import charge_of, keep_sums
from solver.kernels.tours import (
    LOTS,
    NOTHING,
    Scratch,
    class_values,
    follow,
    longest_path,
    place,
    scratch_for,
    wish_cost,
)


class Roster(NamedTuple):
    """A whole roster in the making; changed in place."""

    shift: NDArray[np.int32]  # [agents, days]
    starts: NDArray[np.int32]  # [agents, days, activities]
    own_cost: NDArray[np.int64]  # [agents] pay, preferences and rules of the agent's tour
    inside: NDArray[np.bool_]  # [agents] whether the tour is counted
    levels: Levels
    there: NDArray[np.int32]  # [rules, slots] agents whom rules of the roster count
    random: NDArray[np.uint64]  # [1]


def empty_roster(model: Model, seed: int) -> Roster:
    """A roster in which nobody has been given a tour yet."""
    agents, activities = len(model.agents), max(1, model.activities)
    levels, presence = levels_for(model), model.presence
    levels.cost[0] += presence.curves[presence.curve_of, 0].sum()
    mixed = (seed * 0x9E3779B97F4A7C15 + 0x632BE59BD9B4E019) % (1 << 64)
    return Roster(
        shift=np.full((agents, model.days), OFF, np.int32),
        starts=np.full((agents, model.days, activities), OFF, np.int32),
        own_cost=np.zeros(agents, np.int64),
        inside=np.zeros(agents, np.bool_),
        levels=levels,
        there=np.zeros(presence.curve_of.shape, np.int32),
        random=np.array([mixed or 1], np.uint64),
    )


@njit(cache=True, nogil=True)
def draw(random) -> float:
    """The next number from 0 to 1, 1 not included (xorshift64*, Marsaglia 2003, Vigna 2016)."""
    x = random[0]
    x ^= x >> np.uint64(12)
    x ^= x << np.uint64(25)
    x ^= x >> np.uint64(27)
    random[0] = x
    return float((x * np.uint64(0x2545F4914F6CDD1D)) >> np.uint64(11)) / 9007199254740992.0


@njit(cache=True, nogil=True)
def own_row(preferences, row: int):
    """An agent's running preference prices, empty when it has none."""
    return preferences[row] if row >= 0 else np.empty(0, np.int64)


SUM_TRIES, SUM_LABELS = 4, 2
"""How often an answer moves the prices of sums, and the labels that it keeps in a node where no path keeps them all."""


@njit(cache=True, nogil=True)
def respond(problem: Problem, a: int, scratch: Scratch) -> int:
    """The agent's best tour for the prices whose running sums are in `scratch.prefix`, left in `scratch`.

    Returns:
        What the tour earns beyond its own cost.
    """
    staff = problem.staff
    graph = staff.graph[a]
    preference = own_row(problem.preferences, staff.preference[a])
    if problem.presence.where.shape[0] > 0:
        preference = scratch.liking
    class_values(
        problem.shifts,
        problem.breaks,
        problem.tours,
        problem.options,
        staff.choice[a],
        graph,
        staff.rate[a],
        preference,
        problem.wishes,
        staff.wish[a],
        scratch.prefix,
        scratch.ends,
        scratch.worth,
        scratch.class_value,
        scratch.class_shift,
    )
    if problem.sums.row[a] >= 0:
        keep_sums(problem, a, scratch.free, SUM_TRIES, 0, scratch)
        if scratch.found[0] == NOTHING:
            keep_sums(problem, a, scratch.free, 1, SUM_LABELS, scratch)
        return scratch.found[0]
    return longest_path(
        problem.tours, graph, staff.root[a], scratch.class_value, scratch.value, scratch.pick_arc, scratch.pick_class
    )


@njit(cache=True, nogil=True)
def place_shift(problem: Problem, scratch: Scratch, day: int) -> None:
    """Places the activities of the day's shift on the scratch."""
    shift = scratch.tour[day]
    if shift == OFF:
        for k in range(scratch.places.shape[1]):
            scratch.places[day, k] = OFF
        return
    place(problem.shifts, problem.breaks, shift, scratch.prefix, scratch.ends, scratch.places[day])


@njit(cache=True, nogil=True)
def write_tour(problem: Problem, a: int, scratch: Scratch) -> int:
    """Reads the best tour off the scratch, activities placed; returns its own cost."""
    staff = problem.staff
    if problem.sums.row[a] >= 0:
        for day in range(scratch.tour.shape[0]):
            place_shift(problem, scratch, day)
        return own_cost_of(problem, a, scratch.tour)
    cost = follow(
        problem.tours,
        staff.graph[a],
        staff.root[a],
        scratch.pick_arc,
        scratch.pick_class,
        scratch.class_shift,
        scratch.tour,
    )
    preference = own_row(problem.preferences, staff.preference[a])
    for day in range(scratch.tour.shape[0]):
        shift = scratch.tour[day]
        place_shift(problem, scratch, day)
        if shift == OFF:
            continue
        cost += staff.rate[a] * problem.shifts.paid[shift]
        if preference.shape[0] > 0:
            start = problem.shifts.start[shift]
            cost += preference[start + problem.shifts.length[shift]] - preference[start]
        if staff.wish[a] >= 0:
            cost += wish_cost(problem.wishes, staff.wish[a], shift)
    return cost


@njit(cache=True, nogil=True)
def count(problem: Problem, roster: Roster, a: int, sign: int) -> None:
    """The agent's written tour begins (+1) or ceases (-1) to be counted; worths are worked out anew where it works."""
    shifts, coverage = problem.shifts, problem.coverage
    profile = np.int64(problem.staff.profile[a])
    interchangeable = problem.interchangeable
    for day in range(roster.shift.shape[1]):
        shift = roster.shift[a, day]
        if shift == OFF:
            continue
        start = np.int64(shifts.start[shift])
        end = start + shifts.length[shift]
        t = start
        while t < end:
            # The next activity that has not begun yet bounds the stretch on queue.
            stretch, resume = end, end
            for k in range(roster.starts.shape[2]):
                begin = np.int64(roster.starts[a, day, k])
                if begin >= t and begin < stretch:
                    stretch, resume = begin, begin + shifts.durations[shift, k]
            while t < stretch:
                if sign > 0:
                    come(coverage, interchangeable, roster.levels, profile, t)
                else:
                    go(coverage, interchangeable, roster.levels, profile, t)
                t += 1
            t = resume
        if problem.presence.where.shape[0] > 0:
            attend(problem, roster.there, roster.levels.cost, profile, shift, roster.starts[a, day], sign)
        refresh(coverage, interchangeable, roster.levels, start, end)
    roster.inside[a] = sign > 0


@njit(cache=True, nogil=True)
def answer(problem: Problem, roster: Roster, a: int, guide, trust: float, noise: float, scratch: Scratch) -> None:
    """An agent that is outside comes in with its best tour.

    Prices are what one more agent saves now, mixed with the `guide` ([profiles, slots] units) by `trust`,
    0 to 1, and blurred by `noise` units a slot.
    """
    profile = problem.staff.profile[a]
    worth = roster.levels.worth[profile]
    total = 0
    scratch.prefix[0] = 0
    if noise > 0 or trust > 0:
        for t in range(worth.shape[0]):
            total += int((1.0 - trust) * worth[t] + trust * guide[profile, t] + noise * (draw(roster.random) - 0.5))
            scratch.prefix[t + 1] = total
    else:
        for t in range(worth.shape[0]):
            total += worth[t]
            scratch.prefix[t + 1] = total
    if problem.presence.where.shape[0] > 0:
        own = own_row(problem.preferences, problem.staff.preference[a])
        add_prices(problem, roster.there, profile, own, scratch.prefix, scratch.liking)
    if respond(problem, a, scratch) <= NOTHING // 2:
        if problem.sums.row[a] < 0:
            return
        # A tour that keeps all sums was not met on the way, but one is known.
        for day in range(scratch.tour.shape[0]):
            scratch.tour[day] = problem.sums.known[a, day]
    roster.own_cost[a] = write_tour(problem, a, scratch)
    for day in range(scratch.tour.shape[0]):
        roster.shift[a, day] = scratch.tour[day]
        for k in range(scratch.places.shape[1]):
            roster.starts[a, day, k] = scratch.places[day, k]
    count(problem, roster, a, 1)


@njit(cache=True, nogil=True)
def copy_tour(shift, starts, to_shift, to_starts) -> None:
    """Copies a tour; spelt out, because a slice assignment brings half a string library into the compiled code."""
    for day in range(shift.shape[0]):
        to_shift[day] = shift[day]
        for k in range(starts.shape[1]):
            to_starts[day, k] = starts[day, k]


@njit(cache=True, nogil=True)
def total_cost(roster: Roster) -> int:
    """Levels and tours together, the model's constant apart."""
    total = roster.levels.cost[0]
    for a in range(roster.own_cost.shape[0]):
        total += roster.own_cost[a]
    return total


@njit(cache=True, nogil=True)
def anneal(
    problem: Problem,
    roster: Roster,
    best_shift,
    best_starts,
    best_cost: int,
    moves: int,
    most_out: int,
    hot: float,
    cold: float,
    guide,
    trust: float,
    noise: float,
    scratch: Scratch,
) -> int:
    """Some agents leave and answer in another order; worse rosters are kept now and then.

    Args:
        problem: the model.
        roster: where the search stands; changed.
        best_shift: the best roster's shifts, overwritten when a better one is met.
        best_starts: its activities.
        best_cost: its cost.
        moves: how many times agents leave.
        most_out: most agents that leave at once.
        hot: temperature at the first move, in units.
        cold: temperature at the last move.
        noise: how much the prices are blurred, in units a slot.
        scratch: room to work in.

    Returns:
        The cost of the best roster.
    """
    agents = roster.shift.shape[0]
    out = np.empty(most_out, np.int64)
    old_cost = np.empty(most_out, np.int64)
    old_shift = np.empty((most_out, roster.shift.shape[1]), np.int32)
    old_starts = np.empty((most_out, roster.shift.shape[1], roster.starts.shape[2]), np.int32)
    for move in range(moves):
        temperature = hot * (cold / hot) ** (move / moves)
        before = total_cost(roster)
        wanted = min(agents, 1 + int(draw(roster.random) * most_out))
        number = 0
        beta = trust * draw(roster.random)
        while number < wanted:
            a = int(draw(roster.random) * agents)
            if not roster.inside[a]:
                continue
            out[number] = a
            old_cost[number] = roster.own_cost[a]
            copy_tour(roster.shift[a], roster.starts[a], old_shift[number], old_starts[number])
            count(problem, roster, a, -1)
            number += 1
        for i in range(number - 1, -1, -1):
            answer(problem, roster, out[i], guide, beta, noise, scratch)
        after = total_cost(roster)
        if after > before and draw(roster.random) >= np.exp((before - after) / temperature):
            for i in range(number):
                count(problem, roster, out[i], -1)
            for i in range(number):
                a = out[i]
                roster.own_cost[a] = old_cost[i]
                copy_tour(old_shift[i], old_starts[i], roster.shift[a], roster.starts[a])
                count(problem, roster, a, 1)
        elif after < best_cost:
            best_cost = after
            for a in range(agents):
                copy_tour(roster.shift[a], roster.starts[a], best_shift[a], best_starts[a])
    return best_cost


@njit(cache=True, nogil=True)
def own_cost_of(problem: Problem, a: int, tour) -> int:
    """Pay, preferences and rules of a given tour of the agent; at least LOTS when no path of its graph is that tour."""
    staff, shifts, graphs = problem.staff, problem.shifts, problem.tours
    graph, choice = staff.graph[a], staff.choice[a]
    preference = own_row(problem.preferences, staff.preference[a])
    sums = problem.sums
    row = sums.row[a]
    total = np.zeros(sums.spans[row] if row >= 0 else 0, np.int64)
    node = staff.root[a]
    cost = 0
    for day in range(tour.shape[0]):
        shift = tour[day]
        found = False
        for o in range(problem.options.begin[choice, day], problem.options.begin[choice, day + 1]):
            if problem.options.shift[o] == shift:
                c = graphs.class_offset[graph, day] + problem.options.klass[o]
                for arc in range(graphs.arcs[c], graphs.arcs[c + 1]):
                    if graphs.source[arc] == node:
                        cost += graphs.price[arc]
                        node = graphs.target[arc]
                        found = True
                        if row >= 0:
                            for k in range(sums.number[row]):
                                total[sums.span[row, k, day]] += (
                                    sums.amount[sums.of_option[o], k] + sums.amount[sums.of_arc[arc], k]
                                )
                        break
                break
        if not found:
            return LOTS
        if shift != OFF:
            cost += staff.rate[a] * shifts.paid[shift]
            if preference.shape[0] > 0:
                start = shifts.start[shift]
                cost += preference[start + shifts.length[shift]] - preference[start]
            if staff.wish[a] >= 0:
                cost += wish_cost(problem.wishes, staff.wish[a], shift)
    for span in range(total.shape[0]):
        charge = charge_of(problem, row, span, total[span])
        if charge >= LOTS:
            return LOTS
        cost += charge
    return cost


__all__ = ["Roster", "Scratch", "anneal", "empty_roster", "scratch_for", "total_cost"]
