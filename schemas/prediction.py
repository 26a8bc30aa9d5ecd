"""Predicted service: a roster and the work that is to come in, what contacts get of it out."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from schemas.base import Schema
from schemas.request import Day, Listed, RosterRequest
from schemas.roster import Message, Roster
from schemas.staffing import StaffingRequest


class Simulation(Schema):
    """How to play the contacts against the roster, one by one."""

    runs: Annotated[int, Field(ge=2, le=1000)] = 20
    seed: Annotated[int, Field(ge=0, le=2**31 - 1)] = 1
    routing: Literal["skills", "assigned"] = Field(
        default="skills",
        description="`assigned`: an agent serves the planning group that the roster says; "
        "`skills`: others that it knows as well, when nobody waits there.",
    )
    arrivals: Literal["random", "as_given"] = Field(
        default="random", description="`random`: volumes are means; `as_given`: just so many come, at random times."
    )


class PredictionRequest(Schema):
    """A request, a roster for it, and the work by planning group in the form of a staffing request."""

    request: RosterRequest
    roster: Roster
    work: StaffingRequest
    simulation: Simulation | None = Field(default=None, description="None = by the formulas alone.")


class PredictedInterval(Schema):
    """The service of a planning group in an interval."""

    start: str
    volume: float
    staff: float = Field(description="Agents on queue, on average over the interval, by proficiency.")
    required: int
    required_with_shrinkage: int
    net: float = Field(description="Staff less required.")
    service_level_percent: float | None
    mean_wait_seconds: float | None = Field(description="None where the queue would grow without end.")
    abandonment_percent: float
    occupancy_percent: float
    outside_goal: float | None = Field(
        description="Contacts not answered within the goal's seconds; none without a goal."
    )


class PredictedSpan(Schema):
    """The service over a day or the period: shares are of contacts, hours of agents."""

    volume: float
    service_level_percent: float | None
    mean_wait_seconds: float | None
    abandonment_percent: float
    occupancy_percent: float
    outside_goal: float | None
    required_hours: float
    required_hours_with_shrinkage: float
    staff_hours: float
    short_hours: float
    over_hours: float


class PredictedDay(PredictedSpan):
    """The service over a day."""

    date: Day


class PredictedGroup(Schema):
    """A planning group's service."""

    id: str
    intervals: Annotated[tuple[PredictedInterval, ...], Listed]
    days: Annotated[tuple[PredictedDay, ...], Listed]
    period: PredictedSpan


class Estimate(Schema):
    """A mean over runs and where it lies with 95 % confidence."""

    mean: float
    low: float
    high: float


class SimulatedSpan(Schema):
    """What the runs gave; none of a figure where no contact came."""

    volume: Estimate
    service_level_percent: Estimate | None
    mean_wait_seconds: Estimate | None = Field(description="Until answered or given up.")
    abandonment_percent: Estimate | None
    occupancy_percent: Estimate | None
    outside_goal: Estimate | None


class SimulatedInterval(SimulatedSpan):
    """Of contacts that came in an interval."""

    start: str


class SimulatedDay(SimulatedSpan):
    """Of contacts that came on a day."""

    date: Day


class SimulatedGroup(Schema):
    """A planning group in the simulation."""

    id: str
    intervals: Annotated[tuple[SimulatedInterval, ...], Listed]
    days: Annotated[tuple[SimulatedDay, ...], Listed]
    period: SimulatedSpan


class Simulated(Schema):
    """What the simulation found."""

    runs: int
    contacts: int = Field(description="Contacts of all runs.")
    seconds: float
    planning_groups: Annotated[tuple[SimulatedGroup, ...], Listed]
    period: SimulatedSpan = Field(description="All planning groups together.")


class Prediction(Schema):
    """The service of a roster, by the formulas and, where asked for, by simulation."""

    planning_groups: Annotated[tuple[PredictedGroup, ...], Listed]
    days: Annotated[tuple[PredictedDay, ...], Listed] = Field(description="All planning groups together.")
    period: PredictedSpan
    simulation: Simulated | None = None
    messages: Annotated[tuple[Message, ...], Listed] = ()
