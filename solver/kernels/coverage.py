"""Levels of coverage as agents come and go, and what one more agent of each profile is worth.

With several planning groups the split of agents over groups is kept best at every step: an agent that comes takes the
place where a chain of moves ends best (it takes A, someone there who also knows B moves on to B), one that goes leaves
a gap that a chain of moves carries to where it hurts least. Where agents fill unequal parts of a required head, chains
of up to two moves are looked at, so the split is good but not always the best.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from solver.compile.model import Coverage, Model
from solver.kernels.by_reference import by_reference
from solver.kernels.jit import inner, kernel
from solver.kernels.tours import COMES, GOES, LOTS, NOTHING

MOST_GROUPS = 64

ALONE = np.int64(0)
"""The place of a group that is the only one."""


@by_reference
class Levels(NamedTuple):
    """Who covers what, by slot; changed in place."""

    level: NDArray[np.int32]  # [groups, slots]
    heads: NDArray[np.int32]  # [profiles, groups, slots] agents of a profile that serve the group
    movers: NDArray[np.int32]  # [groups, groups, slots] agents in the first group that also know the second
    worth: NDArray[np.int64]  # [profiles, slots] units that one more agent saves
    cost: NDArray[np.int64]  # [1] what the levels cost over all slots
    best: NDArray[np.int64]  # [groups] room: what one more agent in each saves
    mover: NDArray[np.int64]  # [groups, groups] room: who moves best from one to another
    before: NDArray[np.int64]  # [groups] room: the group before each in a chain of moves
    queue: NDArray[np.int64]  # [groups] room: the groups that chains have reached, then the chain itself


def levels_for(model: Model) -> Levels:
    """The levels of an empty roster."""
    coverage = model.coverage
    profiles, groups = coverage.weight.shape
    slots = model.slots
    levels = Levels(
        level=coverage.base.copy(),
        heads=np.zeros((profiles, groups, slots), np.int32),
        movers=np.zeros((groups, groups, slots), np.int32),
        worth=np.zeros((profiles, slots), np.int64),
        cost=np.zeros(1, np.int64),
        best=np.zeros(groups, np.int64),
        mover=np.zeros((groups, groups), np.int64),
        before=np.zeros(groups, np.int64),
        queue=np.zeros(groups, np.int64),
    )
    levels.cost[0] = sum(int(coverage.curves[coverage.curve_of[g], levels.level[g]].sum()) for g in range(groups))
    refresh(coverage, model.interchangeable, levels, 0, slots)
    return levels


@kernel
def refresh(coverage: Coverage, interchangeable: bool, levels: Levels, first: int, last: int) -> None:
    """Works out what one more agent is worth in the slots `first` to `last`, last not included."""
    profiles, groups = coverage.weight.shape
    best, mover = levels.best, levels.mover
    for t in range(first, last):
        if groups > 1 and interchangeable:
            reach_best(coverage, levels, t, best)
        elif groups > 1:
            find_movers(coverage, levels, t, mover)
        for p in range(profiles):
            most = NOTHING
            for g in range(groups):
                weight = np.int64(coverage.weight[p, g])
                if weight == 0:
                    continue
                if groups > 1 and interchangeable:
                    value = best[g]
                elif groups > 1:
                    value = best_entry(coverage, levels, mover, g, weight, t)
                else:
                    value = saved(coverage, levels, g, weight, t)
                if value > most:
                    most = value
            levels.worth[p, t] = most if most > NOTHING else 0


@inner
def saved(coverage: Coverage, levels: Levels, g: int, weight: int, t: int) -> int:
    """What so many levels more save in the slot; fewer levels, negative, lose."""
    curve = coverage.curve_of[g, t]
    level = levels.level[g, t]
    return coverage.curves[curve, level] - coverage.curves[curve, level + weight]


@inner
def find_movers(coverage: Coverage, levels: Levels, t: int, mover) -> None:
    """For each two groups the profile that serves the first and is best suited to the second; -1 for none."""
    groups = coverage.weight.shape[1]
    for g in range(groups):
        for h in range(groups):
            mover[g, h] = -1
            if h == g or levels.movers[g, h, t] == 0:
                continue
            suited = NOTHING
            for q in range(coverage.weight.shape[0]):
                if levels.heads[q, g, t] > 0 and coverage.weight[q, h] > 0:
                    gain = np.int64(coverage.weight[q, h]) - coverage.weight[q, g]
                    if gain > suited:
                        suited = gain
                        mover[g, h] = q


@inner
def best_entry(coverage: Coverage, levels: Levels, mover, g: int, weight: int, t: int) -> int:
    """What an agent saves that takes the group, someone there moving on where that saves more."""
    most = saved(coverage, levels, g, weight, t)
    for h in range(coverage.weight.shape[1]):
        q = mover[g, h]
        if q >= 0:
            stays = weight - np.int64(coverage.weight[q, g])
            value = saved(coverage, levels, g, stays, t) + saved(
                coverage, levels, h, np.int64(coverage.weight[q, h]), t
            )
            if value > most:
                most = value
    return most


@inner
def settle(coverage: Coverage, levels: Levels, t: int) -> None:
    """Single moves, and pairs of moves through a group, until none saves anything: agents of unequal proficiency."""
    groups = coverage.weight.shape[1]
    mover = levels.mover
    for _ in range(4 * groups):
        find_movers(coverage, levels, t, mover)
        most, source, through, target = 0, -1, -1, -1
        for g in range(groups):
            for h in range(groups):
                q = mover[g, h]
                if q < 0:
                    continue
                leaves = saved(coverage, levels, g, -np.int64(coverage.weight[q, g]), t)
                value = leaves + saved(coverage, levels, h, np.int64(coverage.weight[q, h]), t)
                if value > most:
                    most, source, through, target = value, g, h, -1
                for k in range(groups):
                    r = mover[h, k]
                    if r < 0:
                        continue
                    stays = np.int64(coverage.weight[q, h]) - coverage.weight[r, h]
                    if k == g:
                        # A swap: the two change places.
                        back = np.int64(coverage.weight[r, g]) - coverage.weight[q, g]
                        value = saved(coverage, levels, g, back, t) + saved(coverage, levels, h, stays, t)
                    else:
                        value = leaves + saved(coverage, levels, h, stays, t)
                        value += saved(coverage, levels, k, np.int64(coverage.weight[r, k]), t)
                    if value > most:
                        most, source, through, target = value, g, h, k
        if source < 0:
            return
        if target >= 0:
            _shift_one(coverage, levels, mover[through, target], np.int64(through), np.int64(target), t)
        _shift_one(coverage, levels, mover[source, through], np.int64(source), np.int64(through), t)


@inner
def _shift_one(coverage: Coverage, levels: Levels, q: int, g: int, h: int, t: int) -> None:
    """An agent of the profile moves from one group to another, levels and cost with it."""
    _enter(coverage, levels, q, g, t, GOES)
    _raise(coverage, levels, g, t, -np.int64(coverage.weight[q, g]))
    _enter(coverage, levels, q, h, t, COMES)
    _raise(coverage, levels, h, t, np.int64(coverage.weight[q, h]))


@inner
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


@inner
def _enter(coverage: Coverage, levels: Levels, p: int, g: int, t: int, sign: int) -> None:
    """An agent of the profile begins (+1) or ends (-1) to serve the group; levels are the caller's."""
    levels.heads[p, g, t] += sign
    for h in range(coverage.weight.shape[1]):
        if h != g and coverage.weight[p, h] > 0:
            levels.movers[g, h, t] += sign


