"""What rules on days in a row have in common."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar, NamedTuple

from solver.rules.base import AgentRoster, Breach, Day, Margin, RuleAgent, Step, Worked, many
from solver.rules.limits import Limited


class _State(NamedTuple):
    streak: int  # days in a row, capped at the limit
    owed: int  # days that the run is still short of its least


class RunLimits(Limited):
    """Limits on the length of runs of days that have something in common.

    Each day beyond the most is one breach, and so is each day that a run is short of the least. A run that the end of
    the period cuts off is not short, and neither is one that begins on the first day while nothing is known of the days
    before.
    """

    unit: ClassVar[str] = "day"

    @property
    def span_words(self) -> str:
        return " in a row"

    def holds_on(self, shift: Worked | None) -> bool:
        """Whether a day with this shift belongs to a run."""
        raise NotImplementedError

    def before(self, agent: RuleAgent) -> int:
        """Length of the run that reaches up to the period."""
        raise NotImplementedError

    def knows_before(self, agent: RuleAgent) -> bool:
        """Whether anything is known of the days before the period."""
        raise NotImplementedError

    # The automaton: the streak so far, and what it is still short of the least.
    def start(self, agent: RuleAgent) -> _State | None:
        run = self.before(agent)
        if not run:
            return _State(0, 0) if self.knows_before(agent) else None
        return _State(self._capped(run), max(0, (self.min or 0) - run))

    def _capped(self, streak: int) -> int:
        return min(streak, self.max or 1)

    def reads(self, day: Day, shift: Worked | None, credit: int) -> bool:
        return self.holds_on(shift)

    def step(self, state: _State | None, day: Day, read: bool) -> Step:
        if state is None:  # the first day, with nothing known of the days before
            return Step(_State(1, 0) if read else _State(0, 0))
        if not read:
            return Step(_State(0, 0), state.owed)
        if state.streak == 0:
            return Step(_State(1, (self.min or 1) - 1))
        beyond = int(self.max is not None and state.streak == self.max)
        return Step(_State(self._capped(state.streak + 1), max(0, state.owed - 1)), beyond)

    def day_key(self, day: Day) -> None:
        return None

    # The judge: walks the calendar and keeps the whole run.
    def breaches(self, agent: RuleAgent, roster: AgentRoster) -> Iterator[Breach]:
        for margin in self.margins(agent, roster):
            if margin.slack < 0:
                units, told = (1, "limit") if margin.which == "most" else (-margin.slack, "least")
                streak = many(margin.value, "day")
                yield self.breach(agent, units, margin.day, streak=streak, limit=f"{told} is {margin.limit}")

    def margins(self, agent: RuleAgent, roster: AgentRoster) -> Iterator[Margin]:
        streak, known = self.before(agent), self.knows_before(agent)
        for day in roster.days:
            if self.holds_on(roster.shift_of(day)):
                streak += 1
                if self.max is not None:
                    yield Margin("most", streak, self.max, self.unit, day)
                continue
            if known and streak and self.min is not None:
                yield Margin("least", streak, self.min, self.unit, roster.days[max(0, day.index - 1)])
            streak, known = 0, True
