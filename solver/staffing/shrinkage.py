"""Paid time that is not spent on queue: planned, as breaks and training are, and unplanned, as illness is."""

from __future__ import annotations

from dataclasses import dataclass

from schemas.staffing import StaffingGoals, StaffingInterval


@dataclass(frozen=True)
class Shrinkage:
    """Shares: `whole` of paid time, `unplanned` of what the planned leaves, None where only the whole is known."""

    whole: float
    unplanned: float | None


def shrinkage_of(goals: StaffingGoals, interval: StaffingInterval) -> Shrinkage:
    """Shrinkage of an interval: what it says itself, else what its planning group says."""
    if interval.shrinkage_percent is not None:
        return Shrinkage(interval.shrinkage_percent / 100, None)
    planned = _first(interval.planned_shrinkage_percent, goals.planned_shrinkage_percent)
    unplanned = _first(interval.unplanned_shrinkage_percent, goals.unplanned_shrinkage_percent)
    if planned is None and unplanned is None:
        return Shrinkage(goals.shrinkage_percent / 100, None)
    away, ill = (planned or 0) / 100, (unplanned or 0) / 100
    return Shrinkage(1 - (1 - away) * (1 - ill), ill)


def _first(*values: float | None) -> float | None:
    return next((value for value in values if value is not None), None)
