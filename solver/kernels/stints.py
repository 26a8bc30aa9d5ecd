"""The kernel: how an agent best serves the planning groups of a shift, no stint shorter than the least.

A stretch is what an agent is on queue without a pause. Its best labels, a group for each slot, are a shortest path in
which every run is long enough; where the activities go is a second one over it. Values are units earned, so larger is
better; NOTHING marks what cannot be.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from solver.compile.model import OFF, Breaks, Coverage, Model, Shifts
from solver.kernels.by_reference import by_reference
from solver.kernels.jit import inner
from solver.kernels.tours import NOTHING

SHORTEST = np.int64(1)
"""Slots of the shortest stretch that there can be."""


@by_reference
class Desk(NamedTuple):
    """Room to work on one day of one agent; slots are counted from the first that the day's shifts touch."""

    total: NDArray[np.int64]  # [slots + 1, groups] running sums of what serving a group earns, by its place in `own`
    own: NDArray[np.int64]  # [groups] the groups that the agent knows, `known[0]` of them
    known: NDArray[np.int64]  # [1]
    ready: NDArray[np.bool_]  # [slots] whether the row of `worth` is worked out
    worth: NDArray[np.int64]  # [slots, length + 1] what the stretch of a length from a slot earns at its best
    open: NDArray[np.int64]  # [groups] the best labels so far that end with this group
    since: NDArray[np.int32]  # [groups, length + 1] where its run begins
    last: NDArray[np.int32]  # [length + 1] the group that the best labels end with
    ends: NDArray[np.int64]  # [nodes of a family, slots] the most earned with the last activity ending there
    span: NDArray[np.int64]  # [2] first slot, and one after the last


def desk_for(model: Model) -> Desk:
    """Room enough for any day of any agent."""
    groups, slots = model.groups, model.slots
    longest = int(model.shifts.length.max(initial=1))
    nodes = int(model.breaks.target.max(initial=0)) + 1
    reach = max(longest, int((model.breaks.high + model.breaks.duration).max(initial=0)))
    return Desk(
        total=np.zeros((slots + 1, groups), np.int64),
        own=np.zeros(groups, np.int64),
        known=np.zeros(1, np.int64),
        ready=np.zeros(slots + 1, np.bool_),
        worth=np.zeros((slots + 1, longest + 1), np.int64),
        open=np.zeros(groups, np.int64),
        since=np.zeros((groups, longest + 1), np.int32),
        last=np.zeros(longest + 1, np.int32),
        ends=np.zeros((nodes, reach + 2), np.int64),
        span=np.zeros(2, np.int64),
    )


@inner
def stretch_values(desk: Desk, s: int, length: int, least: int) -> None:
    """Fills the row of `worth` for stretches that begin in slot `s`, up to the length.

    A stretch shorter than `least` is spent on one group.
    """
    row, total, opened = desk.worth[s], desk.total, desk.open
    known = desk.known[0]
    from_start = total[s]
    row[0] = 0
    for i in range(known):
        opened[i] = NOTHING
    for k in range(1, min(least, length + 1)):
        most = NOTHING
        upto = total[s + k]
        for i in range(known):
            most = max(most, upto[i] - from_start[i])
        row[k] = most
    for k in range(least, length + 1):
        fresh = k - least
        begins = 0
        if fresh >= least:
            begins = row[fresh] - 1  # of equal labels those with fewer switches
        elif fresh > 0:
            begins = NOTHING
        most = NOTHING
        upto, before, since = total[s + k], total[s + k - 1], total[s + fresh]
        for i in range(known):
            # NOTHING is so low that what is added to it does not matter.
            value = max(opened[i] + upto[i] - before[i], begins + upto[i] - since[i])
            opened[i] = value
            most = max(most, value)
        row[k] = most
    desk.ready[s] = True


@inner
def worth_of(desk: Desk, s: int, length: int, least: int) -> int:
    """What the stretch earns at its best; its row is worked out when it is first asked for."""
    if length == 0:
        return 0
    if not desk.ready[s]:
        stretch_values(desk, s, min(desk.worth.shape[1] - 1, desk.span[1] - desk.span[0] - s), least)
    return desk.worth[s, length]


@inner
def label_stretch(desk: Desk, s: int, length: int, least: int, labels) -> None:
    """Writes the best labels of the stretch into `labels`, a row over all slots."""
    known, total = desk.known[0], desk.total
    shortest = min(least, length)
    first = desk.span[0]
    for i in range(known):
        desk.open[i] = NOTHING
    row = desk.worth[desk.worth.shape[0] - 1]
    row[0] = 0
    for k in range(1, shortest):
        row[k] = NOTHING
    for k in range(shortest, length + 1):
        most = NOTHING
        fresh = k - shortest
        for i in range(known):
            value = desk.open[i]
            if value > NOTHING:
                value += total[s + k, i] - total[s + k - 1, i]
                desk.since[i, k] = desk.since[i, k - 1]
            if row[fresh] > NOTHING:
                new = row[fresh] + total[s + k, i] - total[s + fresh, i] - (1 if fresh > 0 else 0)
                if new > value:
                    value = new
                    desk.since[i, k] = fresh
            desk.open[i] = value
            if value > most:
                most = value
                desk.last[k] = i
        row[k] = most
    k = length
    while k > 0:
        i = desk.last[k]
        begins = desk.since[i, k]
        for t in range(begins, k):
            labels[first + s + t] = desk.own[i]
        k = begins


