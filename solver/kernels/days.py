"""The kernel: one or two days of an agent anew, the rest of the tour and everybody else staying as they are.

Here the planning group of every slot is part of the plan, so that no stint is short at any moment. The rules are kept
apart from each other, each a table: a day is allowed when every rule allows it, after what comes before and before what
comes after. So it does not matter how large the graph of all rules together would be.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from solver.compile.model import OFF, Model, Problem, RuleTables, Tours
from solver.kernels.by_reference import by_reference
from solver.kernels.jit import inner, kernel
from solver.kernels.search import draw
from solver.kernels.stints import Desk, best_end, desk_for, open_desk, settle_in, stretch_values, walk
from solver.kernels.tours import COMES, GOES, LOTS, NOTHING, Scratch, longest_path, own_day, scratch_for, wish_cost

MOST_AGENTS_OUT = 5
"""Most agents that leave at once."""

MOST_FIRST = 60
"""Options of the first of two days that are tried; the pair from before is always among those that are compared."""

WIDTH = 24
"""Beginnings of a tour that are kept where some rules are not in the graph; where all are, one is enough."""

NONE, NOWHERE = np.int64(0), np.int64(-1)

LOOKS = 8
"""Slots that are compared to find one that hurts."""


@by_reference
class Days(NamedTuple):
    """A roster with named groups in the making; changed in place."""

    option: NDArray[np.int32]  # [agents, days] row of the options
    starts: NDArray[np.int32]  # [agents, days, activities]
    group: NDArray[np.int8]  # [agents, slots], OFF where not on queue
    own_cost: NDArray[np.int64]  # [agents]
    level: NDArray[np.int32]  # [groups, slots]
    cost: NDArray[np.int64]  # [1] levels and own costs together
    day_of: NDArray[np.int32]  # [slots] day of the calendar
    random: NDArray[np.uint64]  # [1]


@by_reference
class Kept(NamedTuple):
    """What left, to go back to."""

    agent: NDArray[np.int64]  # [places]
    day: NDArray[np.int64]
    option: NDArray[np.int32]
    starts: NDArray[np.int32]  # [places, activities]
    group: NDArray[np.int8]  # [places, length]
    own_cost: NDArray[np.int64]


@by_reference
class Ways(NamedTuple):
    """Room to weigh the options of two days."""

    value: NDArray[np.int64]  # [2, options of a day]
    middle: NDArray[np.int32]  # [options of a day, rules] states before the second day
    state: NDArray[np.int32]  # [rules] states before the first day
    after: NDArray[np.int64]  # [rules, states] what the days after cost from there, LOTS where they are not allowed
    spare: NDArray[np.int64]  # [states]


@by_reference
class Beam(NamedTuple):
    """Room to look for a whole tour: the most promising beginnings, day by day."""

    value: NDArray[np.int64]  # [days, options of a day]
    node: NDArray[np.int64]  # [days + 1, width]
    state: NDArray[np.int32]  # [days + 1, width, rules] of the rules that the graph does not hold
    earned: NDArray[np.int64]  # [days + 1, width]
    hoped: NDArray[np.int64]  # [days + 1, width] earned, and what the graph says can be earned from there
    came: NDArray[np.int64]  # [days + 1, width] place in the layer before
    took: NDArray[np.int64]  # [days + 1, width] option
    filled: NDArray[np.int64]  # [days + 1]
    now: NDArray[np.int32]  # [rules]


@by_reference
class Room(NamedTuple):
    """Room for one caller's work; two threads never share it."""

    desk: Desk
    ways: Ways
    kept: Kept
    beam: Beam
    scratch: Scratch


