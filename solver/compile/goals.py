"""Service goals: contacts outside the goal at each level of heads, and what they cost at given prices.

A goal over a day is met or missed by the sum of its intervals, so no interval has a price of its own. At a price for
each contact outside the goal it has one: less what the goal allows, that is a lower bound on what missing it costs
(Lagrange), and the search works with such prices. Contacts are counted in ten-thousandths and rounded down, so that
a claim is never dearer than the judge's.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from schemas.money import ticks
from schemas.request import PlanningGroup, RosterRequest
from solver.compile.grid import Calendar, Grid
from solver.compile.model import OFF, Ints, Model, Smalls
from solver.staffing.queues import Queues

PARTS = 10_000
"""Parts of a contact that are counted."""

HAIR = 0.01
"""Parts by which a count is rounded down too much, rather than up by an error of floating point."""

WHOLE_HEAD = 1000


@dataclass(frozen=True)
class Goals:
    """The goals of all planning groups; an *account* is the span of a goal."""

    outside: Ints  # [rows, levels] parts of contacts outside the goal
    row: Smalls  # [groups, slots] of `outside`, OFF where no goal is
    account: Smalls  # [groups, slots] OFF where no goal is
    allowed: Ints  # [accounts] parts
    price: Ints  # [accounts] ticks for each part beyond
    alone: NDArray[np.bool_]  # [accounts] whether it is a single slot, which has a price of its own

    def missed(self, levels: Smalls) -> Ints:
        """Parts outside beyond what is allowed, at these levels [groups, slots], by account; below zero: left over."""
        here = self.account != OFF
        sums = np.zeros(len(self.allowed), np.int64)
        np.add.at(sums, self.account[here], self.outside[self.row[here], levels[here]])
        return sums - self.allowed

    def cost(self, levels: Smalls) -> int:
        """Ticks for what is missed."""
        return int((np.maximum(0, self.missed(levels)) * self.price).sum())


def goals_of(request: RosterRequest, period: Calendar, grid: Grid, levels: int, level_unit: int) -> Goals | None:
    """The goals of the request; None where no planning group has one."""
    if all(group.service_goal is None for group in request.planning_groups):
        return None
    shape = len(request.planning_groups), grid.slots
    row, account = np.full(shape, OFF, np.int32), np.full(shape, OFF, np.int32)
    tables: list[Ints] = []
    allowed: list[int] = []
    price: list[int] = []
    alone: list[bool] = []
    for number, group in enumerate(request.planning_groups):
        goal = group.service_goal
        if goal is None:
            continue
        volume, aht = offered(request, group, period, grid)
        busy = np.flatnonzero(volume)
        pairs, which = np.unique(np.stack((volume[busy], aht[busy])), axis=1, return_inverse=True)
        row[number, busy] = which.reshape(-1) + sum(len(table) for table in tables)
        tables.append(_outside(request, group, pairs[0], pairs[1], levels, level_unit))
        for span in _spans(group, period, grid):
            places = busy[(busy >= span.start) & (busy < span.stop)]
            if len(places):
                account[number, places] = len(allowed)
                contacts = math.fsum(volume[places].tolist())
                allowed.append(math.floor(contacts * goal.allowed_percent / 100 * PARTS + 0.5))
                price.append(ticks(goal.missed_cost_per_contact) // PARTS)
                alone.append(len(places) == 1)
    return Goals(
        outside=np.concatenate([np.zeros((0, levels), np.int64), *tables]),
        row=row,
        account=account,
        allowed=np.array(allowed, np.int64),
        price=np.array(price, np.int64),
        alone=np.array(alone, bool),
    )


def offered(
    request: RosterRequest, group: PlanningGroup, period: Calendar, grid: Grid
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Contacts and mean handle times of each slot, [slots]."""
    volume, aht = np.zeros(grid.slots), np.ones(grid.slots)
    for series in request.volumes:
        if series.planning_group_id == group.id:
            start = grid.slot(series.start.utc_minute(period.zone))
            volume[start : start + len(series.volume)] = series.volume
            aht[start : start + len(series.volume)] = series.handle_times
    return volume, aht


