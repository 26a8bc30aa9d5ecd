"""Days worked per week or period."""

from __future__ import annotations

from typing import ClassVar, Literal

from pydantic import Field

from solver.rules.base import RuleAgent, Worked, many
from solver.rules.limits import WeekOrPeriod


class DaysWorked(WeekOrPeriod):
    """An agent works on at least `min` and at most `max` days per week, or over the whole period.

    A day with a shift counts, time off does not. The week in which the period begins counts the history's
    `days_worked_in_week`, the period counts `days_worked_in_period`. A week's minimum is asked only of weeks whose last
    day lies in the period. Each day outside is one breach.
    """

    kind: Literal["days_worked"] = "days_worked"
    min: int | None = Field(default=None, ge=0, le=1000, description="Fewest days.", examples=[4])
    max: int | None = Field(default=None, ge=0, le=1000, description="Most days.", examples=[5])

    repeats: ClassVar[bool] = True
    sentence: ClassVar[str] = "{agent} works {days} in the {span} up to {day}; {limit}."
    hinders: ClassVar[str] = "have no working day left"
    unit: ClassVar[str] = "day"

    def amount(self, shift: Worked | None, credit: int) -> int:
        return int(shift is not None)

    def before(self, agent: RuleAgent) -> int:
        history = agent.history
        return history.days_worked_in_week if self.per == "week" else history.days_worked_in_period

    def facts(self, total: int) -> dict[str, object]:
        return {"days": many(total, "day"), "span": self.per}
