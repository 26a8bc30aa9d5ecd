"""What may still be part of a better roster: whatever costs an agent too much more than its best tour is out.

If the prices prove a bound, and the best tour through an option earns its agent `r` less than its best one, then no
roster with that option costs less than bound + r (reduced-cost fixing).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from solver.bound.lagrange import PriceSearch
from solver.compile.model import OFF, Ints, Model
from solver.kernels.tours import NOTHING


@dataclass(frozen=True)
class Survivors:
    """One agent's options and arcs that a better roster may still use."""

    options: NDArray[np.int64]  # rows of `model.options`
    arcs: NDArray[np.int64]  # rows of `model.tours`


def survivors(model: Model, prices: PriceSearch, gap: int) -> list[Survivors]:
    """For every agent what costs at most `gap` units more than its best tour, at the best prices known."""
    values = prices.values_at_best()
    return [_of_agent(model, values, a, gap) for a in range(len(model.agents))]


def _of_agent(model: Model, values: Ints, a: int, gap: int) -> Survivors:
    tours, options, staff = model.tours, model.options, model.staff
    graph, choice = int(staff.graph[a]), int(staff.choice[a])
    rows = np.arange(options.begin[choice, 0], options.begin[choice, -1])
    day = np.repeat(np.arange(model.days), np.diff(options.begin[choice]))
    klass = tours.class_offset[graph][day] + options.klass[rows]
    worth = worth_of_options(model, values, a, options.shift[rows])
    base, top = int(tours.class_offset[graph, 0]), int(tours.class_offset[graph, -1])
    best = np.full(top - base, NOTHING, np.int64)
    np.maximum.at(best, klass - base, worth)
    first, last = int(tours.arcs[base]), int(tours.arcs[top])
    arc_class = np.repeat(np.arange(base, top), np.diff(tours.arcs[base : top + 1]))
    source, target = tours.source[first:last], tours.target[first:last]
    earns = np.where(best[arc_class - base] > NOTHING, best[arc_class - base] - tours.price[first:last], NOTHING)
    through = _through(model, graph, int(staff.root[a]), source, target, earns, arc_class)
    least = through.max(initial=NOTHING) - gap
    kept = through >= least
    best_through = np.full(top - base, NOTHING, np.int64)
    np.maximum.at(best_through, arc_class - base, through)
    loses = best[klass - base] - worth
    alive = best_through[klass - base] - loses >= least
    return Survivors(rows[alive], np.flatnonzero(kept) + first)


def worth_of_options(model: Model, values: Ints, a: int, shift: NDArray[np.int32]) -> Ints:
    """What each option earns the agent by itself."""
    staff, shifts = model.staff, model.shifts
    works = shift != OFF
    if not works.any():
        return np.zeros(len(shift), np.int64)
    number = np.where(works, shift, 0)
    worth = values[staff.profile[a]][number] - staff.rate[a] * shifts.paid[number]
    worth = worth - model.liking(a, number)
    return np.where(works, worth, 0)


def _through(
    model: Model,
    graph: int,
    root: int,
    source: NDArray[np.int32],
    target: NDArray[np.int32],
    earns: Ints,
    arc_class: Ints,
) -> Ints:
    """What the best tour through each arc earns, far below zero where there is none."""
    tours = model.tours
    nodes = int(tours.layer[graph, -1])
    ahead = np.full(nodes, NOTHING, np.int64)
    behind = np.full(nodes, NOTHING, np.int64)
    behind[root] = 0
    ahead[int(tours.layer[graph, model.days])] = 0
    bounds = np.searchsorted(arc_class, tours.class_offset[graph])
    for day in range(model.days):
        arcs = slice(bounds[day], bounds[day + 1])
        reached = np.where(earns[arcs] > NOTHING, behind[source[arcs]] + earns[arcs], NOTHING)
        np.maximum.at(behind, target[arcs], np.maximum(reached, NOTHING))
    for day in range(model.days - 1, -1, -1):
        arcs = slice(bounds[day], bounds[day + 1])
        reached = np.where(earns[arcs] > NOTHING, ahead[target[arcs]] + earns[arcs], NOTHING)
        np.maximum.at(ahead, source[arcs], np.maximum(reached, NOTHING))
    whole = np.where(earns > NOTHING, behind[source] // 4 + earns // 4 + ahead[target] // 4, NOTHING)
    possible = whole > NOTHING // 8
    return np.where(possible, behind[source] + earns + ahead[target], NOTHING)
