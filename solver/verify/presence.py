"""Whether an agent works only when it can, and keeps what was pinned."""

from __future__ import annotations

from schemas.request import PinnedShift
from solver.verify.calendar import minute_of, open_hours
from solver.verify.findings import Case, Findings, Seen


def look_at_presence(case: Case, shifts: list[Seen], findings: Findings) -> None:
    """Availability and time off against every shift."""
    hours = open_hours(case.agent.availability, case.days, case.zone) if case.agent.availability else None
    off = [(t.start.utc_minute(case.zone), t.end.utc_minute(case.zone)) for t in case.agent.time_off]
    for seen in shifts:
        where = {"agent": case.agent.id, "day": seen.shift.date, "path": seen.path}
        if hours is not None and not any(start <= seen.start and seen.end <= end for start, end in hours):
            findings.add("availability", f"{case.who} is not available for the whole shift on {seen.shift.date}.", **where)  # type: ignore[arg-type]
        if any(seen.start < end and seen.end > start for start, end in off):
            findings.add("time_off", f"{case.who} has time off during the shift on {seen.shift.date}.", **where)  # type: ignore[arg-type]


def pin_for(case: Case, seen: Seen) -> PinnedShift | None:
    """The pinned shift that this one should be: the one at the same time."""
    for pin in case.agent.pinned_shifts:
        if pin.start.utc_minute(case.zone) == seen.start and pin.end.utc_minute(case.zone) == seen.end:
            return pin
    return None


def look_at_pins(case: Case, shifts: list[Seen], findings: Findings) -> None:
    """Every pinned shift is there as it was given, and nothing else calls itself pinned."""
    times = {(seen.start, seen.end): seen for seen in shifts}
    for number, pin in enumerate(case.agent.pinned_shifts):
        start, end = pin.start.utc_minute(case.zone), pin.end.utc_minute(case.zone)
        seen = times.get((start, end))
        if seen is None:
            findings.add("pin_missing", f"{case.who}: the shift pinned at {pin.start} is missing or was moved.", agent=case.agent.id)
            continue
        where = {"agent": case.agent.id, "day": seen.shift.date, "path": seen.path}
        if not seen.shift.pinned:
            findings.add("pin_unmarked", f"{case.who}: the shift pinned at {pin.start} is not marked as pinned.", **where)  # type: ignore[arg-type]
        if seen.shift.work_plan_shift_id != pin.work_plan_shift_id or not _same(case, pin, seen):
            findings.add("pin_changed", f"{case.who}: the shift pinned at {pin.start} was changed (pin {number + 1}).", **where)  # type: ignore[arg-type]
    for seen in shifts:
        if seen.shift.pinned and pin_for(case, seen) is None:
            findings.add(
                "not_pinned", f"{case.who}: the shift on {seen.shift.date} is marked as pinned, but no pin asks for it.",
                agent=case.agent.id, day=seen.shift.date, path=seen.path,
            )


def _same(case: Case, pin: PinnedShift, seen: Seen) -> bool:
    """Whether all that the pin fixes is there, and the rest of the shift is on queue."""
    zone = case.zone
    fixed = {
        (a.category, a.id, a.planning_group_id, a.start.utc_minute(zone), a.end.utc_minute(zone))
        for a in pin.activities
        if a.category != "on_queue"
    }
    there = {
        (a.category, a.id, a.planning_group_id, minute_of(a.start), minute_of(a.end))
        for a in seen.shift.activities
        if a.category != "on_queue"
    }
    if fixed != there:
        return False
    named = [a for a in pin.activities if a.category == "on_queue" and a.planning_group_id is not None]
    for activity in named:
        for minute in range(activity.start.utc_minute(zone), activity.end.utc_minute(zone), case.request.interval_minutes):
            group = next(
                (a.planning_group_id for a in seen.shift.activities if minute_of(a.start) <= minute < minute_of(a.end)), None
            )
            if group != activity.planning_group_id:
                return False
    return True