def room_for(model: Model) -> Room:
    """Room enough for any move."""
    places, longest = 2 * MOST_AGENTS_OUT, int(model.shifts.length.max(initial=1))
    rules, tables = model.rules.root.shape[1], model.rules
    widest = int(np.diff(model.options.begin, axis=1).max(initial=1))
    states = int(tables.states.max(initial=1))
    return Room(
        desk=desk_for(model),
        ways=Ways(
            value=np.zeros((2, widest), np.int64),
            middle=np.zeros((widest, rules), np.int32),
            state=np.zeros(rules, np.int32),
            after=np.zeros((rules, states), np.int64),
            spare=np.zeros(states, np.int64),
        ),
        kept=Kept(
            agent=np.zeros(places, np.int64),
            day=np.zeros(places, np.int64),
            option=np.zeros(places, np.int32),
            starts=np.zeros((places, max(1, model.activities)), np.int32),
            group=np.zeros((places, longest), np.int8),
            own_cost=np.zeros(places, np.int64),
        ),
        beam=Beam(
            value=np.zeros((model.days, widest), np.int64),
            node=np.zeros((model.days + 1, WIDTH), np.int64),
            state=np.zeros((model.days + 1, WIDTH, rules), np.int32),
            earned=np.zeros((model.days + 1, WIDTH), np.int64),
            hoped=np.zeros((model.days + 1, WIDTH), np.int64),
            came=np.zeros((model.days + 1, WIDTH), np.int64),
            took=np.zeros((model.days + 1, WIDTH), np.int64),
            filled=np.zeros(model.days + 1, np.int64),
            now=np.zeros(rules, np.int32),
        ),
        scratch=scratch_for(model),
    )


@inner
def weigh(problem: Problem, days: Days, a: int, day: int, least: int, noise: float, desk: Desk, value) -> None:
    """What each option of the day earns the agent now, blurred by `noise`; NOTHING where its activities do not fit."""
    staff, shifts, options = problem.staff, problem.shifts, problem.options
    choice = staff.choice[a]
    begin, end = options.begin[choice, day], options.begin[choice, day + 1]
    first, last = np.int64(1 << 30), np.int64(0)
    for o in range(begin, end):
        shift = options.shift[o]
        if shift != OFF:
            first = min(first, np.int64(shifts.start[shift]))
            last = max(last, np.int64(shifts.start[shift] + shifts.length[shift]))
    if last > 0:
        open_desk(problem.coverage, days.level, np.int64(staff.profile[a]), first, last, desk)
    # Written out rather than called: the loop is the search's hottest, and a call with many arrays is dear.
    preferences = problem.preferences
    rate, likes, wish = staff.rate[a], staff.preference[a], staff.wish[a]
    worth, ready, longest = desk.worth, desk.ready, int(desk.worth.shape[1] - 1)
    walked_family, walked_start = -1, -1
    for o in range(begin, end):
        shift = options.shift[o]
        if shift == OFF:
            value[o - begin] = 0
            continue
        start, length = int(shifts.start[shift]), int(shifts.length[shift])
        family = int(shifts.family[shift])
        if family < 0:
            if not ready[start - first]:
                stretch_values(desk, start - first, min(longest, last - start), least)
            earned = worth[start - first, length]
        else:
            if family != walked_family or start != walked_start:
                walk(problem.breaks, family, start - first, least, desk)
                walked_family, walked_start = family, start
            earned, _ = best_end(shifts, shift, start - first, least, desk)
        if earned > NOTHING:
            earned -= rate * shifts.paid[shift]
            if likes >= 0:
                earned -= preferences[likes, start + length] - preferences[likes, start]
            if wish >= 0:
                earned -= wish_cost(problem.wishes, wish, shift)
            if noise > 0:
                earned += int(noise * (draw(days.random) - 0.5))
        value[o - begin] = earned


@inner
def kind_at(tables: RuleTables, book: int, day: int, shift: int) -> int:
    """The row of `column` for a shift on the day, or for the day off."""
    return tables.kind_off[book, day] if shift == OFF else tables.kind_of[book, shift]


@inner
def states_before(tables: RuleTables, options, days: Days, book: int, a: int, day: int, state) -> int:
    """Writes the state of each rule before the day; gives what the days before cost, LOTS if they are not allowed."""
    cost = 0
    first, last = tables.rules[book], tables.rules[book + 1]
    for r in range(last - first):
        now = tables.root[a, r]
        for d in range(day):
            column = tables.column[kind_at(tables, book, d, options.shift[days.option[a, d]]), r]
            at = tables.begin[first + r, d] + now * tables.reads[first + r, d] + column
            now = tables.follow[at]
            if now < 0:
                return LOTS
            cost += tables.price[at]
        state[r] = now
    return cost


