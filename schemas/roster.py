"""The response: who works when, what it covers, what it costs, how good it is."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field

from schemas.base import Schema
from schemas.request import Day, Listed


def _instant(value: object) -> object:
    if isinstance(value, str):
        try:
            moment = datetime.fromisoformat(value)
        except ValueError:
            raise ValueError("a date-time is YYYY-MM-DDTHH:MM:SS with an offset") from None
        if moment.tzinfo is None:
            raise ValueError("a date-time of a roster carries its offset, such as +02:00")
        return moment
    return value


Instant = Annotated[datetime, BeforeValidator(_instant)]
Category = Literal["on_queue", "break", "meal", "meeting", "training", "off_queue", "time_off", "unavailable"]
Verdict = Literal["optimal", "feasible", "infeasible", "undecided"]
Status = Literal["queued", "running", "completed", "cancelled", "failed"]


class Activity(Schema):
    """A stretch of a shift."""

    category: Category
    id: str | None = None
    paid: bool | None = None
    planning_group_id: str | None = None
    start: Instant
    end: Instant


class Shift(Schema):
    """A shift with all that happens in it, from start to end without a hole."""

    date: Day
    work_plan_shift_id: str | None = None
    start: Instant
    end: Instant
    paid_minutes: int | None = None
    pinned: bool = False
    activities: Annotated[tuple[Activity, ...], Listed] = ()


class Schedule(Schema):
    """One agent's shifts."""

    agent_id: str
    paid_minutes: int | None = None
    shifts: Annotated[tuple[Shift, ...], Listed] = ()


class Cost(Schema):
    """What a roster costs, by part, in the request's currency."""

    total: float
    regular_pay: float = 0
    overtime_pay: float = 0
    understaffing: float = 0
    overstaffing: float = 0
    service: float = Field(default=0, description="Contacts outside service goals, beyond what these allow.")
    preferences: float = 0
    rules: float = 0


class CoverageSeries(Schema):
    """Required against scheduled agents in consecutive intervals."""

    planning_group_id: str
    start: Instant
    required: Annotated[tuple[float, ...], Listed]
    scheduled: Annotated[tuple[float, ...], Listed]
    net: Annotated[tuple[float, ...], Listed]


class PredictedService(Schema):
    """What the contacts of a planning group are predicted to get over the span of its goal."""

    planning_group_id: str
    start: Instant = Field(description="Start of the span: an interval, a day, or the period.")
    contacts: float = Field(description="Contacts offered.")
    outside_goal: float = Field(description="Of them, not answered in time, or giving up.")
    allowed_outside: float = Field(description="How many the goal allows.")
    percent: float | None = Field(
        description="Answered in time, of all offered; of an abandonment goal: giving up. None without contacts."
    )
    goal_percent: float
    reached: bool


class Violation(Schema):
    """Something that a roster breaks."""

    code: str
    text: str
    agent_id: str | None = None
    date: Day | None = None
    path: str | None = None


class Message(Schema):
    """Something that the reader should know."""

    code: str
    severity: Literal["info", "warning", "error"]
    text: str
    path: str | None = None


class Statistics(Schema):
    """The roster in figures."""

    agents_scheduled: int = 0
    shifts: int = 0
    coverage_percent: float = 0
    overtime_minutes: int = 0
    required_hours: float = 0
    scheduled_hours: float = 0
    short_hours: float = 0
    over_hours: float = 0
    solve_seconds: float = 0
    compile_seconds: float = 0
    first_roster_seconds: float | None = None
    iterations: int = 0


class Roster(Schema):
    """A roster; everything but the schedules has a default, so that a roster made by hand can be judged."""

    id: str | None = None
    name: str = ""
    status: Status = "completed"
    verdict: Verdict | None = None
    cost: Cost | None = None
    lower_bound: float | None = None
    gap_percent: float | None = None
    schedules: Annotated[tuple[Schedule, ...], Listed] = Field(description="One entry an agent.")
    coverage: Annotated[tuple[CoverageSeries, ...], Listed] = ()
    service: Annotated[tuple[PredictedService, ...], Listed] = Field(
        default=(), description="Of planning groups with a service goal, by the span of the goal."
    )
    violations: Annotated[tuple[Violation, ...], Listed] = ()
    messages: Annotated[tuple[Message, ...], Listed] = ()
    statistics: Statistics | None = None
