"""Paid minutes per week or period."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar, Literal, Self

from pydantic import Field, model_validator

from solver.rules.base import AgentRoster, Breach, Day, RuleAgent, Step, TourRule, Worked, many


class PaidMinutes(TourRule):
    """An agent is paid for at least `min` and at most `max` minutes per week, or over the whole period.

    Paid time off counts, on the first day that it touches. The week in which the period begins counts the history's
    `paid_minutes_in_week`, the period counts `paid_minutes_in_period`. A week's minimum is asked only of weeks whose
    last day lies in the period. Each minute outside is one breach.
    """

    kind: Literal["paid_minutes"] = "paid_minutes"
    per: Literal["week", "period"] = Field(default="week", description="Over which time the minutes are counted.")
    min: int | None = Field(default=None, ge=0, le=1_000_000, description="Fewest paid minutes.", examples=[2280])
    max: int | None = Field(default=None, ge=0, le=1_000_000, description="Most paid minutes.", examples=[2400])

    sentence: ClassVar[str] = "{agent} is paid for {minutes} in the {span} up to {day}; {limit}."

    @model_validator(mode="after")
    def has_a_limit(self) -> Self:
        if self.min is None and self.max is None:
            raise ValueError("paid_minutes needs a min, a max or both")
        if self.min is not None and self.max is not None and self.min > self.max:
            raise ValueError(f"min {self.min} is greater than max {self.max}")
        return self

    # The automaton: the state is the minutes so far, capped where more makes no difference.
    def start(self, agent: RuleAgent) -> int:
        history = agent.history
        before = history.paid_minutes_in_week if self.per == "week" else history.paid_minutes_in_period
        return self._capped(before)

    def _capped(self, minutes: int) -> int:
        return min(minutes, max(self.min or 0, self.max or 0))

    def reads(self, day: Day, shift: Worked | None, credit: int) -> int:
        return credit + (0 if shift is None else shift.paid_minutes)

    def step(self, state: int, day: Day, read: int) -> Step:
        minutes = state + read
        # The state never exceeds the maximum, so what the history alone has too much is charged on no day.
        breaches = 0 if self.max is None else max(0, minutes - self.max)
        if self.per == "week" and day.ends_week:
            if self.min is not None:
                breaches += max(0, self.min - minutes)
            return Step(0, breaches)
        return Step(self._capped(minutes), breaches)

    def finish(self, state: int, last: Day) -> int:
        return max(0, self.min - state) if self.per == "period" and self.min is not None else 0

    # The judge: adds up each span and compares once.
    def breaches(self, agent: RuleAgent, roster: AgentRoster) -> Iterator[Breach]:
        spans: dict[int, list[Day]] = {}
        for day in roster.days:
            spans.setdefault(day.week if self.per == "week" else 0, []).append(day)
        for number, days in spans.items():
            before = 0
            if number == 0:
                history = agent.history
                before = history.paid_minutes_in_week if self.per == "week" else history.paid_minutes_in_period
            worked = sum(s.paid_minutes for s in map(roster.shift_of, days) if s is not None)
            minutes = before + worked + sum(roster.credit_of(day) for day in days)
            allowed = None if self.max is None else max(self.max, before)
            if allowed is not None and minutes > allowed:
                yield self.breach(
                    agent,
                    minutes - allowed,
                    days[-1],
                    minutes=many(minutes, "minute"),
                    span=self.per,
                    limit=f"the most is {self.max}",
                )
            asked = self.per == "period" or days[-1].ends_week
            if asked and self.min is not None and minutes < self.min:
                yield self.breach(
                    agent,
                    self.min - minutes,
                    days[-1],
                    minutes=many(minutes, "minute"),
                    span=self.per,
                    limit=f"the least is {self.min}",
                )
