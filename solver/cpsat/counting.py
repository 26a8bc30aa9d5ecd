"""Which problems are better counted than named: many people who are alike, on simple tours.

`exact` writes such a problem whole, with an integer for each arc and option in place of a choice for each person; it
then grows with the kinds of shifts and not with the people, and is often proved in a second.
"""

from __future__ import annotations

import numpy as np

from solver.compile.model import Model
from solver.cpsat.alike import alike

LEAST_ALIKE = 4
"""Agents of a kind, on average, from which counting pays."""

MOST_ARCS, MOST_OPTIONS, MOST_PLACES = 2_000, 40_000, 40_000
"""The largest problem that is given whole: arcs of graphs, options, places of activities."""


def suits_counting(model: Model) -> bool:
    """Whether agents are alike in large numbers, and what they may do is little enough."""
    groups = [agents[0] for agents in alike(model, range(len(model.agents)))]
    if not model.whole:
        return False  # a flow through the graphs does not keep the sums beside them
    if not groups or LEAST_ALIKE * len(groups) > len(model.agents):
        return False
    staff, tours, options = model.staff, model.tours, model.options
    graph, choice = staff.graph[groups], staff.choice[groups]
    arcs = tours.arcs[tours.class_offset[graph, -1]] - tours.arcs[tours.class_offset[graph, 0]]
    begin = options.begin[choice]
    return bool(
        arcs.sum() <= MOST_ARCS and (begin[:, -1] - begin[:, 0]).sum() <= MOST_OPTIONS and _places(model) <= MOST_PLACES
    )


def _places(model: Model) -> int:
    """Places of activities, for each start and family of shifts apart."""
    breaks, shifts = model.breaks, model.shifts
    places = np.concatenate(([0], np.cumsum(breaks.high - breaks.low + 1)))
    of_family = places[breaks.family_edges[1:]] - places[breaks.family_edges[:-1]]
    used = np.unique(np.stack((shifts.start, shifts.family))[:, shifts.family >= 0], axis=1)
    return int(of_family[used[1]].sum())
