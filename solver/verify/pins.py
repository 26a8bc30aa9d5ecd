"""Whether what was pinned is kept exactly."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from schemas.request import Agent
from solver.verify.calendar import Calendar, minute_of
from solver.verify.findings import Case, Fault, Findings, Pin, Seen

Mark = tuple[str, str | None, str | None, bool, int, int]


def pins_of(agent: Agent, calendar: Calendar) -> dict[int, Pin]:
    """The agent's pinned shifts by the index of the day on which they start."""
    pins = {}
    for pin in agent.pinned_shifts:
        start, end = pin.start.utc_minute(calendar.written), pin.end.utc_minute(calendar.written)
        day = calendar.day_of(start)
        if day is not None:
            pins[day.index] = Pin(pin, start, end)
    return pins


def look_at_pins(case: Case, shifts: list[Seen], findings: Findings) -> None:
    """Every pinned shift is there as it was given, and nothing else calls itself pinned."""
    there = {seen.day.index for seen in shifts}
    for index, pin in case.pins.items():
        if index not in there:
            day = case.calendar.days[index]
            text = f"{case.who}, {day.date}: the shift pinned from {pin.pin.start} to {pin.pin.end} is missing."
            findings.note("pin_missing", text, case=case, day=day, path=case.path)
    for seen in shifts:
        fault = _departure(case.calendar.written, seen)
        if fault is not None:
            findings.on_shift(case, seen, fault)


def _departure(zone: ZoneInfo, seen: Seen) -> Fault | None:
    """In what the shift is not as pinned."""
    says = seen.shift.pinned if "pinned" in seen.shift.model_fields_set else None
    if seen.pin is None:
        return (
            Fault("not_pinned", "the shift is marked as pinned, but none is pinned on this day.", "/pinned")
            if says
            else None
        )
    pin = seen.pin.pin
    if (seen.start, seen.end) != (seen.pin.start, seen.pin.end):
        return Fault("pin_moved", f"the shift is pinned from {pin.start} to {pin.end}, and was moved.")
    if seen.shift.work_plan_shift_id != pin.work_plan_shift_id:
        told = f"{pin.work_plan_shift_id!r}, not {seen.shift.work_plan_shift_id!r}"
        return Fault("pin_changed", f"the pinned shift is shift {told}.", "/work_plan_shift_id")
    changed = _fixed(seen.pin, zone) ^ _found(seen)
    if changed:
        category, name, *_ = min(changed, key=lambda mark: mark[4:])
        return Fault("pin_changed", f"{name or category} of the pinned shift was added, moved, changed or left out.")
    for start, end, group in named_stretches(seen, zone):
        if any(p.start < end and start < p.end and p.activity.planning_group_id != group for p in seen.pieces):
            return Fault(
                "pin_changed", f"the shift is pinned on planning group {group!r} for a time, and is on another then."
            )
    if says is False:
        return Fault("pin_unmarked", "the shift is pinned, and is marked as not pinned.", "/pinned")
    return None


def named_stretches(seen: Seen, zone: ZoneInfo) -> list[tuple[int, int, str]]:
    """On-queue time for which the shift's pin says the planning group: start, end and group."""
    if seen.pin is None:
        return []
    return [
        (activity.start.utc_minute(zone), activity.end.utc_minute(zone), activity.planning_group_id)
        for activity in seen.pin.pin.activities
        if activity.category == "on_queue" and activity.planning_group_id is not None
    ]


def _fixed(pin: Pin, zone: ZoneInfo) -> set[Mark]:
    """What the pin has besides time on queue."""
    return {
        (a.category, a.id, a.planning_group_id, a.paid is not False, a.start.utc_minute(zone), a.end.utc_minute(zone))
        for a in pin.pin.activities
        if a.category != "on_queue"
    }


def _found(seen: Seen) -> set[Mark]:
    return {
        (a.category, a.id, a.planning_group_id, piece.paid, minute_of(a.start), minute_of(a.end))
        for piece in seen.pieces
        if (a := piece.activity).category != "on_queue"
    }
