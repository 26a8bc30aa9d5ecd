"""Whether somebody is employed at all."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar, Literal

from pydantic import Field

from solver.rules.base import AgentRoster, Breach, Day, Lever, Margin, RuleAgent, Step, TourRule, Worked, many


class Employment(TourRule):
    """Whoever works at all in the period is employed, and the rule's `cost` is what employing somebody costs.

    With `from_days` that many days worked make an employment. Each agent who is employed is one breach, so without a
    cost nobody may be. What was worked before the period does not count.
    """

    kind: Literal["employment"] = "employment"
    from_days: int = Field(default=1, ge=1, le=1000, description="Days worked that make an employment.", examples=[1])

    repeats: ClassVar[bool] = True
    sentence: ClassVar[str] = "{agent} works {days} up to {day} and is employed."
    hinders: ClassVar[str] = "are not employed"

    def levers(self) -> Iterator[Lever]:
        yield Lever("from_days", 1000, "day", "employ from {value} days on")

    # The automaton: days worked so far, up to those that make an employment.
    def reads(self, day: Day, shift: Worked | None, credit: int) -> bool:
        return shift is not None

    def step(self, state: int, day: Day, read: bool) -> Step:
        days = min(self.from_days, state + read)
        return Step(days, int(read and state == self.from_days - 1))

    def day_key(self, day: Day) -> int:
        return 0

    # The judge: the day with which the employment begins.
    def breaches(self, agent: RuleAgent, roster: AgentRoster) -> Iterator[Breach]:
        worked = [day for day in roster.days if roster.shift_of(day) is not None]
        if len(worked) >= self.from_days:
            yield self.breach(agent, 1, worked[self.from_days - 1], days=many(self.from_days, "day"))

    def margins(self, agent: RuleAgent, roster: AgentRoster) -> Iterator[Margin]:
        worked = sum(roster.shift_of(day) is not None for day in roster.days)
        yield Margin("most", worked, self.from_days - 1, "day")
