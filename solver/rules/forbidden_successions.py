"""Shifts that may not follow each other from one day to the next."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, ClassVar, Literal

from pydantic import Field

from schemas.base import Schema
from schemas.request import Listed
from solver.rules.base import AgentRoster, Breach, Day, Margin, Named, RuleAgent, Step, TourRule, Worked
from solver.rules.kinds import ShiftKind


class Succession(Schema):
    """After a shift of one kind none of the other on the next day."""

    after: ShiftKind = Field(description="The shift of a day.")
    forbidden: ShiftKind = Field(description="What may not follow it on the next day.")


class ForbiddenSuccessions(TourRule):
    """After some shifts some others may not follow on the next day: no early shift after a late one.

    The history's `shifts` tell what was worked on the day before the period; where they say nothing, that day was off.
    Each day with a shift that may not follow the one of the day before is one breach.
    """

    kind: Literal["forbidden_successions"] = "forbidden_successions"
    successions: Annotated[tuple[Succession, ...], Listed] = Field(
        min_length=1,
        max_length=50,
        description="What may not follow what.",
        examples=[[{"after": {"shift_ids": ["late"]}, "forbidden": {"shift_ids": ["early"]}}]],
    )

    repeats: ClassVar[bool] = True
    sentence: ClassVar[str] = "{agent} works {forbidden} on {day}, the day after {after}."
    hinders: ClassVar[str] = "would work what may not follow the shift of the day before"

    def named_shifts(self) -> Iterator[Named]:
        for number, succession in enumerate(self.successions):
            for name, kind in (("after", succession.after), ("forbidden", succession.forbidden)):
                for named in kind.named_shifts():
                    yield named.within("successions", number, name)

    # The automaton: the state and the read are sets of successions, as bits.
    def start(self, agent: RuleAgent) -> int:
        return self._opened(agent.shift_before)

    def _opened(self, shift: Worked | None) -> int:
        return sum(succession.after.holds(shift) << bit for bit, succession in enumerate(self.successions))

    def reads(self, day: Day, shift: Worked | None, credit: int) -> tuple[int, int]:
        follows = sum(succession.forbidden.holds(shift) << bit for bit, succession in enumerate(self.successions))
        return self._opened(shift), follows

    def step(self, state: int, day: Day, read: tuple[int, int]) -> Step:
        opened, follows = read
        return Step(opened, int(state & follows != 0))

    def day_key(self, day: Day) -> None:
        return None

    # The judge: looks at each pair of days.
    def breaches(self, agent: RuleAgent, roster: AgentRoster) -> Iterator[Breach]:
        yesterday = agent.shift_before
        for day in roster.days:
            today = roster.shift_of(day)
            for succession in self.successions:
                if succession.after.holds(yesterday) and succession.forbidden.holds(today):
                    yield self.breach(agent, 1, day, forbidden=succession.forbidden.words, after=succession.after.words)
                    break
            yesterday = today

    def margins(self, agent: RuleAgent, roster: AgentRoster) -> Iterator[Margin]:
        yield self.never(sum(1 for _ in self.breaches(agent, roster)), "forbidden succession")
