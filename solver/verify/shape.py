"""Whether a shift is whole: on the grid, its activities from start to end without a hole, times told in the right zone."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from itertools import pairwise

from schemas.roster import Activity, Shift
from solver.verify.calendar import days_in, minute_of
from solver.verify.findings import Case, Findings, Seen
from zoneinfo import ZoneInfo

PLANNED = ("on_queue", "break", "meal", "meeting", "training", "off_queue")


def look_at_shape(case: Case, findings: Findings) -> list[Seen]:
    """The agent's shifts in order, as far as they can be judged further."""
    seen = []
    for number, shift in enumerate(case.schedule.shifts):
        path = f"{case.path}/shifts/{number}"
        start, end = minute_of(shift.start), minute_of(shift.end)
        for code, text in _faults(case, shift, start, end):
            findings.add(code, f"{case.who}, {shift.date}: {text}", agent=case.agent.id, day=shift.date, path=path)
        definition = next((d for d in case.plan.shifts if d.id == shift.work_plan_shift_id), None)
        day = case.day_of(start)
        if day is None:
            findings.add(
                "outside_period", f"{case.who} has a shift at {shift.start.isoformat()}, which is outside the planning period.",
                agent=case.agent.id, day=shift.date, path=path,
            )
        elif day.date != shift.date:
            findings.add(
                "wrong_date", f"{case.who}: the shift that starts at {shift.start.isoformat()} belongs to {day.date}, not to {shift.date}.",
                agent=case.agent.id, day=shift.date, path=path,
            )
        unpaid = sum(minute_of(a.end) - minute_of(a.start) for a in shift.activities if a.category != "on_queue" and a.paid is False)
        seen.append(Seen(shift, path, start, end, day, definition, end - start - unpaid))
    seen.sort(key=lambda s: s.start)
    _one_a_day(case, seen, findings)
    return seen


def _one_a_day(case: Case, seen: list[Seen], findings: Findings) -> None:
    for before, after in pairwise(seen):
        where = {"agent": case.agent.id, "day": after.shift.date, "path": after.path}
        if after.start < before.end:
            findings.add("shifts_overlap", f"{case.who} has two shifts at once on {after.shift.date}.", **where)  # type: ignore[arg-type]
        elif after.day is not None and after.day == before.day:
            findings.add("one_shift_a_day", f"{case.who} has two shifts on {after.shift.date}.", **where)  # type: ignore[arg-type]


def _faults(case: Case, shift: Shift, start: int, end: int) -> Iterator[tuple[str, str]]:
    """What is wrong with the shift by itself, as code and text."""
    step = case.request.interval_minutes
    midnight = days_in(case.request, ZoneInfo(case.request.time_zone))[0].starts_at
    if end <= start:
        yield "empty_shift", "the shift ends before it starts."
        return
    for name, moment in _moments(shift):
        if moment.second or moment.microsecond or (minute_of(moment) - midnight) % step:
            yield "off_grid", f"{name} at {moment.isoformat()} is off the {step}-minute grid."
        if moment.utcoffset() != moment.astimezone(case.zone).utcoffset():
            yield "wrong_offset", f"{name} at {moment.isoformat()} does not carry the offset of {case.zone.key}."
    activities = shift.activities
    if not activities:
        yield "no_activities", "the shift has no activities; on-queue time is one too."
        return
    for activity in activities:
        yield from _activity_faults(case, activity)
    if minute_of(activities[0].start) != start:
        yield "hole", f"nothing is planned from {shift.start:%H:%M} to {activities[0].start:%H:%M}."
    if minute_of(activities[-1].end) != end:
        yield "hole", f"what is planned ends at {activities[-1].end:%H:%M}, the shift at {shift.end:%H:%M}."
    for before, after in pairwise(activities):
        between = minute_of(after.start) - minute_of(before.end)
        if between > 0:
            yield "hole", f"nothing is planned from {before.end:%H:%M} to {after.start:%H:%M}."
        elif between < 0:
            yield "activities_overlap", f"two activities overlap at {after.start:%H:%M}."


def _moments(shift: Shift) -> Iterator[tuple[str, datetime]]:
    yield "the start", shift.start
    yield "the end", shift.end
    for activity in shift.activities:
        yield f"the start of {activity.id or activity.category}", activity.start
        yield f"the end of {activity.id or activity.category}", activity.end


def _activity_faults(case: Case, activity: Activity) -> Iterator[tuple[str, str]]:
    if activity.category not in PLANNED:
        yield "wrong_category", f"an activity {activity.category!r} does not belong in a shift."
    if minute_of(activity.end) <= minute_of(activity.start):
        yield "empty_activity", f"the activity at {activity.start:%H:%M} has no length."
    if activity.category != "on_queue":
        if activity.planning_group_id is not None:
            yield "group_off_queue", f"{activity.id or activity.category} at {activity.start:%H:%M} names a planning group but is not on queue."
        return
    if activity.paid is False:
        yield "unpaid_queue", f"on-queue time at {activity.start:%H:%M} is marked as unpaid."
    known = {group.id for group in case.request.planning_groups}
    if activity.planning_group_id is None:
        yield "no_group", f"on-queue time at {activity.start:%H:%M} names no planning group."
    elif activity.planning_group_id not in known:
        yield "unknown_group", f"there is no planning group {activity.planning_group_id!r}."
    elif case.agent.skills and activity.planning_group_id not in {s.planning_group_id for s in case.agent.skills}:
        yield "unskilled", f"the agent has no skill for {activity.planning_group_id!r}."
