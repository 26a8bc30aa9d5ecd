"""Whether a shift is whole: in the period, on the grid, filled from start to end, its times told on the right clock."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Literal, NamedTuple

from schemas.request import ShiftDefinition
from schemas.roster import Activity, Shift
from solver.verify.calendar import minute_of, offset_at
from solver.verify.findings import Case, Fault, Findings, Piece, Pin, Seen

IN_A_SHIFT = ("on_queue", "break", "meal", "meeting", "training", "off_queue")
LONGEST_MINUTES = 48 * 60
"""No shift can be longer: its stop is a clock time of at most 48:00."""


def look_at_shape(case: Case, findings: Findings) -> list[Seen]:
    """The agent's shifts in order, those left out that cannot be a shift of the period at all."""
    shifts = []
    for number, shift in enumerate(case.schedule.shifts):
        path = f"{case.path}/shifts/{number}"
        seen = _place(case, shift, path, findings)
        if seen is not None:
            shifts.append(seen)
            for fault in _faults(case, seen):
                findings.on_shift(case, seen, fault)
    shifts.sort(key=lambda seen: seen.start)
    _look_for_two_at_once(case, shifts, findings)
    return shifts


def _place(case: Case, shift: Shift, path: str, findings: Findings) -> Seen | None:
    """The shift on its day."""
    start, end = minute_of(shift.start), minute_of(shift.end)
    day = case.calendar.day_of(start)
    days = case.calendar.days
    if day is None:
        text = f"{case.who} has a shift from {_told(shift.start)}, but the planning period is {days[0].date} to {days[-1].date}."
        findings.note("outside_period", text, case=case, path=path)
    elif end <= start:
        text = f"{case.who}, {day.date}: the shift ends at {_told(shift.end)}, not after its start at {_told(shift.start)}."
        findings.note("empty_shift", text, case=case, day=day, path=path)
    elif end - start > LONGEST_MINUTES:
        text = f"{case.who}, {day.date}: the shift lasts {end - start} minutes; none lasts more than {LONGEST_MINUTES}."
        findings.note("wrong_length", text, case=case, day=day, path=path)
    else:
        definition = next((d for d in case.plan.shifts if d.id == shift.work_plan_shift_id), None)
        pin = case.pins.get(day.index)
        pieces = tuple(_piece(activity, definition, pin) for activity in shift.activities)
        return Seen(shift, path, start, end, day, definition, pin, pieces)
    return None


def _piece(activity: Activity, definition: ShiftDefinition | None, pin: Pin | None) -> Piece:
    paid = activity.paid
    if activity.category == "on_queue":
        paid = True
    elif paid is None and pin is not None:
        paid = all(
            a.paid is not False for a in pin.pin.activities if (a.category, a.id) == (activity.category, activity.id)
        )
    elif paid is None and definition is not None:
        paid = all(a.paid for a in definition.activities if a.id == activity.id)
    return Piece(activity, minute_of(activity.start), minute_of(activity.end), paid is not False)


def _faults(case: Case, seen: Seen) -> Iterator[Fault]:
    if seen.shift.date != seen.day.date:
        told = _told(seen.shift.start)
        yield Fault(
            "wrong_date", f"the shift that starts at {told} belongs to this day, not to {seen.shift.date}.", "/date"
        )
    yield from _clock_faults(case, seen)
    if not seen.pieces:
        yield Fault(
            "hole", "the shift has no activities. Maybe its on-queue time was left out: that is an activity too."
        )
        return
    for number, piece in enumerate(seen.pieces):
        for fault in _piece_faults(case, seen, piece):
            yield fault._replace(place=f"/activities/{number}")
    yield from _holes(seen)


def _clock_faults(case: Case, seen: Seen) -> Iterator[Fault]:
    """Times between two intervals, and times with another place's offset; each instant is told once."""
    step, zone = case.request.interval_minutes, case.calendar.zone
    known: set[tuple[int, timedelta | None]] = set()
    for edge in _edges(seen):
        moment, offset = edge.moment, edge.moment.utcoffset()
        exact = not (moment.second or moment.microsecond)
        if exact and (edge.minute, offset) in known:
            continue
        known.add((edge.minute, offset))
        if not exact or (edge.minute - case.grid_origin) % step:
            yield Fault(
                "off_grid", f"{edge.name}, {moment.isoformat()}, is off the grid of {step} minutes.", edge.place
            )
        if offset != offset_at(edge.minute, zone):
            right = moment.astimezone(zone).isoformat()
            text = f"{edge.name} is written {moment.isoformat()}; on the clock of {zone.key} that is {right}."
            yield Fault("wrong_offset", text, edge.place)


