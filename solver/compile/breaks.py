"""Where the activities of a shift may go, as small graphs that all lengths of a start share.

A listed order is a chain; any order is a graph over the sets of activities already placed.
Windows are in slots from the shift's start, so starts that see the same windows share a family.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol

from schemas.request import ActivityDefinition, Bounds, ShiftDefinition

ANY = 1 << 20
"""Longer than every shift: no upper bound."""


@dataclass(frozen=True)
class Edge:
    """Placing one activity: it starts `low` to `high` slots after the shift's start, `gap` after the one before."""

    source: int
    activity: int
    low: int
    high: int
    duration: int
    gap_low: int
    gap_high: int


@dataclass(frozen=True)
class Final:
    """A shift's way out of its family: the node where all is placed, and the range of the last end."""

    node: int
    end_low: int
    end_high: int


@dataclass
class FamilyBuilder:
    """Collects the graphs of all shifts that start at the same clock time; equal parts are kept once."""

    edges: list[tuple[Edge, int]] = field(default_factory=list)
    nodes: dict[frozenset[Edge], int] = field(default_factory=dict)
    ends: list[frozenset[int]] = field(default_factory=lambda: [frozenset((0,))])

    def node(self, incoming: frozenset[Edge]) -> int:
        """The node that these edges lead to."""
        known = self.nodes.get(incoming)
        if known is not None:
            return known
        number = len(self.nodes) + 1
        self.nodes[incoming] = number
        self.edges.extend((edge, number) for edge in sorted(incoming, key=lambda e: (e.source, e.activity, e.low)))
        self.ends.append(frozenset(end for edge in incoming for end in self.ends_by(edge)))
        return number

    def ends_by(self, edge: Edge) -> list[int]:
        """The slots at which the activity can end."""
        before = self.ends[edge.source]
        return [
            start + edge.duration
            for start in range(edge.low, edge.high + 1)
            if edge.source == 0 or any(edge.gap_low <= start - end <= edge.gap_high for end in before)
        ]

    def fits(self, final: Final) -> bool:
        """Whether any placement reaches the way out."""
        return any(final.end_low <= end <= final.end_high for end in self.ends[final.node])

    def key(self) -> tuple[tuple[Edge, int], ...]:
        return tuple(self.edges)


def due(definition: ShiftDefinition, minutes: int) -> list[int]:
    """Which of the definition's activities a shift of this length has."""
    return [
        index
        for index, activity in enumerate(definition.activities)
        if activity.when_length_minutes is None or _within(activity.when_length_minutes, minutes)
    ]


def place(
    family: FamilyBuilder, definition: ShiftDefinition, minutes: int, clocks: Sequence[int], step: int
) -> Final | None:
    """Adds the ways to place the activities of a shift of this length.

    Args:
        family: the graphs of all shifts with this start.
        definition: the shift definition.
        minutes: the shift's length.
        clocks: what the clock shows at each slot from the shift's start, in minutes past midnight of its day.
        step: minutes of a slot.

    Returns:
        The way out, or None when there is no way to place them all.
    """
    activities = due(definition, minutes)
    length = minutes // step
    work_low, work_high = _slots(definition.contiguous_work_minutes, step)
    gap = _slots(definition.activity_gap_minutes, step)
    between = max(work_low, gap[0]), min(work_high, gap[1])
    if not activities:
        return Final(0, 0, 0) if work_low <= length <= work_high else None
    longest = definition.length_minutes.max // step

    def edges(source: int, index: int, *, share: bool) -> list[Edge]:
        """The edges that place this activity next; a shared edge leaves the shift's end to the way out."""
        activity = definition.activities[index]
        low, high = _window(activity, longest if share else length, step, to_end=not share)
        if source == 0:
            low, high = max(low, work_low), min(high, work_high)
        gaps = (0, ANY) if source == 0 else between
        return [
            Edge(source, index, *run, activity.minutes // step, *gaps) for run in _on_clock(activity, low, high, clocks)
        ]

    low, high = length - work_high, length - work_low
    if definition.activity_order == "listed":
        node = 0
        for index in activities:
            here = edges(node, index, share=index == activities[-1])
            if not here:
                return None
            node = family.node(frozenset(here))
        before_end = _slots(definition.activities[activities[-1]].before_shift_end, step)
        low, high = max(low, length - before_end[1]), min(high, length - before_end[0])
    else:
        node = _any_order(family, activities, edges)
        if node == 0:
            return None
    final = Final(node, max(0, low), min(length, high))
    return final if family.fits(final) else None


class _Edges(Protocol):
    def __call__(self, source: int, index: int, *, share: bool) -> list[Edge]: ...


def _any_order(family: FamilyBuilder, activities: list[int], edges: _Edges) -> int:
    """Walks the sets of activities placed so far, smallest first; the node of the whole set, 0 if none leads there."""
    node_of = {0: 0}
    everything = (1 << len(activities)) - 1
    for placed in sorted(range(1, everything + 1), key=lambda s: (s.bit_count(), s)):
        incoming = [
            edge
            for bit, index in enumerate(activities)
            if placed >> bit & 1 and placed & ~(1 << bit) in node_of
            for edge in edges(node_of[placed & ~(1 << bit)], index, share=False)
            if family.ends_by(edge)
        ]
        if incoming:
            node_of[placed] = family.node(frozenset(incoming))
    return node_of.get(everything, 0)


def _window(activity: ActivityDefinition, length: int, step: int, *, to_end: bool) -> tuple[int, int]:
    """Range of the activity's start, slots from the shift's start; `to_end` counts bounds from the shift's end too."""
    duration = activity.minutes // step
    low, high = _slots(activity.after_shift_start, step)
    if to_end:
        end_low, end_high = _slots(activity.before_shift_end, step)
        low, high = max(low, length - duration - end_high), min(high, length - duration - end_low)
    return max(0, low), min(high, length - duration)


def _on_clock(activity: ActivityDefinition, low: int, high: int, clocks: Sequence[int]) -> list[tuple[int, int]]:
    """The runs of slots in the range at which the clock lets the activity start: two in a doubled hour."""
    if low > high:
        return []
    window = activity.clock
    if window is None:
        return [(low, high)]
    allowed = [window.earliest <= clocks[slot] <= window.latest for slot in range(low, high + 1)]
    runs: list[tuple[int, int]] = []
    for slot, may in enumerate(allowed, low):
        if may and runs and runs[-1][1] == slot - 1:
            runs[-1] = (runs[-1][0], slot)
        elif may:
            runs.append((slot, slot))
    return runs


def _slots(bounds: Bounds | None, step: int) -> tuple[int, int]:
    """Bounds in whole slots; what is not a whole number of slots is rounded inward."""
    if bounds is None:
        return 0, ANY
    low = -(-(bounds.min or 0) // step)
    return low, ANY if bounds.max is None else bounds.max // step


def _within(bounds: Bounds, minutes: int) -> bool:
    return (bounds.min or 0) <= minutes and (bounds.max is None or minutes <= bounds.max)
