"""The kernel: an agent's best tour for given prices of the slots, activities included.

Three small steps: the best places for activities (a shortest path in a few slots), the best shift of each class,
the longest path through the tour graph. Values are units earned, so larger is better; NOTHING marks what cannot be.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from solver.compile.model import OFF, Breaks, Model, Options, Problem, Shifts, Tours, Wishes
from solver.kernels.by_reference import by_reference
from solver.kernels.jit import inner

NOTHING = -(1 << 60)
LOTS = 1 << 60

COMES, GOES = np.int64(1), np.int64(-1)
"""Whether something begins to be counted or ceases to be; typed, as numba compiles a kernel anew for each literal."""

FREE = -2
"""In the place of a shift's number: the day may have any."""

MOST_LABELS = 16
"""Places for labels in a node."""

MOST_LINES = 48
"""Paths that alike agents share."""


@by_reference
class Labels(NamedTuple):
    """Room for the labels of two days, and for how all of them came about."""

    taken: NDArray[np.int32]  # [2, nodes of a layer] places that are taken
    earned: NDArray[np.int64]  # [2, labels of a layer]
    promise: NDArray[np.int64]  # [2, labels of a layer]
    sums: NDArray[np.int32]  # [2, labels of a layer, sums]
    came: NDArray[np.int32]  # [2, labels of a layer] place of the label before
    took: NDArray[np.int32]  # [2, labels of a layer] option
    before: NDArray[np.int32]  # [labels of a graph]
    option: NDArray[np.int32]  # [labels of a graph]
    spare: NDArray[np.int32]  # [sums]


@by_reference
class Lines(NamedTuple):
    """Longest paths of agents who differ in nothing but the limits of their one sum, each at another price of it."""

    whose: NDArray[np.int64]  # [1] the last agent that they were walked for, OFF for nobody
    filled: NDArray[np.int64]  # [1]
    price: NDArray[np.int64]  # [lines]
    worth: NDArray[np.int64]  # [lines] what the path earns, price and limits apart
    total: NDArray[np.int64]  # [lines] its sum
    tour: NDArray[np.int32]  # [lines, days]


@by_reference
class Scratch(NamedTuple):
    """Room for one caller's work; two threads never share it."""

    ends: NDArray[np.int64]  # [nodes of a family, slots]: least loss with the last activity ending there
    value: NDArray[np.int64]  # [nodes of a graph]
    pick_arc: NDArray[np.int32]  # [nodes]
    pick_class: NDArray[np.int32]  # [nodes]
    class_value: NDArray[np.int64]  # [classes of a graph]
    class_shift: NDArray[np.int32]
    tour: NDArray[np.int32]  # [days] the shift picked
    places: NDArray[np.int32]  # [days, activities] where its activities start
    prefix: NDArray[np.int64]  # [slots + 1]
    liking: NDArray[np.int64]  # [slots + 1] running sums of what being in a shift costs, where rules count agents
    worth: NDArray[np.int64]  # [options of a choice] what each option earns by itself
    class_option: NDArray[np.int32]  # [classes of a graph]
    reward: NDArray[np.int64]  # [kinds] what the prices of sums give an option or arc
    multiplier: NDArray[np.int64]  # [agents, spans] price of each sum; kept from one answer of the agent to the next
    stride: NDArray[np.int64]  # [agents, spans] by how much it moved last
    total: NDArray[np.int64]  # [spans] a tour's sums
    reach: NDArray[np.int64]  # [sums, nodes of a graph]
    kept: NDArray[np.int32]  # [days] the best tour so far
    found: NDArray[np.int64]  # [1] what that earns
    free: NDArray[np.int32]  # [days] no day's shift is given
    label: Labels
    lines: Lines


def scratch_for(model: Model) -> Scratch:
    """Room enough for any agent of the model."""
    tours, breaks = model.tours, model.breaks
    nodes = int(tours.layer[:, -1].max(initial=0)) + 1
    classes = int((tours.class_offset[:, -1] - tours.class_offset[:, 0]).max(initial=0)) + 1
    longest = int(model.shifts.length.max(initial=0))
    family_nodes = int(breaks.target.max(initial=0)) + 1
    # A shared last activity may be placed for a longer shift of the same start, so the row is as long as any end.
    reach = int((breaks.high + breaks.duration).max(initial=0))
    sums = model.sums
    apart = len(sums.number) > 0
    options = int((model.options.begin[:, -1] - model.options.begin[:, 0]).max(initial=0)) if len(tours.layer) else 0
    spans = int(sums.spans.max(initial=0))
    return Scratch(
        ends=np.zeros((family_nodes, max(longest, reach) + 2), np.int64),
        value=np.zeros(nodes, np.int64),
        pick_arc=np.zeros(nodes, np.int32),
        pick_class=np.zeros(nodes, np.int32),
        class_value=np.zeros(classes, np.int64),
        class_shift=np.zeros(classes, np.int32),
        tour=np.zeros(model.days, np.int32),
        places=np.full((model.days, max(1, model.activities)), OFF, np.int32),
        prefix=np.zeros(model.slots + 1, np.int64),
        liking=np.zeros(model.slots + 1, np.int64),
        worth=np.zeros(options, np.int64),
        class_option=np.zeros(classes if apart else 0, np.int32),
        reward=np.zeros(len(sums.amount), np.int64),
        multiplier=np.zeros((len(model.agents) if apart else 0, spans), np.int64),
        stride=np.zeros((len(model.agents) if apart else 0, spans), np.int64),
        total=np.zeros(spans, np.int64),
        reach=np.zeros((sums.amount.shape[1], nodes if apart else 0), np.int64),
        kept=np.zeros(model.days, np.int32),
        found=np.zeros(1, np.int64),
        free=np.full(model.days, FREE, np.int32),
        label=_labels_for(model) if apart else _labels(0, 0, 0),
        lines=_lines(MOST_LINES if apart else 0, model.days),
    )


