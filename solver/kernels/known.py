"""Any tour of an agent that keeps the sums beside its graph."""

from __future__ import annotations

import numpy as np

from solver.compile.model import Model, Smalls
from solver.kernels.sums import keep_sums
from solver.kernels.tours import MOST_LABELS, NOTHING, Scratch

TRIES = 30
"""Paths for which the prices of sums are moved in one attempt."""

ATTEMPTS = 6

WORTH = 1 << 20
"""Most units that an option is drawn to earn: where all earn the same, paths jump from one end to the other."""


def known_tour(model: Model, agent: int, scratch: Scratch) -> Smalls | None:
    """A tour by shift numbers; None when none was met, which proves nothing."""
    random = np.random.default_rng(agent)
    for attempt in range(ATTEMPTS):
        scratch.worth[:] = random.integers(0, WORTH, len(scratch.worth))
        keep_sums(model.problem, agent, scratch.free, TRIES, min(MOST_LABELS, 4 * attempt), scratch)
        if scratch.found[0] > NOTHING:
            tour: Smalls = scratch.tour.copy()
            return tour
    return None
