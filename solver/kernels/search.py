"""The search kernel: agents leave and answer with their best tour, again and again, in one compiled loop."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from solver.compile.model import OFF, Model, Problem
from solver.kernels.by_reference import by_reference
from solver.kernels.coverage import Levels, come, go, levels_for, refresh
from solver.kernels.jit import inner, kernel
from solver.kernels.paths import charge_of
from solver.kernels.presence import add_prices, attend
from solver.kernels.sums import keep_sums
from solver.kernels.tours import (
    COMES,
    GOES,
    LOTS,
    NOTHING,
    Scratch,
    class_values,
    follow,
    longest_path,
    own_day,
    place,
    scratch_for,
)


@by_reference
class Roster(NamedTuple):
    """A whole roster in the making; changed in place."""

    shift: NDArray[np.int32]  # [agents, days]
    starts: NDArray[np.int32]  # [agents, days, activities]
    own_cost: NDArray[np.int64]  # [agents] pay, preferences and rules of the agent's tour
    inside: NDArray[np.bool_]  # [agents] whether the tour is counted
    levels: Levels
    there: NDArray[np.int32]  # [rules, slots] agents whom rules of the roster count
    random: NDArray[np.uint64]  # [1]


@by_reference
class Left(NamedTuple):
    """Tours of agents that left, to go back to."""

    agent: NDArray[np.int64]
    own_cost: NDArray[np.int64]
    shift: NDArray[np.int32]  # [agents that are out, days]
    starts: NDArray[np.int32]  # [agents that are out, days, activities]


MOST_AGENTS_OUT = 8
"""Most agents that can leave at once."""


def room_to_leave(model: Model) -> Left:
    """Room for as many as can leave at once."""
    return Left(
        agent=np.zeros(MOST_AGENTS_OUT, np.int64),
        own_cost=np.zeros(MOST_AGENTS_OUT, np.int64),
        shift=np.zeros((MOST_AGENTS_OUT, model.days), np.int32),
        starts=np.zeros((MOST_AGENTS_OUT, model.days, max(1, model.activities)), np.int32),
    )


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


@kernel
def draw(random) -> float:
    """The next number from 0 to 1, 1 not included (xorshift64*, Marsaglia 2003, Vigna 2016)."""
    x = random[0]
    x ^= x >> np.uint64(12)
    x ^= x << np.uint64(25)
    x ^= x >> np.uint64(27)
    random[0] = x
    return float((x * np.uint64(0x2545F4914F6CDD1D)) >> np.uint64(11)) / 9007199254740992.0


@inner
def width(preferences, row: int) -> int:
    """How long a row of preferences is; none at all for agents that have no row."""
    return preferences.shape[1] if row >= 0 else 0


SUM_TRIES, SUM_LABELS = np.int64(4), np.int64(2)
ONE_TRY, NO_LABELS = np.int64(1), np.int64(0)
"""How often an answer moves the prices of sums, and the labels that it keeps in a node where no path keeps them all."""


@inner
def respond(problem: Problem, a: int, scratch: Scratch) -> int:
    """The agent's best tour for the prices whose running sums are in `scratch.prefix`, left in `scratch`.

    Returns:
        What the tour earns beyond its own cost.
    """
    staff = problem.staff
    graph = staff.graph[a]
    likes = staff.preference[a]
    preference = problem.preferences[likes, : width(problem.preferences, likes)]
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
        keep_sums(problem, a, scratch.free, SUM_TRIES, NO_LABELS, scratch)
        if scratch.found[0] == NOTHING:
            keep_sums(problem, a, scratch.free, ONE_TRY, SUM_LABELS, scratch)
        return scratch.found[0]
    return longest_path(
        problem.tours, graph, staff.root[a], scratch.class_value, scratch.value, scratch.pick_arc, scratch.pick_class
    )


@inner
def place_shift(problem: Problem, scratch: Scratch, day: int) -> None:
    """Places the activities of the day's shift on the scratch."""
    shift = scratch.tour[day]
    if shift == OFF:
        for k in range(scratch.places.shape[1]):
            scratch.places[day, k] = OFF
        return
    place(problem.shifts, problem.breaks, shift, scratch.prefix, scratch.ends, scratch.places[day])


@inner
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
    for day in range(scratch.tour.shape[0]):
        shift = scratch.tour[day]
        place_shift(problem, scratch, day)
        if shift != OFF:
            cost += own_day(problem, a, shift)
    return cost


@kernel
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


