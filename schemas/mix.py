"""How many of which contract: anonymous people with a work plan each, as many as cost least."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from schemas.base import Schema
from schemas.money import Amount
from schemas.request import Availability, Identifier, Listed, RosterRequest, Skill
from schemas.roster import Cost, Message, Roster, Verdict


class Contract(Schema):
    """A kind of person that may be employed, as often as it pays."""

    id: Identifier = Field(examples=["ft40"])
    work_plan_id: Identifier
    hourly_cost: Amount = Field(default=0, validate_default=True)
    employment_cost: Amount = Field(
        default=0, validate_default=True, description="What one costs for the period besides the hours that are worked."
    )
    skills: Annotated[tuple[Skill, ...], Listed] = ()
    availability: Annotated[tuple[Availability, ...], Listed] = ()
    min: Annotated[int, Field(ge=0, le=2000)] = Field(
        default=0, description="Fewest that there are to be; each of them works at least once."
    )
    max: Annotated[int, Field(ge=0, le=2000)] | None = Field(
        default=None, description="Most that there may be; none = as many as the requirement could keep busy."
    )


class MixRequest(Schema):
    """A roster request, whose agents are those who are there anyway, and the contracts that may be added."""

    request: RosterRequest
    contracts: Annotated[tuple[Contract, ...], Listed, Field(min_length=1)]


class ContractCount(Schema):
    """How many of a contract."""

    contract_id: str
    agents: int
    paid_hours: float
    most: int = Field(description="How many could have been taken.")


class WorkPlanMix(Schema):
    """The cheapest mix that was found, with its roster, and what no mix can cost less than."""

    verdict: Verdict
    contracts: tuple[ContractCount, ...]
    cost: Cost | None = Field(description="Employment is part of `rules`.")
    employment_cost: float = 0
    lower_bound: float | None
    gap_percent: float | None
    roster: Roster
    messages: tuple[Message, ...] = ()
