"""Who serves which planning group when: stints along each stretch of on-queue time.

First slot by slot, so that coverage is as good as it can be and people change groups only when it pays. Then stretch by
stretch: given everybody else, the best way to cut one stretch into stints that are long enough is a short dynamic
program. Coverage comes first, then fewer changes.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from solver.compile.model import Coverage
from solver.kernels.tours import LOTS, NOTHING


class Stretches(NamedTuple):
    """On-queue time between activities, one row a stretch, and who is on queue in each slot."""

    agent: NDArray[np.int32]
    start: NDArray[np.int32]
    end: NDArray[np.int32]  # slot after the last
    profile: NDArray[np.int32]  # [agents]
    slot_begin: NDArray[np.int64]  # [slots + 1] where a slot's rows begin in `slot_stretch`
    slot_stretch: NDArray[np.int32]  # stretches that are on queue in the slot


@njit(cache=True, nogil=True)
def saved(coverage: Coverage, level, g: int, t: int, weight: int) -> int:
    """What so many more levels of the group save in the slot; fewer levels, negative, lose."""
    curve = coverage.curve_of[g, t]
    at = level[g, t]
    return coverage.curves[curve, at] - coverage.curves[curve, at + weight]


@njit(cache=True, nogil=True)
def slot_by_slot(coverage: Coverage, interchangeable: bool, stretches: Stretches, level, group) -> None:
    """Serves every slot at least cost, each agent staying where it was whenever that is no worse.

    Args:
        coverage: prices.
        interchangeable: whether chains of moves may be weighed by their ends alone.
        stretches: who is on queue when.
        level: [groups, slots] levels of pinned stretches; agents' levels are added.
        group: [agents, slots] out: the group served.
    """
    groups = coverage.weight.shape[1]
    for t in range(level.shape[1]):
        first, last = stretches.slot_begin[t], stretches.slot_begin[t + 1]
        # Those who go on stay for now, so that whoever comes is placed around them.
        for i in range(first, last):
            s = stretches.slot_stretch[i]
            a = stretches.agent[s]
            if stretches.start[s] < t:
                g = group[a, t - 1]
                group[a, t] = g
                level[g, t] += coverage.weight[stretches.profile[a], g]
        for i in range(first, last):
            s = stretches.slot_stretch[i]
            a = stretches.agent[s]
            if stretches.start[s] == t:
                p = stretches.profile[a]
                most, place = NOTHING, 0
                for g in range(groups):
                    weight = coverage.weight[p, g]
                    if weight > 0:
                        value = saved(coverage, level, g, t, weight)
                        if value > most:
                            most, place = value, g
                group[a, t] = place
                level[place, t] += coverage.weight[p, place]
        while better_split(coverage, interchangeable, stretches, level, group, t):
            pass


@njit(cache=True, nogil=True)
def better_split(coverage: Coverage, interchangeable: bool, stretches: Stretches, level, group, t: int) -> bool:
    """Moves agents along one chain of groups that saves something in the slot; False when there is none.

    Each group's mover to another is the one whose move pays best; among equals one who has just come on queue.
    """
    groups = coverage.weight.shape[1]
    mover = np.empty((groups, groups), np.int64)
    for g in range(groups):
        for h in range(groups):
            mover[g, h] = -1
    single_best, single_agent, single_to = 0, -1, -1
    for i in range(stretches.slot_begin[t], stretches.slot_begin[t + 1]):
        s = stretches.slot_stretch[i]
        a = stretches.agent[s]
        p = stretches.profile[a]
        g = group[a, t]
        fresh = stretches.start[s] == t
        for h in range(groups):
            if h == g or coverage.weight[p, h] == 0:
                continue
            if mover[g, h] < 0 or fresh:
                mover[g, h] = a
            if not interchangeable:
                value = saved(coverage, level, g, t, -coverage.weight[p, g]) + saved(coverage, level, h, t, coverage.weight[p, h])
                if value > single_best:
                    single_best, single_agent, single_to = value, a, h
    if not interchangeable:
        if single_agent < 0:
            return False
        _send(coverage, stretches, level, group, single_agent, single_to, t)
        return True
    for source in range(groups):
        loss = LOTS
        for h in range(groups):
            if mover[source, h] >= 0:
                loss = -saved(coverage, level, source, t, -coverage.unit)
        if loss == LOTS:
            continue
        before = np.empty(groups, np.int64)
        for g in range(groups):
            before[g] = -2
        queue = np.empty(groups, np.int64)
        before[source] = -1
        queue[0] = source
        head, tail = 0, 1
        while head < tail:
            g = queue[head]
            head += 1
            for h in range(groups):
                if before[h] == -2 and mover[g, h] >= 0:
                    before[h] = g
                    queue[tail] = h
                    tail += 1
        for target in range(groups):
            if before[target] >= 0 and saved(coverage, level, target, t, coverage.unit) > loss:
                h = target
                while before[h] >= 0:
                    _send(coverage, stretches, level, group, mover[before[h], h], h, t)
                    h = before[h]
                return True
    return False


@njit(cache=True, nogil=True)
def _send(coverage: Coverage, stretches: Stretches, level, group, a: int, h: int, t: int) -> None:
    """The agent serves `h` in the slot."""
    p = stretches.profile[a]
    g = group[a, t]
    level[g, t] -= coverage.weight[p, g]
    level[h, t] += coverage.weight[p, h]
    group[a, t] = h


@njit(cache=True, nogil=True)
def recut(coverage: Coverage, stretches: Stretches, order, least: int, dearness: int, level, group) -> int:
    """Cuts each stretch of `order` anew into its best stints; returns how many changed.

    Args:
        coverage: prices.
        stretches: who is on queue when.
        order: the stretches to cut, in turn.
        least: slots of the shortest stint.
        dearness: what a unit of money weighs against one change of group.
        level: [groups, slots], kept.
        group: [agents, slots], changed.
    """
    groups = coverage.weight.shape[1]
    longest = 1
    for s in range(stretches.start.shape[0]):
        longest = max(longest, stretches.end[s] - stretches.start[s])
    total = np.empty((groups, longest + 1), np.int64)  # running worth of a group along the stretch
    best = np.empty((groups, longest + 1), np.int64)  # best cut of the first slots, the last stint on the group
    begun = np.empty((groups, longest + 1), np.int64)  # where that stint began
    came = np.empty((groups, longest + 1), np.int64)  # the group before it, -1 at the stretch's start
    changed = 0
    for s in order:
        a, start = stretches.agent[s], stretches.start[s]
        n = stretches.end[s] - start
        p = stretches.profile[a]
        for i in range(n):
            level[group[a, start + i], start + i] -= coverage.weight[p, group[a, start + i]]
        for g in range(groups):
            total[g, 0] = 0
            for i in range(n):
                weight = coverage.weight[p, g]
                worth = saved(coverage, level, g, start + i, weight) * dearness if weight > 0 else 0
                total[g, i + 1] = total[g, i] + worth
        short = min(least, n)
        for g in range(groups):
            for i in range(n + 1):
                best[g, i] = NOTHING
        for i in range(short, n + 1):
            for g in range(groups):
                if coverage.weight[p, g] == 0:
                    continue
                # The stint on g runs from `at` to i; before it another group, or the stretch's start.
                if best[g, i - 1] > NOTHING and i - 1 >= short:
                    best[g, i] = best[g, i - 1] + total[g, i] - total[g, i - 1]
                    begun[g, i], came[g, i] = begun[g, i - 1], came[g, i - 1]
                at = i - short
                if at == 0:
                    best[g, i] = total[g, i]
                    begun[g, i], came[g, i] = 0, -1
                elif at >= short:
                    for h in range(groups):
                        if h != g and best[h, at] > NOTHING:
                            value = best[h, at] - 1 + total[g, i] - total[g, at]
                            if value > best[g, i]:
                                best[g, i], begun[g, i], came[g, i] = value, at, h
        most, g = NOTHING, -1
        for h in range(groups):
            if best[h, n] > most:
                most, g = best[h, n], h
        i = n
        moved = False
        while i > 0:
            at, earlier = begun[g, i], came[g, i]
            for k in range(at, i):
                if group[a, start + k] != g:
                    group[a, start + k] = g
                    moved = True
                level[g, start + k] += coverage.weight[p, g]
            i, g = at, earlier
        changed += moved
    return changed