@kernel
def answer(problem: Problem, roster: Roster, a: int, guide, trust: float, noise: float, scratch: Scratch) -> None:
    """An agent that is outside comes in with its best tour.

    Prices are what one more agent saves now, mixed with the `guide` ([profiles, slots] units) by `trust`,
    0 to 1, and blurred by `noise` units a slot.
    """
    profile = np.int64(problem.staff.profile[a])
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
        likes = problem.staff.preference[a]
        own = problem.preferences[likes, : width(problem.preferences, likes)]
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
    count(problem, roster, a, COMES)


@inner
def copy_tour(shift, starts, to_shift, to_starts) -> None:
    """Copies a tour; spelt out, because a slice assignment brings half a string library into the compiled code."""
    for day in range(shift.shape[0]):
        to_shift[day] = shift[day]
        for k in range(starts.shape[1]):
            to_starts[day, k] = starts[day, k]


@kernel
def total_cost(roster: Roster) -> int:
    """Levels and tours together, the model's constant apart."""
    total = roster.levels.cost[0]
    for a in range(roster.own_cost.shape[0]):
        total += roster.own_cost[a]
    return total


@kernel
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
    left: Left,
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
        most_out: most agents that leave at once, no more than MOST_AGENTS_OUT.
        hot: temperature at the first move, in units.
        cold: temperature at the last move.
        noise: how much the prices are blurred, in units a slot.
        left: room for the tours of those who leave.
        scratch: room to work in.

    Returns:
        The cost of the best roster.
    """
    agents = roster.shift.shape[0]
    out, old_cost, old_shift, old_starts = left.agent, left.own_cost, left.shift, left.starts
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
            count(problem, roster, a, GOES)
            number += 1
        for i in range(number - 1, -1, -1):
            answer(problem, roster, out[i], guide, beta, noise, scratch)
        after = total_cost(roster)
        if after > before and draw(roster.random) >= np.exp((before - after) / temperature):
            for i in range(number):
                count(problem, roster, out[i], GOES)
            for i in range(number):
                a = out[i]
                roster.own_cost[a] = old_cost[i]
                copy_tour(old_shift[i], old_starts[i], roster.shift[a], roster.starts[a])
                count(problem, roster, a, COMES)
        elif after < best_cost:
            best_cost = after
            for a in range(agents):
                copy_tour(roster.shift[a], roster.starts[a], best_shift[a], best_starts[a])
    return best_cost


@inner
def step(problem: Problem, a: int, node: int, day: int, shift: int):
    """The option and the arc by which the agent works the shift from the node; -1 and -1 when there is no such arc."""
    graphs, options = problem.tours, problem.options
    graph, choice = problem.staff.graph[a], problem.staff.choice[a]
    for o in range(options.begin[choice, day], options.begin[choice, day + 1]):
        if options.shift[o] == shift:
            c = graphs.class_offset[graph, day] + options.klass[o]
            for arc in range(graphs.arcs[c], graphs.arcs[c + 1]):
                if graphs.source[arc] == node:
                    return o, arc
            return -1, -1
    return -1, -1


@inner
def charge_of_sums(problem: Problem, a: int, tour) -> int:
    """What the sums of a tour are charged that is a path of the agent's graph; at least LOTS when one is forbidden."""
    sums = problem.sums
    row = sums.row[a]
    cost = 0
    for k in range(sums.number[row]):
        node, total = np.int64(problem.staff.root[a]), 0
        for day in range(tour.shape[0]):
            option, arc = step(problem, a, node, day, tour[day])
            node = np.int64(problem.tours.target[arc])
            total += sums.amount[sums.of_option[option], k] + sums.amount[sums.of_arc[arc], k]
            span = sums.span[row, k, day]
            if day + 1 == tour.shape[0] or sums.span[row, k, day + 1] != span:
                charge = charge_of(problem.sums, row, span, total)
                if charge >= LOTS:
                    return LOTS
                cost += charge
                total = 0
    return cost


@kernel
def own_cost_of(problem: Problem, a: int, tour) -> int:
    """Pay, preferences and rules of a given tour of the agent; at least LOTS when no path of its graph is that tour."""
    node = np.int64(problem.staff.root[a])
    cost = 0
    for day in range(tour.shape[0]):
        shift = tour[day]
        _, arc = step(problem, a, node, day, shift)
        if arc < 0:
            return LOTS
        cost += problem.tours.price[arc]
        node = np.int64(problem.tours.target[arc])
        if shift != OFF:
            cost += own_day(problem, a, shift)
    if problem.sums.row[a] >= 0:
        charge = charge_of_sums(problem, a, tour)
        if charge >= LOTS:
            return LOTS
        cost += charge
    return cost


__all__ = ["Roster", "Scratch", "anneal", "empty_roster", "scratch_for", "total_cost"]
