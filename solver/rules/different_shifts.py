"""How many different shifts an agent works."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar, Literal

from pydantic import Field

from solver.rules.base import AgentRoster, Breach, Day, Lever, Margin, RuleAgent, Step, TourRule, Worked

Mark = tuple[int | str | None, ...]
"""What tells one shift from another."""


class DifferentShifts(TourRule):
    """An agent works at most `max` different shifts per week, or over the whole period.

    Told apart `by` start and length, shifts from 08:00 to 16:00 are one shift and those from 08:00 to 17:00 another;
    by start both are the same, and by shift_id shifts are told apart by the shift of the work plan that they are. Each
    day with another shift than the first `max` different ones of its week, or of the period, is one breach. The
    history's `shifts` count: those of the week in which the period begins toward that week, all that are given toward
    the period.
    """

    kind: Literal["different_shifts"] = "different_shifts"
    per: Literal["week", "period"] = Field(default="week", description="Over what different shifts are counted.")
    max: int = Field(ge=1, le=1000, description="Most different shifts.", examples=[2])
    by: Literal["start_and_length", "start", "shift_id"] = Field(
        default="start_and_length", description="What makes two shifts different."
    )

    repeats: ClassVar[bool] = True
    sentence: ClassVar[str] = "{agent} works one more different shift on {day}; the most in a {span} is {limit}."
    hinders: ClassVar[str] = "would work one more different shift than they may"

    def levers(self) -> Iterator[Lever]:
        yield Lever("max", 1000, "different shift", f"allow {{value}} different shifts per {self.per}")

    def _mark(self, shift: Worked) -> Mark:
        if self.by == "shift_id":
            return (shift.definition,)
        return (shift.start_clock, shift.end - shift.start) if self.by == "start_and_length" else (shift.start_clock,)

    def _past(self, agent: RuleAgent) -> tuple[Mark, ...]:
        """The first different shifts of the history, no more than may be worked."""
        shifts = agent.past if self.per == "period" else agent.past_of_week
        marks = dict.fromkeys(self._mark(shift) for shift in sorted(shifts, key=lambda worked: worked.start))
        return tuple(marks)[: self.max]

    # The automaton: the first different shifts so far, in an order of their own so that equal states look alike.
    def start(self, agent: RuleAgent) -> tuple[Mark, ...]:
        return tuple(sorted(self._past(agent), key=repr))

    def reads(self, day: Day, shift: Worked | None, credit: int) -> Mark | None:
        return None if shift is None else self._mark(shift)

    def step(self, state: tuple[Mark, ...], day: Day, read: Mark | None) -> Step:
        is_new = read is not None and read not in state
        is_full = len(state) >= self.max
        after = tuple(sorted((*state, read), key=repr)) if is_new and not is_full else state
        ends = self.per == "week" and day.ends_week
        return Step(() if ends else after, int(is_new and is_full))

    def day_key(self, day: Day) -> bool:
        return day.ends_week

    # The judge: lists the shifts of each span, and looks for each among the first different ones.
    def breaches(self, agent: RuleAgent, roster: AgentRoster) -> Iterator[Breach]:
        for _, worked, first in self._spans(agent, roster):
            for day, mark in worked:
                if mark not in first:
                    yield self.breach(agent, 1, day, span=self.per, limit=self.max)

    def margins(self, agent: RuleAgent, roster: AgentRoster) -> Iterator[Margin]:
        for last, worked, first in self._spans(agent, roster):
            others = {mark for _, mark in worked} - set(first)
            yield Margin("most", len(first) + len(others), self.max, "different shift", last)

    def _spans(
        self, agent: RuleAgent, roster: AgentRoster
    ) -> Iterator[tuple[Day, list[tuple[Day, Mark]], tuple[Mark, ...]]]:
        """The last day of each week, or of the period, its days worked, and its first different shifts."""
        before, worked = self._past(agent), list[tuple[Day, Mark]]()
        for day in roster.days:
            shift = roster.shift_of(day)
            if shift is not None:
                worked.append((day, self._mark(shift)))
            if day.is_last or (self.per == "week" and day.ends_week):
                different = dict.fromkeys((*before, *(mark for _, mark in worked)))
                yield day, worked, tuple(different)[: self.max]
                before, worked = (), []
