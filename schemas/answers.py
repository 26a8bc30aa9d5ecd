"""What the service answers besides jobs and rosters."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field

from schemas.base import Schema
from schemas.fault import Fault
from schemas.job import Job
from schemas.prediction import Prediction
from schemas.request import RosterRequest
from schemas.roster import Cost, CoverageSeries, Message, PredictedService, Roster, Statistics, Violation
from schemas.staffing import StaffingRequest


class JobPage(Schema):
    """Some jobs, newest first."""

    jobs: tuple[Job, ...]
    next_cursor: str | None = Field(description="Where the next page begins; none on the last page.")


class Validation(Schema):
    """Everything that is wrong with a request, and what a reader of it should know."""

    valid: bool = Field(description="Whether the request would be accepted.")
    faults: tuple[Fault, ...] = ()
    messages: tuple[Message, ...] = ()


class EvaluationRequest(Schema):
    """A request and a roster for it, made by hand, by Stint or by another planner."""

    request: RosterRequest
    roster: Roster
    work: StaffingRequest | None = Field(
        default=None, description="Volumes, handle times and goals by planning group, to predict the service too."
    )


class Evaluation(Schema):
    """What the judge says of a roster."""

    cost: Cost
    coverage: tuple[CoverageSeries, ...]
    service: tuple[PredictedService, ...] = Field(
        default=(), description="Of planning groups with a service goal, by the span of the goal."
    )
    violations: tuple[Violation, ...] = Field(description="What it breaks; empty when every hard rule is kept.")
    priced_breaches: tuple[Violation, ...] = Field(default=(), description="Breaches of priced rules, in the cost.")
    paid_minutes: dict[str, int] = Field(description="Paid minutes of each agent, paid time off included.")
    statistics: Statistics
    prediction: Prediction | None = Field(default=None, description="The service of the roster, where work was given.")
    messages: tuple[Message, ...] = ()


class RulePage(Schema):
    """One rule of the rule book."""

    kind: str = Field(description="What a work plan calls it by.")
    text: str = Field(description="What it asks for, and what one breach of it is.")
    json_schema: dict[str, Any] = Field(alias="schema", description="JSON Schema of its fields.")


class RuleBook(Schema):
    """Every rule there is."""

    rules: tuple[RulePage, ...]


class Health(Schema):
    """A sign of life."""

    status: Literal["ok"]
    version: str
