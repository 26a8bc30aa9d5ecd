"""Capacity plans: weeks of work ahead, people who come, learn and leave, and how many to hire when."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import Field

from schemas.base import Schema
from schemas.money import Amount
from schemas.request import Day, Identifier, Listed, Text
from schemas.roster import Message
from schemas.staffing import Percent, Seconds, ServiceGoal

MOST_WEEKS = 260

Hours = Annotated[float, Field(ge=0, le=10_000_000, allow_inf_nan=False)]
Share = Annotated[float, Field(ge=0, le=100, allow_inf_nan=False)]
Heads = Annotated[int, Field(ge=0, le=100_000)]


class CapacityGroup(Schema):
    """Work of a planning group in every week: as volumes with goals, or as hours on queue."""

    id: Identifier = Field(examples=["voice"])
    name: Text = ""
    volumes: Annotated[tuple[Annotated[float, Field(ge=0, le=100_000_000, allow_inf_nan=False)], ...], Listed] = Field(
        default=(), description="Contacts offered in each week."
    )
    aht_seconds: Annotated[float, Field(gt=0, le=1_000_000, allow_inf_nan=False)] | None = Field(
        default=None, description="Mean handle time; needed with `volumes`."
    )
    week_pattern: Annotated[tuple[Hours, ...], Listed] = Field(
        default=(),
        description="How a week's contacts fall on its intervals, from the first midnight of the week on, as parts of "
        "any sum. None given: evenly from 08:00 to 20:00 on the first five days.",
    )
    pattern_interval_minutes: Literal[15, 30, 60] = Field(default=30, description="Length of the pattern's intervals.")
    service_goal: ServiceGoal | None = None
    max_abandonment_percent: Percent | None = None
    max_occupancy_percent: Annotated[float, Field(ge=1, le=100, allow_inf_nan=False)] | None = None
    patience_seconds: Annotated[float, Field(ge=0.1, le=1_000_000, allow_inf_nan=False)] | None = Field(
        default=None, description="Mean time after which a waiting contact gives up; none = nobody does."
    )
    max_mean_wait_seconds: Seconds | None = None
    concurrency: Annotated[int, Field(ge=1, le=50)] = 1
    required_hours: Annotated[tuple[Hours, ...], Listed] = Field(
        default=(), description="In place of volumes: hours needed on queue in each week."
    )
    schedule_efficiency_percent: Annotated[float, Field(ge=1, le=100, allow_inf_nan=False)] = Field(
        default=100, description="Share of the hours on queue that rosters bring to where they are required."
    )
    understaffing_cost_per_hour: Amount = Field(default=60, validate_default=True)
    overstaffing_cost_per_hour: Amount = Field(default=0, validate_default=True, description="On top of the pay.")


class CapacityWorkPlan(Schema):
    """A kind of contract."""

    id: Identifier = Field(examples=["ft40"])
    name: Text = ""
    paid_hours_per_week: Annotated[float, Field(ge=0.25, le=100, allow_inf_nan=False)] = Field(examples=[40])
    hourly_cost: Amount = Field(examples=[20])


class Staff(Schema):
    """Agents who are there already, or are known to come."""

    planning_group_id: Identifier
    work_plan_id: Identifier
    agents: Heads
    start_date: Day | None = Field(
        default=None, description="When they start, training first; none = long before, fully trained."
    )


class Attrition(Schema):
    """How many leave."""

    percent_per_month: Percent = Field(default=0, description="Of those who have been there for long.")
    new_percent_per_month: Percent | None = Field(default=None, description="Of those who are new; none = the same.")
    new_weeks: Annotated[int, Field(ge=0, le=MOST_WEEKS)] = Field(default=13, description="How long one is new.")


class Training(Schema):
    """From the first day to full speed."""

    weeks: Annotated[int, Field(ge=0, le=52)] = Field(default=0, description="Paid weeks before the first contact.")
    learning_curve_percent: Annotated[
        tuple[Annotated[float, Field(ge=0, le=100, allow_inf_nan=False)], ...], Listed
    ] = Field(default=(), description="Work done in each week after training, of what the experienced do.")


class Hiring(Schema):
    """How people are hired: in classes."""

    cost_per_hire: Amount = Field(default=0, validate_default=True)
    class_size_min: Annotated[int, Field(ge=1, le=1000)] = 1
    class_size_max: Annotated[int, Field(ge=1, le=1000)] = 20
    classes_per_week: Annotated[int, Field(ge=0, le=100)] = Field(
        default=1, description="Most classes that start in a week, over all planning groups."
    )
    first_week: Annotated[int, Field(ge=0, le=MOST_WEEKS)] = Field(
        default=0, description="Weeks from now to the first class."
    )
    work_plan_ids: Annotated[tuple[Identifier, ...], Listed] = Field(
        default=(), description="Contracts that are offered; none given = all."
    )


class OvertimeTerms(Schema):
    """Overtime as the alternative to hiring."""

    max_percent: Share = Field(default=0, description="Most overtime in a week, of the hours of those on queue.")
    rate_multiplier: Annotated[float, Field(ge=1, le=10, allow_inf_nan=False)] = 1.5


class CapacityRequest(Schema):
    """Weeks of work, people, and what may be done about the difference."""

    name: Text = ""
    start_date: Day = Field(description="First day of the first week.", examples=["2027-01-04"])
    weeks: Annotated[int, Field(ge=1, le=MOST_WEEKS)] = Field(examples=[26])
    currency: Annotated[str, Field(min_length=1, max_length=10)] = "EUR"
    planning_groups: Annotated[tuple[CapacityGroup, ...], Listed, Field(min_length=1)]
    work_plans: Annotated[tuple[CapacityWorkPlan, ...], Listed, Field(min_length=1)]
    staff: Annotated[tuple[Staff, ...], Listed] = ()
    shrinkage_percent: Percent = Field(default=30, description="Paid time that is not spent on queue.")
    shrinkage_percent_by_week: Annotated[tuple[Percent, ...], Listed] = Field(
        default=(), description="For each week, in place of the one for all."
    )
    attrition: Attrition = Attrition()
    training: Training = Training()
    hiring: Hiring = Hiring()
    overtime: OvertimeTerms = OvertimeTerms()
    compare_goals_percent: Annotated[
        tuple[Annotated[float, Field(gt=0, lt=100, allow_inf_nan=False)], ...], Listed, Field(max_length=10)
    ] = Field(default=(), description="Other percentages of the service goals, whose price is to be told as well.")
    time_limit_seconds: Annotated[float, Field(gt=0, le=300)] = 20


class CapacityCost(Schema):
    """Money over all weeks."""

    total: float
    pay: float = Field(description="Regular pay of everybody on the payroll, training included.")
    hiring: float
    overtime: float
    understaffing: float
    overstaffing: float


class CapacityWeek(Schema):
    """A week of a planning group."""

    start_date: date
    required_hours: float = Field(description="Hours needed on queue.")
    required_agents: float = Field(description="Full-time equivalents of the first work plan that bring these hours.")
    available_hours: float = Field(description="Hours on queue without overtime, shrinkage and learning taken out.")
    overtime_hours: float
    gap_hours: float = Field(description="Available and overtime less required; negative = short.")
    agents: float = Field(description="On the payroll, expected.")
    agents_in_training: float
    leavers: float = Field(description="Expected to leave during the week.")
    hires: int = Field(description="Who start in this week by this plan.")
    replacement_hires: int = Field(description="Those of them who take the place of leavers.")
    growth_hires: int = Field(description="The others.")


class CapacityGroupPlan(Schema):
    """All weeks of a planning group."""

    id: str
    weeks: tuple[CapacityWeek, ...]


class Hire(Schema):
    """People to hire."""

    planning_group_id: str
    work_plan_id: str
    start_date: date
    agents: int
    classes: int


class GoalPrice(Schema):
    """What another percentage of the service goals would take."""

    percent: float
    required_hours: float
    agents_mean: float = Field(description="On the payroll, mean over the weeks.")
    agents_last_week: float
    hires: int
    cost: float
    lower_bound: float
    short_hours: float


class CapacityPlan(Schema):
    """Hires by week and what comes of them, with what no plan can cost less than."""

    name: str = ""
    currency: str = "EUR"
    verdict: Literal["optimal", "feasible"]
    cost: CapacityCost
    lower_bound: float
    gap_percent: float
    hires: tuple[Hire, ...]
    planning_groups: tuple[CapacityGroupPlan, ...]
    goals: tuple[GoalPrice, ...] = ()
    messages: tuple[Message, ...] = ()
