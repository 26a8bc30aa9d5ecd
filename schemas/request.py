"""The request: what is needed, by whom it can be done, and under which rules."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, PrivateAttr

from schemas.base import Schema
from schemas.clock import ClockTime, LocalDateTime
from schemas.goal import ServiceTarget
from schemas.listed import ListAsTuple
from schemas.money import Amount
from schemas.roster_rule import AnyRosterRule
from schemas.rule import AnyRule

Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
WeekStart = Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
Identifier = Annotated[str, Field(min_length=1, max_length=200)]
Text = Annotated[str, Field(max_length=500)]
Minutes = Annotated[int, Field(ge=0, le=100_000)]
EVERY_DAY: tuple[Weekday, ...] = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def _date(value: object) -> object:
    if isinstance(value, date):
        return value
    if isinstance(value, str) and len(value) == 10:
        try:
            return date.fromisoformat(value)
        except ValueError:
            raise ValueError("there is no such date") from None
    raise ValueError("a date is YYYY-MM-DD")


def _whole(value: object) -> object:
    return int(value) if isinstance(value, float) and value.is_integer() else value


Day = Annotated[date, BeforeValidator(_date)]
Listed = ListAsTuple()


class PlanningPeriod(Schema):
    """The days to plan, from local midnight to local midnight."""

    start_date: Day = Field(description="First day.", examples=["2026-11-30"])
    days: int = Field(ge=1, le=366, description="Number of days.", examples=[7])
    cyclic: bool = Field(
        default=False,
        description="Whether the period repeats: a shift that runs past the last midnight covers the first day, "
        "and what went before it, for rules, are its own days. For agents who each serve one planning group.",
    )


class CoveragePrice(Schema):
    """Another price of missing agents, or of agents too many, at some times or beyond some depth.

    It takes the place of the group's price of that side at the times it is for, for what goes beyond its depth. Of
    two that are for the same time and the same depth the later in the list holds. At no time may a deeper shortage,
    or surplus, cost less an agent than one that is less deep.
    """

    side: Literal["understaffing", "overstaffing"] = Field(description="Agents missing, or agents too many.")
    cost_per_hour: Amount = Field(description="Price of one agent for an hour.", examples=[240])
    beyond: Annotated[float, Field(ge=0, le=100_000, allow_inf_nan=False)] = Field(
        default=0, description="How many agents missing, or too many, keep the price of lesser depth.", examples=[2]
    )
    days: Annotated[tuple[Weekday, ...], Listed] = Field(
        default=EVERY_DAY, description="Days on which the time begins, on the request's clock."
    )
    from_: ClockTime = Field(default=0, alias="from", description="Clock time from which it holds.")
    to: ClockTime = Field(default=1440, description="Clock time up to which it holds; 26:00 is 02:00 on the next day.")

    @property
    def beyond_milliheads(self) -> int:
        """The depth in thousandths of an agent."""
        return round(self.beyond * 1000)


class PlanningGroup(Schema):
    """Work that needs agents: a queue, a channel, a language."""

    id: Identifier = Field(examples=["voice"])
    name: Text = ""
    understaffing_cost_per_hour: Amount = Field(
        default=120, validate_default=True, description="Price of one missing agent for an hour."
    )
    overstaffing_cost_per_hour: Amount = Field(
        default=8, validate_default=True, description="Price of one agent too many for an hour."
    )
    minimum_staff: int = Field(
        default=0, ge=0, le=100_000, description="Raises every requirement above zero to at least this."
    )
    prices: Annotated[tuple[CoveragePrice, ...], Listed] = Field(
        default=(), description="Other prices at some times, or beyond some depth."
    )
    service_goal: ServiceTarget | None = Field(
        default=None,
        description="In place of requirements: what the contacts in `volumes` are to get. Missing heads are then "
        "priced below `minimum_staff` alone, and heads too many where no contacts are offered.",
    )
    patience_seconds: Annotated[float, Field(gt=0, le=1_000_000, allow_inf_nan=False)] | None = Field(
        default=None, description="With a goal: mean time after which a waiting contact gives up; none = nobody does."
    )


class Requirement(Schema):
    """Agents needed on a planning group in consecutive intervals."""

    planning_group_id: Identifier
    start: LocalDateTime = Field(description="Start of the first interval.")
    required: Annotated[tuple[Annotated[float, Field(ge=0, le=100_000, allow_inf_nan=False)], ...], Listed] = Field(
        description="Agents needed in each interval; fractions are allowed."
    )

    @property
    def required_milliheads(self) -> tuple[int, ...]:
        """The series in thousandths of an agent."""
        return tuple(round(value * 1000) for value in self.required)


class VolumeSeries(Schema):
    """Contacts offered to a planning group with a service goal, in consecutive intervals."""

    planning_group_id: Identifier
    start: LocalDateTime = Field(description="Start of the first interval.")
    volume: Annotated[tuple[Annotated[float, Field(ge=0, le=100_000, allow_inf_nan=False)], ...], Listed] = Field(
        description="Contacts offered in each interval."
    )
    aht_seconds: (
        Annotated[float, Field(gt=0, le=100_000, allow_inf_nan=False)]
        | Annotated[tuple[Annotated[float, Field(gt=0, le=100_000, allow_inf_nan=False)], ...], Listed]
    ) = Field(description="Mean handle time, after-call work included: one for all intervals, or one for each.")

    @property
    def handle_times(self) -> tuple[float, ...]:
        """Seconds of each interval."""
        return self.aht_seconds if isinstance(self.aht_seconds, tuple) else (self.aht_seconds,) * len(self.volume)


class Bounds(Schema):
    """A range of minutes; a missing end is open."""

    min: Minutes | None = None
    max: Minutes | None = None


class ClockWindow(Schema):
    """A range of clock times."""

    earliest: ClockTime
    latest: ClockTime


class StartWindow(Schema):
    """When a shift may start."""

    earliest: ClockTime = Field(description="Earliest start.")
    latest: ClockTime = Field(description="Latest start.")
    increment_minutes: int = Field(
        default=0, ge=0, le=1440, description="Step between possible starts; 0 = the interval."
    )


class StopWindow(Schema):
    """When a shift may stop, on the clock of the day on which it starts."""

    earliest: ClockTime | None = None
    latest: ClockTime | None = None


class LengthRange(Schema):
    """Possible lengths of a shift in minutes, breaks included."""

    min: int = Field(ge=1, le=2880)
    max: int = Field(ge=1, le=2880)
    increment: int = Field(default=0, ge=0, le=2880, description="Step between lengths; 0 = the interval.")


class ActivityDefinition(Schema):
    """A break, meal, meeting or the like within a shift."""

    id: Identifier
    category: Literal["break", "meal", "meeting", "training", "off_queue"]
    minutes: int = Field(ge=1, le=1440)
    paid: bool
    after_shift_start: Bounds | None = Field(
        default=None, description="Minutes from the shift's start to the activity's start."
    )
    before_shift_end: Bounds | None = Field(
        default=None, description="Minutes from the activity's end to the shift's end."
    )
    clock: ClockWindow | None = Field(default=None, description="Clock times between which it starts.")
    when_length_minutes: Bounds | None = Field(default=None, description="Shift lengths for which it is due.")


class ShiftDefinition(Schema):
    """A kind of shift: when it may start and stop, how long it is, what happens within it."""

    id: Identifier
    days: Annotated[tuple[Weekday, ...], Listed] = EVERY_DAY
    start: StartWindow
    stop: StopWindow | None = None
    length_minutes: LengthRange
    contiguous_work_minutes: Bounds | None = Field(
        default=None, description="Bounds of every stretch between start, activities and stop."
    )
    activity_gap_minutes: Bounds | None = Field(default=None, description="Bounds of the time between activities.")
    activity_order: Literal["listed", "any"] = "listed"
    activities: Annotated[tuple[ActivityDefinition, ...], Listed] = ()


class WorkPlan(Schema):
    """A kind of contract: its shifts and its rules."""

    id: Identifier
    name: Text = ""
    shifts: Annotated[tuple[ShiftDefinition, ...], Listed] = ()
    rules: Annotated[tuple[AnyRule, ...], Listed] = ()


class Skill(Schema):
    """A planning group that an agent can serve."""

    planning_group_id: Identifier
    proficiency: float = Field(
        default=1.0, gt=0, le=10, allow_inf_nan=False, description="How much of a required agent one agent fills."
    )

    @property
    def proficiency_milliheads(self) -> int:
        """Thousandths of an agent."""
        return round(self.proficiency * 1000)


class Availability(Schema):
    """Hours of the week at which an agent can work."""

    days: Annotated[tuple[Weekday, ...], Listed]
    from_: ClockTime = Field(alias="from")
    to: ClockTime


class TimeOff(Schema):
    """Time at which an agent must not work; its paid minutes count toward the hours."""

    start: LocalDateTime
    end: LocalDateTime
    paid_minutes: int = Field(default=0, ge=0, le=100_000)


class Preference(Schema):
    """Time, or shifts of a day, at which an agent would rather not, or rather, work.

    With `cost_per_hour` every hour counts. With `cost` it is the shift that counts that starts in the window: `avoid`
    costs when there is one, `prefer` when there is none.
    """

    start: LocalDateTime
    end: LocalDateTime
    kind: Literal["avoid", "prefer"]
    cost_per_hour: Amount | None = None
    cost: Amount | None = Field(default=None, description="Price of the whole preference, in place of one per hour.")
    shift_ids: Annotated[tuple[Identifier, ...], Listed] = Field(
        default=(), description="With `cost`: the shifts of the work plan that are meant; none given = all."
    )


class PastShift(Schema):
    """A shift that was worked before the period."""

    work_plan_shift_id: Identifier | None = None
    start: LocalDateTime
    end: LocalDateTime


class PublishedShift(Schema):
    """A shift of the period that the agent was told of before."""

    start: LocalDateTime
    end: LocalDateTime


class History(Schema):
    """What went before the period."""

    last_shift_end: LocalDateTime | None = None
    consecutive_days_worked: int = Field(default=0, ge=0, le=1000)
    consecutive_days_off: int = Field(default=0, ge=0, le=1000)
    paid_minutes_in_week: Minutes = 0
    days_worked_in_week: int = Field(default=0, ge=0, le=7)
    paid_minutes_in_period: Annotated[int, Field(ge=0, le=1_000_000)] = 0
    days_worked_in_period: int = Field(default=0, ge=0, le=1000)
    weekends_worked: int = Field(default=0, ge=0, le=200)
    consecutive_weekends_worked: int = Field(default=0, ge=0, le=200)
    shifts: Annotated[tuple[PastShift, ...], Listed] = Field(
        default=(), description="Shifts before the period, as far back as the rules are to look."
    )


class PinnedActivity(Schema):
    """A stretch of a pinned shift."""

    category: Literal["on_queue", "break", "meal", "meeting", "training", "off_queue"]
    id: Identifier | None = None
    paid: bool | None = None
    planning_group_id: Identifier | None = None
    start: LocalDateTime
    end: LocalDateTime


class PinnedShift(Schema):
    """A shift to be kept as it is, in the shape of the response; without activities it is on queue throughout."""

    date: Day | None = None
    work_plan_shift_id: Identifier | None = None
    start: LocalDateTime
    end: LocalDateTime
    paid_minutes: int | None = None
    pinned: bool | None = None
    activities: Annotated[tuple[PinnedActivity, ...], Listed] = ()


class Agent(Schema):
    """A person to schedule, or with a `count` so many people who are alike and need no names."""

    id: Identifier
    name: Text = ""
    count: int = Field(
        default=1,
        ge=1,
        le=20_000,
        description="So many such agents; above 1 they are called `id-1`, `id-2` and so on in the roster.",
    )
    work_plan_id: Identifier
    tags: Annotated[tuple[Identifier, ...], Listed] = Field(
        default=(),
        description="Words by which rules of the roster find the agent: a site, a level.",
        examples=[["senior"]],
    )
    work_plan_shift_ids: Annotated[tuple[Identifier, ...], Listed] = Field(
        default=(), description="Those of the work plan's shifts that this agent may work; none given = all."
    )
    rotation_position: int = Field(
        default=0,
        ge=0,
        le=1000,
        description="Week of the work plan's rotation in which the period begins; 0 = the first.",
    )
    hourly_cost: Amount = Field(default=0, validate_default=True)
    time_zone: str | None = Field(default=None, max_length=100)
    skills: Annotated[tuple[Skill, ...], Listed] = ()
    availability: Annotated[tuple[Availability, ...], Listed] = ()
    time_off: Annotated[tuple[TimeOff, ...], Listed] = ()
    preferences: Annotated[tuple[Preference, ...], Listed] = ()
    history: History = History()
    pinned_shifts: Annotated[tuple[PinnedShift, ...], Listed] = ()
    published_shifts: Annotated[tuple[PublishedShift, ...], Listed] = Field(
        default=(), description="Shifts of the period that the agent was told of, for the rule `minimum_shift_notice`."
    )
    _row: int | None = PrivateAttr(default=None)

    def written_as(self, row: int) -> Agent:
        """The agent, knowing which entry of the request's list it was made from."""
        copy = self.model_copy()
        copy._row = row
        return copy

    @property
    def row(self) -> int | None:
        """The entry of the request's list that it was made from; None when it is the entry at its own place."""
        return self._row


