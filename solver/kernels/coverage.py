"""Levels of coverage as agents come and go, and what one more agent of each profile is worth.

With several planning groups the split of agents over groups is kept best at every step: an agent that comes takes the
place where a chain of moves ends best (it takes A, someone there who also knows B moves on to B), one that goes leaves
a gap that a chain of moves carries to where it hurts least.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from solver.compile.model import OFF, Breaks, Coverage, Model, Shifts
from solver.kernels.tours import LOTS, NOTHING

MOST_GROUPS = 64


class Levels(NamedTuple):
    """Who covers what, by slot; changed in place."""

    level: NDArray[np.int32]  # [groups, slots]
    count: NDArray[np.int32]  # [profiles, groups, slots] agents of a profile that serve the group
    movers: NDArray[np.int32]  # [groups, groups, slots] agents in the first group that also know the second
    worth: NDArray[np.int64]  # [profiles, slots] units that one more agent saves
    cost: NDArray[np.int64]  # [1] what the levels cost over all slots


def levels_for(model: Model) -> Levels:
    """The levels of an empty roster."""
    coverage = model.coverage
    profiles, groups = coverage.weight.shape
    slots = model.slots
    levels = Levels(
        level=coverage.base.copy(),
        count=np.zeros((profiles, groups, slots), np.int32),
        movers=np.zeros((groups, groups, slots), np.int32),
        worth=np.zeros((profiles, slots), np.int64),
        cost=np.zeros(1, np.int64),
    )
    levels.cost[0] = sum(
        int(coverage.curves[coverage.curve_of[g], levels.level[g]].sum()) for g in range(groups)
    )
    refresh(coverage, model.interchangeable, levels, 0, slots)
    return levels


@njit(cache=True, nogil=True)
def refresh(coverage: Coverage, interchangeable: bool, levels: Levels, first: int, last: int) -> None:
    """Works out what one more agent is worth in the slots `first` to `last`, last not included."""
    profiles, groups = coverage.weight.shape
    best = np.empty(groups, np.int64)
    for t in range(first, last):
        if groups == 1 or not interchangeable:
            for p in range(profiles):
                most = NOTHING
                for g in range(groups):
                    weight = coverage.weight[p, g]
                    if weight > 0:
                        curve = coverage.curve_of[g, t]
                        level = levels.level[g, t]
                        saved = coverage.curves[curve, level] - coverage.curves[curve, level + weight]
                    if saved > most:
                        most = saved
                levels.worth[p, t] = most if most > NOTHING else 0
            continue
        reach_best(coverage, levels, t, best)
        for p in range(profiles):
            most = NOTHING
            for g in range(groups):
                if coverage.weight[p, g] > 0 and best[g] > most:
                    most = best[g]
            levels.worth[p, t] = most if most > NOTHING else 0


@njit(cache=True, nogil=True)
def reach_best(coverage: Coverage, levels: Levels, t: int, best) -> None:
    """For each group the most that one more agent in it saves, chains of moves included."""
    groups = coverage.weight.shape[1]
    unit = coverage.unit
    for g in range(groups):
        curve = coverage.curve_of[g, t]
        level = levels.level[g, t]
        best[g] = coverage.curves[curve, level] - coverage.curves[curve, level + unit]
    changed = True
    while changed:
        changed = False
        for g in range(groups):
            for h in range(groups):
                if levels.movers[g, h, t] > 0 and best[h] > best[g]:
                    best[g] = best[h]
                    changed = True


@njit(cache=True, nogil=True)
def _enter(coverage: Coverage, levels: Levels, p: int, g: int, t: int, sign: int) -> None:
    """An agent of the profile begins (+1) or ends (-1) to serve the group; levels are the caller's."""
    levels.count[p, g, t] += sign
    for h in range(coverage.weight.shape[1]):
        if h != g and coverage.weight[p, h] > 0:
            levels.movers[g, h, t] += sign


@njit(cache=True, nogil=True)
def _raise(coverage: Coverage, levels: Levels, g: int, t: int, by: int) -> None:
    """Changes a group's level and the cost with it."""
    curve = coverage.curve_of[g, t]
    level = levels.level[g, t]
    levels.cost[0] += coverage.curves[curve, level + by] - coverage.curves[curve, level]
    levels.level[g, t] = level + by


@njit(cache=True, nogil=True)
def _move_one(coverage: Coverage, levels: Levels, g: int, h: int, t: int) -> None:
    """Someone in `g` who also knows `h` goes there."""
    for q in range(coverage.weight.shape[0]):
        if levels.count[q, g, t] > 0 and coverage.weight[q, h] > 0:
            _enter(coverage, levels, q, g, t, -1)
            _enter(coverage, levels, q, h, t, 1)
            return


