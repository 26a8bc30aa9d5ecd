"""Overtime pay."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction
from typing import Annotated, ClassVar, Literal

from pydantic import BeforeValidator, Field, PlainSerializer

from schemas.money import exact
from solver.rules.base import AgentRoster, Breach, Day, Margin, RuleAgent, Step, TourRule, Worked, many


def _multiplier(value: object) -> Decimal:
    return exact(value, "a rate multiplier", 3)


Multiplier = Annotated[Decimal, BeforeValidator(_multiplier), PlainSerializer(float, return_type=float)]


class Overtime(TourRule):
    """Minutes worked beyond `over_minutes` per day or week are paid at `rate_multiplier` times the hourly cost.

    Paid minutes of shifts count, paid time off does not; the week in which the period begins counts the history's
    `paid_minutes_in_week`. Several tiers are several rules, each for what it adds: 1.5 over 40 hours and, on top, 0.5
    more over 48 hours is `rate_multiplier` 1.5 twice. It is pay: always priced, never forbidden, and without a `cost`.
    """

    kind: Literal["overtime"] = "overtime"
    cost: None = Field(default=None, description="Overtime is priced by the agent's hourly cost.")
    per: Literal["day", "week"] = Field(default="week", description="Over which time the minutes are counted.")
    over_minutes: int = Field(ge=0, le=100_000, description="Minutes paid at the ordinary rate.", examples=[2400])
    rate_multiplier: Multiplier = Field(
        ge=1, le=10, description="Pay of a minute beyond, in ordinary minutes.", examples=[1.5]
    )

    sentence: ClassVar[str] = "{agent} works {minutes} of overtime up to {day}."
    hinders: ClassVar[str] = "would work overtime"
    priced_as: ClassVar[Literal["rule", "pay"]] = "pay"

    @property
    def extra_rate(self) -> Fraction:
        return Fraction(self.rate_multiplier) - 1

    # The automaton: the state is the week's minutes so far, capped where all that follows is overtime.
    def start(self, agent: RuleAgent) -> int:
        return 0 if self.per == "day" else min(self.over_minutes, agent.history.paid_minutes_in_week)

    def reads(self, day: Day, shift: Worked | None, credit: int) -> int:
        return 0 if shift is None else shift.paid_minutes

    def step(self, state: int, day: Day, read: int) -> Step:
        over = max(0, state + read - self.over_minutes)
        if self.per == "day" or day.ends_week:
            return Step(0, over)
        return Step(min(self.over_minutes, state + read), over)

    # The judge: adds up each span.
    def breaches(self, agent: RuleAgent, roster: AgentRoster) -> Iterator[Breach]:
        for margin in self.margins(agent, roster):
            if margin.slack < 0:
                yield self.breach(agent, -margin.slack, margin.day, minutes=many(-margin.slack, "minute"))

    def margins(self, agent: RuleAgent, roster: AgentRoster) -> Iterator[Margin]:
        spans: dict[int, list[Day]] = {}
        for day in roster.days:
            spans.setdefault(day.index if self.per == "day" else day.week, []).append(day)
        for number, days in spans.items():
            before = agent.history.paid_minutes_in_week if self.per == "week" and number == 0 else 0
            worked = sum(s.paid_minutes for s in map(roster.shift_of, days) if s is not None)
            yield Margin("most", before + worked, max(before, self.over_minutes), "paid minute", days[-1])
