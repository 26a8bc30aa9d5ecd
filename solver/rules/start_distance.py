"""Time from the start of a shift to the start of the next day's."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar, Literal

from pydantic import Field

from schemas.request import Minutes
from solver.rules.base import AgentRoster, Breach, Day, Margin, RuleAgent, Step, Worked
from solver.rules.limits import Limited


class StartDistance(Limited):
    """Between the starts of shifts on two days in a row lie at least `min` and at most `max` minutes.

    Elapsed minutes count, so the night on which clocks change is an hour shorter or longer. The day before the period
    is known where the history's `shifts` tell of it. Each pair of days outside is one breach.
    """

    kind: Literal["start_distance"] = "start_distance"
    min: Minutes | None = Field(default=None, description="Fewest minutes from start to start.", examples=[1320])
    max: Minutes | None = Field(default=None, description="Most minutes from start to start.", examples=[1620])

    repeats: ClassVar[bool] = True
    sentence: ClassVar[str] = "{agent} starts {minutes} minutes after the start before on {day}; the {limit}."
    hinders: ClassVar[str] = "would start too soon or too late after the start of the day before"
    unit: ClassVar[str] = "minute"

    @property
    def span_words(self) -> str:
        return " from start to start"

    def _outside(self, minutes: int) -> bool:
        return (self.min is not None and minutes < self.min) or (self.max is not None and minutes > self.max)

    # The automaton: the state is how long before today's midnight yesterday's shift started.
    def start(self, agent: RuleAgent) -> int | None:
        before = agent.shift_before
        return None if before is None else agent.first_day.starts_at - before.start

    def reads(self, day: Day, shift: Worked | None, credit: int) -> tuple[int, int] | None:
        return None if shift is None else (shift.start - day.starts_at, day.ends_at - shift.start)

    def step(self, state: int | None, day: Day, read: tuple[int, int] | None) -> Step:
        if read is None:
            return Step(None)
        since_midnight, until_midnight = read
        return Step(until_midnight, int(state is not None and self._outside(state + since_midnight)))

    def day_key(self, day: Day) -> None:
        return None

    # The judge: looks at each pair of days.
    def breaches(self, agent: RuleAgent, roster: AgentRoster) -> Iterator[Breach]:
        for margin in self.margins(agent, roster):
            if margin.slack < 0:
                limit = f"{margin.which} is {margin.limit}"
                yield self.breach(agent, 1, margin.day, minutes=margin.value, limit=limit)

    def margins(self, agent: RuleAgent, roster: AgentRoster) -> Iterator[Margin]:
        yesterday = agent.shift_before
        for day in roster.days:
            today = roster.shift_of(day)
            if today is not None and yesterday is not None:
                minutes = today.start - yesterday.start
                if self.min is not None:
                    yield Margin("least", minutes, self.min, self.unit, day)
                if self.max is not None:
                    yield Margin("most", minutes, self.max, self.unit, day)
            yesterday = today
