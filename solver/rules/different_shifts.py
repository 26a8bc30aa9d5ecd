"""How many different shifts an agent works."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar, Literal

from pydantic import Field

from solver.rules.base import AgentRoster, Breach, Day, Lever, Margin, RuleAgent, Step, TourRule, Worked, many

Mark = tuple[int | str | None, ...]
"""What tells one shift from another."""


class DifferentShifts(TourRule):
    """An agent works at most `max` different shifts per week, or over the whole period.

    Told apart `by` start and length, shifts from 08:00 to 16:00 are one shift and those from 08:00 to 17:00 another;
    by start both are the same, and by shift_id shifts are told apart by the shift of the work plan that they are. Each
    day with a shift unlike all before it in its week, after `max` different ones, is one breach. The history's `shifts`
    count: those of the week in which the period begins toward that week, all that are given toward the period.
    """

    kind: Literal["different_shifts"] = "different_shifts"
    per: Literal["week", "period"] = Field(default="week", description="Over what different shifts are counted.")
    max: int = Field(ge=1, le=1000, description="Most different shifts.", examples=[2])
    by: Literal["start_and_length", "start", "shift_id"] = Field(
        default="start_and_length", description="What makes two shifts different."
    )

    repeats: ClassVar[bool] = True
    sentence: ClassVar[str] = "{agent} works {shifts} in the {span} up to {day}; the most is {limit}."
    hinders: ClassVar[str] = "would work one more different shift than they may"

    def levers(self) -> Iterator[Lever]:
        yield Lever("max", 1000, "different shift", f"allow {{value}} different shifts per {self.per}")

    def _mark(self, shift: Worked) -> Mark:
        if self.by == "shift_id":
            return (shift.definition,)
        return (shift.start_clock, shift.end - shift.start) if self.by == "start_and_length" else (shift.start_clock,)

    def _past(self, agent: RuleAgent) -> set[Mark]:
        return {self._mark(shift) for shift in (agent.past if self.per == "period" else agent.past_of_week)}

    # The automaton: the different shifts of the week or period so far, in order so that equal states look alike.
    def start(self, agent: RuleAgent) -> tuple[Mark, ...]:
        return self._in_order(self._past(agent))

    def _in_order(self, marks: set[Mark]) -> tuple[Mark, ...]:
        return tuple(sorted(marks, key=repr))

    def reads(self, day: Day, shift: Worked | None, credit: int) -> Mark | None:
        return None if shift is None else self._mark(shift)

    def step(self, state: tuple[Mark, ...], day: Day, read: Mark | None) -> Step:
        is_new = read is not None and read not in state
        after = self._in_order({*state, read}) if is_new and read is not None else state
        ends = self.per == "week" and day.ends_week
        return Step(() if ends else after, int(is_new and len(state) >= self.max))

    def day_key(self, day: Day) -> bool:
        return day.ends_week

    # The judge: counts what each span has and what of it is beyond the most.
    def breaches(self, agent: RuleAgent, roster: AgentRoster) -> Iterator[Breach]:
        for last, before, own in self._spans(agent, roster):
            beyond = self._beyond(before, own)
            if beyond:
                shifts = many(len(before | own), "different shift")
                yield self.breach(agent, beyond, last, shifts=shifts, span=self.per, limit=self.max)

    def margins(self, agent: RuleAgent, roster: AgentRoster) -> Iterator[Margin]:
        for last, before, own in self._spans(agent, roster):
            beyond = self._beyond(before, own)
            value = self.max + beyond if beyond else min(self.max, len(before | own))
            yield Margin("most", value, self.max, "different shift", last)

    def _beyond(self, before: set[Mark], own: set[Mark]) -> int:
        """Different shifts too many that the roster brings; those of the history are nobody's fault any more."""
        return max(0, len(before | own) - max(self.max, len(before)))

    def _spans(self, agent: RuleAgent, roster: AgentRoster) -> Iterator[tuple[Day, set[Mark], set[Mark]]]:
        """The last day of each week, or of the period, with what the history and what the roster have in it."""
        before, own = self._past(agent), set[Mark]()
        for day in roster.days:
            shift = roster.shift_of(day)
            if shift is not None:
                own.add(self._mark(shift))
            if day.is_last or (self.per == "week" and day.ends_week):
                yield day, before, own
                before, own = set(), set()
