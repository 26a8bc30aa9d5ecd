"""The rules of the roster as a whole, one file a rule: its fields, who is counted, and what a count breaks."""

from schemas.roster_rule import RosterRule
from solver.roster_rules.base import CountRule
from solver.roster_rules.breaks_at_once import BreaksAtOnce
from solver.roster_rules.never_together import NeverTogether
from solver.roster_rules.on_duty import OnDuty
from solver.roster_rules.same_shifts import SameShifts
from solver.roster_rules.seats import Seats
from solver.roster_rules.shift_kinds import ShiftKinds

BOOK: tuple[type[RosterRule], ...] = (Seats, BreaksAtOnce, OnDuty, NeverTogether, SameShifts, ShiftKinds)

__all__ = ["BOOK", "CountRule", "SameShifts", "ShiftKinds"]
