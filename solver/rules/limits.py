"""What rules with a least and a most have in common, and those that add something up over a span of days."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar, Literal, Self

from pydantic import Field, model_validator

from solver.rules.base import AgentRoster, Breach, Day, Lever, Margin, RuleAgent, Step, SummingRule, TourRule, Worked


class Limited(TourRule):
    """A rule with a least, a most, or both."""

    min: int | None = None
    max: int | None = None

    unit: ClassVar[str] = ""
    """What its limits count, in the singular."""

    @property
    def span_words(self) -> str:
        """Over what its limits are, as the end of a phrase."""
        return ""

    def levers(self) -> Iterator[Lever]:
        if self.max is not None:
            yield Lever("max", None, self.unit, f"allow {{value}} {self.unit}s{self.span_words}")
        if self.min is not None:
            yield Lever("min", None, self.unit, f"ask for only {{value}} {self.unit}s{self.span_words}")

    @model_validator(mode="after")
    def has_a_limit(self) -> Self:
        if self.min is None and self.max is None:
            raise ValueError(f"{self.kind} needs a min, a max or both")
        if self.min is not None and self.max is not None and self.min > self.max:
            raise ValueError(f"min {self.min} is greater than max {self.max}")
        return self


class SpanLimits(Limited, SummingRule):
    """Limits on the sum of something over each span of days; each unit by which a sum is outside is one breach.

    What the history has counts toward the first span. A sum that the history alone has too much is charged on no day.
    """

    or_none: bool = Field(
        default=False, description="Whether none at all is allowed as well: then `min` is asked of whoever has some."
    )

    told_as: ClassVar[str] = "the {which} is {limit}"
    """How a limit is told; `which` is least or most."""

    def amount(self, shift: Worked | None, credit: int) -> int:
        """What a day adds; `credit` is its paid time off in minutes."""
        raise NotImplementedError

    def span_of(self, day: Day) -> int:
        """Which span the day is in, counted from 0."""
        raise NotImplementedError

    def asks_at_the_end(self) -> bool:
        """Whether the span that the period cuts off owes its least as well."""
        return False

    def facts(self, total: int) -> dict[str, object]:
        """What the sentence tells of a sum."""
        raise NotImplementedError

    @property
    def least(self) -> int:
        """The least sum."""
        return self.min or 0

    @property
    def most(self) -> int | None:
        """The greatest sum."""
        return self.max

    @property
    def is_convex(self) -> bool:
        return not (self.or_none and self.least)

    def _missing(self, total: int) -> int:
        """By how much a sum is short."""
        return 0 if self.or_none and total == 0 else max(0, self.least - total)

    # The automaton: the state is the sum so far, capped where more makes no difference.
    def start(self, agent: RuleAgent) -> int:
        return self._capped(self.before(agent))

    @property
    def most_sum(self) -> int:
        return max(self.least, self.most or 0)

    def _capped(self, total: int) -> int:
        return min(total, self.most_sum)

    def reads(self, day: Day, shift: Worked | None, credit: int) -> int:
        return self.amount(shift, credit)

    def step(self, state: int, day: Day, read: int) -> Step:
        total = state + read
        # The state never exceeds the most, so what the history alone has too much is charged on no day.
        beyond = 0 if self.most is None else max(0, total - self.most)
        if self.ends(day):
            return Step(0, beyond + self._missing(total))
        return Step(self._capped(total), beyond)

    def finish(self, state: int, last: Day) -> int:
        return self._missing(state) if self.asks_at_the_end() else 0

    def day_key(self, day: Day) -> bool:
        return self.ends(day)

    def broken(self, total: int, before: int, *, whole: bool) -> int:
        beyond = 0 if self.most is None else max(0, total - max(self.most, before))
        return beyond + (self._missing(total) if whole or self.asks_at_the_end() else 0)

    # The judge: adds up each span and compares once.
    def breaches(self, agent: RuleAgent, roster: AgentRoster) -> Iterator[Breach]:
        for margin in self.margins(agent, roster):
            if margin.slack < 0:
                limit = self.max if margin.which == "most" else self.min
                yield self._told(agent, -margin.slack, margin.day, margin.value, margin.which, limit)

    def margins(self, agent: RuleAgent, roster: AgentRoster) -> Iterator[Margin]:
        spans: dict[int, list[Day]] = {}
        for day in roster.days:
            spans.setdefault(self.span_of(day), []).append(day)
        for number, days in spans.items():
            before = 0 if number else self.before(agent)
            total = before + sum(self.amount(roster.shift_of(day), roster.credit_of(day)) for day in days)
            if self.most is not None:
                yield Margin("most", total, max(self.most, before), self.unit, days[-1])
            asked = self.ends(days[-1]) or self.asks_at_the_end()
            if asked and self.min is not None and not (self.or_none and total == 0):
                yield Margin("least", total, self.least, self.unit, days[-1])

    def _told(self, agent: RuleAgent, units: int, day: Day | None, total: int, which: str, limit: int | None) -> Breach:
        told = self.told_as.format(which=which, limit=limit)
        return self.breach(agent, units, day, limit=told, **self.facts(total))


class WeekOrPeriod(SpanLimits):
    """Limits per week, or over the whole period; a week's least is asked only of weeks whose last day lies in it."""

    per: Literal["week", "period"] = Field(default="week", description="Over which time it is counted.")

    @property
    def span_words(self) -> str:
        return " a week" if self.per == "week" else " in the period"

    def span_of(self, day: Day) -> int:
        return day.week if self.per == "week" else 0

    def ends(self, day: Day) -> bool:
        return self.per == "week" and day.ends_week

    def asks_at_the_end(self) -> bool:
        return self.per == "period"
