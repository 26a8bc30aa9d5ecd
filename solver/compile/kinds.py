"""Rules of the roster that count kinds of shifts."""

from __future__ import annotations

import numpy as np

from schemas.request import RosterRequest
from solver.compile.breaches import prices_of
from solver.compile.grid import MINUTES_A_DAY, Calendar, Grid
from solver.compile.model import Kinds
from solver.compile.shifts import CompiledShift
from solver.roster_rules import ShiftKinds


def kinds_of(
    request: RosterRequest, catalogue: list[CompiledShift], period: Calendar, grid: Grid, dearest: int
) -> Kinds:
    """The kind of each shift, and the rules with their prices in ticks; `dearest` is what a slot may cost."""
    rules = [rule for rule in request.roster_rules if isinstance(rule, ShiftKinds)]
    numbers: dict[tuple[int, int], int] = {}
    of_shift = []
    for shift in catalogue if rules or request.planning_period.cyclic else ():
        clock = period.clock(0, shift.worked.start) % MINUTES_A_DAY
        of_shift.append(numbers.setdefault((clock, shift.worked.end - shift.worked.start), len(numbers)))
    return Kinds(
        of_shift=np.array(of_shift, np.int64),
        most=np.array([rule.max for rule in rules], np.int64),
        price=prices_of((rule.cost for rule in rules), dearest),
        hard=np.array([rule.cost is None for rule in rules], bool),
        tell_breaks=np.array([rule.tell_breaks_apart for rule in rules], bool),
    )
