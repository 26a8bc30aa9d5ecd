"""How many shifts of a kind are worked."""

from __future__ import annotations

from typing import ClassVar, Literal, Self

from pydantic import Field, model_validator

from solver.rules.base import RuleAgent, Worked, many
from solver.rules.kinds import NamesShifts
from solver.rules.limits import WeekOrPeriod


class ShiftCount(NamesShifts, WeekOrPeriod):
    """An agent works at least `min` and at most `max` shifts of a kind per week, or over the whole period.

    The kind is said by the ids of shifts, by the clock times between which they start or stop, or by all of these:
    nights are those that start from 20:00 to 26:00. The history's `shifts` count: those of the week in which the period
    begins toward that week, all that are given toward the period. A week's minimum is asked only of weeks whose last
    day lies in the period. Each shift outside is one breach.
    """

    kind: Literal["shift_count"] = "shift_count"
    min: int | None = Field(default=None, ge=0, le=1000, description="Fewest shifts.")
    max: int | None = Field(default=None, ge=0, le=1000, description="Most shifts.", examples=[2])

    repeats: ClassVar[bool] = True
    sentence: ClassVar[str] = "{agent} works {shifts} of {which} in the {span} up to {day}; {limit}."
    hinders: ClassVar[str] = "have had all shifts of the kind that they may have"
    unit: ClassVar[str] = "shift"

    @model_validator(mode="after")
    def says_which(self) -> Self:
        if self.names_none:
            raise ValueError(
                "shift_count needs shift_ids, starts, stops or several; for all shifts there is days_worked"
            )
        return self

    def amount(self, shift: Worked | None, credit: int) -> int:
        return int(self.holds(shift))

    def before(self, agent: RuleAgent) -> int:
        past = agent.past if self.per == "period" else agent.past_of_week
        return sum(self.holds(shift) for shift in past)

    def facts(self, total: int) -> dict[str, object]:
        which = ", ".join(self.shift_ids) if self.shift_ids else "that time of day"
        return {"shifts": many(total, "shift"), "which": which, "span": self.per}
