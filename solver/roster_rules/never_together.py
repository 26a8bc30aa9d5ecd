"""Agents who are kept apart."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from schemas.request import Identifier, Listed
from solver.roster_rules.base import CountRule, Where


class NeverTogether(CountRule):
    """Of these agents no two are on site at the same time, breaks included.

    Each agent beyond the first is a breach for as long as it lasts.
    """

    kind: Literal["never_together"] = "never_together"
    agent_ids: Annotated[tuple[Identifier, ...], Listed] = Field(
        min_length=2, description="The agents, two or more.", examples=[["A001", "A002"]]
    )

    where: ClassVar[Where] = "on_site"
    hinders: ClassVar[str] = "would be on site with somebody to be kept apart from"
    sentence: ClassVar[str] = "{number} of {names} are on site from {start} to {end}; they are to be kept apart."

    def units(self, number: int) -> int:
        return max(0, number - 1)

    @property
    def limit(self) -> int:
        return 1
