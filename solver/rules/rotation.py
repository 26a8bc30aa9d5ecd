"""A rotation: which shifts belong to which week."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, ClassVar, Literal

from pydantic import Field

from schemas.request import Agent, Identifier, Listed
from solver.rules.base import AgentRoster, Breach, Day, Margin, Misfit, Named, RuleAgent, Step, TourRule, Worked


class Rotation(TourRule):
    """Each week of a rotation has its own shifts, and after the last week comes the first again.

    An agent's `rotation_position` says in which week of the rotation the period begins; weeks change as the request's
    `week_starts_on` says. A week without shifts is free. Each shift that is not one of its week's is one breach.
    """

    kind: Literal["rotation"] = "rotation"
    weeks_of_shifts: Annotated[tuple[Annotated[tuple[Identifier, ...], Listed], ...], Listed] = Field(
        min_length=1,
        max_length=104,
        description="For each week of the rotation, the shifts that may be worked.",
        examples=[[["early"], ["late"], ["night"], []]],
    )

    sentence: ClassVar[str] = "{agent} works {shift} on {day}; week {week} of the rotation has {allowed}."
    hinders: ClassVar[str] = "have other shifts in this week of their rotation"

    def misfit(self, agent: Agent) -> Misfit | None:
        weeks, position = len(self.weeks_of_shifts), agent.rotation_position
        if position < weeks:
            return None
        text = (
            f"{agent.name or agent.id} begins in week {position} of a rotation of {weeks} weeks, counted from 0. "
            f"Maybe {position % weeks} is meant."
        )
        return Misfit("rotation_position", f"0 to {weeks - 1}", text)

    def named_shifts(self) -> Iterator[Named]:
        for week, shifts in enumerate(self.weeks_of_shifts):
            for number, id_ in enumerate(shifts):
                yield Named(("weeks_of_shifts", week, number), id_)

    # The automaton: the state is the week of the rotation.
    def start(self, agent: RuleAgent) -> int:
        return agent.rotation_position % len(self.weeks_of_shifts)

    def reads(self, day: Day, shift: Worked | None, credit: int) -> frozenset[int]:
        """The weeks of the rotation in which this shift is out of place."""
        if shift is None:
            return frozenset()
        return frozenset(n for n, allowed in enumerate(self.weeks_of_shifts) if shift.definition not in allowed)

    def step(self, state: int, day: Day, read: frozenset[int]) -> Step:
        after = (state + 1) % len(self.weeks_of_shifts) if day.ends_week else state
        return Step(after, int(state in read))

    def day_key(self, day: Day) -> bool:
        return day.ends_week

    # The judge: counts weeks on the calendar.
    def breaches(self, agent: RuleAgent, roster: AgentRoster) -> Iterator[Breach]:
        for day in roster.days:
            shift = roster.shift_of(day)
            week = (agent.rotation_position + day.week) % len(self.weeks_of_shifts)
            allowed = self.weeks_of_shifts[week]
            if shift is not None and shift.definition not in allowed:
                known = ", ".join(allowed) or "none"
                yield self.breach(agent, 1, day, shift=shift.definition or "a shift", week=week + 1, allowed=known)

    def margins(self, agent: RuleAgent, roster: AgentRoster) -> Iterator[Margin]:
        yield self.never(sum(1 for _ in self.breaches(agent, roster)), "shift of another week of the rotation")
