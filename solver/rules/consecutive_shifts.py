"""Shifts of one kind on days in a row."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, ClassVar, Literal, NamedTuple, Self

from pydantic import Field, model_validator

from schemas.request import ClockWindow, Identifier, Listed
from solver.rules.base import AgentRoster, Breach, Day, RuleAgent, Step, TourRule, Worked, many
from solver.rules.kinds import is_of


class _State(NamedTuple):
    streak: int  # days in a row with such a shift, capped at the limit
    owed: int  # days that the run is still short of its least


class ConsecutiveShifts(TourRule):
    """An agent works shifts of a kind, nights for one, on at most `max` days in a row and on at least `min`.

    Any other day ends the run: one off, or one with another shift. The history's `shifts` of the last days before the
    period count. Each day beyond the limit is one breach, and so is each day that a run is short of `min`; a run that
    the end of the period cuts off is not short, and neither is one that begins on the first day while the history
    tells nothing.
    """

    kind: Literal["consecutive_shifts"] = "consecutive_shifts"
    shift_ids: Annotated[tuple[Identifier, ...], Listed] = Field(
        default=(), description="Shifts of the work plan that are meant.", examples=[["night"]]
    )
    starts: ClockWindow | None = Field(default=None, description="Clock times between which the shifts start.")
    min: int | None = Field(default=None, ge=1, le=400, description="Shortest allowed run.")
    max: int | None = Field(default=None, ge=1, le=400, description="Longest allowed run.", examples=[3])

    sentence: ClassVar[str] = "{agent} works {streak} of such shifts in a row up to {day}; the {limit}."

    @model_validator(mode="after")
    def asks_something(self) -> Self:
        if not self.shift_ids and self.starts is None:
            raise ValueError(
                "consecutive_shifts needs shift_ids, starts or both; for all shifts there is consecutive_days"
            )
        if self.min is None and self.max is None:
            raise ValueError("consecutive_shifts needs a min, a max or both")
        if self.min is not None and self.max is not None and self.min > self.max:
            raise ValueError(f"min {self.min} is greater than max {self.max}")
        return self

    def _before(self, agent: RuleAgent) -> int:
        """Length of the run that reaches up to the period."""
        run = 0
        for shift in agent.recent:
            if not is_of(shift, self.shift_ids, self.starts):
                break
            run += 1
        return run

    # The automaton: the streak so far, and what it is still short of the least.
    def start(self, agent: RuleAgent) -> _State | None:
        run = self._before(agent)
        if not run:
            return _State(0, 0) if agent.tells_history else None
        return _State(min(run, self.max or 1), max(0, (self.min or 0) - run))

    def reads(self, day: Day, shift: Worked | None, credit: int) -> bool:
        return is_of(shift, self.shift_ids, self.starts)

    def step(self, state: _State | None, day: Day, read: bool) -> Step:
        if state is None:  # the first day, with nothing known of the days before
            return Step(_State(1, 0) if read else _State(0, 0))
        if not read:
            return Step(_State(0, 0), state.owed)
        if state.streak == 0:
            return Step(_State(1, (self.min or 1) - 1))
        beyond = int(self.max is not None and state.streak == self.max)
        return Step(_State(min(state.streak + 1, self.max or 1), max(0, state.owed - 1)), beyond)

    def day_key(self, day: Day) -> None:
        return None

    # The judge: walks the calendar and keeps the whole run.
    def breaches(self, agent: RuleAgent, roster: AgentRoster) -> Iterator[Breach]:
        streak, known = self._before(agent), agent.tells_history
        for day in roster.days:
            if is_of(roster.shift_of(day), self.shift_ids, self.starts):
                streak += 1
                if self.max is not None and streak > self.max:
                    yield self.breach(agent, 1, day, streak=many(streak, "day"), limit=f"limit is {self.max}")
                continue
            if known and streak and self.min is not None and streak < self.min:
                last = roster.days[max(0, day.index - 1)]
                told = f"least is {self.min}"
                yield self.breach(agent, self.min - streak, last, streak=many(streak, "day"), limit=told)
            streak, known = 0, True
