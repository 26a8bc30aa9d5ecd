"""Agents who come and go together: a carpool, a pair, a team."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable
from typing import Annotated, ClassVar, Literal, Self

from pydantic import Field, model_validator

from schemas.money import Amount
from schemas.request import Agent, Identifier, Listed, RosterRequest
from schemas.roster_rule import RosterRule
from solver.roster_rules.base import Misfit, is_named


class SameShifts(RosterRule):
    """On every day these agents have the same shift: the same start and the same end, or all of them the day off.

    Where their activities lie within the shift is up to each. With `may_be_off` a day off is no departure: then those
    who work on a day have the same shift. On a day on which they do not, every agent beyond the largest part of them
    that agrees is one breach.
    """

    kind: Literal["same_shifts"] = "same_shifts"
    agent_ids: Annotated[tuple[Identifier, ...], Listed] = Field(
        default=(), description="The agents.", examples=[["A001", "A002"]]
    )
    tags: Annotated[tuple[Identifier, ...], Listed] = Field(
        default=(), description="Agents with any of these tags are meant too.", examples=[["carpool-1"]]
    )
    may_be_off: bool = Field(default=False, description="Whether some may be off while others work.")
    cost: Amount | None = Field(
        default=None,
        description="Price of each agent who departs, by the day; without it the rule is hard.",
        examples=[20],
    )

    hinders: ClassVar[str] = "would come without the rest of their team"
    sentence: ClassVar[str] = "{who} are to have the same shift on {day}."

    @model_validator(mode="after")
    def says_who(self) -> Self:
        if not self.agent_ids and not self.tags:
            raise ValueError("say who has the same shifts, by agent_ids, by tags or by both")
        return self

    def ties(self, agent: Agent) -> bool:
        """Whether the agent is one of those who have the same shifts."""
        return is_named(agent, self.agent_ids, self.tags)

    def units(self, works: Iterable[Hashable]) -> int:
        """Departures on a day, from what each agent works then: equal for equal shifts, None for a day off."""
        counted = Counter(shift for shift in works if shift is not None or not self.may_be_off)
        return counted.total() - max(counted.values(), default=0)

    def misfit(self, request: RosterRequest) -> Misfit | None:
        """What no roster of the request could keep, known without solving."""
        tied = sum(agent.count for agent in request.agents if self.ties(agent))
        if tied >= 2:
            return None
        text = f"The same shifts are asked of {tied} agent. Maybe somebody's id, or a tag, is missing."
        return Misfit("agent_ids" if self.agent_ids else "tags", f"{tied} agent", "two agents or more", text)