class _Edge(NamedTuple):
    """A moment that the shift names: its own start or end, or an activity's."""

    which: Literal["start", "end"]
    moment: datetime
    minute: int
    number: int | None = None  # of the activity
    piece: Piece | None = None

    @property
    def name(self) -> str:
        return f"the {self.which}" if self.piece is None else f"the {self.which} of {self.piece.name}"

    @property
    def place(self) -> str:
        return f"/{self.which}" if self.number is None else f"/activities/{self.number}/{self.which}"


def _edges(seen: Seen) -> Iterator[_Edge]:
    yield _Edge("start", seen.shift.start, seen.start)
    yield _Edge("end", seen.shift.end, seen.end)
    for number, piece in enumerate(seen.pieces):
        if seen.holds(piece):  # what is not is told as such
            yield _Edge("start", piece.activity.start, piece.start, number, piece)
            yield _Edge("end", piece.activity.end, piece.end, number, piece)


def _piece_faults(case: Case, seen: Seen, piece: Piece) -> Iterator[Fault]:
    activity = piece.activity
    if activity.category not in IN_A_SHIFT:
        yield Fault("wrong_category", f"{piece.name} is {activity.category}, which has no place within a shift.")
    if piece.minutes <= 0:
        yield Fault("empty_activity", f"{piece.name} ends at {activity.end:%H:%M}, not after its start.")
    if piece.start < seen.start or piece.end > seen.end:
        shift = f"{seen.shift.start:%H:%M} to {seen.shift.end:%H:%M}"
        yield Fault("outside_shift", f"{piece.name} to {activity.end:%H:%M} is not within the shift, {shift}.")
    if not piece.on_queue:
        if activity.planning_group_id is not None:
            group = activity.planning_group_id
            yield Fault("group_off_queue", f"{piece.name} names planning group {group!r}, but is not on queue.")
        return
    if activity.paid is False:
        yield Fault("unpaid_queue", f"{piece.name} is marked as unpaid; time on queue is always paid.")
    yield from _group_faults(case, seen, piece)


def _group_faults(case: Case, seen: Seen, piece: Piece) -> Iterator[Fault]:
    """Whether the agent can serve the planning group; a pin may ask for more than its skills."""
    group = piece.activity.planning_group_id
    skills = {skill.planning_group_id for skill in case.agent.skills}
    if group is None:
        yield Fault("no_group", f"{piece.name} names no planning group.")
    elif all(group != known.id for known in case.request.planning_groups):
        yield Fault("unknown_group", f"{piece.name} is on planning group {group!r}, which the request does not have.")
    elif skills and group not in skills and not _pinned_on(seen, group):
        yield Fault(
            "unskilled", f"{piece.name} is on planning group {group!r}; the agent serves {', '.join(sorted(skills))}."
        )


def _pinned_on(seen: Seen, group: str) -> bool:
    return seen.pin is not None and any(activity.planning_group_id == group for activity in seen.pin.pin.activities)


def _holes(seen: Seen) -> Iterator[Fault]:
    """The activities follow each other from the shift's start to its end."""
    first, last = seen.pieces[0], seen.pieces[-1]
    if first.start > seen.start:
        yield Fault("hole", f"nothing is planned from {seen.shift.start:%H:%M} to {first.activity.start:%H:%M}.")
    if last.end < seen.end:
        yield Fault("hole", f"nothing is planned from {last.activity.end:%H:%M} to {seen.shift.end:%H:%M}.")
    for number, (before, after) in enumerate(pairwise(seen.pieces), start=1):
        place = f"/activities/{number}"
        if before.end < after.start:
            told = f"{before.activity.end:%H:%M} to {after.activity.start:%H:%M}"
            yield Fault("hole", f"nothing is planned from {told}.", place)
        elif before.end > after.start:
            told = f"{after.name} begins before {before.name} ends at {before.activity.end:%H:%M}."
            yield Fault("activities_overlap", told, place)


def _look_for_two_at_once(case: Case, shifts: list[Seen], findings: Findings) -> None:
    last = case.agent.history.last_shift_end
    if last is not None and shifts and shifts[0].start < last.utc_minute(case.calendar.written):
        until = f"the last shift before the period lasts until {last}"
        told = _told(shifts[0].shift.start)
        findings.on_shift(case, shifts[0], Fault("shifts_overlap", f"the shift starts at {told}, but {until}."))
    for before, after in pairwise(shifts):
        if after.start < before.end:
            until = f"the shift before it lasts until {_told(before.shift.end)}"
            findings.on_shift(
                case, after, Fault("shifts_overlap", f"the shift starts at {_told(after.shift.start)}, but {until}.")
            )
        if after.day == before.day:
            findings.on_shift(case, after, Fault("two_shifts_a_day", "two shifts start on this day; one is allowed."))


def _told(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M}"
