"""Which way to prices, and to rosters, suits a problem."""

from __future__ import annotations

import numpy as np

from solver.compile.model import Ints, Model

MOST_AGENTS = 200

MOST_ON_QUEUE = 8
"""Where shifts are on queue for more slots than this, on average, prices move faster by subgradients."""


MANY_DAYS, HEAVY = 5000, 100
"""Days of all agents, and their square for each arc of the agents' graphs, from which on a program is the slower way.

A round of the linear program takes time that grows with the square, a step of subgradients with the arcs.
"""


def suits_columns(model: Model) -> bool:
    """Whether the rows are few and the shifts short in slots, so that a linear program sets prices quickly."""
    works = model.shifts.length > 0
    if model.tied:
        return False  # a master over tours knows nothing of rules of the whole roster
    if model.groups != 1 or not 0 < len(model.agents) <= MOST_AGENTS or not works.any():
        return False
    days = len(model.agents) * model.days
    if days > MANY_DAYS and days**2 > HEAVY * _arcs(model):
        return False
    return float(on_queue_slots(model)[works].mean()) <= MOST_ON_QUEUE


def suits_days(model: Model) -> bool:
    """Whether rules are kept beside the graphs, and shifts cover so many slots that single days are worth weighing.

    The search by days knows neither rules of the whole roster nor service goals.
    """
    works = model.shifts.length > 0
    if model.whole or model.tied or model.goals is not None or not len(model.agents) or not works.any():
        return False
    return model.groups > 1 or float(on_queue_slots(model)[works].mean()) > MOST_ON_QUEUE


def _arcs(model: Model) -> int:
    """How many arcs the graphs of all agents have together."""
    tours = model.tours
    first, last = tours.class_offset[:, 0], tours.class_offset[:, -1]
    return int((tours.arcs[last] - tours.arcs[first])[model.staff.graph].sum())


def on_queue_slots(model: Model) -> Ints:
    """Slots on queue of each shift: its length less its activities."""
    free: Ints = model.shifts.length.astype(np.int64) - model.shifts.durations.sum(axis=1)
    return free