@inner
def look_ahead(tables: RuleTables, options, days: Days, book: int, a: int, day: int, ways: Ways) -> None:
    """Fills `after`: what the days from `day` on cost from each state of each rule."""
    first, last = tables.rules[book], tables.rules[book + 1]
    count = days.option.shape[1]
    for r in range(last - first):
        after = ways.after[r]
        for s in range(tables.states[first + r, count]):
            after[s] = 0
        for d in range(count - 1, day - 1, -1):
            column = tables.column[kind_at(tables, book, d, options.shift[days.option[a, d]]), r]
            width = tables.reads[first + r, d]
            for s in range(tables.states[first + r, d]):
                at = tables.begin[first + r, d] + s * width + column
                n = tables.follow[at]
                ways.spare[s] = LOTS
                if n >= 0 and after[n] < LOTS:
                    ways.spare[s] = tables.price[at] + after[n]
            for s in range(tables.states[first + r, d]):
                after[s] = ways.spare[s]


@inner
def charge(tables: RuleTables, book: int, day: int, kind: int, state, after) -> int:
    """What a kind of option costs by the rules on the day, all days after included; LOTS where it is not allowed."""
    first, last = tables.rules[book], tables.rules[book + 1]
    row = kind
    cost = 0
    for r in range(last - first):
        at = tables.begin[first + r, day] + state[r] * tables.reads[first + r, day] + tables.column[row, r]
        n = tables.follow[at]
        if n < 0 or after[r, n] >= LOTS:
            return LOTS
        cost += tables.price[at] + after[r, n]
    return cost


@inner
def step_on(tables: RuleTables, options, days: Days, book: int, a: int, day: int, kind: int, until: int, out, state):
    """Where the states go with a kind of option on the day and the tour's own days up to `until`; what that costs."""
    first, last = tables.rules[book], tables.rules[book + 1]
    cost = 0
    for r in range(last - first):
        at = tables.begin[first + r, day] + state[r] * tables.reads[first + r, day]
        at += tables.column[kind, r]
        now = tables.follow[at]
        if now < 0:
            return LOTS
        cost += tables.price[at]
        for d in range(day + 1, until):
            column = tables.column[kind_at(tables, book, d, options.shift[days.option[a, d]]), r]
            at = tables.begin[first + r, d] + now * tables.reads[first + r, d] + column
            now = tables.follow[at]
            if now < 0:
                return LOTS
            cost += tables.price[at]
        out[r] = now
    return cost


@inner
def own_cost_of(problem: Problem, tables: RuleTables, days: Days, a: int, room: Room) -> int:
    """Pay, preferences and rules of the agent's tour; at least LOTS when a rule forbids it."""
    options, count = problem.options, days.option.shape[1]
    cost = states_before(tables, options, days, tables.book[a], a, count, room.ways.state)
    for day in range(count):
        shift = options.shift[days.option[a, day]]
        if shift != OFF:
            cost += own_day(problem, a, shift)
    return cost


@inner
def pick_one(problem: Problem, tables: RuleTables, days: Days, a: int, day: int, ways: Ways) -> int:
    """The option that earns most on the day among those that the rules allow; -1 when there is none."""
    book, options = tables.book[a], problem.options
    begin = options.begin[problem.staff.choice[a], day]
    end = options.begin[problem.staff.choice[a], day + 1]
    look_ahead(tables, options, days, book, a, day + 1, ways)
    if states_before(tables, options, days, book, a, day, ways.state) >= LOTS:
        return -1
    most, best = NOTHING, -1
    for o in range(begin, end):
        value = ways.value[0, o - begin]
        if value > most:
            cost = charge(tables, book, day, kind_at(tables, book, day, options.shift[o]), ways.state, ways.after)
            if cost < LOTS and value - cost > most:
                most, best = value - cost, int(o)
    return best


