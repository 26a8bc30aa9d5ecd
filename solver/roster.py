"""A finished plan in the words of the response."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from schemas.request import Agent
from schemas.roster import Activity, Schedule, Shift
from solver.compile.model import OFF, Model, Plan
from solver.compile.shifts import CompiledShift


def schedules_of(model: Model, plan: Plan) -> tuple[Schedule, ...]:
    """Every agent's shifts with their activities, times on the agent's own clock."""
    return tuple(_schedule(model, plan, row, agent) for row, agent in enumerate(model.agents))


def _schedule(model: Model, plan: Plan, row: int, agent: Agent) -> Schedule:
    zone = ZoneInfo(agent.time_zone or model.request.time_zone)
    shifts = []
    for day in range(model.days):
        number = int(plan.shift[row, day])
        if number != OFF:
            shifts.append(_shift(model, plan, row, day, model.catalogue[number], zone))
    paid = sum(shift.paid_minutes or 0 for shift in shifts) + model.time_off_minutes[row]
    return Schedule(agent_id=agent.id, paid_minutes=paid, shifts=tuple(shifts))


def _shift(model: Model, plan: Plan, row: int, day: int, shift: CompiledShift, zone: ZoneInfo) -> Shift:
    start, end = shift.worked.start, shift.worked.end
    placed = (
        _pinned_activities(shift, ZoneInfo(model.request.time_zone), zone)
        if shift.pin is not None
        else _placed(model, plan, row, day, shift, zone)
    )
    activities: list[Activity] = []
    at = start
    for activity in [*sorted(placed, key=lambda a: a.start), None]:
        until = end if activity is None else int(activity.start.timestamp()) // 60
        activities.extend(_on_queue(model, plan, row, at, until, zone))
        if activity is not None:
            activities.append(activity)
            at = int(activity.end.timestamp()) // 60
    return Shift(
        date=instant(start, zone).date(),
        work_plan_shift_id=shift.worked.definition,
        start=instant(start, zone),
        end=instant(end, zone),
        paid_minutes=shift.worked.paid_minutes,
        pinned=shift.pin is not None,
        activities=tuple(activities),
    )


def _placed(model: Model, plan: Plan, row: int, day: int, shift: CompiledShift, zone: ZoneInfo) -> Iterator[Activity]:
    definition = shift.definition
    assert definition is not None
    for place in shift.due:
        activity = definition.activities[place]
        begin = model.grid.minute(int(plan.starts[row, day, place]))
        yield Activity(
            category=activity.category,
            id=activity.id,
            paid=activity.paid,
            start=instant(begin, zone),
            end=instant(begin + activity.minutes, zone),
        )


def _pinned_activities(shift: CompiledShift, written: ZoneInfo, zone: ZoneInfo) -> Iterator[Activity]:
    """What the pin fixes: its activities, and stretches whose planning group it names."""
    assert shift.pin is not None
    for activity in shift.pin.activities:
        if activity.category != "on_queue" or activity.planning_group_id is not None:
            yield Activity(
                category=activity.category,
                id=activity.id,
                paid=activity.paid,
                planning_group_id=activity.planning_group_id,
                start=instant(activity.start.utc_minute(written), zone),
                end=instant(activity.end.utc_minute(written), zone),
            )


def _on_queue(model: Model, plan: Plan, row: int, start: int, end: int, zone: ZoneInfo) -> Iterator[Activity]:
    """The stretch split where the planning group changes."""
    groups = model.request.planning_groups
    first, last = model.grid.slot(start), model.grid.slot(end)
    at = first
    while at < last:
        group = 0 if plan.group is None else int(plan.group[row, at])
        until = at + 1
        while until < last and (plan.group is None or int(plan.group[row, until]) == group):
            until += 1
        yield Activity(
            category="on_queue",
            planning_group_id=groups[group].id,
            start=instant(model.grid.minute(at), zone),
            end=instant(model.grid.minute(until), zone),
        )
        at = until


def instant(utc_minute: int, zone: ZoneInfo) -> datetime:
    """The instant on a zone's clock, with its offset."""
    return datetime.fromtimestamp(utc_minute * 60, UTC).astimezone(zone)