@inner
def open_desk(coverage: Coverage, level, profile: int, first: int, last: int, desk: Desk) -> None:
    """Lays out what serving each group earns in the slots `first` to `last`, last not included."""
    known = 0
    for g in range(coverage.weight.shape[1]):
        if coverage.weight[profile, g] > 0:
            desk.own[known] = g
            known += 1
    if known == 0:  # whoever can serve nobody is on queue all the same
        desk.own[0] = 0
        known = 1
    desk.known[0] = known
    desk.span[0], desk.span[1] = first, last
    for i in range(known):
        g = desk.own[i]
        weight = int(coverage.weight[profile, g])
        running = 0
        desk.total[0, i] = 0
        for t in range(first, last):
            curve, now = coverage.curve_of[g, t], level[g, t]
            running += coverage.curves[curve, now] - coverage.curves[curve, now + weight]
            desk.total[t - first + 1, i] = running
    for s in range(last - first + 1):
        desk.ready[s] = False


@inner
def walk(breaks: Breaks, family: int, start: int, least: int, desk: Desk) -> None:
    """Fills `ends` for a shift start, slots counted from the desk's first: the most earned by node and last end."""
    first, last = breaks.family_edges[family], breaks.family_edges[family + 1]
    ends, worth, ready = desk.ends, desk.worth, desk.ready
    room = desk.span[1] - desk.span[0] - start
    for i in range(first, last):
        for e in range(ends.shape[1]):
            ends[breaks.target[i], e] = NOTHING
    for i in range(first, last):
        source, target, duration = breaks.source[i], breaks.target[i], int(breaks.duration[i])
        # A shared activity may be placed for a longer shift than the agent can work.
        high = min(int(breaks.high[i]), room - duration)
        for s in range(breaks.low[i], high + 1):
            most = NOTHING
            if source == 0:
                most = worth_of(desk, start, s, least)
            else:
                for e in range(max(0, s - breaks.gap_high[i]), s - breaks.gap_low[i] + 1):
                    if ends[source, e] > NOTHING:
                        if not ready[start + e]:
                            worth_of(desk, start + e, SHORTEST, least)
                        most = max(most, ends[source, e] + worth[start + e, s - e])
            if most > ends[target, s + duration]:
                ends[target, s + duration] = most


@inner
def best_end(shifts: Shifts, shift: int, start: int, least: int, desk: Desk):
    """The end of the last activity with which the shift earns most, and what it earns, once its family is walked."""
    node, length = shifts.final[shift], int(shifts.length[shift])
    most, end = NOTHING, -1
    for e in range(shifts.end_low[shift], shifts.end_high[shift] + 1):
        if desk.ends[node, e] > NOTHING:
            value = desk.ends[node, e] + worth_of(desk, start + e, length - e, least)
            if value > most:
                most, end = value, int(e)
    return most, end


@inner
def settle_in(shifts: Shifts, breaks: Breaks, shift: int, least: int, desk: Desk, places, labels) -> None:
    """Writes where the activities of the shift start and which group is served when, at its best."""
    for k in range(places.shape[0]):
        places[k] = OFF
    first = desk.span[0]
    start, length = np.int64(shifts.start[shift]) - first, np.int64(shifts.length[shift])
    family = shifts.family[shift]
    if family < 0:
        label_stretch(desk, start, length, least, labels)
        return
    walk(breaks, family, start, least, desk)
    _, end = best_end(shifts, shift, start, least, desk)
    node = int(shifts.final[shift])
    until = length
    while True:
        if until > end:
            label_stretch(desk, start + end, until - end, least, labels)
        if node == 0:
            return
        found = False
        for i in range(breaks.family_edges[family], breaks.family_edges[family + 1]):
            s = end - int(breaks.duration[i])
            if breaks.target[i] != node or s < breaks.low[i] or s > breaks.high[i]:
                continue
            source = int(breaks.source[i])
            if source == 0:
                if worth_of(desk, start, s, least) == desk.ends[node, end]:
                    places[breaks.activity[i]] = first + start + s
                    node, until, end, found = 0, s, 0, True
            else:
                for e in range(max(0, s - breaks.gap_high[i]), s - breaks.gap_low[i] + 1):
                    before = desk.ends[source, e]
                    if before > NOTHING and before + worth_of(desk, start + e, s - e, least) == desk.ends[node, end]:
                        places[breaks.activity[i]] = first + start + s
                        node, until, end, found = source, s, int(e), True
                        break
            if found:
                break
        if not found:
            return
