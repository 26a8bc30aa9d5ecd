"""Notice that agents are given of their shifts."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar, Literal, NamedTuple

from pydantic import Field

from solver.rules.base import AgentRoster, Breach, Day, Lever, Margin, RuleAgent, Step, TourRule, Worked


class _Told(NamedTuple):
    """A day of which an agent was told; minutes from the day's first midnight."""

    until: int  # starts before this are within the notice
    shift: tuple[int, int] | None  # start and end of the shift that was published


class MinimumShiftNotice(TourRule):
    """A shift that starts less than `minutes` after the request's `as_of` stays as it was published, or stays off.

    What an agent was told are its `published_shifts`; start and end count, activities may move. Within the notice no
    shift is new, none is moved and none is left out. Each day on which that is not so is one breach.
    """

    kind: Literal["minimum_shift_notice"] = "minimum_shift_notice"
    minutes: int = Field(
        ge=1, le=100_000, description="Least notice of a shift, of a change or of a loss.", examples=[10080]
    )

    sentence: ClassVar[str] = "{agent} {what} on {day}, with less than {minutes} minutes of notice."
    hinders: ClassVar[str] = "would be told of the change too late"

    def levers(self) -> Iterator[Lever]:
        yield Lever("minutes", 0, "minute", "give only {value} minutes of notice")

    # The automaton: the state is what is still to come of the days within the notice.
    def start(self, agent: RuleAgent) -> tuple[_Told, ...]:
        if agent.as_of is None:
            return ()
        until = agent.as_of + self.minutes
        return tuple(
            _Told(min(until - day.starts_at, day.ends_at - day.starts_at), _from(day, agent.published[day.index]))
            for day in agent.days
            if day.starts_at < until
        )

    def reads(self, day: Day, shift: Worked | None, credit: int) -> tuple[int, int] | None:
        return _from(day, shift)

    def step(self, state: tuple[_Told, ...], day: Day, read: tuple[int, int] | None) -> Step:
        if not state:
            return Step(())
        told, *rest = state
        within = any(shift is not None and shift[0] < told.until for shift in (read, told.shift))
        return Step(tuple(rest), int(within and read != told.shift))

    def day_key(self, day: Day) -> None:
        return None

    # The judge: compares each day with what was published, as long as one of the two starts in time.
    def breaches(self, agent: RuleAgent, roster: AgentRoster) -> Iterator[Breach]:
        if agent.as_of is None:
            return
        for day in roster.days:
            told, now = agent.published[day.index], roster.shift_of(day)
            starts = min(shift.start for shift in (told, now) if shift is not None) if told or now else None
            if starts is None or starts >= agent.as_of + self.minutes:
                continue
            if told is None:
                yield self.breach(agent, 1, day, what="has a new shift", minutes=self.minutes)
            elif now is None:
                yield self.breach(agent, 1, day, what="loses a published shift", minutes=self.minutes)
            elif (told.start, told.end) != (now.start, now.end):
                yield self.breach(agent, 1, day, what="has a published shift moved", minutes=self.minutes)

    def margins(self, agent: RuleAgent, roster: AgentRoster) -> Iterator[Margin]:
        yield self.never(sum(1 for _ in self.breaches(agent, roster)), "change without notice")


def _from(day: Day, shift: Worked | None) -> tuple[int, int] | None:
    """Start and end of the shift, counted from the day's first midnight."""
    return None if shift is None else (shift.start - day.starts_at, shift.end - day.starts_at)