def _lines(most: int, days: int) -> Lines:
    return Lines(
        whose=np.full(1, OFF, np.int64),
        filled=np.zeros(1, np.int64),
        price=np.zeros(most, np.int64),
        worth=np.zeros(most, np.int64),
        total=np.zeros(most, np.int64),
        tour=np.zeros((most, days), np.int32),
    )


def _labels_for(model: Model) -> Labels:
    graphs = np.unique(model.staff.graph[model.sums.row != OFF])
    layer = model.tours.layer[graphs]
    broadest = int(np.diff(layer, axis=1).max(initial=0))
    return _labels(broadest, int(layer[:, -1].max(initial=0)), model.sums.amount.shape[1])


def _labels(broadest: int, nodes: int, sums: int) -> Labels:
    places = broadest * MOST_LABELS
    return Labels(
        taken=np.zeros((2, broadest), np.int32),
        earned=np.zeros((2, places), np.int64),
        promise=np.zeros((2, places), np.int64),
        sums=np.zeros((2, places, sums), np.int32),
        came=np.zeros((2, places), np.int32),
        took=np.zeros((2, places), np.int32),
        before=np.zeros(nodes * MOST_LABELS, np.int32),
        option=np.zeros(nodes * MOST_LABELS, np.int32),
        spare=np.zeros(sums, np.int32),
    )


@inner
def walk_family(breaks: Breaks, family: int, start: int, prefix, ends) -> None:
    """Fills `ends` for a shift start: the least that must be given up, by node and end of the last activity."""
    first, last = breaks.family_edges[family], breaks.family_edges[family + 1]
    width = ends.shape[1]
    for i in range(first, last):
        for e in range(width):
            ends[breaks.target[i], e] = LOTS
    for i in range(first, last):
        source, target, duration = breaks.source[i], breaks.target[i], breaks.duration[i]
        low, high = breaks.low[i], breaks.high[i]
        if source == 0:
            for s in range(low, high + 1):
                loss = prefix[start + s + duration] - prefix[start + s]
                if loss < ends[target, s + duration]:
                    ends[target, s + duration] = loss
        else:
            gap_low, gap_high = breaks.gap_low[i], breaks.gap_high[i]
            if gap_high >= width:
                # No upper bound on the gap: the best end so far only improves as the start moves on.
                best = LOTS
                seen = 0
                for s in range(low, high + 1):
                    while seen <= s - gap_low:
                        if ends[source, seen] < best:
                            best = ends[source, seen]
                        seen += 1
                    if best < LOTS:
                        loss = best + prefix[start + s + duration] - prefix[start + s]
                        if loss < ends[target, s + duration]:
                            ends[target, s + duration] = loss
            else:
                for s in range(low, high + 1):
                    best = LOTS
                    for e in range(max(0, s - gap_high), s - gap_low + 1):
                        if ends[source, e] < best:
                            best = ends[source, e]
                    if best < LOTS:
                        loss = best + prefix[start + s + duration] - prefix[start + s]
                        if loss < ends[target, s + duration]:
                            ends[target, s + duration] = loss


@inner
def least_loss(shifts: Shifts, shift: int, ends) -> int:
    """What the activities of this shift take from it at least, once its family is walked."""
    node = shifts.final[shift]
    best = LOTS
    for e in range(shifts.end_low[shift], shifts.end_high[shift] + 1):
        if ends[node, e] < best:
            best = ends[node, e]
    return best


