"""Starts that stay alike through a week."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar, Literal, NamedTuple, Self

from pydantic import Field, model_validator

from solver.rules.base import AgentRoster, Breach, Day, Lever, Margin, RuleAgent, Step, TourRule, Worked


class _State(NamedTuple):
    earliest: int | None = None  # clock, minutes past midnight
    latest: int | None = None
    shift: str | None = None  # the first shift of the week


class StartVariance(TourRule):
    """The shifts of a week start within `max_minutes` of each other on the clock; with `same_shift` all are one shift.

    Each day whose start lies further from an earlier start of the week is one breach, and with `same_shift` so is each
    day whose shift is not the week's first. The history's `shifts` of the week in which the period begins count.
    """

    kind: Literal["start_variance"] = "start_variance"
    max_minutes: int | None = Field(
        default=None, ge=0, le=1440, description="Most minutes between two starts of a week.", examples=[120]
    )
    same_shift: bool = Field(default=False, description="One and the same shift all week.")

    repeats: ClassVar[bool] = True
    sentence: ClassVar[str] = "{agent} {what} on {day}, unlike earlier in the week; {limit}."
    hinders: ClassVar[str] = "would start unlike on the other days of the week"

    def levers(self) -> Iterator[Lever]:
        if self.max_minutes is not None:
            yield Lever("max_minutes", None, "minute", "allow {value} minutes between two starts of a week")

    @model_validator(mode="after")
    def asks_something(self) -> Self:
        if self.max_minutes is None and not self.same_shift:
            raise ValueError("start_variance needs max_minutes, same_shift or both")
        return self

    # The automaton: the earliest and the latest start of the week so far, and its first shift.
    def start(self, agent: RuleAgent) -> _State:
        state = _State()
        for shift in sorted(agent.past_of_week, key=lambda worked: worked.start):
            state = self._after(state, shift.start_clock, shift.definition)
        return state

    def _after(self, state: _State, clock: int, shift: str | None) -> _State:
        earliest = latest = None
        if self.max_minutes is not None:
            earliest = clock if state.earliest is None else min(clock, state.earliest)
            latest = clock if state.latest is None else max(clock, state.latest)
        return _State(earliest, latest, (state.shift or shift) if self.same_shift else None)

    def reads(self, day: Day, shift: Worked | None, credit: int) -> tuple[int, str | None] | None:
        if shift is None:
            return None
        return (shift.start_clock if self.max_minutes is not None else 0, shift.definition if self.same_shift else None)

    def step(self, state: _State, day: Day, read: tuple[int, str | None] | None) -> Step:
        if read is None:
            return Step(_State() if day.ends_week else state)
        clock, shift = read
        breaches = 0
        if self.max_minutes is not None and state.earliest is not None and state.latest is not None:
            breaches += int(max(clock - state.earliest, state.latest - clock) > self.max_minutes)
        breaches += int(self.same_shift and state.shift is not None and state.shift != shift)
        return Step(_State() if day.ends_week else self._after(state, clock, shift), breaches)

    def day_key(self, day: Day) -> bool:
        return day.ends_week

    # The judge: compares each day with all earlier ones of its week.
    def breaches(self, agent: RuleAgent, roster: AgentRoster) -> Iterator[Breach]:
        for day, shift, week in self._pairs(agent, roster):
            apart = self._apart(shift, week)
            if self.max_minutes is not None and apart > self.max_minutes:
                limit = f"the most is {self.max_minutes}"
                yield self.breach(agent, 1, day, what=f"starts {apart} minutes apart", limit=limit)
            named = self._named(week)
            if self.same_shift and named is not None and shift.definition != named:
                what = f"works {shift.definition}"
                yield self.breach(agent, 1, day, what=what, limit=f"the week began with {named}")

    def _pairs(self, agent: RuleAgent, roster: AgentRoster) -> Iterator[tuple[Day, Worked, list[Worked]]]:
        """Each day worked, its shift and the shifts of its week before it."""
        week = sorted(agent.past_of_week, key=lambda worked: worked.start)
        for day in roster.days:
            shift = roster.shift_of(day)
            if shift is not None:
                yield day, shift, week
                week = [*week, shift]
            if day.ends_week:
                week = []

    def _apart(self, shift: Worked, week: list[Worked]) -> int:
        return max((abs(shift.start_clock - other.start_clock) for other in week), default=0)

    def _named(self, week: list[Worked]) -> str | None:
        return next((other.definition for other in week if other.definition), None)

    def margins(self, agent: RuleAgent, roster: AgentRoster) -> Iterator[Margin]:
        pairs = list(self._pairs(agent, roster))
        if self.max_minutes is not None:
            for day, shift, week in pairs:
                yield Margin("most", self._apart(shift, week), self.max_minutes, "minute", day)
        if self.same_shift:
            other = sum(self._named(week) not in (None, shift.definition) for _, shift, week in pairs)
            yield self.never(other, "shift unlike the first of its week")
