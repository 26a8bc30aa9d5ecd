"""How agents and teams kept to the roster."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields
from datetime import UTC, date, datetime, timedelta
from typing import Any

import numpy as np

from schemas.report import AgentReport, Attendance, ReportRequest, TeamReport, WeekOfTeam
from solver.report.minutes import NOTHING, ON_QUEUE, Line, Minutes

STARTS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


@dataclass
class Count:
    """Minutes and shifts of one agent or of several."""

    shifts: int = 0
    missed: int = 0
    scheduled: int = 0
    paid: int = 0
    queue_planned: int = 0
    queue_inside: int = 0  # within shifts
    queue_outside: int = 0
    as_planned: int = 0
    worked: int = 0
    late: int = 0
    early: int = 0

    def add(self, other: Count) -> None:
        for field in fields(self):
            setattr(self, field.name, getattr(self, field.name) + getattr(other, field.name))

    def told(self) -> dict[str, Any]:
        """As the report has it."""
        queue = self.queue_inside + self.queue_outside
        return {
            "shifts": self.shifts,
            "shifts_missed": self.missed,
            "scheduled_minutes": self.scheduled,
            "on_queue_scheduled_minutes": self.queue_planned,
            "on_queue_minutes": queue,
            "late_minutes": self.late,
            "left_early_minutes": self.early,
            "extra_minutes": self.queue_outside,
            "adherence_percent": _share(self.as_planned, self.scheduled),
            "conformance_percent": _share(queue, self.queue_planned),
            "attendance_percent": _share(self.worked, self.scheduled),
            "shrinkage_planned_percent": _share(self.paid - self.queue_planned, self.paid),
            "shrinkage_percent": _share(self.paid - self.queue_inside, self.paid),
        }


def _share(part: float, whole: float) -> float | None:
    return round(100 * part / whole, 2) if whole else None


def count(line: Line, first: int = 0, last: int | None = None) -> Count:
    """The agent's shifts that start between two minutes, and minutes on queue outside of all shifts between them."""
    last = line.seen.size if last is None else last
    found = Count()
    inside = np.zeros(line.seen.size, dtype=bool)
    for shift in line.shifts:
        where = slice(shift.start, shift.end)
        inside[where] = True
        if not first <= shift.start < last:
            continue
        planned, seen, worked = line.planned[where], line.seen[where], line.worked[where]
        at = np.flatnonzero(worked)
        found.add(
            Count(
                shifts=1,
                missed=int(at.size == 0),
                scheduled=shift.end - shift.start,
                paid=shift.paid,
                queue_planned=int((planned == ON_QUEUE).sum()),
                queue_inside=int((seen == ON_QUEUE).sum()),
                as_planned=int(((seen == planned) & (seen != NOTHING)).sum()),
                worked=int(at[-1] - at[0] + 1) if at.size else 0,  # a meal away from the desk is attendance too
                late=int(at[0]) if at.size else 0,
                early=int(worked.size - 1 - at[-1]) if at.size else 0,
            )
        )
    outside = ~inside & (line.seen == ON_QUEUE)
    found.queue_outside = int(outside[max(first, 0) : max(last, 0)].sum())
    return found


def agents_of(request: ReportRequest, minutes: Minutes) -> Iterator[AgentReport]:
    """Every agent with a shift or a state."""
    team_of = teams_by_agent(request)
    for agent in request.request.agents:
        found = count(minutes.lines[agent.id])
        if found.shifts or found.queue_outside:
            name = agent.name or agent.id
            yield AgentReport(agent_id=agent.id, name=name, team_id=team_of.get(agent.id), **found.told())


def teams_of(request: ReportRequest, minutes: Minutes) -> Iterator[TeamReport]:
    """Every team."""
    for team in request.teams:
        found = _together(minutes.lines[agent] for agent in team.agent_ids)
        yield TeamReport(team_id=team.id, name=team.name or team.id, **found.told())


def everybody(minutes: Minutes) -> Attendance:
    """All agents together."""
    return Attendance(**_together(minutes.lines.values()).told())


def trends(request: ReportRequest, minutes: Minutes, weeks: Mapping[date, tuple[int, int]]) -> Iterator[WeekOfTeam]:
    """Everybody and every team, week by week; `weeks` are minutes from and to."""
    parties: list[tuple[str | None, list[Line]]] = [(None, list(minutes.lines.values()))]
    parties += [(team.id, [minutes.lines[agent] for agent in team.agent_ids]) for team in request.teams]
    for name, lines in parties:
        for start, (first, last) in weeks.items():
            told = _together(lines, first - minutes.origin, last - minutes.origin).told()
            shares = {key: told[key] for key in ("adherence_percent", "conformance_percent", "attendance_percent")}
            yield WeekOfTeam(team_id=name, start_date=start, **shares)


def _together(lines: Iterable[Line], first: int = 0, last: int | None = None) -> Count:
    total = Count()
    for line in lines:
        total.add(count(line, first, last))
    return total


def teams_by_agent(request: ReportRequest) -> dict[str, str]:
    """The team of each agent that has one."""
    return {agent: team.id for team in request.teams for agent in team.agent_ids}


def week_of(day: date, begins_on: str) -> date:
    """The first day of the day's week."""
    return day - timedelta(days=(day.weekday() - STARTS.index(begins_on)) % 7)


def local_date(minute: int, zone: Any) -> date:
    """The civil day of a UTC minute."""
    return datetime.fromtimestamp(minute * 60, UTC).astimezone(zone).date()