@inner
def pick_two(problem: Problem, tables: RuleTables, days: Days, a: int, day: int, other: int, ways: Ways):
    """The options that earn most on two days together; the tour's own where nothing better is met."""
    book, options = tables.book[a], problem.options
    choice = problem.staff.choice[a]
    begin, end = options.begin[choice, day], options.begin[choice, day + 1]
    begin2, end2 = options.begin[choice, other], options.begin[choice, other + 1]
    look_ahead(tables, options, days, book, a, other + 1, ways)
    states_before(tables, options, days, book, a, day, ways.state)
    value, value2 = ways.value[0], ways.value[1]
    one, two = int(days.option[a, day]), int(days.option[a, other])
    most = NOTHING
    for o in range(begin, end):
        if value[o - begin] == NOTHING:
            continue
        kind = kind_at(tables, book, day, options.shift[o])
        cost = step_on(tables, options, days, book, a, day, kind, other, ways.middle[o - begin], ways.state)
        if cost >= LOTS:
            value[o - begin] = NOTHING
            continue
        value[o - begin] -= cost
        if o == one and value2[two - begin2] > NOTHING:
            kind = kind_at(tables, book, other, options.shift[two])
            cost = charge(tables, book, other, kind, ways.middle[o - begin], ways.after)
            if cost < LOTS:
                most = value[o - begin] + value2[two - begin2] - cost
    top = NOTHING
    for j in range(end2 - begin2):
        top = max(top, value2[j])
    # The most promising first options in turn, each with every second one that could make a better pair.
    for _ in range(MOST_FIRST):
        i = 0
        for k in range(end - begin):
            if value[k] > value[i]:
                i = k
        if value[i] == NOTHING or value[i] + top <= most:
            break
        for j in range(end2 - begin2):
            together = value[i] + value2[j]
            if together > most and value2[j] > NOTHING:
                kind = kind_at(tables, book, other, options.shift[begin2 + j])
                cost = charge(tables, book, other, kind, ways.middle[i], ways.after)
                if cost < LOTS and together - cost > most:
                    most, one, two = together - cost, begin + i, begin2 + j
        value[i] = NOTHING
    return one, two


@kernel
def count_day(problem: Problem, days: Days, a: int, day: int, sign: int) -> None:
    """The agent's written day begins (+1) or ceases (-1) to be counted."""
    shift = problem.options.shift[days.option[a, day]]
    if shift == OFF:
        return
    coverage, p = problem.coverage, problem.staff.profile[a]
    start = problem.shifts.start[shift]
    for t in range(start, start + problem.shifts.length[shift]):
        g = days.group[a, t]
        if g >= 0:
            w = sign * int(coverage.weight[p, g])
            curve, level = coverage.curve_of[g, t], days.level[g, t]
            days.cost[0] += coverage.curves[curve, level + w] - coverage.curves[curve, level]
            days.level[g, t] = level + w


@inner
def leave(problem: Problem, days: Days, a: int, day: int, kept: Kept, place: int) -> None:
    """The agent's day is no longer counted; how it was is kept."""
    kept.agent[place], kept.day[place] = a, day
    kept.option[place], kept.own_cost[place] = days.option[a, day], days.own_cost[a]
    count_day(problem, days, a, day, GOES)
    shift = problem.options.shift[days.option[a, day]]
    for k in range(kept.starts.shape[1]):
        kept.starts[place, k] = days.starts[a, day, k]
        days.starts[a, day, k] = OFF
    if shift != OFF:
        start = problem.shifts.start[shift]
        for t in range(problem.shifts.length[shift]):
            kept.group[place, t] = days.group[a, start + t]
            days.group[a, start + t] = OFF


@inner
def go_back(problem: Problem, days: Days, kept: Kept, place: int) -> None:
    """The day becomes what it was before it was left; it must be out now."""
    a, day = kept.agent[place], kept.day[place]
    days.option[a, day] = kept.option[place]
    for k in range(kept.starts.shape[1]):
        days.starts[a, day, k] = kept.starts[place, k]
    shift = problem.options.shift[kept.option[place]]
    if shift != OFF:
        start = problem.shifts.start[shift]
        for t in range(problem.shifts.length[shift]):
            days.group[a, start + t] = kept.group[place, t]
    days.cost[0] += kept.own_cost[place] - days.own_cost[a]
    days.own_cost[a] = kept.own_cost[place]
    count_day(problem, days, a, day, COMES)


@inner
def clear(problem: Problem, days: Days, a: int, day: int) -> None:
    """The agent's day is no longer counted, nor written."""
    count_day(problem, days, a, day, GOES)
    shift = problem.options.shift[days.option[a, day]]
    if shift != OFF:
        start = problem.shifts.start[shift]
        for t in range(start, start + problem.shifts.length[shift]):
            days.group[a, t] = OFF
    for k in range(days.starts.shape[2]):
        days.starts[a, day, k] = OFF


