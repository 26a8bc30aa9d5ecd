"""Whether a shift is one that the work plan knows, with the activities that are due where they may be."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from schemas.clock import clock_text
from schemas.request import ActivityDefinition, Bounds, ShiftDefinition
from solver.verify.calendar import NAMES, at_clock, clock_at
from solver.verify.findings import Case, Fault, Findings, Piece, Seen


def look_at_definition(case: Case, seen: Seen, findings: Findings) -> None:
    """Everything in which the shift departs from its definition."""
    if seen.definition is None:
        known = ", ".join(definition.id for definition in case.plan.shifts) or "none"
        text = f"work plan {case.plan.id!r} has no shift {seen.shift.work_plan_shift_id!r}; it has {known}."
        findings.on_shift(case, seen, Fault("unknown_shift", text, "/work_plan_shift_id"))
        return
    own = case.agent.work_plan_shift_ids
    if own and seen.definition.id not in own:
        text = f"shift {seen.definition.id!r} is none that {case.who} may work; it may work {', '.join(own)}."
        findings.on_shift(case, seen, Fault("shift_not_allowed", text, "/work_plan_shift_id"))
    for fault in _departures(case, seen, seen.definition):
        findings.on_shift(case, seen, fault)


def _departures(case: Case, seen: Seen, definition: ShiftDefinition) -> Iterator[Fault]:
    if NAMES[seen.day.weekday] not in definition.days:
        days = ", ".join(definition.days)
        yield Fault("wrong_weekday", f"shift {definition.id!r} is for {days}, and this is {NAMES[seen.day.weekday]}.")
    yield from _start(case, seen, definition)
    yield from _stop(case, seen, definition)
    yield from _length(case, seen, definition)
    placed = [piece for piece in seen.pieces if not piece.on_queue]
    due = [a for a in definition.activities if _holds(a.when_length_minutes, seen.end - seen.start)]
    yield from _entitlement(seen, placed, due)
    yield from _order(definition, placed, due)
    for piece in placed:
        for activity in due:
            if activity.id == piece.activity.id:
                yield from _as_defined(piece, activity)
                if seen.holds(piece):  # the shape tells of what is not
                    yield from _windows(case, seen, piece, activity)
    yield from _spacing(seen, placed, definition)


def _start(case: Case, seen: Seen, definition: ShiftDefinition) -> Iterator[Fault]:
    window, zone = definition.start, case.calendar.zone
    clock = clock_at(seen.start, seen.day.date, zone)
    increment = window.increment_minutes or case.request.interval_minutes
    told = f"the shift starts at {clock_text(clock)}"
    if not window.earliest <= clock <= window.latest:
        span = f"{clock_text(window.earliest)} to {clock_text(window.latest)}"
        yield Fault("wrong_start", f"{told}; shift {definition.id!r} starts at {span}.", "/start")
    elif (clock - window.earliest) % increment:
        every = f"every {increment} minutes from {clock_text(window.earliest)}"
        yield Fault("wrong_start", f"{told}; shift {definition.id!r} starts {every}.", "/start")
    elif at_clock(seen.day.date, clock, zone) != seen.start:
        yield Fault("wrong_start", f"{told} for the second time on this day; it would have to be the first.", "/start")


def _stop(case: Case, seen: Seen, definition: ShiftDefinition) -> Iterator[Fault]:
    stop = definition.stop
    if stop is None:
        return
    clock = clock_at(seen.end, seen.day.date, case.calendar.zone)
    told = f"the shift stops at {clock_text(clock)}; shift {definition.id!r} stops"
    if stop.earliest is not None and clock < stop.earliest:
        yield Fault("wrong_stop", f"{told} at {clock_text(stop.earliest)} or later.", "/end")
    if stop.latest is not None and clock > stop.latest:
        yield Fault("wrong_stop", f"{told} at {clock_text(stop.latest)} or earlier.", "/end")


def _length(case: Case, seen: Seen, definition: ShiftDefinition) -> Iterator[Fault]:
    length, lengths = seen.end - seen.start, definition.length_minutes
    increment = lengths.increment or case.request.interval_minutes
    if not lengths.min <= length <= lengths.max or (length - lengths.min) % increment:
        known = f"{lengths.min} to {lengths.max} in steps of {increment}"
        yield Fault("wrong_length", f"the shift lasts {length} minutes; shift {definition.id!r} lasts {known}.", "/end")


def _entitlement(seen: Seen, placed: list[Piece], due: list[ActivityDefinition]) -> Iterator[Fault]:
    """Each due activity once, and nothing else."""
    there = [piece.activity.id for piece in placed]
    length = seen.end - seen.start
    for activity in due:
        if activity.id not in there:
            yield Fault("activity_missing", f"{activity.id} is due in a shift of {length} minutes, and is missing.")
        if there.count(activity.id) > 1:
            yield Fault("activity_twice", f"{activity.id} is planned {there.count(activity.id)} times.")
    known = {activity.id for activity in due}
    for piece in placed:
        if piece.activity.id is None:
            yield Fault("activity_not_due", f"{piece.name} has no id that says which activity of the shift it is.")
        elif piece.activity.id not in known:
            yield Fault("activity_not_due", f"{piece.name} is not due in a shift of {length} minutes.")


def _order(definition: ShiftDefinition, placed: list[Piece], due: list[ActivityDefinition]) -> Iterator[Fault]:
    if definition.activity_order == "any":
        return
    places = {activity.id: place for place, activity in enumerate(due)}
    known = [piece for piece in placed if piece.activity.id in places]
    for before, after in pairwise(known):
        if places[after.activity.id or ""] < places[before.activity.id or ""]:
            yield Fault("wrong_order", f"{after.name} comes after {before.name}; it is listed before it.")


def _as_defined(piece: Piece, activity: ActivityDefinition) -> Iterator[Fault]:
    if piece.minutes != activity.minutes:
        yield Fault("activity_length", f"{piece.name} lasts {piece.minutes} minutes instead of {activity.minutes}.")
    if piece.activity.category != activity.category:
        yield Fault(
            "activity_category", f"{piece.name} is a {piece.activity.category} instead of a {activity.category}."
        )
    if piece.paid != activity.paid:
        marked, right = ("paid", "unpaid") if piece.paid else ("unpaid", "paid")
        yield Fault("activity_paid", f"{piece.name} is marked as {marked}; it is {right}.")


def _windows(case: Case, seen: Seen, piece: Piece, activity: ActivityDefinition) -> Iterator[Fault]:
    after, before = piece.start - seen.start, seen.end - piece.end
    if not _holds(activity.after_shift_start, after):
        span = _told(activity.after_shift_start)
        yield Fault("after_shift_start", f"{piece.name} starts {after} minutes after the shift's start; {span}.")
    if not _holds(activity.before_shift_end, before):
        span = _told(activity.before_shift_end)
        yield Fault("before_shift_end", f"{piece.name} ends {before} minutes before the shift's end; {span}.")
    if activity.clock is not None:
        clock = clock_at(piece.start, seen.day.date, case.calendar.zone)
        if not activity.clock.earliest <= clock <= activity.clock.latest:
            span = f"{clock_text(activity.clock.earliest)} to {clock_text(activity.clock.latest)}"
            yield Fault("activity_clock", f"{piece.name} starts outside {span}.")


def _spacing(seen: Seen, placed: list[Piece], definition: ShiftDefinition) -> Iterator[Fault]:
    """Every stretch of work between start, activities and end; and the gaps between activities alone."""
    ends = [seen.start, *(piece.end for piece in placed)]
    starts = [*(piece.start for piece in placed), seen.end]
    for place, (start, end) in enumerate(zip(ends, starts, strict=True)):
        if not _holds(definition.contiguous_work_minutes, end - start):
            after = placed[place - 1].name if place else "the start"
            span = _told(definition.contiguous_work_minutes)
            yield Fault("contiguous_work", f"the work after {after} lasts {end - start} minutes; {span}.")
    for before, after_it in pairwise(placed):
        gap = after_it.start - before.end
        if not _holds(definition.activity_gap_minutes, gap):
            span = _told(definition.activity_gap_minutes)
            yield Fault("activity_gap", f"there are {gap} minutes between {before.name} and {after_it.name}; {span}.")


def _holds(bounds: Bounds | None, minutes: int) -> bool:
    return bounds is None or ((bounds.min or 0) <= minutes and (bounds.max is None or minutes <= bounds.max))


def _told(bounds: Bounds | None) -> str:
    """What is allowed, as the end of a sentence."""
    assert bounds is not None
    if bounds.max is None:
        return f"at least {bounds.min} are asked for"
    if not bounds.min:
        return f"at most {bounds.max} are allowed"
    return f"{bounds.min} to {bounds.max} are allowed"
