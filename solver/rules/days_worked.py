"""Days worked per week or period."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar, Literal, Self

from pydantic import Field, model_validator

from solver.rules.base import AgentRoster, Breach, Day, RuleAgent, Step, TourRule, Worked, many


class DaysWorked(TourRule):
    """An agent works on at least `min` and at most `max` days per week, or over the whole period.

    A day with a shift counts, time off does not. The week in which the period begins counts the history's
    `days_worked_in_week`, the period counts `days_worked_in_period`. A week's minimum is asked only of weeks whose last
    day lies in the period. Each day outside is one breach.
    """

    kind: Literal["days_worked"] = "days_worked"
    per: Literal["week", "period"] = Field(default="week", description="Over which time the days are counted.")
    min: int | None = Field(default=None, ge=0, le=1000, description="Fewest days.", examples=[4])
    max: int | None = Field(default=None, ge=0, le=1000, description="Most days.", examples=[5])

    sentence: ClassVar[str] = "{agent} works {days} in the {span} up to {day}; {limit}."

    @model_validator(mode="after")
    def has_a_limit(self) -> Self:
        if self.min is None and self.max is None:
            raise ValueError("days_worked needs a min, a max or both")
        if self.min is not None and self.max is not None and self.min > self.max:
            raise ValueError(f"min {self.min} is greater than max {self.max}")
        return self

    # The automaton: the state is the days so far, capped where more makes no difference.
    def start(self, agent: RuleAgent) -> int:
        history = agent.history
        return self._capped(history.days_worked_in_week if self.per == "week" else history.days_worked_in_period)

    def _capped(self, days: int) -> int:
        return min(days, max(self.min or 0, self.max or 0))

    def reads(self, day: Day, shift: Worked | None, credit: int) -> bool:
        return shift is not None

    def step(self, state: int, day: Day, read: bool) -> Step:
        days = state + read
        breaches = int(read and self.max is not None and days > self.max)
        if self.per == "week" and day.ends_week:
            return Step(0, breaches + max(0, (self.min or 0) - days))
        return Step(self._capped(days), breaches)

    def finish(self, state: int, last: Day) -> int:
        return max(0, (self.min or 0) - state) if self.per == "period" else 0

    # The judge: counts each span and compares once.
    def breaches(self, agent: RuleAgent, roster: AgentRoster) -> Iterator[Breach]:
        spans: dict[int, list[Day]] = {}
        for day in roster.days:
            spans.setdefault(day.week if self.per == "week" else 0, []).append(day)
        for number, days in spans.items():
            history = agent.history
            before = (
                0 if number else history.days_worked_in_week if self.per == "week" else history.days_worked_in_period
            )
            count = before + sum(roster.shift_of(day) is not None for day in days)
            allowed = None if self.max is None else max(self.max, before)
            if allowed is not None and count > allowed:
                yield self.breach(
                    agent,
                    count - allowed,
                    days[-1],
                    days=many(count, "day"),
                    span=self.per,
                    limit=f"the most is {self.max}",
                )
            asked = self.per == "period" or days[-1].ends_week
            if asked and self.min is not None and count < self.min:
                yield self.breach(
                    agent,
                    self.min - count,
                    days[-1],
                    days=many(count, "day"),
                    span=self.per,
                    limit=f"the least is {self.min}",
                )
