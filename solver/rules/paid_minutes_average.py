"""Paid hours on average over some weeks."""

from __future__ import annotations

from typing import ClassVar, Literal

from pydantic import Field

from schemas.request import Minutes
from solver.rules.base import Day, RuleAgent, Worked
from solver.rules.limits import SpanLimits


class PaidMinutesAverage(SpanLimits):
    """Over every `weeks` weeks an agent has on average at least `min` and at most `max` paid minutes a week.

    The weeks are taken in blocks, from the one in which the period begins; paid time off counts, and the history's
    `paid_minutes_in_week` counts toward the first block. A block's minimum is asked only where its last day lies in the
    period. Each minute by which a block's sum is outside is one breach.
    """

    kind: Literal["paid_minutes_average"] = "paid_minutes_average"
    weeks: int = Field(ge=1, le=53, description="Weeks of a block.", examples=[4])
    min: Minutes | None = Field(default=None, description="Fewest paid minutes a week on average.", examples=[2280])
    max: Minutes | None = Field(default=None, description="Most paid minutes a week on average.", examples=[2400])

    sentence: ClassVar[str] = "{agent} has {minutes} paid minutes in the {weeks} weeks up to {day}; {limit}."
    hinders: ClassVar[str] = "have used up their hours of several weeks"
    unit: ClassVar[str] = "paid minute"
    told_as: ClassVar[str] = "the {which} on average is {limit} a week"

    @property
    def span_words(self) -> str:
        return " a week on average"

    @property
    def least(self) -> int:
        return (self.min or 0) * self.weeks

    @property
    def most(self) -> int | None:
        return None if self.max is None else self.max * self.weeks

    def amount(self, shift: Worked | None, credit: int) -> int:
        return credit + (0 if shift is None else shift.paid_minutes)

    def before(self, agent: RuleAgent) -> int:
        return agent.history.paid_minutes_in_week

    def span_of(self, day: Day) -> int:
        return day.week // self.weeks

    def ends(self, day: Day) -> bool:
        return day.ends_week and day.week % self.weeks == self.weeks - 1

    def facts(self, total: int) -> dict[str, object]:
        return {"minutes": total, "weeks": self.weeks}
