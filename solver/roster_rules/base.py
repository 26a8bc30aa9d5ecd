"""What rules that count agents in every interval have in common."""

from __future__ import annotations

from collections.abc import Collection
from typing import Annotated, ClassVar, Literal, NamedTuple

from pydantic import Field

from schemas.money import Amount
from schemas.request import Agent, Identifier, Listed, RosterRequest
from schemas.roster_rule import RosterRule

Where = Literal["on_site", "away", "on_queue"]
"""In a shift, breaks included; in a break or meal; on queue."""


class Misfit(NamedTuple):
    """Why a rule cannot be kept, or means nothing, and which field says so."""

    field: str
    found: object
    expected: str
    text: str


def is_named(agent: Agent, agent_ids: Collection[str], tags: Collection[str]) -> bool:
    """Whether a rule means the agent, by id or by a tag."""
    return agent.id in agent_ids or not set(tags).isdisjoint(agent.tags)


class CountRule(RosterRule):
    """Agents are counted in every interval; each count breaks so many units, convex in the count."""

    cost_per_hour: Amount | None = Field(
        default=None,
        description="Price of one agent too many, or too few, for an hour; without it the rule is hard.",
        examples=[50],
    )

    where: ClassVar[Where]
    """Whose being there counts."""

    hinders: ClassVar[str] = ""
    """What it has that keeps an agent from being there as well, after "{agents} …"; empty where it keeps none away."""

    sentence: ClassVar[str]
    """What is told of a stretch in which the rule is broken."""

    agent_ids: Annotated[tuple[Identifier, ...], Listed] = Field(
        default=(), description="Agents who are counted; none given, and no tags = all."
    )
    tags: Annotated[tuple[Identifier, ...], Listed] = Field(
        default=(), description="Agents with any of these tags are counted too.", examples=[["tallinn"]]
    )

    def counts(self, agent: Agent) -> bool:
        """Whether the agent is one of those who are counted."""
        if not self.agent_ids and not self.tags:
            return True
        return is_named(agent, self.agent_ids, self.tags)

    def asked_by(self, planning_group_id: str) -> bool:
        """For rules that are only asked for while somebody is required: whether a requirement of this group does."""
        return False

    @property
    def always(self) -> bool:
        """Whether the rule holds at all times, and not only while somebody is required."""
        return True

    def units(self, number: int) -> int:
        """Agents too many or too few when so many are counted."""
        raise NotImplementedError

    def misfit(self, request: RosterRequest) -> Misfit | None:
        """What no roster of the request could keep, known without solving."""
        return None

    @property
    def limit(self) -> int:
        """The number that the sentence tells."""
        raise NotImplementedError
