"""What heads are worth: requirements as a convex price of each level, per planning group and slot."""

from __future__ import annotations

from dataclasses import dataclass
from math import gcd

import numpy as np

from schemas.request import Agent, PlanningGroup, RosterRequest
from solver.compile.goals import offered
from solver.compile.grid import Calendar, Grid
from solver.compile.model import Ints, Smalls
from solver.compile.presence import counted_by
from solver.compile.prices import WHOLE_HEAD, Curve, Tiers, tiers_of


@dataclass(frozen=True)
class Requirement:
    """Thousandths of heads needed, [groups, slots]; zero outside the planning period, where shifts may still run."""

    milliheads: Ints


def requirement_of(request: RosterRequest, period: Calendar, grid: Grid) -> Requirement:
    """The request's series laid on the grid; gaps are zero, and minimum staff raises what is above zero."""
    index = {group.id: i for i, group in enumerate(request.planning_groups)}
    need = np.zeros((len(index), grid.slots), np.int64)
    for series in request.requirements:
        start = grid.slot(series.start.utc_minute(period.zone))
        need[index[series.planning_group_id], start : start + len(series.required)] = series.required_milliheads
    for group, row in zip(request.planning_groups, need, strict=True):
        if group.service_goal is not None:
            # Below its minimum a group is short in heads, whatever its goal; above, contacts say what heads are worth.
            row[offered(request, group, period, grid)[0] > 0] = group.minimum_staff * WHOLE_HEAD
        else:
            np.maximum(row, group.minimum_staff * WHOLE_HEAD, out=row, where=row > 0)
    return Requirement(need)


def profiles_of(request: RosterRequest, agents: tuple[Agent, ...]) -> tuple[Smalls, list[tuple[int, ...]]]:
    """Each agent's profile and the profiles: thousandths of a head by planning group, 0 where there is no skill.

    Agents whom different rules of the roster count have different profiles, be their skills the same.
    """
    index = {group.id: i for i, group in enumerate(request.planning_groups)}
    everything = (WHOLE_HEAD,) * len(index)
    profiles: dict[tuple[tuple[int, ...], tuple[bool, ...]], int] = {}
    rows = np.empty(len(agents), np.int32)
    for row, agent in enumerate(agents):
        heads = [0] * len(index)
        for skill in agent.skills:
            heads[index[skill.planning_group_id]] = skill.proficiency_milliheads
        profile = tuple(heads) if agent.skills else everything
        rows[row] = profiles.setdefault((profile, counted_by(request, agent)), len(profiles))
    return rows, [profile for profile, _ in profiles]


def level_unit_of(profiles: list[tuple[int, ...]], fixed: Ints) -> int:
    """The coarsest step, in thousandths of a head, in which every level can be counted."""
    return (
        gcd(0, *(heads for profile in profiles for heads in profile), *(int(v) for v in np.unique(fixed))) or WHOLE_HEAD
    )


def _beside_goal(
    request: RosterRequest, group: PlanningGroup, period: Calendar, grid: Grid
) -> tuple[Smalls, list[tuple[Tiers, Tiers]]]:
    """Prices of heads beside a service goal: below the minimum where contacts are offered, any head where none are."""
    [(under, over)] = tiers_of(group, period, grid)[1]
    offers = offered(request, group, period, grid)[0] > 0
    return offers.astype(np.int32), [(under, over), (under, ())]


def curves_of(
    request: RosterRequest, need: Requirement, levels: int, level_unit: int, period: Calendar, grid: Grid
) -> tuple[Smalls, Ints]:
    """The price in ticks of every level of every slot; equal curves are one row."""
    rows: dict[Curve, int] = {}
    curve_of = np.zeros(need.milliheads.shape, np.int32)
    for g, group in enumerate(request.planning_groups):
        which, prices = (
            tiers_of(group, period, grid) if group.service_goal is None else _beside_goal(request, group, period, grid)
        )
        pairs, inverse = np.unique(np.stack((need.milliheads[g], which)), axis=1, return_inverse=True)
        numbers = [rows.setdefault(Curve(int(v), *prices[k]), len(rows)) for v, k in pairs.T]
        curve_of[g] = np.array(numbers, np.int32)[inverse.reshape(-1)]
    level = np.arange(levels, dtype=np.int64) * level_unit
    curves = np.zeros((len(rows), levels), np.int64)
    for curve, row in rows.items():
        curves[row] = curve.costs(level)
    return curve_of, curves
