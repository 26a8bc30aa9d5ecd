"""Rest between shifts."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar, Literal

from pydantic import Field

from solver.rules.base import AgentRoster, Breach, Day, Lever, Margin, RuleAgent, Step, TourRule, Worked, many


class MinimumRest(TourRule):
    """An agent rests at least `minutes` between the end of one shift and the start of the next.

    Rest is elapsed time, whatever the clock does. The history's `last_shift_end` counts. Each rest that is too short is
    one breach.
    """

    kind: Literal["minimum_rest"] = "minimum_rest"
    minutes: int = Field(ge=0, le=20_160, description="Least rest between two shifts.", examples=[660])

    repeats: ClassVar[bool] = True
    sentence: ClassVar[str] = "{agent} rests {rest} before the shift on {day}; the least is {limit}."
    hinders: ClassVar[str] = "would rest too little before or after another shift"

    def levers(self) -> Iterator[Lever]:
        yield Lever("minutes", 0, "minute", "ask for only {value} minutes of rest between shifts")

    # The automaton: the state is how long after the day's start no shift may begin yet.
    def start(self, agent: RuleAgent) -> int:
        if agent.last_shift_end is None:
            return 0
        return max(0, agent.last_shift_end + self.minutes - agent.first_day.starts_at)

    def reads(self, day: Day, shift: Worked | None, credit: int) -> tuple[int, int] | None:
        return None if shift is None else (shift.start - day.starts_at, shift.end - day.starts_at)

    def step(self, state: int, day: Day, read: tuple[int, int] | None) -> Step:
        length = day.ends_at - day.starts_at
        if read is None:
            return Step(max(0, state - length))
        start, end = read
        return Step(max(0, end + self.minutes - length), int(start < state))

    def day_key(self, day: Day) -> int:
        return day.ends_at - day.starts_at

    # The judge: looks at each shift and the one before it.
    def breaches(self, agent: RuleAgent, roster: AgentRoster) -> Iterator[Breach]:
        for margin in self.margins(agent, roster):
            if margin.slack < 0:
                yield self.breach(agent, 1, margin.day, rest=many(margin.value, "minute"), limit=self.minutes)

    def margins(self, agent: RuleAgent, roster: AgentRoster) -> Iterator[Margin]:
        ended = agent.last_shift_end
        for day in roster.days:
            shift = roster.shift_of(day)
            if shift is None:
                continue
            if ended is not None:
                yield Margin("least", shift.start - ended, self.minutes, "minute", day)
            ended = shift.end
