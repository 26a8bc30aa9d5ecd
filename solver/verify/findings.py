"""What the judge writes down."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from zoneinfo import ZoneInfo

from schemas.request import Agent, RosterRequest, ShiftDefinition, WorkPlan
from schemas.roster import Schedule, Shift, Violation
from solver.rules.base import Day


@dataclass
class Findings:
    """All violations found so far."""

    violations: list[Violation] = field(default_factory=list)

    def add(self, code: str, text: str, *, agent: str | None = None, day: date | None = None, path: str | None = None) -> None:
        self.violations.append(Violation(code=code, text=text, agent_id=agent, date=day, path=path))


@dataclass(frozen=True)
class Case:
    """One agent before the judge: what it may do and what it was given."""

    request: RosterRequest
    agent: Agent
    plan: WorkPlan
    zone: ZoneInfo
    days: tuple[Day, ...]
    schedule: Schedule
    path: str  # JSON Pointer of the schedule

    @property
    def who(self) -> str:
        return self.agent.name or self.agent.id

    def day_of(self, minute: int) -> Day | None:
        """The period's day that holds the instant."""
        return next((day for day in self.days if day.starts_at <= minute < day.ends_at), None)


@dataclass(frozen=True)
class Seen:
    """A shift of the roster in minutes, with the definition it claims to follow."""

    shift: Shift
    path: str
    start: int
    end: int
    day: Day | None
    definition: ShiftDefinition | None
    paid: int  # minutes, by its own activities
