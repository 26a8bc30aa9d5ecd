"""Reports: what was planned against what happened."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from schemas.base import Schema
from schemas.clock import LocalDateTime, LocalSecond
from schemas.request import Day, Identifier, Listed, RosterRequest, Text
from schemas.roster import Category, Message, Roster
from schemas.staffing import StaffingRequest

Count = Annotated[float, Field(ge=0, le=10_000_000, allow_inf_nan=False)]
Seconds = Annotated[float, Field(ge=0, le=1_000_000, allow_inf_nan=False)]
Percent = float | None


class ActualInterval(Schema):
    """What came in an interval, and what became of it."""

    planning_group_id: Identifier | None = Field(default=None, description="May be left out where there is but one.")
    start: LocalDateTime
    volume: Count = Field(description="Contacts offered.")
    aht_seconds: Annotated[float, Field(gt=0, le=1_000_000, allow_inf_nan=False)] | None = None
    answered_in_goal: Count | None = Field(default=None, description="Contacts answered within the goal's seconds.")
    abandoned: Count | None = Field(default=None, description="Contacts that gave up.")


class AgentState(Schema):
    """What an agent was seen doing."""

    agent_id: Identifier
    category: Category
    planning_group_id: Identifier | None = Field(
        default=None, description="On queue: whose; none = the one that the roster says for that time."
    )
    start: LocalSecond
    end: LocalSecond


class Handled(Schema):
    """Contacts that an agent handled."""

    agent_id: Identifier
    planning_group_id: Identifier | None = None
    contacts: Annotated[int, Field(ge=1, le=10_000_000)]
    handle_seconds: Annotated[float, Field(ge=0.001, le=1e10, allow_inf_nan=False)] = Field(
        description="Of all of them."
    )


class Team(Schema):
    """Agents who belong together."""

    id: Identifier
    name: Text = ""
    agent_ids: Annotated[tuple[Identifier, ...], Listed]


class ReportRequest(Schema):
    """The plan (request, roster, work) and what happened (actuals, states)."""

    title: Text = Field(default="", description="Of the report; the request's name if none.")
    audience: Literal["client", "team"] = Field(
        default="client", description="Of the page: the client's has no agents by name."
    )
    request: RosterRequest
    roster: Roster
    work: StaffingRequest = Field(description="The volumes, handle times and goals that were planned for.")
    actuals: Annotated[tuple[ActualInterval, ...], Listed] = Field(description="In intervals of the work.")
    states: Annotated[tuple[AgentState, ...], Listed] = ()
    handled: Annotated[tuple[Handled, ...], Listed] = ()
    teams: Annotated[tuple[Team, ...], Listed] = ()


class Causes(Schema):
    """Why staff on queue less required came out other than planned, in agent-hours; they add up to the difference."""

    volume: float = Field(description="More contacts than planned are below zero.")
    handle_time: float = Field(description="Longer contacts than planned are below zero.")
    absence: float = Field(description="Whole shifts that nobody came to.")
    adherence: float = Field(description="All other time that agents were on queue or not, other than planned.")


class ReportSpan(Schema):
    """A day, a week or the whole, of intervals with actuals."""

    volume_planned: float
    volume: float
    volume_error_percent: Percent = Field(description="Sum of the intervals' differences, of the volume.")
    volume_bias_percent: Percent = Field(description="Planned less actual, of the volume.")
    aht_planned_seconds: float | None
    aht_seconds: float | None
    service_level_planned_percent: Percent = Field(description="Predicted for the roster and the planned work.")
    service_level_percent: Percent
    abandonment_percent: Percent
    required_planned_hours: float
    required_hours: float = Field(description="Of the contacts that came and the time they took.")
    scheduled_hours: float
    present_hours: float | None = Field(description="On queue; none without states.")
    net_planned_hours: float
    net_hours: float | None
    causes: Causes | None


class ReportInterval(ReportSpan):
    """An interval of a planning group."""

    start: str


class ReportDay(ReportSpan):
    """A day."""

    date: Day


class ReportWeek(ReportSpan):
    """A week; it begins on the request's first day of the week."""

    start_date: Day


class ReportGroup(Schema):
    """A planning group."""

    id: str
    name: str
    goal_percent: Percent
    within_seconds: float | None
    intervals: Annotated[tuple[ReportInterval, ...], Listed]
    days: Annotated[tuple[ReportDay, ...], Listed]
    weeks: Annotated[tuple[ReportWeek, ...], Listed]
    period: ReportSpan


class Attendance(Schema):
    """How people kept to the roster."""

    shifts: int
    shifts_missed: int = Field(description="Shifts of which no minute was worked.")
    scheduled_minutes: int = Field(description="Length of the shifts, breaks included.")
    on_queue_scheduled_minutes: int
    on_queue_minutes: int = Field(description="Within shifts and outside of them.")
    late_minutes: int = Field(description="From the start of a shift to the first minute worked.")
    left_early_minutes: int
    extra_minutes: int = Field(description="On queue outside of shifts.")
    adherence_percent: Percent = Field(description="Minutes of shifts spent as scheduled, of all.")
    conformance_percent: Percent = Field(description="Minutes on queue, of those scheduled on queue.")
    attendance_percent: Percent = Field(description="Minutes of shifts worked at all, of all.")
    shrinkage_planned_percent: Percent = Field(description="Scheduled paid time that is not on queue.")
    shrinkage_percent: Percent = Field(description="Scheduled paid time that was not spent on queue.")


class AgentReport(Attendance):
    """One agent."""

    agent_id: str
    name: str
    team_id: str | None


class TeamReport(Attendance):
    """One team."""

    team_id: str
    name: str


class WeekOfTeam(Schema):
    """A team's week, to see where it is going."""

    team_id: str | None = Field(description="None = everybody.")
    start_date: Day
    adherence_percent: Percent
    conformance_percent: Percent
    attendance_percent: Percent


class Strength(Schema):
    """How a team, or an agent, handles a planning group's contacts."""

    team_id: str | None
    agent_id: str | None
    planning_group_id: str
    contacts: int
    aht_seconds: float
    against_all_percent: float = Field(
        description="Handle time against everybody's in this group; below zero = quicker."
    )


class ReportCost(Schema):
    """Pay at the agents' hourly cost, in the request's currency."""

    planned: float = Field(description="Of the roster's paid time.")
    missed: float = Field(description="The part of it for shifts that nobody came to.")
    extra: float = Field(description="Of time on queue outside of shifts, on top.")
    per_contact_planned: float | None
    per_contact: float | None = Field(description="Planned less missed plus extra, for each contact that came.")


class Report(Schema):
    """Planned against actual."""

    title: str
    audience: Literal["client", "team"]
    currency: str
    planning_groups: Annotated[tuple[ReportGroup, ...], Listed]
    days: Annotated[tuple[ReportDay, ...], Listed] = Field(description="All planning groups together.")
    weeks: Annotated[tuple[ReportWeek, ...], Listed]
    period: ReportSpan
    everybody: Attendance | None = Field(description="None without states, as the agents and teams.")
    agents: Annotated[tuple[AgentReport, ...], Listed]
    teams: Annotated[tuple[TeamReport, ...], Listed]
    trends: Annotated[tuple[WeekOfTeam, ...], Listed]
    strengths: Annotated[tuple[Strength, ...], Listed]
    cost: ReportCost
    messages: Annotated[tuple[Message, ...], Listed] = ()
