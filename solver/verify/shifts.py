"""Whether a shift is one that the work plan knows, with the activities that are due where they may be."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from schemas.request import ActivityDefinition, Bounds, ShiftDefinition
from schemas.roster import Activity
from solver.verify.calendar import NAMES, at_clock, clock_at, minute_of
from solver.verify.findings import Case, Findings, Seen


def look_at_definition(case: Case, seen: Seen, findings: Findings) -> None:
    """Everything in which the shift departs from its definition."""
    found: Iterator[tuple[str, str]]
    if seen.definition is None:
        found = iter([("unknown_shift", f"work plan {case.plan.id!r} has no shift {seen.shift.work_plan_shift_id!r}.")])
    elif seen.day is None:
        return
    else:
        found = _departures(case, seen, seen.definition)
    for code, text in found:
        findings.add(code, f"{case.who}, {seen.shift.date}: {text}", agent=case.agent.id, day=seen.shift.date, path=seen.path)


def _departures(case: Case, seen: Seen, definition: ShiftDefinition) -> Iterator[tuple[str, str]]:
    assert seen.day is not None
    step = case.request.interval_minutes
    if NAMES[seen.day.weekday] not in definition.days:
        yield "wrong_weekday", f"shift {definition.id!r} is not for {seen.day.date:%A}."
    clock = clock_at(seen.start, seen.day.date, case.zone)
    window = definition.start
    if not window.earliest <= clock <= window.latest:
        yield "wrong_start", f"the shift starts at {seen.shift.start:%H:%M}, outside its start window."
    elif (clock - window.earliest) % (window.increment_minutes or step):
        yield "wrong_start", f"the shift starts at {seen.shift.start:%H:%M}, between two possible starts."
    elif at_clock(seen.day.date, clock, case.zone) != seen.start:
        yield "wrong_start", f"{seen.shift.start:%H:%M} comes twice on this day, and the shift starts at the second."
    ends = clock_at(seen.end, seen.day.date, case.zone)
    stop = definition.stop
    if stop is not None and (ends < (stop.earliest or 0) or (stop.latest is not None and ends > stop.latest)):
        yield "wrong_stop", f"the shift stops at {seen.shift.end:%H:%M}, outside its stop window."
    length, lengths = seen.end - seen.start, definition.length_minutes
    if not lengths.min <= length <= lengths.max or (length - lengths.min) % (lengths.increment or step):
        yield "wrong_length", f"the shift lasts {length} minutes, which is not one of its lengths."
    yield from _activities(case, seen, definition, length)


def _activities(case: Case, seen: Seen, definition: ShiftDefinition, length: int) -> Iterator[tuple[str, str]]:
    due = {a.id: a for a in definition.activities if _holds(a.when_length_minutes, length)}
    placed = [a for a in seen.shift.activities if a.category != "on_queue"]
    ids = [a.id for a in placed]
    for missing in [i for i in due if i not in ids]:
        yield "activity_missing", f"activity {missing!r} is due and is missing."
    known = []
    for activity in placed:
        if activity.id not in due or ids.count(activity.id) > 1:
            yield "activity_not_due", f"activity {activity.id!r} at {activity.start:%H:%M} is not due, or there twice."
        else:
            known.append(activity)
            yield from _place(case, seen, due[activity.id], activity)
    if definition.activity_order == "listed" and [a.id for a in known] != [i for i in due if i in {a.id for a in known}]:
        yield "wrong_order", "the activities are not in the order that the shift lists."
    edges = [seen.start, *(edge for a in placed for edge in (minute_of(a.start), minute_of(a.end))), seen.end]
    stretches = [end - start for start, end in zip(edges[::2], edges[1::2], strict=True)]
    for stretch in stretches:
        if not _holds(definition.contiguous_work_minutes, stretch):
            yield "contiguous_work", f"a stretch of {stretch} minutes of work is shorter or longer than allowed."
    for before, after in pairwise(placed):
        gap = minute_of(after.start) - minute_of(before.end)
        if not _holds(definition.activity_gap_minutes, gap):
            yield "activity_gap", f"there are {gap} minutes between {before.id!r} and {after.id!r}."


def _place(case: Case, seen: Seen, definition: ActivityDefinition, activity: Activity) -> Iterator[tuple[str, str]]:
    """Whether one activity is what it should be, where it may be."""
    assert seen.day is not None
    start, end = minute_of(activity.start), minute_of(activity.end)
    name = f"activity {activity.id!r} at {activity.start:%H:%M}"
    if end - start != definition.minutes:
        yield "activity_length", f"{name} lasts {end - start} minutes instead of {definition.minutes}."
    if activity.category != definition.category:
        yield "activity_category", f"{name} is a {activity.category} instead of a {definition.category}."
    if activity.paid is not definition.paid:
        yield "activity_paid", f"{name} is marked as {'paid' if activity.paid else 'unpaid'}, which it is not."
    if not _holds(definition.after_shift_start, start - seen.start):
        yield "activity_window", f"{name} starts {start - seen.start} minutes after the shift's start."
    if not _holds(definition.before_shift_end, seen.end - end):
        yield "activity_window", f"{name} ends {seen.end - end} minutes before the shift's end."
    if definition.clock is not None:
        clock = clock_at(start, seen.day.date, case.zone)
        if not definition.clock.earliest <= clock <= definition.clock.latest:
            yield "activity_clock", f"{name} is outside its clock window."


def _holds(bounds: Bounds | None, minutes: int) -> bool:
    return bounds is None or ((bounds.min or 0) <= minutes and (bounds.max is None or minutes <= bounds.max))