@kernel
def come_in(problem: Problem, days: Days, a: int, day: int, option: int, least: int, desk: Desk) -> None:
    """The agent works the option on a day that is out, at its best; what it costs by itself is the caller's."""
    days.option[a, day] = option
    shift = problem.options.shift[option]
    if shift == OFF:
        return
    start = np.int64(problem.shifts.start[shift])
    last = start + problem.shifts.length[shift]
    open_desk(problem.coverage, days.level, np.int64(problem.staff.profile[a]), start, last, desk)
    settle_in(problem.shifts, problem.breaks, shift, least, desk, days.starts[a, day], days.group[a])
    count_day(problem, days, a, day, COMES)


@kernel
def charge_own(problem: Problem, tables: RuleTables, days: Days, a: int, room: Room) -> None:
    """Works out anew what the agent's tour costs by itself."""
    cost = own_cost_of(problem, tables, days, a, room)
    days.cost[0] += cost - days.own_cost[a]
    days.own_cost[a] = cost


@inner
def respond(
    problem: Problem, tables: RuleTables, days: Days, a: int, day: int, other: int, least: int, noise: float, room: Room
) -> None:
    """The agent's day, and another where that is not -1, become the best they can be; both are out before."""
    number = 1 if other < 0 else 2
    for i in range(number):
        weigh(problem, days, a, day if i == 0 else other, least, noise, room.desk, room.ways.value[i])
    one, two = np.int64(days.option[a, day]), np.int64(0)
    if other < 0:
        option = pick_one(problem, tables, days, a, day, room.ways)
        one = one if option < 0 else np.int64(option)
    else:
        one, two = pick_two(problem, tables, days, a, day, other, room.ways)
    for i in range(number):
        come_in(problem, days, a, day if i == 0 else other, one if i == 0 else two, least, room.desk)
    charge_own(problem, tables, days, a, room)


@inner
def arc_from(tours: Tours, klass: int, node: int) -> int:
    """The arc that leaves the node with the class, -1 when there is none; a class's arcs are in order of sources."""
    low, high = int(tours.arcs[klass]), int(tours.arcs[klass + 1])
    end = high
    while low < high:
        middle = (low + high) // 2
        if tours.source[middle] < node:
            low = middle + 1
        else:
            high = middle
    return low if low < end and tours.source[low] == node else -1


@inner
def enter_beam(beam: Beam, day: int, node: int, rules: int, earned: int, hoped: int, came: int, took: int) -> None:
    """Keeps a beginning whose states are in `now`, unless there are enough better ones or one that is as far."""
    number = beam.filled[day]
    place, worst = -1, hoped
    for i in range(number):
        if beam.node[day, i] == node:
            same = True
            for r in range(rules):
                if beam.state[day, i, r] != beam.now[r]:
                    same = False
                    break
            if same:
                if beam.hoped[day, i] >= hoped:
                    return
                place = i
                break
        if beam.hoped[day, i] < worst:
            place, worst = int(i), beam.hoped[day, i]
    else:
        if number < beam.node.shape[1]:
            place = number
            beam.filled[day] = number + 1
    if place < 0:
        return
    beam.node[day, place], beam.earned[day, place], beam.hoped[day, place] = node, earned, hoped
    beam.came[day, place], beam.took[day, place] = came, took
    for r in range(rules):
        beam.state[day, place, r] = beam.now[r]


