"""Unloved shifts shared out."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, ClassVar, Literal, Self

from pydantic import Field, model_validator

from schemas.money import Amount
from schemas.request import Listed, Weekday
from solver.rules.base import AgentRoster, Breach, Day, Margin, RuleAgent, Step, SummingRule, Worked, many
from solver.rules.kinds import NamesShifts

DAYS: tuple[Weekday, ...] = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


class Fairness(NamesShifts, SummingRule):
    """Nights, weekends or late ends are shared out: beyond a fair `share` each one more costs an agent more.

    The first shift beyond the share is one breach, the second two more, the third three more: because the price grows,
    two agents with one each cost less than one agent with two. The history's `shifts` count toward the share, so who
    had many is spared. What counts is said by shift ids, by clock times of start or stop, by weekdays, or by all
    of them.
    """

    kind: Literal["fairness"] = "fairness"
    cost: Amount = Field(
        default=1,
        validate_default=True,
        description="Price of one unit of breach; fairness forbids nothing.",
        examples=[5],
    )
    days: Annotated[tuple[Weekday, ...], Listed] = Field(default=(), description="Weekdays that count; none = all.")
    share: int = Field(default=0, ge=0, le=1000, description="Shifts that nobody minds.", examples=[2])

    sentence: ClassVar[str] = "{agent} works {shifts} of the kind that is shared out; a fair share is {share}."
    hinders: ClassVar[str] = "have had their share of such shifts"

    @model_validator(mode="after")
    def says_what(self) -> Self:
        if self.names_none and not self.days:
            raise ValueError("fairness needs shift_ids, starts, stops or days to say what is shared out")
        return self

    def _counts(self, shift: Worked | None, weekday: int) -> bool:
        return (not self.days or DAYS[weekday] in self.days) and self.holds(shift)

    def before(self, agent: RuleAgent) -> int:
        today = agent.first_day.weekday
        return sum(self._counts(shift, (today - back) % 7) for back, shift in enumerate(agent.recent, start=1))

    # The automaton: the state is how many there were so far.
    def start(self, agent: RuleAgent) -> int:
        return self.before(agent)

    def reads(self, day: Day, shift: Worked | None, credit: int) -> bool:
        return self._counts(shift, day.weekday)

    def step(self, state: int, day: Day, read: bool) -> Step:
        return Step(state + 1, max(0, state + 1 - self.share)) if read else Step(state)

    def day_key(self, day: Day) -> None:
        return None

    def broken(self, total: int, before: int, *, whole: bool) -> int:
        return _growing(total - self.share) - _growing(before - self.share)

    # The judge: counts once and sums the growing price.
    def breaches(self, agent: RuleAgent, roster: AgentRoster) -> Iterator[Breach]:
        before = self.before(agent)
        count = before + sum(self._counts(roster.shift_of(day), day.weekday) for day in roster.days)
        old, new = max(0, before - self.share), max(0, count - self.share)
        units = new * (new + 1) // 2 - old * (old + 1) // 2
        if units:
            yield self.breach(agent, units, None, shifts=many(count, "shift"), share=self.share)

    def margins(self, agent: RuleAgent, roster: AgentRoster) -> Iterator[Margin]:
        before = self.before(agent)
        count = before + sum(self._counts(roster.shift_of(day), day.weekday) for day in roster.days)
        yield Margin("most", count, max(self.share, before), "shift")


def _growing(beyond: int) -> int:
    """1 for the first, 2 more for the second, 3 more for the third."""
    return beyond * (beyond + 1) // 2 if beyond > 0 else 0
