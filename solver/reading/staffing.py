"""From text to a staffing request that can be relied on: JSON, or a table of volumes as CSV."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from schemas.staffing import StaffingGoals, StaffingInterval, StaffingRequest
from solver.reading.faults import Faults
from solver.reading.groups import minute
from solver.reading.read import read_as
from solver.reading.table import Row, number_in, read_table
from solver.staffing.load import offered_load

Place = tuple[str | int, ...]
COLUMNS = (
    "planning_group_id", "start", "volume", "aht_seconds", "shrinkage_percent", "planned_shrinkage_percent",
    "unplanned_shrinkage_percent", "max_staff", "staff",
)  # fmt: skip
WHOLE = ("staff", "max_staff")
NEEDED = ("start", "volume", "aht_seconds")
MOST_AGENTS = 100_000


def read_staffing(raw: bytes | str | dict[str, Any]) -> StaffingRequest:
    """The staffing request, sound in form and meaning.

    Raises:
        RequestRefused: with every fault that was found.
    """
    request = read_as(StaffingRequest, raw)
    faults = Faults()
    _look(request, faults)
    faults.refuse()
    return request


def volumes_from_csv(text: str) -> dict[str, Any]:
    """A table of volumes as the part of a staffing request that it is: `intervals`, or `planning_groups`.

    The first line names the columns: start, volume, aht_seconds, and where wanted planning_group_id, max_staff, staff,
    and shrinkage_percent or its planned and unplanned parts.

    Raises:
        RequestRefused: with every fault, each at its line.
    """
    faults = Faults()
    groups: dict[str, list[dict[str, Any]]] = {}
    for line, row in read_table(text, COLUMNS, NEEDED):
        interval = {name: _value(name, row, line, faults) for name, cell in row.items() if cell or name in NEEDED}
        groups.setdefault(str(interval.pop("planning_group_id", "")), []).append(interval)
    faults.refuse()
    if set(groups) <= {""}:
        return {"intervals": groups.get("", [])}
    return {"planning_groups": [{"id": name, "intervals": rows} for name, rows in groups.items()]}


def _value(name: str, row: Row, line: int, faults: Faults) -> object:
    if name in ("planning_group_id", "start"):
        return row[name]
    return number_in(row, name, line, faults, whole=name in WHOLE)


def _look(request: StaffingRequest, faults: Faults) -> None:
    try:
        zone = ZoneInfo(request.time_zone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        told = f"There is no time zone {request.time_zone!r}. Maybe one such as Europe/Tallinn is meant."
        faults.add(("time_zone",), request.time_zone, "an IANA time zone", told)
        return
    if request.planning_groups and request.intervals:
        told = "There are intervals both of the request and of its planning groups; whose the first are is not said."
        faults.add(("intervals",), "intervals beside planning_groups", "one of the two", told)
    if not request.planning_groups and not request.intervals:
        faults.add(("intervals",), "nothing", "at least one interval", "There is no interval to staff.")
    faults.twice(("planning_groups",), "planning groups", (group.id for group in request.planning_groups))
    _intervals(request, request, (), zone, faults)
    for number, group in enumerate(request.planning_groups):
        _intervals(request, group, ("planning_groups", number), zone, faults)


def _intervals(request: StaffingRequest, goals: StaffingGoals, place: Place, zone: ZoneInfo, faults: Faults) -> None:
    """Intervals that exist, and none that overlaps another."""
    step = request.interval_minutes
    patience = goals.patience_seconds if "patience_seconds" in goals.model_fields_set else request.patience_seconds
    if goals.max_abandonment_percent is not None and patience is None:
        told = "Without patience_seconds nobody gives up, so a limit on abandonment asks nothing. Maybe patience_seconds is missing."
        faults.add((*place, "max_abandonment_percent"), goals.max_abandonment_percent, "patience_seconds too", told)
    _no_certainty(goals, place, faults)
    _shrinkage(goals, place, faults)
    _can_wait(goals, place, faults)
    taken: dict[int, tuple[int, int]] = {}
    far = (-(10**9), 0)
    for number, interval in enumerate(goals.intervals):
        _shrinkage(interval, (*place, "intervals", number), faults)
        _load(request, goals, interval, (*place, "intervals", number), faults)
        where: Place = (*place, "intervals", number, "start")
        start = minute(faults, where, interval.start, zone)
        if start is None:
            continue
        before, after = start // step, start // step + 1  # a cell of the grid holds at most one start of those so far
        near = [taken[cell][1] for cell in (before - 1, before, after) if abs(taken.get(cell, far)[0] - start) < step]
        if near:
            told = f"This interval starts at {interval.start} and overlaps number {near[0] + 1} of the list. Maybe it is there twice; in the hour that an autumn night has twice an offset tells the two apart."
            faults.add(where, str(interval.start), f"{step} minutes between starts", told)
        taken.setdefault(before, (start, number))


def _no_certainty(goals: StaffingGoals, place: Place, faults: Faults) -> None:
    """Callers come at random, so no number of agents makes sure that nobody waits or gives up."""
    sure = "Contacts come at random, so no number of agents makes sure of it; one can only get as near as one pays for."
    if goals.service_goal is not None and goals.service_goal.percent >= 100:
        told = f"The goal is that all contacts are answered in time. {sure} Maybe 99 or 99.9 is meant."
        faults.add((*place, "service_goal", "percent"), goals.service_goal.percent, "less than 100", told)
    if goals.max_mean_wait_seconds == 0:
        told = f"The goal is that nobody waits at all. {sure} Maybe 1 second is meant."
        faults.add((*place, "max_mean_wait_seconds"), 0, "more than 0", told)
    if goals.max_abandonment_percent == 0:
        told = f"The goal is that nobody gives up. {sure} Maybe 1 or 0.1 is meant."
        faults.add((*place, "max_abandonment_percent"), 0, "more than 0", told)


def _shrinkage(told: StaffingGoals | StaffingInterval, place: Place, faults: Faults) -> None:
    """The whole or its parts, not both."""
    parts = {"planned_shrinkage_percent", "unplanned_shrinkage_percent"} & told.model_fields_set
    if "shrinkage_percent" in told.model_fields_set and parts:
        text = "Shrinkage is told both as a whole and in parts. Maybe the whole was meant to be left out."
        faults.add((*place, "shrinkage_percent"), told.shrinkage_percent, "the whole or its parts, not both", text)


def _can_wait(goals: StaffingGoals, place: Place, faults: Faults) -> None:
    """Work with a deadline has no goals in seconds, for nobody waits on the line."""
    if goals.deadline_minutes is None:
        if goals.backlog:
            told = "There is a backlog but no deadline_minutes: contacts that wait on the line are not left over to the next day. Maybe deadline_minutes is missing."
            faults.add((*place, "backlog"), goals.backlog, "deadline_minutes too", told)
        return
    line = (
        "service_goal", "max_mean_wait_seconds", "max_abandonment_percent", "patience_seconds", "slowdown_percent",
    )  # fmt: skip
    for name in line:
        if name in goals.model_fields_set and getattr(goals, name) not in (None, 0):
            told = f"Work with deadline_minutes can wait, so {name} asks nothing of it. Maybe two planning groups are meant."
            faults.add((*place, name), name, f"deadline_minutes or {name}", told)


def _load(
    request: StaffingRequest, goals: StaffingGoals, interval: StaffingInterval, place: Place, faults: Faults
) -> None:
    """No more work than a contact centre can have; more is a slip of the pen, and would take hours to work out."""
    load = offered_load(interval.volume, interval.aht_seconds, request.interval_minutes)
    busiest = goals.max_occupancy_percent
    if busiest is None and "max_occupancy_percent" not in goals.model_fields_set:
        busiest = request.max_occupancy_percent
    agents = load * 100 / (busiest or 100)
    if agents > MOST_AGENTS:
        told = f"{interval.volume:g} contacts of {interval.aht_seconds:g} seconds in {request.interval_minutes} minutes keep more than {MOST_AGENTS:,} agents busy. Maybe the volume is that of a longer time."
        faults.add((*place, "volume"), interval.volume, f"work for at most {MOST_AGENTS} agents", told)