@inner
def find_tour(problem: Problem, tables: RuleTables, a: int, room: Room) -> bool:
    """The tour of the agent that earns most by the values in `room.beam.value`, left in the beam; False if none is met.

    The graph says what can be earned from each node on, without the rules that it does not hold; beginnings are kept
    by that. Where it holds all rules the tour is the best there is.
    """
    staff, options, tours, beam, scratch = problem.staff, problem.options, problem.tours, room.beam, room.scratch
    graph, choice, book = staff.graph[a], staff.choice[a], tables.book[a]
    days = tours.class_offset.shape[1] - 1
    base = tours.class_offset[graph, 0]
    for c in range(tours.class_offset[graph, days] - base):
        scratch.class_value[c] = NOTHING
    for day in range(days):
        begin = options.begin[choice, day]
        for o in range(begin, options.begin[choice, day + 1]):
            c = tours.class_offset[graph, day] - base + options.klass[o]
            scratch.class_value[c] = max(scratch.class_value[c], beam.value[day, o - begin])
    root = staff.root[a]
    hoped = longest_path(tours, graph, root, scratch.class_value, scratch.value, scratch.pick_arc, scratch.pick_class)
    if hoped <= NOTHING // 2:
        return False
    first, last = tables.rules[book], tables.rules[book + 1]
    rules = last - first
    for day in range(days + 1):
        beam.filled[day] = 0
    for r in range(rules):
        beam.now[r] = tables.root[a, r] if tables.apart[first + r] else 0
    enter_beam(beam, NONE, np.int64(root), rules, NONE, hoped, NOWHERE, NOWHERE)
    for day in range(days):
        begin = options.begin[choice, day]
        for o in range(begin, options.begin[choice, day + 1]):
            value = beam.value[day, o - begin]
            if value == NOTHING:
                continue
            klass = int(tours.class_offset[graph, day] + options.klass[o])
            row = kind_at(tables, book, day, options.shift[o])
            for i in range(beam.filled[day]):
                arc = arc_from(tours, klass, beam.node[day, i])
                if arc < 0:
                    continue
                node = np.int64(tours.target[arc])
                if scratch.value[node] <= NOTHING // 2:
                    continue
                earned = beam.earned[day, i] + value - tours.price[arc]
                allowed = True
                for r in range(rules):
                    beam.now[r] = 0
                    if not tables.apart[first + r]:
                        continue
                    at = tables.begin[first + r, day] + beam.state[day, i, r] * tables.reads[first + r, day]
                    at += tables.column[row, r]
                    if tables.follow[at] < 0:
                        allowed = False
                        break
                    beam.now[r] = tables.follow[at]
                    earned -= tables.price[at]
                if allowed:
                    enter_beam(beam, day + 1, node, rules, earned, earned + scratch.value[node], i, np.int64(o))
    return beam.filled[days] > 0


@kernel
def whole_tour(problem: Problem, tables: RuleTables, days: Days, a: int, least: int, noise: float, room: Room) -> bool:
    """The agent, all of whose days are out, works the best tour for what the others leave; False if none is met."""
    beam = room.beam
    count = days.option.shape[1]
    for day in range(count):
        weigh(problem, days, a, day, least, noise, room.desk, beam.value[day])
    if not find_tour(problem, tables, a, room):
        return False
    best = 0
    for i in range(1, beam.filled[count]):
        if beam.earned[count, i] > beam.earned[count, best]:
            best = int(i)
    for day in range(count, 0, -1):
        days.option[a, day - 1] = beam.took[day, best]
        best = beam.came[day, best]
    for day in range(count):
        come_in(problem, days, a, day, np.int64(days.option[a, day]), least, room.desk)
    charge_own(problem, tables, days, a, room)
    return True


@inner
def painful_slot(problem: Problem, days: Days, slots) -> int:
    """One of the slots where heads are worth something, rather one where one more agent would save much."""
    coverage = problem.coverage
    worst, slot = NOTHING, int(slots[0])
    for _ in range(LOOKS):
        t = slots[int(draw(days.random) * slots.shape[0])]
        g = int(draw(days.random) * coverage.weight.shape[1])
        curve, level = coverage.curve_of[g, t], days.level[g, t]
        pain = coverage.curves[curve, level] - coverage.curves[curve, level + coverage.unit]
        if pain > worst:
            worst, slot = pain, int(t)
    return slot


@inner
def day_at(problem: Problem, days: Days, a: int, t: int) -> int:
    """The day of the agent's shift that runs in the slot; -1 when there is none."""
    middle = days.day_of[t]
    for day in range(max(0, middle - 2), min(days.option.shape[1], middle + 2)):
        shift = problem.options.shift[days.option[a, day]]
        if shift != OFF:
            start = problem.shifts.start[shift]
            if start <= t < start + problem.shifts.length[shift]:
                return day
    return -1


