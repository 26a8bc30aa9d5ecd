"""The roster in figures."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import NamedTuple

from schemas.roster import Statistics
from solver.verify.bill import Bill
from solver.verify.coverage import MILLI, Totals

PLACES = 3


class Head(NamedTuple):
    """One agent in figures."""

    agent_id: str
    shifts: int
    paid_minutes: int


def statistics_of(heads: Sequence[Head], bill: Bill, totals: Totals) -> Statistics:
    """Counts and hours; coverage is the share of required hours that is there, 100 where none are required."""
    covered = Fraction(totals.required - totals.short, totals.required) if totals.required else Fraction(1)
    return Statistics(
        agents_scheduled=sum(head.shifts > 0 for head in heads),
        shifts=sum(head.shifts for head in heads),
        coverage_percent=float(round(100 * covered, PLACES)),
        overtime_minutes=bill.overtime_minutes,
        required_hours=_hours(totals.required),
        scheduled_hours=_hours(totals.scheduled),
        short_hours=_hours(totals.short),
        over_hours=_hours(totals.over),
    )


def _hours(milli_minutes: int) -> float:
    return float(round(Fraction(milli_minutes, 60 * MILLI), PLACES))
