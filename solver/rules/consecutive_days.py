"""Working days in a row."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar, Literal, NamedTuple, Self

from pydantic import Field, model_validator

from solver.rules.base import AgentRoster, Breach, Day, RuleAgent, Step, TourRule, Worked, many


class _State(NamedTuple):
    streak: int  # days worked in a row, capped at the limit
    owed: int  # days that the run is still short of its least


class ConsecutiveDays(TourRule):
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

    sentence: ClassVar[str] = "{agent} works {streak} in a row up to {day}; the {limit}."

    @model_validator(mode="after")
    def asks_something(self) -> Self:
        if self.min is None and self.max is None:
            raise ValueError("consecutive_days needs a min, a max or both")
        if self.min is not None and self.max is not None and self.min > self.max:
            raise ValueError(f"min {self.min} is greater than max {self.max}")
        return self

    # The automaton: the streak so far, and what it is still short of the least.
    def start(self, agent: RuleAgent) -> _State | None:
        worked = agent.history.consecutive_days_worked
        if not worked:
            return None if not agent.history.consecutive_days_off else _State(0, 0)
        return _State(self._capped(worked), max(0, (self.min or 0) - worked))

    def _capped(self, streak: int) -> int:
        return min(streak, self.max or 1)

    def reads(self, day: Day, shift: Worked | None, credit: int) -> bool:
        return shift is not None

    def step(self, state: _State | None, day: Day, read: bool) -> Step:
        if state is None:  # the first day, with nothing known of the days before
            return Step(_State(self._capped(1), 0) if read else _State(0, 0))
        if not read:
            return Step(_State(0, 0), state.owed)
        if state.streak == 0:
            return Step(_State(1, (self.min or 1) - 1))
        beyond = int(self.max is not None and state.streak == self.max)
        return Step(_State(self._capped(state.streak + 1), max(0, state.owed - 1)), beyond)

    def day_key(self, day: Day) -> None:
        return None

    # The judge: walks the calendar and keeps the whole streak.
    def breaches(self, agent: RuleAgent, roster: AgentRoster) -> Iterator[Breach]:
        streak = agent.history.consecutive_days_worked
        known = bool(streak or agent.history.consecutive_days_off)
        yesterday: Day | None = None
        for day in roster.days:
            if roster.shift_of(day) is not None:
                streak += 1
                if self.max is not None and streak > self.max:
                    yield self.breach(agent, 1, day, streak=many(streak, "day"), limit=f"limit is {self.max}")
            else:
                if known and streak and self.min is not None and streak < self.min:
                    last = yesterday or day
                    told = f"least is {self.min}"
                    yield self.breach(agent, self.min - streak, last, streak=many(streak, "day"), limit=told)
                streak, known = 0, True
            yesterday = day
