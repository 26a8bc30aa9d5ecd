"""Paid hours on average over some weeks."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar, Literal, Self

from pydantic import Field, model_validator

from schemas.request import Minutes
from solver.rules.base import AgentRoster, Breach, Day, RuleAgent, Step, TourRule, Worked


class PaidMinutesAverage(TourRule):
    """Over every `weeks` weeks an agent has on average at least `min` and at most `max` paid minutes a week.

    The weeks are taken in blocks, from the one in which the period begins; paid time off counts, and the history's
    `paid_minutes_in_week` counts toward the first block. A block's minimum is asked only where its last day lies in the
    period. Each minute by which a block's sum is outside is one breach.
    """

    kind: Literal["paid_minutes_average"] = "paid_minutes_average"
    weeks: int = Field(ge=1, le=53, description="Weeks of a block.", examples=[4])
    min: Minutes | None = Field(default=None, description="Fewest paid minutes a week on average.", examples=[2280])
    max: Minutes | None = Field(default=None, description="Most paid minutes a week on average.", examples=[2400])

    sentence: ClassVar[str] = "{agent} has {minutes} paid minutes in the {weeks} weeks up to {day}; {limit}."

    @model_validator(mode="after")
    def has_a_limit(self) -> Self:
        if self.min is None and self.max is None:
            raise ValueError("paid_minutes_average needs a min, a max or both")
        if self.min is not None and self.max is not None and self.min > self.max:
            raise ValueError(f"min {self.min} is greater than max {self.max}")
        return self

    @property
    def _least(self) -> int:
        return (self.min or 0) * self.weeks

    @property
    def _most(self) -> int | None:
        return None if self.max is None else self.max * self.weeks

    # The automaton: the minutes of the block so far, capped where more makes no difference.
    def start(self, agent: RuleAgent) -> int:
        return self._capped(agent.history.paid_minutes_in_week)

    def _capped(self, minutes: int) -> int:
        return min(minutes, max(self._least, self._most or 0))

    def reads(self, day: Day, shift: Worked | None, credit: int) -> int:
        return credit + (0 if shift is None else shift.paid_minutes)

    def step(self, state: int, day: Day, read: int) -> Step:
        minutes = state + read
        beyond = 0 if self._most is None else max(0, minutes - self._most)
        if self._ends_block(day):
            return Step(0, beyond + max(0, self._least - minutes))
        return Step(self._capped(minutes), beyond)

    def _ends_block(self, day: Day) -> bool:
        return day.ends_week and day.week % self.weeks == self.weeks - 1

    def day_key(self, day: Day) -> bool:
        return self._ends_block(day)

    # The judge: sums each block and compares once.
    def breaches(self, agent: RuleAgent, roster: AgentRoster) -> Iterator[Breach]:
        blocks: dict[int, list[Day]] = {}
        for day in roster.days:
            blocks.setdefault(day.week // self.weeks, []).append(day)
        for number, days in blocks.items():
            before = 0 if number else agent.history.paid_minutes_in_week
            total = before
            for day in days:
                shift = roster.shift_of(day)
                total += roster.credit_of(day) + (0 if shift is None else shift.paid_minutes)
            if self._most is not None and total > max(self._most, before):
                limit = f"the most on average is {self.max} a week"
                units = total - max(self._most, before)
                yield self.breach(agent, units, days[-1], minutes=total, weeks=self.weeks, limit=limit)
            if self._ends_block(days[-1]) and total < self._least:
                limit = f"the least on average is {self.min} a week"
                yield self.breach(agent, self._least - total, days[-1], minutes=total, weeks=self.weeks, limit=limit)
