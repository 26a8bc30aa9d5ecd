"""Weekends worked."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar, Literal, NamedTuple, Self

from pydantic import Field, model_validator

from solver.rules.base import Added, AgentRoster, Breach, Day, Lever, Margin, RuleAgent, Step, SummingRule, Worked

SATURDAY, SUNDAY = 5, 6


class _State(NamedTuple):
    weekends: int  # so far, capped
    saturday: bool | None  # whether yesterday's Saturday was worked, None when yesterday was none


class _Weekend(NamedTuple):
    """A weekend as the judge sees it."""

    day: Day  # its first day in the period
    number: int  # weekends worked up to it
    new: bool  # whether it is one more worked
    half: bool  # whether one day is worked and the other is off


class WeekendsWorked(SummingRule):
    """An agent works on at most `max` weekends of the period, and with `whole` on both days of a weekend or none.

    A weekend is worked when its Saturday or its Sunday is. The history's `weekends_worked` count toward `max`; each
    weekend beyond it is one breach, and so is each weekend of which one day is worked and the other is off. A weekend
    of which only one day lies in the period is not asked to be whole, unless the period begins on a Sunday and the
    history says that the Saturday was worked.
    """

    kind: Literal["weekends_worked"] = "weekends_worked"
    max: int | None = Field(default=None, ge=0, le=100, description="Most weekends worked in the period.", examples=[2])
    whole: bool = Field(default=False, description="Both days of a weekend or neither.")

    sentence: ClassVar[str] = "{agent} {what} on the weekend of {day}; {limit}."
    hinders: ClassVar[str] = "have no weekend left, or would work half of one"

    def levers(self) -> Iterator[Lever]:
        if self.max is not None:
            yield Lever("max", None, "weekend", "allow {value} weekends in the period")

    @model_validator(mode="after")
    def asks_something(self) -> Self:
        if self.max is None and not self.whole:
            raise ValueError("weekends_worked needs a max, or whole, or both")
        return self

    # The automaton: weekends so far, and on a Sunday what its Saturday was.
    def start(self, agent: RuleAgent) -> _State:
        history = agent.history
        saturday = True if agent.first_day.weekday == SUNDAY and history.consecutive_days_worked else None
        # A Saturday worked before the period is already among the history's weekends.
        return _State(self._capped(history.weekends_worked), saturday)

    def _capped(self, weekends: int) -> int:
        return 0 if self.max is None else min(weekends, self.max)

    def reads(self, day: Day, shift: Worked | None, credit: int) -> bool:
        return shift is not None and day.weekday in (SATURDAY, SUNDAY)

    def step(self, state: _State, day: Day, read: bool) -> Step:
        if day.weekday == SATURDAY:
            return self._worked(state, first=read, saturday=read)
        if day.weekday == SUNDAY:
            split = int(self.whole and state.saturday is not None and state.saturday != read)
            after = self._worked(state, first=read and not state.saturday, saturday=None)
            return Step(after.state, after.breaches + split)
        return Step(_State(state.weekends, None))

    def _worked(self, state: _State, *, first: bool, saturday: bool | None) -> Step:
        """A day of the weekend; `first` when it makes the weekend a worked one."""
        if self.max is None or not first:
            return Step(_State(state.weekends, saturday))
        return Step(_State(min(self.max, state.weekends + 1), saturday), int(state.weekends >= self.max))

    def day_key(self, day: Day) -> int:
        return day.weekday

    adds_by_read: ClassVar[bool] = False

    @property
    def most_sum(self) -> int:
        return self.max or 0

    def before(self, agent: RuleAgent) -> int:
        return agent.history.weekends_worked

    def rest(self, agent: RuleAgent) -> bool | None:
        return self.start(agent).saturday

    def add(self, state: bool | None, day: Day, read: bool) -> Added:
        if day.weekday == SATURDAY:
            return Added(read, int(read))
        if day.weekday == SUNDAY:
            split = self.whole and state is not None and state != read
            return Added(None, int(read and not state), int(split))
        return Added(None, 0)

    def broken(self, total: int, before: int, *, whole: bool) -> int:
        return 0 if self.max is None else max(0, total - max(self.max, before))

    # The judge: pairs the days of each weekend.
    def breaches(self, agent: RuleAgent, roster: AgentRoster) -> Iterator[Breach]:
        for weekend in self._weekends(agent, roster):
            if self.max is not None and weekend.new and weekend.number > self.max:
                what = f"works weekend {weekend.number}"
                yield self.breach(agent, 1, weekend.day, what=what, limit=f"the most is {self.max}")
            if self.whole and weekend.half:
                yield self.breach(agent, 1, weekend.day, what="works only one day", limit="it is both days or none")

    def margins(self, agent: RuleAgent, roster: AgentRoster) -> Iterator[Margin]:
        weekends = list(self._weekends(agent, roster))
        if self.max is not None:
            before = agent.history.weekends_worked
            yield Margin("most", before + sum(w.new for w in weekends), max(self.max, before), "weekend")
        if self.whole:
            yield self.never(sum(weekend.half for weekend in weekends), "half weekend")

    def _weekends(self, agent: RuleAgent, roster: AgentRoster) -> Iterator[_Weekend]:
        number = agent.history.weekends_worked
        for day in roster.days:
            pair: tuple[bool | None, bool | None]
            if day.weekday == SATURDAY:
                following = roster.days[day.index + 1] if day.index + 1 < len(roster.days) else None
                sunday = None if following is None else roster.shift_of(following) is not None
                pair = roster.shift_of(day) is not None, sunday
                new = any(pair)
            elif day.weekday == SUNDAY and day.index == 0:
                pair = True if agent.history.consecutive_days_worked else None, roster.shift_of(day) is not None
                new = any(pair) and not pair[0]  # a worked Saturday was counted by the history
            else:
                continue
            number += new
            yield _Weekend(day, number, new, None not in pair and pair[0] != pair[1])
