"""A long rest in every week."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar, Literal, NamedTuple

from pydantic import Field

from solver.rules.base import AgentRoster, Breach, Day, Lever, Margin, RuleAgent, Step, TourRule, Worked


class _State(NamedTuple):
    rest: int  # minutes off up to today's midnight, within the week; negative while a shift still runs
    had: bool  # whether the week has had its rest


class SplitWeeklyRest(TourRule):
    """Every week holds a rest of at least `minutes` without interruption, from the week's first midnight to its last.

    Elapsed minutes count. A rest that reaches into the next week is split there, and each part counts for its own week.
    Asked of whole weeks only. Each week without such a rest is one breach.
    """

    kind: Literal["split_weekly_rest"] = "split_weekly_rest"
    minutes: int = Field(ge=1, le=10_080, description="Shortest rest that counts.", examples=[2160])

    sentence: ClassVar[str] = (
        "{agent} has no rest of {minutes} minutes in the week up to {day}; the longest is {longest}."
    )
    hinders: ClassVar[str] = "would lose their long rest of the week"

    def levers(self) -> Iterator[Lever]:
        yield Lever("minutes", 1, "minute", "ask for a rest of only {value} minutes in each week")

    # The automaton: how long the rest has lasted at midnight.
    def start(self, agent: RuleAgent) -> _State:
        return _State(self._overhang(agent), not agent.begins_week)

    def _overhang(self, agent: RuleAgent) -> int:
        """Minutes, negative, that the last shift before the period still runs."""
        end = agent.last_shift_end
        return 0 if end is None else min(0, agent.first_day.starts_at - end)

    def reads(self, day: Day, shift: Worked | None, credit: int) -> tuple[int, int] | None:
        return None if shift is None else (shift.start - day.starts_at, day.ends_at - shift.end)

    def step(self, state: _State, day: Day, read: tuple[int, int] | None) -> Step:
        length = day.ends_at - day.starts_at
        if read is None:
            rest = state.rest + length
            had = state.had or rest >= self.minutes
        else:
            before, after = read
            had = state.had or state.rest + before >= self.minutes or after >= self.minutes
            rest = after
        if day.ends_week:
            return Step(_State(min(0, rest), False), int(not had))
        return Step(_State(0 if had and rest > 0 else min(rest, self.minutes), had))

    def day_key(self, day: Day) -> tuple[bool, int]:
        return day.ends_week, day.ends_at - day.starts_at

    # The judge: gathers the stretches off of each week and takes the longest.
    def breaches(self, agent: RuleAgent, roster: AgentRoster) -> Iterator[Breach]:
        for margin in self.margins(agent, roster):
            if margin.slack < 0:
                yield self.breach(agent, 1, margin.day, minutes=self.minutes, longest=margin.value)

    def margins(self, agent: RuleAgent, roster: AgentRoster) -> Iterator[Margin]:
        weeks: dict[int, list[Day]] = {}
        for day in roster.days:
            weeks.setdefault(day.week, []).append(day)
        for number, days in weeks.items():
            if not days[-1].ends_week or (number == 0 and not agent.begins_week):
                continue
            free = days[0].starts_at - (self._overhang(agent) if days[0].index == 0 else 0)
            if days[0].index:
                before = roster.shift_of(roster.days[days[0].index - 1])
                free = max(free, before.end if before is not None else free)
            longest = 0
            for day in days:
                shift = roster.shift_of(day)
                if shift is not None:
                    longest = max(longest, shift.start - free)
                    free = shift.end
            yield Margin("least", max(longest, days[-1].ends_at - free), self.minutes, "minute", days[-1])
