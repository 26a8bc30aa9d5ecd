"""Breaks and meals at the same time."""

from __future__ import annotations

from typing import ClassVar, Literal

from pydantic import Field

from solver.roster_rules.base import CountRule, Where


class BreaksAtOnce(CountRule):
    """At most `max` agents are on a break or a meal at once.

    With `growing` the first beyond the most is one breach, the second two more, the third three more: so a price with
    `max` 0 spreads breaks evenly over the day without forbidding anything.
    """

    kind: Literal["breaks_at_once"] = "breaks_at_once"
    max: int = Field(ge=0, le=100_000, description="Most agents on break or meal.", examples=[5])
    growing: bool = Field(default=False, description="Whether each further agent counts for one more than the last.")

    where: ClassVar[Where] = "away"
    sentence: ClassVar[str] = "{number} agents are on a break from {start} to {end}; the most is {limit}."

    def units(self, number: int) -> int:
        beyond = max(0, number - self.max)
        return beyond * (beyond + 1) // 2 if self.growing else beyond

    @property
    def limit(self) -> int:
        return self.max