@njit(cache=True, nogil=True)
def come(coverage: Coverage, interchangeable: bool, levels: Levels, p: int, t: int) -> None:
    """One more agent of the profile is on queue in the slot."""
    groups = coverage.weight.shape[1]
    if groups == 1:
        if coverage.weight[p, 0] > 0:
            levels.count[p, 0, t] += 1
            _raise(coverage, levels, 0, t, np.int64(coverage.weight[p, 0]))
        return
    if not interchangeable:
        most, place = NOTHING, -1
        for g in range(groups):
            weight = coverage.weight[p, g]
            if weight > 0:
                curve, level = coverage.curve_of[g, t], levels.level[g, t]
                saved = coverage.curves[curve, level] - coverage.curves[curve, level + weight]
                if saved > most:
                    most, place = saved, g
        if place >= 0:
            _enter(coverage, levels, p, place, t, 1)
            _raise(coverage, levels, np.int64(place), t, np.int64(coverage.weight[p, place]))
        return
    unit = coverage.unit
    # Breadth first from the groups the agent knows, so that the chain is as short as it can be.
    before = np.empty(groups, np.int64)
    for g in range(groups):
        before[g] = -2
    queue = np.empty(groups, np.int64)
    head, tail = 0, 0
    for g in range(groups):
        if coverage.weight[p, g] > 0:
            before[g] = -1
            queue[tail] = g
            tail += 1
    most, place = NOTHING, -1
    while head < tail:
        g = queue[head]
        head += 1
        curve, level = coverage.curve_of[g, t], levels.level[g, t]
        saved = coverage.curves[curve, level] - coverage.curves[curve, level + unit]
        if saved > most:
            most, place = saved, g
        for h in range(groups):
            if before[h] == -2 and levels.movers[g, h, t] > 0:
                before[h] = g
                queue[tail] = h
                tail += 1
    if place < 0:
        return
    _raise(coverage, levels, place, t, unit)
    while before[place] >= 0:
        _move_one(coverage, levels, before[place], place, t)
        place = before[place]
    _enter(coverage, levels, p, place, t, 1)


@njit(cache=True, nogil=True)
def go(coverage: Coverage, interchangeable: bool, levels: Levels, p: int, t: int) -> None:
    """One agent of the profile less is on queue in the slot."""
    groups = coverage.weight.shape[1]
    if groups == 1:
        if coverage.weight[p, 0] > 0:
            levels.count[p, 0, t] -= 1
            _raise(coverage, levels, 0, t, -np.int64(coverage.weight[p, 0]))
        return
    if not interchangeable:
        least, place = LOTS, -1
        for g in range(groups):
            if levels.count[p, g, t] > 0:
                weight = coverage.weight[p, g]
                curve, level = coverage.curve_of[g, t], levels.level[g, t]
                lost = coverage.curves[curve, level - weight] - coverage.curves[curve, level]
                if lost < least:
                    least, place = lost, g
        if place >= 0:
            _enter(coverage, levels, p, place, t, -1)
            _raise(coverage, levels, np.int64(place), t, -np.int64(coverage.weight[p, place]))
        return
    unit = coverage.unit
    before = np.empty(groups, np.int64)
    for g in range(groups):
        before[g] = -2
    queue = np.empty(groups, np.int64)
    head, tail = 0, 0
    for g in range(groups):
        if levels.count[p, g, t] > 0:
            before[g] = -1
            queue[tail] = g
            tail += 1
    least, place = LOTS, -1
    while head < tail:
        g = queue[head]
        head += 1
        curve, level = coverage.curve_of[g, t], levels.level[g, t]
        lost = coverage.curves[curve, level - unit] - coverage.curves[curve, level]
        if lost < least:
            least, place = lost, g
        for h in range(groups):
            # Someone in h who knows g can fill the gap, which is then in h.
            if before[h] == -2 and levels.movers[h, g, t] > 0:
                before[h] = g
                queue[tail] = h
                tail += 1
    if place < 0:
        return
    _raise(coverage, levels, place, t, -unit)
    # Walk to the group that the agent leaves; every step moves someone into the gap.
    chain = np.empty(groups, np.int64)
    length = 0
    at = place
    while at >= 0:
        chain[length] = at
        length += 1
        at = before[at]
    _enter(coverage, levels, p, chain[length - 1], t, -1)
    for i in range(length - 1, 0, -1):
        _move_one(coverage, levels, chain[i - 1], chain[i], t)