@inner
def _raise(coverage: Coverage, levels: Levels, g: int, t: int, by: int) -> None:
    """Changes a group's level and the cost with it."""
    curve = coverage.curve_of[g, t]
    level = levels.level[g, t]
    levels.cost[0] += coverage.curves[curve, level + by] - coverage.curves[curve, level]
    levels.level[g, t] = level + by


@inner
def _move_one(coverage: Coverage, levels: Levels, g: int, h: int, t: int) -> None:
    """Someone in `g` who also knows `h` goes there."""
    for q in range(coverage.weight.shape[0]):
        if levels.heads[q, g, t] > 0 and coverage.weight[q, h] > 0:
            _enter(coverage, levels, q, g, t, GOES)
            _enter(coverage, levels, q, h, t, COMES)
            return


@kernel
def come(coverage: Coverage, interchangeable: bool, levels: Levels, p: int, t: int) -> None:
    """One more agent of the profile is on queue in the slot."""
    groups = coverage.weight.shape[1]
    if groups == 1:
        if coverage.weight[p, 0] > 0:
            levels.heads[p, 0, t] += 1
            _raise(coverage, levels, ALONE, t, np.int64(coverage.weight[p, 0]))
        return
    if not interchangeable:
        most, place = NOTHING, -1
        for g in range(groups):
            weight = np.int64(coverage.weight[p, g])
            if weight > 0:
                value = saved(coverage, levels, g, weight, t)
                if value > most:
                    most, place = value, g
        if place >= 0:
            _enter(coverage, levels, p, np.int64(place), t, COMES)
            _raise(coverage, levels, np.int64(place), t, np.int64(coverage.weight[p, place]))
            settle(coverage, levels, t)
        return
    unit = coverage.unit
    # Breadth first from the groups the agent knows, so that the chain is as short as it can be.
    before, queue = levels.before, levels.queue
    for g in range(groups):
        before[g] = -2
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
        gain = coverage.curves[curve, level] - coverage.curves[curve, level + unit]
        if gain > most:
            most, place = gain, g
        for h in range(groups):
            if before[h] == -2 and levels.movers[g, h, t] > 0:
                before[h] = g
                queue[tail] = h
                tail += 1
    if place < 0:
        return
    _raise(coverage, levels, np.int64(place), t, unit)
    while before[place] >= 0:
        _move_one(coverage, levels, before[place], place, t)
        place = before[place]
    _enter(coverage, levels, p, np.int64(place), t, COMES)