@inner
def place(shifts: Shifts, breaks: Breaks, shift: int, prefix, ends, places) -> None:
    """Writes where the activities of the shift start, walking its family back from the best end."""
    for k in range(places.shape[0]):
        places[k] = OFF
    family = shifts.family[shift]
    if family < 0:
        return
    start = shifts.start[shift]
    walk_family(breaks, family, start, prefix, ends)
    node = shifts.final[shift]
    end = -1
    best = LOTS
    for e in range(shifts.end_low[shift], shifts.end_high[shift] + 1):
        if ends[node, e] < best:
            best = ends[node, e]
            end = e
    while node != 0:
        found = False
        for i in range(breaks.family_edges[family], breaks.family_edges[family + 1]):
            s = end - breaks.duration[i]
            if breaks.target[i] != node or s < breaks.low[i] or s > breaks.high[i]:
                continue
            loss = prefix[start + end] - prefix[start + s]
            source = breaks.source[i]
            if source == 0:
                if loss == ends[node, end]:
                    places[breaks.activity[i]] = start + s
                    node = 0
                    found = True
            else:
                for e in range(max(0, s - breaks.gap_high[i]), s - breaks.gap_low[i] + 1):
                    if ends[source, e] < LOTS and ends[source, e] + loss == ends[node, end]:
                        places[breaks.activity[i]] = start + s
                        node = source
                        end = e
                        found = True
                        break
            if found:
                break
        if not found:
            return


@inner
def wish_cost(wishes: Wishes, wish: int, shift: int) -> int:
    """What the very shift costs an agent with these wishes."""
    place = wishes.begin[wish] + shift - wishes.first[wish]
    if place < wishes.begin[wish] or place >= wishes.begin[wish + 1]:
        return 0
    return wishes.cost[place]


@inner
def own_day(problem: Problem, a: int, shift: int) -> int:
    """Pay and preferences of a shift."""
    staff, shifts = problem.staff, problem.shifts
    cost = staff.rate[a] * shifts.paid[shift]
    likes = staff.preference[a]
    if likes >= 0:
        start = shifts.start[shift]
        cost += problem.preferences[likes, start + shifts.length[shift]] - problem.preferences[likes, start]
    if staff.wish[a] >= 0:
        cost += wish_cost(problem.wishes, staff.wish[a], shift)
    return cost


@inner
def class_values(
    shifts: Shifts,
    breaks: Breaks,
    tours: Tours,
    options: Options,
    choice: int,
    graph: int,
    rate: int,
    preference,
    wishes: Wishes,
    wish: int,
    prefix,
    ends,
    option_worth,
    class_value,
    class_shift,
) -> None:
    """The best shift of each class and day and what it earns: its slots, less activities, pay and preferences."""
    days = tours.class_offset.shape[1] - 1
    first = options.begin[choice, 0]
    base = tours.class_offset[graph, 0]
    for c in range(tours.class_offset[graph, days] - base):
        class_value[c] = NOTHING
    for day in range(days):
        offset = tours.class_offset[graph, day] - base
        walked_family = -1
        walked_start = -1
        for o in range(options.begin[choice, day], options.begin[choice, day + 1]):
            shift = options.shift[o]
            c = offset + options.klass[o]
            if shift == OFF:
                worth = 0
            else:
                start = shifts.start[shift]
                end = start + shifts.length[shift]
                worth = prefix[end] - prefix[start] - rate * shifts.paid[shift]
                if preference.shape[0] > 0:
                    worth -= preference[end] - preference[start]
                if wish >= 0:
                    worth -= wish_cost(wishes, wish, shift)
                family = shifts.family[shift]
                if family >= 0:
                    if family != walked_family or start != walked_start:
                        walk_family(breaks, family, start, prefix, ends)
                        walked_family = family
                        walked_start = start
                    worth -= least_loss(shifts, np.int64(shift), ends)
            option_worth[o - first] = worth
            if worth > class_value[c]:
                class_value[c] = worth
                class_shift[c] = shift


@inner
def longest_path(tours: Tours, graph: int, root: int, class_value, value, pick_arc, pick_class) -> int:
    """What the best tour earns; `pick_arc` and `pick_class` say the way from every node."""
    days = tours.class_offset.shape[1] - 1
    base = tours.class_offset[graph, 0]
    last = tours.layer[graph, days]
    for n in range(last):
        value[n] = NOTHING
    value[last] = 0
    for day in range(days - 1, -1, -1):
        for c in range(tours.class_offset[graph, day], tours.class_offset[graph, day + 1]):
            worth = class_value[c - base]
            if worth == NOTHING:
                continue
            for arc in range(tours.arcs[c], tours.arcs[c + 1]):
                earned = worth - tours.price[arc] + value[tours.target[arc]]
                source = tours.source[arc]
                if earned > value[source]:
                    value[source] = earned
                    pick_arc[source] = arc
                    pick_class[source] = c - base
    return value[root]


@inner
def follow(tours: Tours, graph: int, root: int, pick_arc, pick_class, class_shift, tour) -> int:
    """Writes the tour that was found; returns what the rules charge for it."""
    days = tours.class_offset.shape[1] - 1
    node = root
    charge = 0
    for day in range(days):
        arc = pick_arc[node]
        tour[day] = class_shift[pick_class[node]]
        charge += tours.price[arc]
        node = tours.target[arc]
    return charge
