"""Somebody who must be there: a senior, a first-aider, a keyholder."""

from __future__ import annotations

from typing import ClassVar, Literal

from pydantic import Field

from schemas.request import Agent, Identifier, RosterRequest
from solver.roster_rules.base import CountRule, Misfit, Where


class OnDuty(CountRule):
    """At least `min` agents of some kind are on queue whenever somebody is required: one senior, for instance.

    With a `planning_group_id` it is asked for while that group requires anybody, and those who know the group are
    counted, whichever group they serve at the time. Each agent missing is a breach for as long as it lasts.
    """

    kind: Literal["on_duty"] = "on_duty"
    min: int = Field(default=1, ge=1, le=100_000, description="Fewest agents on queue.")
    planning_group_id: Identifier | None = Field(
        default=None, description="The planning group whose requirements ask for them; none given = any."
    )

    where: ClassVar[Where] = "on_queue"
    sentence: ClassVar[str] = "{number} of those asked for are on queue from {start} to {end}; the least is {limit}."

    def counts(self, agent: Agent) -> bool:
        known = {skill.planning_group_id for skill in agent.skills}
        return super().counts(agent) and (
            self.planning_group_id is None or not known or self.planning_group_id in known
        )

    @property
    def always(self) -> bool:
        return False

    def asked_by(self, planning_group_id: str) -> bool:
        return self.planning_group_id in (None, planning_group_id)

    def units(self, number: int) -> int:
        return max(0, self.min - number)

    def misfit(self, request: RosterRequest) -> Misfit | None:
        there = sum(agent.count for agent in request.agents if self.counts(agent))
        if self.cost_per_hour is not None or there >= self.min:
            return None
        return Misfit(
            "min",
            self.min,
            f"at most {there}",
            f"At least {self.min} are to be on queue, and {there} of the agents can be. "
            "Maybe more agents need the tag or the skill, or the rule a cost_per_hour, so that it may be broken.",
        )

    @property
    def limit(self) -> int:
        return self.min