class Options(Schema):
    """How to solve."""

    time_limit_seconds: float = Field(default=60, gt=0, le=86_400)
    target_gap_percent: float = Field(default=0, ge=0, le=100)
    seed: int = Field(default=1, ge=0, le=2**31 - 1)
    minimum_stint_minutes: int = Field(default=30, ge=1, le=1440)
    iteration_limit: int | None = Field(
        default=None, ge=1, le=10**9, description="Stop after so many moves; with it a seed gives the same roster."
    )


class RosterRequest(Schema):
    """Everything that a roster is made from."""

    name: Text = ""
    time_zone: str = Field(max_length=100, examples=["Europe/Tallinn"])
    week_starts_on: WeekStart = "monday"
    planning_period: PlanningPeriod
    as_of: LocalDateTime | None = Field(
        default=None, description="When the roster is made and told, for the rule `minimum_shift_notice`."
    )
    interval_minutes: Literal[5, 10, 15, 30, 60] = 15
    currency: Annotated[str, Field(min_length=1, max_length=10)] = "EUR"
    planning_groups: Annotated[tuple[PlanningGroup, ...], Listed, Field(min_length=1)]
    requirements: Annotated[tuple[Requirement, ...], Listed] = ()
    volumes: Annotated[tuple[VolumeSeries, ...], Listed] = Field(
        default=(), description="Contacts offered to planning groups with a service goal."
    )
    work_plans: Annotated[tuple[WorkPlan, ...], Listed] = ()
    agents: Annotated[tuple[Agent, ...], Listed] = ()
    roster_rules: Annotated[tuple[AnyRosterRule, ...], Listed] = Field(
        default=(),
        description="Rules of all agents together: seats, breaks at once, who must be on duty, who is kept apart.",
    )
    options: Options = Options()
