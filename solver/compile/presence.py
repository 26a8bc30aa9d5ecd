"""Rules of the roster that count agents, as a convex price of each count in each slot."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from schemas.money import ticks_per_hour_to_minute
from schemas.request import Agent, RosterRequest
from solver.compile.breaches import FORBIDDEN
from solver.compile.grid import Calendar, Grid
from solver.compile.model import Ints, Presence
from solver.compile.shifts import CompiledShift
from solver.roster_rules import CountRule

WHERE = ("on_site", "away", "on_queue")
AWAY = ("break", "meal")


def counted_by(request: RosterRequest, agent: Agent) -> tuple[bool, ...]:
    """Which of the rules that count agents count this one."""
    return tuple(rule.counts(agent) for rule in request.roster_rules if isinstance(rule, CountRule))


def presence_of(
    request: RosterRequest,
    counted: NDArray[np.bool_],
    agents: Ints,
    catalogue: list[CompiledShift],
    period: Calendar,
    grid: Grid,
    dearest: int,
) -> Presence:
    """The request's rules with their prices in ticks.

    Args:
        request: the request.
        counted: [rules, profiles] who is counted.
        agents: [profiles] how many there are.
        catalogue: all shifts.
        period: the days on the request's clock.
        grid: the slots.
        dearest: ticks that a missing agent costs at most in a slot.
    """
    rules = [rule for rule in request.roster_rules if isinstance(rule, CountRule)]
    most = int((counted @ agents).max(initial=0)) + 2
    curves: list[list[int]] = [[0] * most]
    curve_of = np.zeros((len(rules), grid.slots), np.int32)
    for row, rule in zip(curve_of, rules, strict=True):
        price = dearest * FORBIDDEN
        if rule.cost_per_hour is not None:
            price = ticks_per_hour_to_minute(rule.cost_per_hour) * grid.step
        row[_asked(rule, request, period, grid)] = len(curves)
        curves.append([price * rule.units(number) for number in range(most)])
    return Presence(
        where=np.array([WHERE.index(rule.where) for rule in rules], np.int32),
        hard=np.array([rule.cost_per_hour is None for rule in rules], bool),
        counted=counted,
        curve_of=curve_of,
        curves=np.array(curves, np.int64),
        away=_activities(catalogue, AWAY),
        named=_activities(catalogue, ("on_queue",)),
    )


def _asked(rule: CountRule, request: RosterRequest, period: Calendar, grid: Grid) -> NDArray[np.bool_]:
    """The slots in which the rule holds."""
    asked = np.full(grid.slots, rule.always)
    for series in request.requirements:
        if rule.asked_by(series.planning_group_id):
            start = grid.slot(series.start.utc_minute(period.zone))
            asked[start : start + len(series.required)] |= np.array(series.required_milliheads, np.int64) > 0
    return asked


def _activities(catalogue: list[CompiledShift], categories: tuple[str, ...]) -> NDArray[np.bool_]:
    """Which activities of each shift are of these categories, [shifts, activities]."""
    rows = [_categories(shift) for shift in catalogue]
    table = np.zeros((len(catalogue), max(map(len, rows), default=0) or 1), bool)
    for line, row in zip(table, rows, strict=True):
        line[: len(row)] = [category in categories for category in row]
    return table


def _categories(shift: CompiledShift) -> list[str]:
    """By the activity's place; a pinned shift's are those that bring no free time on queue."""
    if shift.definition is not None:
        return [activity.category for activity in shift.definition.activities]
    assert shift.pin is not None
    blocks = (a for a in shift.pin.activities if a.category != "on_queue" or a.planning_group_id is not None)
    return [activity.category for activity in blocks]
