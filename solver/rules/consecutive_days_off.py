"""Days off in a row."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from typing import ClassVar, Literal

from pydantic import Field

from solver.rules.base import AgentRoster, Breach, Day, RuleAgent, Step, TourRule, Worked, many


class ConsecutiveDaysOff(TourRule):
    """Between two working days an agent is off for at least `min` days, if at all.

    Each day that is missing is one breach. A run of days off that touches the end of the period may go on after it and
    is let pass; one at its beginning counts the history's days off, and is let pass when the history tells of neither
    days worked nor days off.
    """

    kind: Literal["consecutive_days_off"] = "consecutive_days_off"
    min: int = Field(ge=1, le=60, description="Fewest days off in a row.", examples=[2])

    sentence: ClassVar[str] = "{agent} is off for {run} before the shift on {day}; the least is {limit}."

    # The automaton: the state is the days off so far, 0 after work, `min` when enough or when nobody knows.
    def start(self, agent: RuleAgent) -> int:
        if agent.history.consecutive_days_worked:
            return 0
        return min(self.min, agent.history.consecutive_days_off or self.min)

    def reads(self, day: Day, shift: Worked | None, credit: int) -> bool:
        return shift is not None

    def step(self, state: int, day: Day, read: bool) -> Step:
        if not read:
            return Step(min(self.min, state + 1))
        return Step(0, self.min - state if 0 < state < self.min else 0)

    def day_key(self, day: Day) -> None:
        return None

    # The judge: cuts the calendar into runs and measures each run of days off that a shift ends.
    def breaches(self, agent: RuleAgent, roster: AgentRoster) -> Iterator[Breach]:
        runs = [
            (works, list(days)) for works, days in groupby(roster.days, key=lambda d: roster.shift_of(d) is not None)
        ]
        off = 0 if agent.history.consecutive_days_worked else agent.history.consecutive_days_off
        known = bool(off or agent.history.consecutive_days_worked)
        for number, (works, days) in enumerate(runs):
            if not works:
                off = off + len(days) if number == 0 else len(days)
                continue
            asked = off > 0 and (number > 1 or known)
            if asked and off < self.min:
                yield self.breach(agent, self.min - off, days[0], run=many(off, "day"), limit=self.min)
