"""Weekends in a row, whole weekends, and the evening before a free one."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar, Literal, NamedTuple, Self

from pydantic import Field, model_validator

from solver.rules.base import AgentRoster, Breach, Day, Lever, Margin, RuleAgent, Step, TourRule, Worked

FRIDAY, SATURDAY, SUNDAY = 4, 5, 6


class _State(NamedTuple):
    streak: int  # weekends worked in a row before this one, capped
    late: bool  # whether Friday's shift ran into Saturday
    saturday: bool | None  # whether yesterday's Saturday was worked, None when yesterday was none


class _Weekend(NamedTuple):
    """A weekend as the judge sees it."""

    day: Day  # its first day in the period
    works: tuple[bool, ...]  # of its days in the period
    streak: int  # weekends worked in a row up to it
    late: bool  # whether Friday's shift ran into Saturday

    @property
    def worked(self) -> bool:
        return any(self.works)

    @property
    def half(self) -> bool:
        return len(self.works) == 2 and self.works[0] != self.works[1]

    @property
    def after_a_night(self) -> bool:
        return len(self.works) == 2 and self.late and not self.worked


class Weekends(TourRule):
    """At most `max_consecutive` weekends worked in a row; with `complete` both days of a weekend or none.

    With `free_from_friday_night` no shift of the Friday before a free weekend runs past midnight. A weekend is worked
    when its Saturday or its Sunday is. The history's `consecutive_weekends_worked` count. Each weekend beyond the limit
    is one breach, each half weekend is one, and each Friday night before a free weekend is one. Of a weekend that the
    period cuts, only its own days are looked at.
    """

    kind: Literal["weekends"] = "weekends"
    max_consecutive: int | None = Field(
        default=None, ge=1, le=100, description="Most weekends worked in a row.", examples=[2]
    )
    complete: bool = Field(default=False, description="Both days of a weekend or neither.")
    free_from_friday_night: bool = Field(default=False, description="No night before a free weekend.")

    sentence: ClassVar[str] = "{agent} {what} on the weekend of {day}; {limit}."
    hinders: ClassVar[str] = "would lose a weekend that has to be free, or whole"

    def levers(self) -> Iterator[Lever]:
        if self.max_consecutive is not None:
            yield Lever("max_consecutive", None, "weekend", "allow {value} weekends in a row")

    @model_validator(mode="after")
    def asks_something(self) -> Self:
        if self.max_consecutive is None and not self.complete and not self.free_from_friday_night:
            raise ValueError("weekends needs max_consecutive, complete or free_from_friday_night")
        return self

    # The automaton: weekends in a row, what Friday was and what Saturday was.
    def start(self, agent: RuleAgent) -> _State:
        return _State(self._capped(agent.history.consecutive_weekends_worked), False, None)

    def _capped(self, streak: int) -> int:
        return 0 if self.max_consecutive is None else min(streak, self.max_consecutive)

    def reads(self, day: Day, shift: Worked | None, credit: int) -> tuple[bool, bool]:
        weekend = day.weekday in (SATURDAY, SUNDAY) and shift is not None
        late = self.free_from_friday_night and day.weekday == FRIDAY and shift is not None and shift.end > day.ends_at
        return weekend, late

    def step(self, state: _State, day: Day, read: tuple[bool, bool]) -> Step:
        worked, late = read
        if day.weekday == FRIDAY:
            return Step(_State(state.streak, late, None))
        if day.weekday == SATURDAY:
            streak, beyond = self._counted(state.streak) if worked else (state.streak, 0)
            return Step(_State(streak, state.late, worked), beyond)
        if day.weekday != SUNDAY:
            return Step(_State(state.streak, False, None))
        streak, breaches = state.streak, 0
        if worked and not state.saturday:
            streak, breaches = self._counted(streak)
        elif not worked and not state.saturday:
            streak = 0
            breaches += int(state.late and state.saturday is False)
        if self.complete and state.saturday is not None and state.saturday != worked:
            breaches += 1
        return Step(_State(streak, False, None), breaches)

    def _counted(self, streak: int) -> tuple[int, int]:
        """One weekend more in the row, and whether that is one too many."""
        if self.max_consecutive is None:
            return 0, 0
        return min(streak + 1, self.max_consecutive), int(streak >= self.max_consecutive)

    def day_key(self, day: Day) -> int:
        return day.weekday

    # The judge: takes each weekend as a whole.
    def breaches(self, agent: RuleAgent, roster: AgentRoster) -> Iterator[Breach]:
        for weekend in self._weekends(agent, roster):
            day = weekend.day
            if weekend.worked and self.max_consecutive is not None and weekend.streak > self.max_consecutive:
                what = f"works weekend {weekend.streak} in a row"
                yield self.breach(agent, 1, day, what=what, limit=f"the most is {self.max_consecutive}")
            if self.complete and weekend.half:
                yield self.breach(agent, 1, day, what="works only one day", limit="it is both days or none")
            if self.free_from_friday_night and weekend.after_a_night:
                yield self.breach(agent, 1, day, what="is free after a night", limit="Friday ends by midnight then")

    def margins(self, agent: RuleAgent, roster: AgentRoster) -> Iterator[Margin]:
        weekends = list(self._weekends(agent, roster))
        if self.max_consecutive is not None:
            for weekend in weekends:
                if weekend.worked:
                    yield Margin("most", weekend.streak, self.max_consecutive, "weekend", weekend.day)
        if self.complete:
            yield self.never(sum(weekend.half for weekend in weekends), "half weekend")
        if self.free_from_friday_night:
            yield self.never(sum(weekend.after_a_night for weekend in weekends), "night before a free weekend")

    def _weekends(self, agent: RuleAgent, roster: AgentRoster) -> Iterator[_Weekend]:
        """Each weekend of which a day lies in the period."""
        streak = agent.history.consecutive_weekends_worked
        for first in roster.days:
            if first.weekday != SATURDAY and (first.weekday != SUNDAY or first.index):
                continue
            last = first if first.weekday == SUNDAY or first.is_last else roster.days[first.index + 1]
            works = tuple(roster.shift_of(day) is not None for day in roster.days[first.index : last.index + 1])
            streak = streak + 1 if any(works) else 0 if last.weekday == SUNDAY else streak
            friday = roster.days[first.index - 1] if first.index else None
            night = None if friday is None else roster.shift_of(friday)
            late = friday is not None and night is not None and night.end > friday.ends_at
            yield _Weekend(first, works, streak, late)
