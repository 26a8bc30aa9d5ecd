"""Naming the planning group of every slot on queue, so that no stint is short.

A stretch is what an agent is on queue without a pause. Taken out, it comes back with exactly the best labels for the
levels that the others leave: a shortest path over its slots, in which every run is long enough.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from solver.compile.model import OFF, Coverage, Ints
from solver.kernels.by_reference import by_reference
from solver.kernels.jit import inner, kernel
from solver.kernels.search import draw
from solver.kernels.tours import LOTS

COST = 1 << 16
"""How much a unit of money weighs beside switches, when labels are chosen."""

SWITCH = 64
RESUME = 8
"""What it weighs to come back from an activity to another group."""

BLUR = 8
"""Groups that are equally good are chosen among by a drawn weight below this."""


@by_reference
class Stretches(NamedTuple):
    """Time on queue without a pause, in the order of agents and time."""

    agent: NDArray[np.int32]
    profile: NDArray[np.int32]
    begin: NDArray[np.int32]  # slot
    end: NDArray[np.int32]
    before: NDArray[np.int32]  # the stretch before it in the same shift, or OFF
    after: NDArray[np.int32]
    first: NDArray[np.int32]  # [slots + 1] where a slot's stretches begin in `at`
    at: NDArray[np.int32]  # those that can be changed at all


@by_reference
class Labels(NamedTuple):
    """Who serves which group; changed in place."""

    group: NDArray[np.int8]  # [agents, slots], OFF where not on queue
    level: NDArray[np.int32]  # [groups, slots]
    inside: NDArray[np.bool_]  # [stretches] whether it is counted
    cost: NDArray[np.int64]  # [1] units
    switches: NDArray[np.int64]  # [1]
    random: NDArray[np.uint64]  # [1]


@by_reference
class Room(NamedTuple):
    """Room to work in, as long as the longest stretch."""

    open: NDArray[np.int64]  # [groups] the best labels so far that end with this group
    since: NDArray[np.int32]  # [groups, length + 1] where its run begins
    total: NDArray[np.int64]  # [groups, length + 1] running sums of what the group costs
    closed: NDArray[np.int64]  # [length + 1] the best labels up to there
    last: NDArray[np.int32]  # [length + 1] the group they end with
    blur: NDArray[np.int64]  # [groups]
    kept: NDArray[np.int8]  # [most out, length] labels to go back to
    out: NDArray[np.int64]  # [most out] the stretches that they are of


@inner
def take_out(coverage: Coverage, stretches: Stretches, labels: Labels, i: int) -> None:
    """The stretch is no longer counted; its labels stay written."""
    a, p = stretches.agent[i], stretches.profile[i]
    before = -1
    for t in range(stretches.begin[i], stretches.end[i]):
        g = labels.group[a, t]
        w = coverage.weight[p, g]
        curve, level = coverage.curve_of[g, t], labels.level[g, t]
        labels.cost[0] += coverage.curves[curve, level - w] - coverage.curves[curve, level]
        labels.level[g, t] = level - w
        if before >= 0 and g != before:
            labels.switches[0] -= 1
        before = g
    labels.inside[i] = False


@inner
def put_in(coverage: Coverage, stretches: Stretches, labels: Labels, i: int) -> None:
    """The stretch is counted as its labels are written."""
    a, p = stretches.agent[i], stretches.profile[i]
    before = -1
    for t in range(stretches.begin[i], stretches.end[i]):
        g = labels.group[a, t]
        w = coverage.weight[p, g]
        curve, level = coverage.curve_of[g, t], labels.level[g, t]
        labels.cost[0] += coverage.curves[curve, level + w] - coverage.curves[curve, level]
        labels.level[g, t] = level + w
        if before >= 0 and g != before:
            labels.switches[0] += 1
        before = g
    labels.inside[i] = True


@inner
def label(coverage: Coverage, stretches: Stretches, labels: Labels, i: int, least: int, room: Room) -> None:
    """Writes the best labels of a stretch that is out, no run shorter than `least` slots, and puts it in."""
    a, p, begin = stretches.agent[i], stretches.profile[i], stretches.begin[i]
    length = stretches.end[i] - begin
    shortest = min(np.int64(least), length)
    groups = coverage.weight.shape[1]
    came, goes = -1, -1
    if stretches.before[i] >= 0:
        came = labels.group[a, stretches.end[stretches.before[i]] - 1]
    if stretches.after[i] >= 0:
        goes = labels.group[a, stretches.begin[stretches.after[i]]]
    for g in range(groups):
        room.open[g] = LOTS
        room.blur[g] = int(draw(labels.random) * BLUR)
        w = coverage.weight[p, g]
        if w == 0:
            continue
        room.total[g, 0] = 0
        for k in range(length):
            curve, level = coverage.curve_of[g, begin + k], labels.level[g, begin + k]
            added = coverage.curves[curve, level + w] - coverage.curves[curve, level]
            room.total[g, k + 1] = room.total[g, k] + COST * added
    room.closed[0] = 0
    for k in range(1, shortest):
        room.closed[k] = LOTS
    for k in range(shortest, length + 1):
        best = LOTS
        s = k - shortest
        for g in range(groups):
            if coverage.weight[p, g] == 0:
                continue
            value = LOTS
            if room.open[g] < LOTS:
                value = room.open[g] + room.total[g, k] - room.total[g, k - 1]
                room.since[g, k] = room.since[g, k - 1]
            if room.closed[s] < LOTS:
                fresh = room.closed[s] + room.total[g, k] - room.total[g, s] + room.blur[g]
                if s > 0:
                    fresh += SWITCH
                elif came >= 0 and came != g:
                    fresh += RESUME
                if fresh < value:
                    value = fresh
                    room.since[g, k] = s
            room.open[g] = value
            if k == length and goes >= 0 and goes != g:
                value += RESUME
            if value < best:
                best = value
                room.last[k] = g
        room.closed[k] = best
    k = length
    while k > 0:
        g = room.last[k]
        s = room.since[g, k]
        for t in range(begin + s, begin + k):
            labels.group[a, t] = g
        k = s
    put_in(coverage, stretches, labels, i)


@kernel
def exchange(coverage: Coverage, stretches: Stretches, labels: Labels, some: Ints, inside: bool) -> None:
    """Stretches enter as their labels are written, or leave."""
    for i in some:
        if inside:
            put_in(coverage, stretches, labels, i)
        else:
            take_out(coverage, stretches, labels, i)


@kernel
def label_all(coverage: Coverage, stretches: Stretches, labels: Labels, order: Ints, least: int, room: Room) -> None:
    """Each stretch in turn leaves, if it is in, and comes back at its best."""
    for i in order:
        if labels.inside[i]:
            take_out(coverage, stretches, labels, i)
        label(coverage, stretches, labels, i, least, room)


@kernel
def mend(
    coverage: Coverage,
    stretches: Stretches,
    labels: Labels,
    slots: Ints,
    moves: int,
    least: int,
    heat: float,
    per_switch: float,
    room: Room,
) -> None:
    """Some stretches of one slot leave and come back in a drawn order; what got worse is mostly undone.

    Args:
        coverage: what heads are worth.
        stretches: all of them.
        labels: where they stand; changed.
        slots: where to look, drawn from evenly.
        moves: how many times.
        least: slots of the shortest stint.
        heat: how much worse labels may get to be kept now and then, in units: the temperature of annealing.
        per_switch: what a switch more is worth in units, when labels are kept or undone.
        room: room to work in.
    """
    most = room.kept.shape[0]
    out = room.out
    for _ in range(moves):
        t = slots[int(draw(labels.random) * slots.shape[0])]
        first = np.int64(stretches.first[t])
        there = np.int64(stretches.first[t + 1]) - first
        if there == 0:
            continue
        wanted = min(there, 2 + int(draw(labels.random) * (most - 1)))
        cost, switches = labels.cost[0], labels.switches[0]
        number = 0
        for _ in range(wanted):
            i = np.int64(stretches.at[first + int(draw(labels.random) * there)])
            if not labels.inside[i]:
                continue
            begin, end = stretches.begin[i], stretches.end[i]
            for k in range(end - begin):
                room.kept[number, k] = labels.group[stretches.agent[i], begin + k]
            take_out(coverage, stretches, labels, i)
            out[number] = i
            number += 1
        for n in range(number - 1, 0, -1):
            m = int(draw(labels.random) * (n + 1))
            label(coverage, stretches, labels, _swap(out, room.kept, n, m), least, room)
        label(coverage, stretches, labels, out[0], least, room)
        worse = labels.cost[0] - cost + per_switch * (labels.switches[0] - switches)
        if worse <= 0 or (heat > 0 and draw(labels.random) < np.exp(-worse / heat)):
            continue
        for n in range(number):
            take_out(coverage, stretches, labels, out[n])
        for n in range(number):
            i = out[n]
            begin = stretches.begin[i]
            for k in range(stretches.end[i] - begin):
                labels.group[stretches.agent[i], begin + k] = room.kept[n, k]
            put_in(coverage, stretches, labels, i)


@inner
def _swap(out: Ints, kept: NDArray[np.int8], n: int, m: int) -> int:
    """Changes two places of those that are out, so that they come back in a drawn order; gives the one now at `n`."""
    if n != m:
        out[n], out[m] = out[m], out[n]
        for k in range(kept.shape[1]):
            kept[n, k], kept[m, k] = kept[m, k], kept[n, k]
    return int(out[n])


def room_for(groups: int, longest: int, most_out: int) -> Room:
    """Room for stretches of up to `longest` slots."""
    return Room(
        open=np.zeros(groups, np.int64),
        since=np.zeros((groups, longest + 1), np.int32),
        total=np.zeros((groups, longest + 1), np.int64),
        closed=np.zeros(longest + 1, np.int64),
        last=np.zeros(longest + 1, np.int32),
        blur=np.zeros(groups, np.int64),
        kept=np.zeros((most_out, longest), np.int8),
        out=np.zeros(most_out, np.int64),
    )


__all__ = ["OFF", "Labels", "Room", "Stretches", "label_all", "mend", "room_for"]