def _spans(group: PlanningGroup, period: Calendar, grid: Grid) -> list[range]:
    goal = group.service_goal
    assert goal is not None
    midnights = [grid.slot(minute) for minute in (*(day.starts_at for day in period.days), period.days[-1].ends_at)]
    if goal.per == "period":
        return [range(midnights[0], midnights[-1])]
    if goal.per == "day":
        return [range(start, end) for start, end in pairwise(midnights)]
    return [range(slot, slot + 1) for slot in range(midnights[0], midnights[-1])]


def _outside(
    request: RosterRequest,
    group: PlanningGroup,
    volume: NDArray[np.float64],
    aht: NDArray[np.float64],
    levels: int,
    level_unit: int,
) -> Ints:
    """Parts outside the goal, [offers, levels]; on the line between whole numbers of heads where levels are finer."""
    goal = group.service_goal
    assert goal is not None
    most = -(-(levels - 1) * level_unit // WHOLE_HEAD) + 1
    load = volume * aht / (60 * request.interval_minutes)
    heads = np.tile(np.arange(most + 1, dtype=np.float64), len(volume))
    queues = Queues.of(
        np.repeat(load, most + 1),
        np.repeat(aht, most + 1),
        patience=math.inf if group.patience_seconds is None else group.patience_seconds,
        within=goal.within_seconds or 0.0,
    )
    found = queues.with_agents(heads)
    share = found.abandoned if goal.max_abandonment_percent is not None else 1 - found.answered
    contacts = share.reshape(len(volume), most + 1) * volume[:, None]
    whole, rest = np.divmod(np.arange(levels) * level_unit, WHOLE_HEAD)
    between = contacts[:, whole] + (contacts[:, np.minimum(whole + 1, most)] - contacts[:, whole]) * rest / WHOLE_HEAD
    parts: Ints = np.maximum(0, np.floor(between * PARTS - HAIR)).astype(np.int64)
    return parts


def priced(model: Model, multipliers: Ints, *, true: float = 0.0) -> Model:
    """The model with a price in units on each part of a contact outside the goal, in place of the goals themselves.

    Args:
        model: the compiled request.
        multipliers: [accounts] units for a part; not read where an account is a single slot, which is priced as it is.
        true: part of the true prices in those that are convex from below, which bounds and chains of moves between
            groups need. True ones alone have plains on which a search for a single group does not know where to go.
    """
    goals = model.goals
    assert goals is not None
    per_tick = int(1 / model.ticks_per_unit)
    base = model.coverage
    g, t = np.nonzero(goals.account != OFF)
    keys = np.stack((base.curve_of[g, t], goals.row[g, t], goals.account[g, t]))
    different, which = np.unique(keys, axis=1, return_inverse=True)
    curves = []
    for below, row, account in different.T.tolist():
        outside = goals.outside[row]
        if goals.alone[account]:
            cost = np.maximum(0, outside - goals.allowed[account]) * int(goals.price[account]) * per_tick
        else:
            cost = outside * int(multipliers[account])
        below_it = convex_below(cost)
        curves.append(base.curves[below] + below_it + ((cost - below_it) * true).astype(np.int64))
    curve_of = base.curve_of.copy()
    curve_of[g, t] = which.reshape(-1) + len(base.curves)
    return replace(model, coverage=base._replace(curve_of=curve_of, curves=np.concatenate((base.curves, curves))))


def convex_below(values: Ints) -> Ints:
    """A convex sequence of whole numbers nowhere above the values, as close to them as whole slopes go."""
    corners = [0]
    for n in range(1, len(values)):
        while len(corners) > 1 and _above(values, corners[-2], corners[-1], n):
            corners.pop()
        corners.append(n)
    slopes = np.empty(len(values) - 1, np.int64)
    for one, other in pairwise(corners):
        slopes[one:other] = (int(values[other]) - int(values[one])) // (other - one)
    return np.concatenate((values[:1], values[0] + np.cumsum(slopes)))


def _above(values: Ints, one: int, middle: int, other: int) -> bool:
    """Whether the middle value lies on or above the line between the others."""
    rise = (int(values[middle]) - int(values[one])) * (other - one)
    return rise >= (int(values[other]) - int(values[one])) * (middle - one)
