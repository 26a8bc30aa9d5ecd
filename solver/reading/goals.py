"""Service goals and the contacts that they are about."""

from __future__ import annotations

from schemas.goal import ServiceTarget
from schemas.request import RosterRequest
from solver.reading.faults import Faults
from solver.reading.groups import look_at_series
from solver.reading.period import Zones
from solver.staffing.load import offered_load

MOST_LOAD = 20_000
"""Erlangs in an interval beyond which a slip of the pen is more likely than a contact centre."""


def look(request: RosterRequest, zones: Zones, faults: Faults) -> None:
    """Goals that say what they want, contacts for them, and no requirements beside."""
    goals = {group.id for group in request.planning_groups if group.service_goal is not None}
    for number, group in enumerate(request.planning_groups):
        place = ("planning_groups", number)
        if group.service_goal is None:
            if group.patience_seconds is not None:
                told = f"Planning group {group.id!r} has patience_seconds and no service_goal, so nothing would depend on it."
                faults.add((*place, "patience_seconds"), group.patience_seconds, "a service_goal beside", told)
            continue
        _goal(group.service_goal, group.patience_seconds, (*place, "service_goal"), faults)
        if group.prices:
            told = f"Planning group {group.id!r} has a service_goal, which prices contacts, and prices of heads as well. Maybe only minimum_staff is needed beside the goal."
            faults.add((*place, "prices"), "prices", "none beside a service_goal", told)
    for number, requirement in enumerate(request.requirements):
        if requirement.planning_group_id in goals:
            told = f"Planning group {requirement.planning_group_id!r} has a service_goal, so volumes and not requirements say what it needs."
            faults.add(("requirements", number), requirement.planning_group_id, "a group without a service_goal", told)
    for number, series in enumerate(request.volumes):
        place = ("volumes", number)
        if series.planning_group_id not in goals and any(
            series.planning_group_id == group.id for group in request.planning_groups
        ):
            told = f"Planning group {series.planning_group_id!r} has no service_goal, so its volumes would mean nothing. Maybe requirements are meant."
            faults.add((*place, "planning_group_id"), series.planning_group_id, "a group with a service_goal", told)
        if isinstance(series.aht_seconds, tuple) and len(series.aht_seconds) != len(series.volume):
            told = f"There are {len(series.aht_seconds)} handle times for {len(series.volume)} volumes."
            faults.add(
                (*place, "aht_seconds"), f"{len(series.aht_seconds)} values", f"{len(series.volume)} values", told
            )
            continue
        for interval, (volume, aht) in enumerate(zip(series.volume, series.handle_times, strict=True)):
            if offered_load(volume, aht, request.interval_minutes) > MOST_LOAD:
                told = f"{volume:g} contacts of {aht:g} seconds in {request.interval_minutes} minutes keep more than {MOST_LOAD:,} agents busy. Maybe the volume is that of a longer time."
                faults.add((*place, "volume", interval), volume, f"work for at most {MOST_LOAD} agents", told)
    look_at_series(
        request, "volumes", [(s.planning_group_id, s.start, len(s.volume)) for s in request.volumes], zones, faults
    )
    served = {series.planning_group_id for series in request.volumes}
    for number, group in enumerate(request.planning_groups):
        if group.id in goals and group.id not in served:
            told = f"Planning group {group.id!r} has a service_goal and no volumes, so there is nothing to serve."
            faults.add(("planning_groups", number, "service_goal"), "no volumes", "volumes of the group", told)


def _goal(goal: ServiceTarget, patience: float | None, place: tuple[str | int, ...], faults: Faults) -> None:
    in_time = goal.percent is not None or goal.within_seconds is not None
    lost = goal.max_abandonment_percent is not None
    if in_time == lost:
        what = "both a share answered in time and one that may give up" if lost else "nothing"
        told = f"The goal asks for {what}; it is either percent with within_seconds, or max_abandonment_percent."
        faults.add(place, what, "one of the two", told)
    elif in_time and (goal.percent is None or goal.within_seconds is None):
        told = "A goal of contacts answered in time has two parts: percent and within_seconds."
        faults.add(place, "one part", "percent and within_seconds", told)
    if lost and patience is None:
        told = "Without patience_seconds nobody gives up, so a limit on abandonment asks nothing. Maybe patience_seconds of the planning group is missing."
        faults.add((*place, "max_abandonment_percent"), goal.max_abandonment_percent, "patience_seconds too", told)
