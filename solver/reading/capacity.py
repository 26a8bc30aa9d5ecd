"""From text to a capacity request that can be relied on."""

from __future__ import annotations

from typing import Any

from schemas.capacity import CapacityGroup, CapacityRequest
from solver.reading.faults import Faults
from solver.reading.read import read_as
from solver.staffing.load import offered_load

MOST_AGENTS = 100_000


def read_capacity(raw: bytes | str | dict[str, Any]) -> CapacityRequest:
    """The capacity request, sound in form and meaning.

    Raises:
        RequestRefused: with every fault that was found.
    """
    request = read_as(CapacityRequest, raw)
    faults = Faults()
    faults.twice(("planning_groups",), "planning groups", (group.id for group in request.planning_groups))
    faults.twice(("work_plans",), "work plans", (plan.id for plan in request.work_plans))
    for number, group in enumerate(request.planning_groups):
        _group(request, group, number, faults)
    _staff(request, faults)
    _hiring(request, faults)
    _one_a_week(request, request.shrinkage_percent_by_week, ("shrinkage_percent_by_week",), faults)
    if request.compare_goals_percent and all(group.service_goal is None for group in request.planning_groups):
        told = "There are goals to compare, and no planning group has a service_goal whose percent they could replace."
        faults.add(("compare_goals_percent",), list(request.compare_goals_percent), "a service_goal", told)
    faults.refuse()
    return request


def _group(request: CapacityRequest, group: CapacityGroup, number: int, faults: Faults) -> None:
    place = ("planning_groups", number)
    if bool(group.volumes) == bool(group.required_hours):
        told = f"{group.id} has {'both' if group.volumes else 'neither'} volumes and required_hours; one of them says how much work there is."
        faults.add(place, "both" if group.volumes else "neither", "volumes or required_hours", told)
    _one_a_week(request, group.volumes, (*place, "volumes"), faults)
    _one_a_week(request, group.required_hours, (*place, "required_hours"), faults)
    if group.volumes and group.aht_seconds is None:
        told = f"{group.id} has volumes and no aht_seconds, so what they take is not known."
        faults.add((*place, "aht_seconds"), "nothing", "a mean handle time", told)
    intervals = 7 * 1440 // group.pattern_interval_minutes
    if group.week_pattern and len(group.week_pattern) != intervals:
        told = f"The pattern has {len(group.week_pattern)} intervals; a week has {intervals} of {group.pattern_interval_minutes} minutes."
        faults.add((*place, "week_pattern"), f"{len(group.week_pattern)} intervals", f"{intervals}", told)
    elif group.week_pattern and not sum(group.week_pattern):
        told = "The pattern is zero throughout, so it does not say when contacts come."
        faults.add((*place, "week_pattern"), "only zeros", "parts above zero", told)
    if group.max_abandonment_percent is not None and group.patience_seconds is None:
        told = "Without patience_seconds nobody gives up, so a limit on abandonment asks nothing. Maybe patience_seconds is missing."
        faults.add((*place, "max_abandonment_percent"), group.max_abandonment_percent, "patience_seconds too", told)
    if group.service_goal is not None and group.service_goal.percent >= 100:
        told = "No number of agents answers every contact in time, so 100 percent would take people without end. Maybe 99 is meant."
        faults.add((*place, "service_goal", "percent"), group.service_goal.percent, "less than 100", told)
    peak = max(group.volumes, default=0.0)
    load = offered_load(peak, group.aht_seconds or 0, 7 * 1440)
    if load > MOST_AGENTS / 20:
        told = f"{peak:g} contacts a week of {group.aht_seconds:g} seconds are more than a contact centre can have. Maybe the volumes are those of a longer time."
        faults.add((*place, "volumes"), peak, "less work", told)


def _one_a_week(
    request: CapacityRequest, values: tuple[float, ...], place: tuple[str | int, ...], faults: Faults
) -> None:
    if values and len(values) != request.weeks:
        told = f"There are {len(values)} values for {request.weeks} weeks; there is one for each week."
        faults.add(place, f"{len(values)} values", f"{request.weeks} values", told)


def _staff(request: CapacityRequest, faults: Faults) -> None:
    groups = {group.id for group in request.planning_groups}
    plans = {plan.id for plan in request.work_plans}
    for number, line in enumerate(request.staff):
        place = ("staff", number)
        if line.planning_group_id not in groups:
            told = f"There is no planning group {line.planning_group_id!r}."
            faults.add((*place, "planning_group_id"), line.planning_group_id, "a planning group's id", told)
        if line.work_plan_id not in plans:
            told = f"There is no work plan {line.work_plan_id!r}."
            faults.add((*place, "work_plan_id"), line.work_plan_id, "a work plan's id", told)


def _hiring(request: CapacityRequest, faults: Faults) -> None:
    hiring = request.hiring
    if hiring.class_size_min > hiring.class_size_max:
        told = f"A class has at least {hiring.class_size_min} and at most {hiring.class_size_max} people, which none can have."
        faults.add(("hiring", "class_size_min"), hiring.class_size_min, f"at most {hiring.class_size_max}", told)
    plans = {plan.id for plan in request.work_plans}
    for number, name in enumerate(hiring.work_plan_ids):
        if name not in plans:
            told = f"There is no work plan {name!r}."
            faults.add(("hiring", "work_plan_ids", number), name, "a work plan's id", told)
