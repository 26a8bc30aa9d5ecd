"""Paid minutes per week or period."""

from __future__ import annotations

from typing import ClassVar, Literal

from pydantic import Field

from solver.rules.base import RuleAgent, Worked, many
from solver.rules.limits import WeekOrPeriod


class PaidMinutes(WeekOrPeriod):
    """An agent is paid for at least `min` and at most `max` minutes per week, or over the whole period.

    Paid time off counts, on the first day that it touches. The week in which the period begins counts the history's
    `paid_minutes_in_week`, the period counts `paid_minutes_in_period`. A week's minimum is asked only of weeks whose
    last day lies in the period. Each minute outside is one breach.
    """

    kind: Literal["paid_minutes"] = "paid_minutes"
    min: int | None = Field(default=None, ge=0, le=1_000_000, description="Fewest paid minutes.", examples=[2280])
    max: int | None = Field(default=None, ge=0, le=1_000_000, description="Most paid minutes.", examples=[2400])

    repeats: ClassVar[bool] = True
    sentence: ClassVar[str] = "{agent} is paid for {minutes} in the {span} up to {day}; {limit}."
    hinders: ClassVar[str] = "have used up their hours"
    unit: ClassVar[str] = "paid minute"

    def amount(self, shift: Worked | None, credit: int) -> int:
        return credit + (0 if shift is None else shift.paid_minutes)

    def before(self, agent: RuleAgent) -> int:
        history = agent.history
        return history.paid_minutes_in_week if self.per == "week" else history.paid_minutes_in_period

    def facts(self, total: int) -> dict[str, object]:
        return {"minutes": many(total, "minute"), "span": self.per}
