"""Working days in a row."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar, Literal

from pydantic import Field

from solver.rules.base import AgentRoster, Breach, Day, RuleAgent, Step, TourRule, Worked


class ConsecutiveDays(TourRule):
    """An agent works at most `max` days in a row.

    Days worked before the planning period count, so a streak that began last month is seen. Each day beyond the limit
    is one breach: nine days under a limit of six are three.
    """

    kind: Literal["consecutive_days"] = "consecutive_days"
    max: int = Field(ge=1, le=400, description="Longest allowed run of working days.", examples=[6])

    sentence: ClassVar[str] = "{agent} works {streak} days in a row up to {day}; the limit is {limit}."

    # The automaton: the state is the streak so far, capped at the limit.
    def start(self, agent: RuleAgent) -> int:
        return min(agent.history.consecutive_days_worked, self.max)

    def reads(self, day: Day, shift: Worked | None, credit: int) -> bool:
        return shift is not None

    def step(self, state: int, day: Day, read: bool) -> Step:
        if not read:
            return Step(0)
        return Step(state, 1) if state == self.max else Step(state + 1)

    def day_key(self, day: Day) -> None:
        return None

    # The judge: walks the calendar and keeps the whole streak.
    def breaches(self, agent: RuleAgent, roster: AgentRoster) -> Iterator[Breach]:
        streak = agent.history.consecutive_days_worked
        for day in roster.days:
            streak = streak + 1 if roster.shift_of(day) is not None else 0
            if streak > self.max:
                yield self.breach(agent, 1, day, streak=streak, limit=self.max)
