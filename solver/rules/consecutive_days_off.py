"""Days off in a row."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from typing import ClassVar, Literal

from pydantic import Field

from solver.rules.base import AgentRoster, Breach, Day, RuleAgent, Step, TourRule, Worked


class ConsecutiveDaysOff(TourRule):
    """Between two working days an agent is off for at least `min` days, if at all.

    Each day that is missing is one breach. A run of days off that touches the end of the period may go on after it and
    is let pass; one at its beginning counts the history's days off, and is let pass when the history tells of neither
    days worked nor days off.
    """

    kind: Literal["consecutive_days_off"] = "consecutive_days_off"
    min: int = Field(ge=1, le=60, description="Fewest days off in a row.", examples=[2])

    sentence: ClassVar[str] = "{agent} is off for {run} days in a row up to {day}; the least is {limit}."

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

    # The judge: cuts the calendar into runs.
    def breaches(self, agent: RuleAgent, roster: AgentRoster) -> Iterator[Breach]:
        history = agent.history
        runs = [
            (works, list(days)) for works, days in groupby(roster.days, key=lambda d: roster.shift_of(d) is not None)
        ]
        if history.consecutive_days_off and runs and runs[0][0]:
            if history.consecutive_days_off < self.min:
                short = self.min - history.consecutive_days_off
                yield self.breach(agent, short, runs[0][1][0], run=history.consecutive_days_off, limit=self.min)
        for number, (works, days) in enumerate(runs):
            if works or number == len(runs) - 1:
                continue
            run = len(days)
            if number == 0:
                if not history.consecutive_days_off and not history.consecutive_days_worked:
                    continue
                run += history.consecutive_days_off
            if run < self.min:
                yield self.breach(agent, self.min - run, days[-1], run=run, limit=self.min)
