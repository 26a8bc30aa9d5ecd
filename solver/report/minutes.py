"""Every agent's period minute by minute: what the roster says, and what the agent was seen doing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import get_args
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from schemas.report import AgentState, ReportRequest
from schemas.roster import Category, Shift

CATEGORIES: tuple[str, ...] = get_args(Category)
NOTHING = -1
ON_QUEUE = CATEGORIES.index("on_queue")
AWAY = np.array([CATEGORIES.index(name) for name in ("unavailable", "time_off")], dtype=np.int8)
"""Categories in which nobody works."""

Kinds = NDArray[np.int8]
Groups = NDArray[np.int16]


@dataclass(frozen=True)
class ShiftSpan:
    """A shift in minutes of the period; paid without its unpaid activities."""

    start: int
    end: int
    paid: int


@dataclass(frozen=True)
class Line:
    """One agent, minute by minute; `NOTHING` where there is neither a shift nor a state."""

    planned: Kinds
    planned_group: Groups
    seen: Kinds
    seen_group: Groups
    shifts: tuple[ShiftSpan, ...]

    @property
    def worked(self) -> NDArray[np.bool_]:
        """Minutes in which the agent was there, doing whatever."""
        return np.asarray((self.seen != NOTHING) & ~np.isin(self.seen, AWAY))

    def missed(self, shift: ShiftSpan) -> bool:
        """Whether not a minute of the shift was worked."""
        return not self.worked[shift.start : shift.end].any()


@dataclass(frozen=True)
class Minutes:
    """All agents of the request, from the first minute that matters to the last."""

    origin: int  # UTC minute
    lines: dict[str, Line]
    groups: tuple[str, ...]


def minutes_of(request: ReportRequest) -> Minutes:
    """Roster and states, minute by minute; a state runs from the nearest minute to the nearest minute."""
    zone = ZoneInfo(request.request.time_zone)
    states = [
        (one, round(one.start.utc_second(zone) / 60), round(one.end.utc_second(zone) / 60)) for one in request.states
    ]
    shifts = [
        (schedule.agent_id, shift, int(shift.start.timestamp()) // 60, int(shift.end.timestamp()) // 60)
        for schedule in request.roster.schedules
        for shift in schedule.shifts
    ]
    edges = [minute for _, _, start, end in shifts for minute in (start, end)]
    edges += [minute for _, start, end in states for minute in (start, end)]
    origin, last = (min(edges), max(edges)) if edges else (0, 0)
    names = tuple(group.id for group in request.request.planning_groups)
    of_agent: dict[str, list[tuple[AgentState, int, int]]] = {}
    for state in states:
        of_agent.setdefault(state[0].agent_id, []).append(state)
    lines = {}
    for agent in request.request.agents:
        own = [(shift, start, end) for name, shift, start, end in shifts if name == agent.id] if edges else []
        lines[agent.id] = _line(own, of_agent.get(agent.id, []), origin, last - origin, names)
    return Minutes(origin, lines, names)


def _line(
    shifts: Sequence[tuple[Shift, int, int]],
    states: Sequence[tuple[AgentState, int, int]],
    origin: int,
    length: int,
    names: tuple[str, ...],
) -> Line:
    planned, seen = np.full(length, NOTHING, np.int8), np.full(length, NOTHING, np.int8)
    planned_group, seen_group = np.full(length, NOTHING, np.int16), np.full(length, NOTHING, np.int16)
    only = names[0] if len(names) == 1 else None
    spans = []
    for shift, start, end in shifts:
        unpaid = 0
        for activity in shift.activities:
            first, last = (int(at.timestamp()) // 60 - origin for at in (activity.start, activity.end))
            planned[first:last] = CATEGORIES.index(activity.category)
            name = activity.planning_group_id or only
            if activity.category == "on_queue" and name in names:
                planned_group[first:last] = names.index(name)
            if activity.category != "on_queue" and not activity.paid:
                unpaid += last - first
        spans.append(ShiftSpan(start - origin, end - origin, end - start - unpaid))
    for state, start, end in states:
        seen[start - origin : end - origin] = CATEGORIES.index(state.category)
        if state.category == "on_queue":
            where = slice(start - origin, end - origin)
            told = state.planning_group_id or only
            seen_group[where] = names.index(told) if told in names else planned_group[where]
    return Line(planned, planned_group, seen, seen_group, tuple(spans))


def on_queue(minutes: Minutes, kind: str, group: int) -> NDArray[np.int32]:
    """Agents on the group's queue in each minute: `planned`, `seen`, or `missed` in shifts that nobody came to."""
    lines = list(minutes.lines.values())
    total = np.zeros(lines[0].planned.size if lines else 0, np.int32)
    for line in lines:
        if kind == "seen":
            total += line.seen_group == group
        elif kind == "planned":
            total += line.planned_group == group
        else:
            for shift in line.shifts:
                if line.missed(shift):
                    where = slice(shift.start, shift.end)
                    total[where] += line.planned_group[where] == group
    return total