@inner
def relabel(problem: Problem, days: Days, t: int, least: int, room: Room) -> int:
    """Some agents on duty in the slot give up activities and groups, and choose anew in another order."""
    agents = days.option.shape[0]
    number = 0
    offset = int(draw(days.random) * agents)
    wanted = 2 + int(draw(days.random) * (MOST_AGENTS_OUT - 1))
    seen = 0
    for i in range(agents):
        a = (offset + i * 7919) % agents if agents % 7919 else (offset + i) % agents
        if days.group[a, t] < 0:
            continue
        day = day_at(problem, days, a, t)
        if day < 0:
            continue
        seen += 1
        if number < wanted:
            leave(problem, days, a, day, room.kept, np.int64(number))
            number += 1
        else:
            break
    for i in range(number - 1, -1, -1):
        a, day = room.kept.agent[i], room.kept.day[i]
        come_in(problem, days, a, day, np.int64(days.option[a, day]), least, room.desk)
    return number


@inner
def reshift(problem: Problem, tables: RuleTables, days: Days, t: int, least: int, noise: float, room: Room) -> int:
    """One or two agents give up one or two days around the slot, and choose anew."""
    agents, count = days.option.shape
    number, owners = 0, 1 + int(draw(days.random) * 2)
    first_agent = -1
    for _ in range(owners):
        a = int(draw(days.random) * agents)
        if a == first_agent:
            continue
        first_agent = a if first_agent < 0 else first_agent
        day = int(days.day_of[t]) - int(draw(days.random) * 1.3)
        day = min(max(day, 0), count - 1)
        other = -1
        if count > 1 and draw(days.random) < 0.7:
            other = int(draw(days.random) * count)
            if draw(days.random) < 0.4:
                other = min(max(day + (1 if draw(days.random) < 0.5 else -1), 0), count - 1)
        for i in range(1 if other < 0 or other == day else 2):
            leave(problem, days, a, day if i == 0 else other, room.kept, np.int64(number))
            number += 1
    i = number - 1
    while i >= 0:
        a, one = room.kept.agent[i], room.kept.day[i]
        two = -1
        if i > 0 and room.kept.agent[i - 1] == a:
            i -= 1
            two = room.kept.day[i]
        if two >= 0:
            one, two = min(one, two), max(one, two)
        respond(problem, tables, days, a, one, two, least, noise, room)
        i -= 1
    return number


@inner
def copy_days(days: Days, option, starts, group) -> None:
    """Copies the roster; spelt out, because a slice assignment brings half a string library into the compiled code."""
    for a in range(option.shape[0]):
        for d in range(option.shape[1]):
            option[a, d] = days.option[a, d]
            for k in range(starts.shape[2]):
                starts[a, d, k] = days.starts[a, d, k]
        for t in range(group.shape[1]):
            group[a, t] = days.group[a, t]


@kernel
def anneal_days(
    problem: Problem,
    tables: RuleTables,
    days: Days,
    best_option,
    best_starts,
    best_group,
    best_cost: int,
    moves: int,
    least: int,
    slots,
    relabels: float,
    hot: float,
    cold: float,
    noise: float,
    room: Room,
) -> int:
    """Some days are given up and chosen anew; worse rosters are kept now and then.

    Args:
        problem: the model.
        tables: its rules, each by itself.
        days: where the search stands; changed.
        best_option: the best roster's options, overwritten when a better one is met.
        best_starts: its activities.
        best_group: its groups.
        best_cost: its cost.
        moves: how many times days are given up.
        least: slots of the shortest stint.
        slots: where heads are worth something.
        relabels: share of the moves in which shifts stay and only groups and activities are chosen anew.
        hot: temperature at the first move, in units.
        cold: temperature at the last move.
        noise: how much the options' values are blurred, in units.
        room: room to work in.

    Returns:
        The cost of the best roster.
    """
    for move in range(moves):
        temperature = hot * (cold / hot) ** (move / moves)
        before = days.cost[0]
        t = painful_slot(problem, days, slots)
        if draw(days.random) < 0.3:
            t = int(slots[int(draw(days.random) * slots.shape[0])])
        if draw(days.random) < relabels:
            number = relabel(problem, days, t, least, room)
        else:
            number = reshift(problem, tables, days, t, least, noise, room)
        after = days.cost[0]
        if after > before and draw(days.random) >= np.exp((before - after) / temperature):
            for i in range(number):
                clear(problem, days, room.kept.agent[i], room.kept.day[i])
            for i in range(number):
                go_back(problem, days, room.kept, i)
        elif after < best_cost:
            best_cost = after
            copy_days(days, best_option, best_starts, best_group)
    return best_cost
