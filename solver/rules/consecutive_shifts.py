"""Shifts of one kind on days in a row."""

from __future__ import annotations

from itertools import takewhile
from typing import ClassVar, Literal, Self

from pydantic import Field, model_validator

from solver.rules.base import RuleAgent, Worked
from solver.rules.kinds import NamesShifts
from solver.rules.runs import RunLimits


class ConsecutiveShifts(NamesShifts, RunLimits):
    """An agent works shifts of a kind, nights for one, on at most `max` days in a row and on at least `min`.

    Any other day ends the run: one off, or one with another shift. The history's `shifts` of the last days before the
    period count. Each day beyond the limit is one breach, and so is each day that a run is short of `min`; a run that
    the end of the period cuts off is not short, and neither is one that begins on the first day while the history
    tells nothing.
    """

    kind: Literal["consecutive_shifts"] = "consecutive_shifts"
    min: int | None = Field(default=None, ge=1, le=400, description="Shortest allowed run.")
    max: int | None = Field(default=None, ge=1, le=400, description="Longest allowed run.", examples=[3])

    repeats: ClassVar[bool] = True
    sentence: ClassVar[str] = "{agent} works {streak} of such shifts in a row up to {day}; the {limit}."
    hinders: ClassVar[str] = "would work too many or too few such shifts in a row"

    @model_validator(mode="after")
    def says_which(self) -> Self:
        if self.names_none:
            raise ValueError(
                "consecutive_shifts needs shift_ids, starts, stops or several; for all shifts there is consecutive_days"
            )
        return self

    def holds_on(self, shift: Worked | None) -> bool:
        return self.holds(shift)

    def before(self, agent: RuleAgent) -> int:
        return sum(1 for _ in takewhile(self.holds, agent.recent))

    def knows_before(self, agent: RuleAgent) -> bool:
        return agent.tells_history