@inner
def go(coverage: Coverage, interchangeable: bool, levels: Levels, p: int, t: int) -> None:
    """One agent of the profile less is on queue in the slot."""
    groups = coverage.weight.shape[1]
    if groups == 1:
        if coverage.weight[p, 0] > 0:
            levels.heads[p, 0, t] -= 1
            _raise(coverage, levels, ALONE, t, -np.int64(coverage.weight[p, 0]))
        return
    if not interchangeable:
        least, place = LOTS, -1
        for g in range(groups):
            if levels.heads[p, g, t] > 0:
                lost = -saved(coverage, levels, g, -np.int64(coverage.weight[p, g]), t)
                if lost < least:
                    least, place = lost, g
        if place >= 0:
            _enter(coverage, levels, p, np.int64(place), t, GOES)
            _raise(coverage, levels, np.int64(place), t, -np.int64(coverage.weight[p, place]))
            settle(coverage, levels, t)
        return
    unit = coverage.unit
    before, queue = levels.before, levels.queue
    for g in range(groups):
        before[g] = -2
    head, tail = 0, 0
    for g in range(groups):
        if levels.heads[p, g, t] > 0:
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
    _raise(coverage, levels, np.int64(place), t, -unit)
    # Walk to the group that the agent leaves; every step moves someone into the gap.
    chain, length = queue, 0
    at = place
    while at >= 0:
        chain[length] = at
        length += 1
        at = before[at]
    _enter(coverage, levels, p, chain[length - 1], t, GOES)
    for i in range(length - 1, 0, -1):
        _move_one(coverage, levels, chain[i - 1], chain[i], t)
