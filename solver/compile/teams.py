"""Rules of the roster that tie agents to each other's shifts."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from schemas.request import Agent, RosterRequest
from solver.compile.breaches import prices_of
from solver.compile.model import OFF, Ints, Smalls
from solver.compile.shifts import CompiledShift
from solver.roster_rules import SameShifts


class Teams(NamedTuple):
    """Rules that tie agents to each other's shifts: on a day all of a rule's members have the same one."""

    members: tuple[Ints, ...]  # [rules] rows of `staff`
    may_be_off: NDArray[np.bool_]  # [rules] whether a day off is no departure
    price: Ints  # [rules] units for each member of a day who departs
    hard: NDArray[np.bool_]  # [rules] whether none may; the price then only keeps the search away
    span: Ints  # [shifts] equal where start and end are

    def costs(self, shift: Smalls) -> Ints:
        """What these shifts, [agents, days], cost by each rule."""
        return np.array(
            [
                price * sum(self._departures(rule, day) for day in shift[members].T)
                for rule, (members, price) in enumerate(zip(self.members, self.price.tolist(), strict=True))
            ],
            np.int64,
        )

    def _departures(self, rule: int, shifts: Smalls) -> int:
        """How many of the rule's members do not have the shift that most of them have on a day."""
        spans = np.where(shifts == OFF, OFF, self.span[shifts])
        if self.may_be_off[rule]:
            spans = spans[spans != OFF]
        return len(spans) - int(np.unique(spans, return_counts=True)[1].max(initial=0))


def teams_of(request: RosterRequest, agents: tuple[Agent, ...], catalogue: list[CompiledShift], dearest: int) -> Teams:
    """Who is tied to whom, with prices in ticks; `dearest` is what a slot may cost."""
    rules = [rule for rule in request.roster_rules if isinstance(rule, SameShifts)]
    spans: dict[tuple[int, int], int] = {}
    number = [spans.setdefault((s.worked.start, s.worked.end), len(spans)) for s in catalogue] if rules else []
    return Teams(
        members=tuple(np.flatnonzero([rule.ties(agent) for agent in agents]) for rule in rules),
        may_be_off=np.array([rule.may_be_off for rule in rules], bool),
        price=prices_of((rule.cost for rule in rules), dearest),
        hard=np.array([rule.cost is None for rule in rules], bool),
        span=np.array(number, np.int64),
    )
