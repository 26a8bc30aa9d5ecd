"""Places to sit."""

from __future__ import annotations

from typing import ClassVar, Literal

from pydantic import Field

from solver.roster_rules.base import CountRule, Where


class Seats(CountRule):
    """At most `max` agents are on site at once, breaks and meals included.

    With `tags` or `agent_ids` the seats are those of one site, and only its agents take them. Each agent too many is a
    breach for as long as it lasts.
    """

    kind: Literal["seats"] = "seats"
    max: int = Field(ge=0, le=100_000, description="Seats.", examples=[40])

    where: ClassVar[Where] = "on_site"
    hinders: ClassVar[str] = "would need a seat where all are taken"
    sentence: ClassVar[str] = "{number} agents are on site from {start} to {end}; there are {limit} seats."

    def units(self, number: int) -> int:
        return max(0, number - self.max)

    @property
    def limit(self) -> int:
        return self.max
