"""How free days lie together and after what."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar, Literal, NamedTuple, Self

from pydantic import Field, model_validator

from solver.rules.base import AgentRoster, Breach, Day, Lever, Margin, Named, RuleAgent, Step, TourRule, Worked, many
from solver.rules.kinds import ShiftKind


class _State(NamedTuple):
    run: int  # days off in a row within the week, capped
    had: bool  # whether the week has had its free days together
    owed: int  # days off that are still due after a shift of the kind


class FreeDayPatterns(TourRule):
    """Free days lie together, and some follow certain shifts.

    With `together` each week holds so many days off in a row; asked of whole weeks only, and each week without them is
    one breach. With `across_weeks` days off just before a week, the history's included, lengthen a row with which the
    week begins. With `after` a shift of that kind is followed by more of the kind or by `days_off_after` days off: each
    day worked otherwise before these are over is one breach. The history's `shifts` tell of the day before the period.
    """

    kind: Literal["free_day_patterns"] = "free_day_patterns"
    together: int | None = Field(default=None, ge=1, le=7, description="Days off in a row in each week.", examples=[2])
    across_weeks: bool = Field(
        default=False, description="Whether days off that began in the week before count: Sunday and Monday together."
    )
    after: ShiftKind | None = Field(default=None, description="Shifts that days off follow.")
    days_off_after: int = Field(default=1, ge=1, le=7, description="Days off after the last of these shifts.")

    repeats: ClassVar[bool] = True
    sentence: ClassVar[str] = "{agent} {what} {day}; {limit}."
    hinders: ClassVar[str] = "would lose days off that are due together or after such shifts"

    def levers(self) -> Iterator[Lever]:
        if self.together is not None:
            yield Lever("together", None, "day", "ask for only {value} days off together in each week")
        if self.after is not None:
            yield Lever("days_off_after", 1, "day", "ask for only {value} days off after such shifts")

    @model_validator(mode="after")
    def asks_something(self) -> Self:
        if self.together is None and self.after is None:
            raise ValueError("free_day_patterns needs together, after or both")
        return self

    def named_shifts(self) -> Iterator[Named]:
        if self.after is not None:
            for named in self.after.named_shifts():
                yield named.within("after")

    def _is_after(self, shift: Worked | None) -> bool:
        return self.after is not None and self.after.holds(shift)

    def _owed(self, agent: RuleAgent) -> int:
        """Days off that are still due when the period begins."""
        for back, shift in enumerate(agent.recent):
            if shift is not None:
                return max(0, self.days_off_after - back) if self._is_after(shift) else 0
        return 0

    # The automaton: free days in a row, whether the week has had enough of them, and what is still due.
    def start(self, agent: RuleAgent) -> _State:
        return _State(self._run_before(agent), self.together is None or not agent.begins_week, self._owed(agent))

    def _run_before(self, agent: RuleAgent) -> int:
        """Days off just before the period that may be part of a row in it."""
        if self.together is None or not self.across_weeks:
            return 0
        return min(self.together - 1, agent.history.consecutive_days_off)

    def reads(self, day: Day, shift: Worked | None, credit: int) -> str:
        if shift is None:
            return "off"
        return "after" if self._is_after(shift) else "work"

    def step(self, state: _State, day: Day, read: str) -> Step:
        breaches = 0
        run, owed = 0, 0
        if read == "off":
            run, owed = state.run + 1, max(0, state.owed - 1)
        elif read == "after":
            breaches, owed = int(0 < state.owed < self.days_off_after), self.days_off_after
        else:
            breaches = int(state.owed > 0)
            owed = max(0, state.owed - 1)
        had = state.had or (self.together is not None and run >= self.together)
        if self.together is not None and self.across_weeks:
            run = min(run, self.together - 1)  # one more makes the row, whatever there was before
        elif had or day.ends_week:
            run = 0
        if day.ends_week:
            return Step(_State(run, self.together is None, owed), breaches + int(not had))
        return Step(_State(run, had, owed), breaches)

    def day_key(self, day: Day) -> bool:
        return day.ends_week

    # The judge: looks for the longest row of free days of each week, and back from each day worked.
    def breaches(self, agent: RuleAgent, roster: AgentRoster) -> Iterator[Breach]:
        for margin in self._weeks(agent, roster):
            if margin.slack < 0:
                what = f"has {many(margin.value, 'day')} off in a row in the week up to"
                yield self.breach(agent, 1, margin.day, what=what, limit=f"the least is {margin.limit}")
        if self.after is not None:
            yield from self._afterwards(agent, roster)

    def margins(self, agent: RuleAgent, roster: AgentRoster) -> Iterator[Margin]:
        yield from self._weeks(agent, roster)
        if self.after is not None:
            yield self.never(sum(1 for _ in self._afterwards(agent, roster)), "day worked that was due off")

    def _weeks(self, agent: RuleAgent, roster: AgentRoster) -> Iterator[Margin]:
        """The longest row of free days of each whole week."""
        if self.together is None:
            return
        weeks: dict[int, list[Day]] = {}
        for day in roster.days:
            weeks.setdefault(day.week, []).append(day)
        free = "." * agent.history.consecutive_days_off  # just before the week
        for number, days in weeks.items():
            own = "".join("." if roster.shift_of(day) is None else "x" for day in days)
            # Days off of the week before are part of a row only together with the first day of this one.
            before = free if self.across_weeks and own.startswith(".") else ""
            free = free + own if "x" not in own else own.rpartition("x")[2]
            if days[-1].ends_week and (number or agent.begins_week):
                longest = max(len(run) for run in (before + own).split("x"))
                yield Margin("least", longest, self.together, "day", days[-1])

    def _afterwards(self, agent: RuleAgent, roster: AgentRoster) -> Iterator[Breach]:
        due = self._owed(agent)
        for day in roster.days:
            shift = roster.shift_of(day)
            if shift is None:
                due = max(0, due - 1)
                continue
            again = self._is_after(shift)
            if due and not (again and due == self.days_off_after):
                limit = f"{many(self.days_off_after, 'day')} off are due after such a shift"
                yield self.breach(agent, 1, day, what="works on", limit=limit)
            due = self.days_off_after if again else max(0, due - 1)
