"""Staffing: volumes, handle times and service goals in, agents needed and the service they give out."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from schemas.base import Schema
from schemas.clock import LocalDateTime
from schemas.request import Identifier, Listed, Requirement
from schemas.roster import Message

Percent = Annotated[float, Field(ge=0, lt=100, allow_inf_nan=False)]
Seconds = Annotated[float, Field(ge=0, le=1_000_000, allow_inf_nan=False)]


class ServiceGoal(Schema):
    """So many percent of contacts answered within so many seconds."""

    percent: Annotated[float, Field(gt=0, le=100, allow_inf_nan=False)] = Field(
        description="Below 100, for callers come at random.", examples=[80]
    )
    within_seconds: Seconds = Field(examples=[20])


class StaffingInterval(Schema):
    """What arrives in an interval."""

    start: LocalDateTime = Field(description="Start of the interval.")
    volume: Annotated[float, Field(ge=0, le=10_000_000, allow_inf_nan=False)] = Field(description="Contacts offered.")
    aht_seconds: Annotated[float, Field(gt=0, le=1_000_000, allow_inf_nan=False)] = Field(
        description="Mean handle time, after-call work included."
    )
    shrinkage_percent: Percent | None = Field(default=None, description="Of this interval, in place of the group's.")
    planned_shrinkage_percent: Percent | None = Field(default=None, description="The same of planned shrinkage alone.")
    unplanned_shrinkage_percent: Percent | None = Field(default=None, description="The same of unplanned shrinkage.")
    max_staff: Annotated[int, Field(ge=0, le=100_000)] | None = Field(
        default=None, description="Of this interval, in place of the group's; 0 = closed."
    )
    staff: Annotated[int, Field(ge=0, le=100_000)] | None = Field(
        default=None, description="Agents on queue whose service is to be predicted as well."
    )


class StaffingGoals(Schema):
    """What a planning group is to reach; every limit that is given holds at once."""

    service_goal: ServiceGoal | None = None
    max_mean_wait_seconds: Seconds | None = Field(default=None, description="Longest mean wait of all contacts.")
    max_abandonment_percent: Percent | None = Field(default=None, description="Most contacts that may give up.")
    max_occupancy_percent: Annotated[float, Field(gt=0, le=100, allow_inf_nan=False)] | None = Field(
        default=None, description="Busiest that agents on queue may be."
    )
    shrinkage_percent: Percent = Field(default=0, description="Share of paid time that is not spent on queue.")
    planned_shrinkage_percent: Percent | None = Field(
        default=None, description="In place of the whole: breaks, training and leave, which a roster holds already."
    )
    unplanned_shrinkage_percent: Percent | None = Field(
        default=None, description="In place of the whole: illness and lateness, of the time that is left."
    )
    patience_seconds: Annotated[float, Field(gt=0, le=1_000_000, allow_inf_nan=False)] | None = Field(
        default=None, description="Mean time after which a waiting contact gives up; none = nobody does."
    )
    concurrency: Annotated[int, Field(ge=1, le=50)] = Field(
        default=1, description="Contacts that an agent handles at the same time, as in chat."
    )
    slowdown_percent: Annotated[float, Field(ge=0, le=100, allow_inf_nan=False)] = Field(
        default=0, description="How much longer a contact takes for each further one that its agent handles with it."
    )
    deadline_minutes: Annotated[int, Field(ge=1, le=1_000_000)] | None = Field(
        default=None, description="For work that can wait, as mail: done within so long after it came."
    )
    backlog: Annotated[float, Field(ge=0, le=10_000_000, allow_inf_nan=False)] = Field(
        default=0,
        description="With a deadline: contacts left from before, due as if they came with the first interval.",
    )
    max_staff: Annotated[int, Field(ge=0, le=100_000)] | None = Field(
        default=None,
        description="Most agents that there are on queue; where they are too few, the answer says how near they get.",
    )
    intervals: Annotated[tuple[StaffingInterval, ...], Listed] = ()


class StaffingGroup(StaffingGoals):
    """A planning group; what it does not say itself is taken from the request."""

    id: Identifier


class StaffingRequest(StaffingGoals):
    """Volumes of one planning group, or of several."""

    time_zone: str = Field(default="UTC", max_length=100, description="Zone of date-times without an offset.")
    interval_minutes: Literal[5, 10, 15, 30, 60] = 30
    planning_groups: Annotated[tuple[StaffingGroup, ...], Listed] = ()
    curve: bool = Field(default=False, description="Tell the service of fewer and of more agents as well.")
    requirements_with: Literal["nothing", "unplanned_shrinkage", "shrinkage"] = Field(
        default="nothing", description="What the `requirements` of the answer allow for."
    )


class Service(Schema):
    """What callers get from so many agents."""

    staff: int = Field(description="Agents on queue.")
    service_level_percent: float | None = Field(
        description="Contacts answered within the goal's seconds, of all that are offered; none without a goal."
    )
    occupancy_percent: float = Field(description="Share of their time that agents on queue are busy.")
    mean_wait_seconds: float | None = Field(
        description="Mean wait of all contacts; none where the queue grows without end."
    )
    abandonment_percent: float = Field(description="Contacts that give up, of all that are offered.")


class StaffedInterval(Schema):
    """What an interval needs, and the service that this gives."""

    start: str
    required: int = Field(description="Fewest agents on queue that reach every goal.")
    required_with_shrinkage: int = Field(description="Agents to pay so that these are on queue.")
    service_level_percent: float | None
    occupancy_percent: float
    mean_wait_seconds: float | None
    abandonment_percent: float
    required_with_unplanned_shrinkage: int | None = Field(
        default=None, description="Agents to roster so that these are on queue; none where shrinkage is not told apart."
    )
    backlog: float | None = Field(
        default=None, description="With a deadline: contacts left at the end of the interval."
    )
    attainable: Service | None = Field(
        default=None, description="The service of `max_staff` where that is too few: how near one can get."
    )
    predicted: Service | None = Field(default=None, description="The service of the `staff` that was given.")
    curve: tuple[Service, ...] = Field(default=(), description="The service of fewer and of more agents.")


class StaffedGroup(Schema):
    """A planning group's intervals."""

    id: str
    intervals: tuple[StaffedInterval, ...]


class Staffing(Schema):
    """Agents needed, and in the form of a roster request's `requirements`."""

    intervals: tuple[StaffedInterval, ...] = Field(default=(), description="Of a request for a single group.")
    planning_groups: tuple[StaffedGroup, ...] = ()
    requirements: Annotated[tuple[Requirement, ...], Listed] = Field(
        default=(), description="Ready for a roster request: agents needed on the planning group."
    )
    messages: tuple[Message, ...] = ()
