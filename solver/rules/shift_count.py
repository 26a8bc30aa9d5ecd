"""How many shifts of a kind are worked."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, ClassVar, Literal, Self

from pydantic import Field, model_validator

from schemas.request import ClockWindow, Identifier, Listed
from solver.rules.base import AgentRoster, Breach, Day, RuleAgent, Step, TourRule, Worked, many
from solver.rules.kinds import is_of


class ShiftCount(TourRule):
    """An agent works at least `min` and at most `max` shifts of a kind per week, or over the whole period.

    The kind is said by the ids of shifts, by the clock times between which they start, or by both: nights are those
    that start from 20:00 to 26:00. The history's `shifts` count: those of the week in which the period begins toward
    that week, all that are given toward the period. A week's minimum is asked only of weeks whose last day lies in the
    period. Each shift outside is one breach.
    """

    kind: Literal["shift_count"] = "shift_count"
    shift_ids: Annotated[tuple[Identifier, ...], Listed] = Field(
        default=(), description="Shifts of the work plan that count.", examples=[["night"]]
    )
    starts: ClockWindow | None = Field(default=None, description="Clock times between which the shifts start.")
    per: Literal["week", "period"] = Field(default="week", description="Over which time the shifts are counted.")
    min: int | None = Field(default=None, ge=0, le=1000, description="Fewest shifts.")
    max: int | None = Field(default=None, ge=0, le=1000, description="Most shifts.", examples=[2])

    sentence: ClassVar[str] = "{agent} works {shifts} of {which} in the {span} up to {day}; {limit}."

    @model_validator(mode="after")
    def asks_something(self) -> Self:
        if not self.shift_ids and self.starts is None:
            raise ValueError("shift_count needs shift_ids, starts or both; for all shifts there is days_worked")
        if self.min is None and self.max is None:
            raise ValueError("shift_count needs a min, a max or both")
        if self.min is not None and self.max is not None and self.min > self.max:
            raise ValueError(f"min {self.min} is greater than max {self.max}")
        return self

    def counts(self, shift: Worked | None) -> bool:
        """Whether the shift is of the kind."""
        return is_of(shift, self.shift_ids, self.starts)

    # The automaton: the state is the number so far, capped where more makes no difference.
    def start(self, agent: RuleAgent) -> int:
        return self._capped(self._before(agent))

    def _before(self, agent: RuleAgent) -> int:
        past = agent.past if self.per == "period" else agent.past_of_week
        return sum(self.counts(shift) for shift in past)

    def _capped(self, number: int) -> int:
        return min(number, max(self.min or 0, self.max or 0))

    def reads(self, day: Day, shift: Worked | None, credit: int) -> bool:
        return self.counts(shift)

    def step(self, state: int, day: Day, read: bool) -> Step:
        number = state + read
        breaches = int(read and self.max is not None and number > self.max)
        if self.per == "week" and day.ends_week:
            return Step(0, breaches + max(0, (self.min or 0) - number))
        return Step(self._capped(number), breaches)

    def finish(self, state: int, last: Day) -> int:
        return max(0, (self.min or 0) - state) if self.per == "period" else 0

    # The judge: counts each span and compares once.
    def breaches(self, agent: RuleAgent, roster: AgentRoster) -> Iterator[Breach]:
        spans: dict[int, list[Day]] = {}
        for day in roster.days:
            spans.setdefault(day.week if self.per == "week" else 0, []).append(day)
        for number, days in spans.items():
            before = 0 if number else self._before(agent)
            count = before + sum(self.counts(roster.shift_of(day)) for day in days)
            allowed = None if self.max is None else max(self.max, before)
            if allowed is not None and count > allowed:
                yield self._told(agent, count - allowed, days[-1], count, f"the most is {self.max}")
            asked = self.per == "period" or days[-1].ends_week
            if asked and self.min is not None and count < self.min:
                yield self._told(agent, self.min - count, days[-1], count, f"the least is {self.min}")

    def _told(self, agent: RuleAgent, units: int, day: Day, count: int, limit: str) -> Breach:
        which = ", ".join(self.shift_ids) if self.shift_ids else "that time of day"
        return self.breach(agent, units, day, shifts=many(count, "shift"), which=which, span=self.per, limit=limit)
