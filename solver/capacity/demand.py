"""How much work a week brings: hours needed on queue so that every interval of the week reaches the goals."""

from __future__ import annotations

import numpy as np

from schemas.capacity import CapacityGroup, CapacityRequest
from schemas.staffing import ServiceGoal, StaffingGoals
from solver.staffing.requirements import queues_of

OPEN_DAYS, OPENS, CLOSES = 5, 8, 20
"""Days and hours at which contacts come where no pattern says it."""


def required_hours(request: CapacityRequest, percent: float | None = None) -> list[list[float]]:
    """Hours needed on queue, [groups][weeks]; with `percent` in place of the service goals' own."""
    return [_of_group(group, request.weeks, percent) for group in request.planning_groups]


def _of_group(group: CapacityGroup, weeks: int, percent: float | None) -> list[float]:
    if group.required_hours:
        return list(group.required_hours)
    if not group.volumes:
        return [0.0] * weeks
    assert group.aht_seconds is not None
    shares = [share for share in pattern_of(group) if share]
    step = group.pattern_interval_minutes
    load = np.outer(group.volumes, shares) * group.aht_seconds / (60 * step)
    different, which = np.unique(load, return_inverse=True)
    queues = queues_of(goals_of(group, percent), different, np.full(different.shape, group.aht_seconds))
    hours: list[float] = (queues.fewest()[which.reshape(load.shape)].sum(axis=1) * step / 60).tolist()
    return hours


def goals_of(group: CapacityGroup, percent: float | None = None) -> StaffingGoals:
    """What every interval of the group is to reach."""
    goal = group.service_goal
    if goal is not None and percent is not None:
        goal = ServiceGoal(percent=percent, within_seconds=goal.within_seconds)
    return StaffingGoals(
        service_goal=goal,
        max_mean_wait_seconds=group.max_mean_wait_seconds,
        max_abandonment_percent=group.max_abandonment_percent,
        max_occupancy_percent=group.max_occupancy_percent,
        patience_seconds=group.patience_seconds,
        concurrency=group.concurrency,
    )


def pattern_of(group: CapacityGroup) -> list[float]:
    """Share of a week's contacts in each of its intervals; they sum to one."""
    pattern = group.week_pattern
    if not pattern:
        of_a_day = 1440 // group.pattern_interval_minutes
        opens, closes = (hour * of_a_day // 24 for hour in (OPENS, CLOSES))
        pattern = tuple(
            float(day < OPEN_DAYS and opens <= interval < closes) for day in range(7) for interval in range(of_a_day)
        )
    total = sum(pattern)
    return [part / total for part in pattern]
