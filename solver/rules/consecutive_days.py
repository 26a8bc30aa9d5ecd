"""Working days in a row."""

from __future__ import annotations

from typing import ClassVar, Literal

from pydantic import Field

from solver.rules.base import RuleAgent, Worked
from solver.rules.runs import RunLimits


class ConsecutiveDays(RunLimits):
    """An agent works at most `max` days in a row, and at least `min`.

    Days worked before the planning period count, so a streak that began last month is seen. Each day beyond the limit
    is one breach: nine days under a limit of six are three. Each day that a run is short of `min` is one breach, but a
    run that the end of the period cuts off is not short, and neither is one that may have begun before the period: the
    history then says neither of days worked nor of days off.
    """

    kind: Literal["consecutive_days"] = "consecutive_days"
    min: int | None = Field(default=None, ge=1, le=400, description="Shortest allowed run of working days.")
    max: int | None = Field(
        default=None, ge=1, le=400, description="Longest allowed run of working days.", examples=[6]
    )

    repeats: ClassVar[bool] = True
    sentence: ClassVar[str] = "{agent} works {streak} in a row up to {day}; the {limit}."
    hinders: ClassVar[str] = "would work too many or too few days in a row"

    def holds_on(self, shift: Worked | None) -> bool:
        return shift is not None

    def before(self, agent: RuleAgent) -> int:
        return agent.history.consecutive_days_worked

    def knows_before(self, agent: RuleAgent) -> bool:
        return bool(agent.history.consecutive_days_worked or agent.history.consecutive_days_off)
