"""Days off in a row."""

from __future__ import annotations

from typing import ClassVar, Literal

from pydantic import Field

from solver.rules.base import RuleAgent, Worked
from solver.rules.runs import RunLimits


class ConsecutiveDaysOff(RunLimits):
    """Between two working days an agent is off for at least `min` days, if at all, and never for more than `max`.

    Each day that is missing, and each day too many, is one breach. A run of days off that the end of the period cuts
    off is not short; one at its beginning counts the history's days off, and is not short when the history tells of
    neither days worked nor days off.
    """

    kind: Literal["consecutive_days_off"] = "consecutive_days_off"
    min: int | None = Field(default=None, ge=1, le=60, description="Fewest days off in a row.", examples=[2])
    max: int | None = Field(default=None, ge=1, le=400, description="Most days off in a row.")

    repeats: ClassVar[bool] = True
    sentence: ClassVar[str] = "{agent} is off for {streak} in a row up to {day}; the {limit}."
    hinders: ClassVar[str] = "would be off for too few or too many days in a row"
    unit: ClassVar[str] = "day off"

    def holds_on(self, shift: Worked | None) -> bool:
        return shift is None

    def before(self, agent: RuleAgent) -> int:
        return 0 if agent.history.consecutive_days_worked else agent.history.consecutive_days_off

    def knows_before(self, agent: RuleAgent) -> bool:
        return bool(agent.history.consecutive_days_worked or agent.history.consecutive_days_off)
