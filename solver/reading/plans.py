"""Work plans: shift definitions that can be, and rules that name them."""

from __future__ import annotations

from collections import defaultdict

from schemas.clock import clock_text
from schemas.request import ActivityDefinition, Bounds, RosterRequest, ShiftDefinition, WorkPlan
from solver.reading.faults import Faults
from solver.reading.groups import unknown
from solver.rules.base import TourRule

Place = tuple[str | int, ...]

MIDNIGHT = 1440
MOST_ACTIVITIES = 10


def look(request: RosterRequest, faults: Faults) -> None:
    """Ids, windows, lengths and activities of every shift definition."""
    faults.twice(("work_plans",), "work plans", (p.id for p in request.work_plans))
    given = _given_shifts(request)
    for number, plan in enumerate(request.work_plans):
        faults.twice(("work_plans", number, "shifts"), "shifts", (s.id for s in plan.shifts))
        for index, shift in enumerate(plan.shifts):
            _shift(shift, ("work_plans", number, "shifts", index), request.interval_minutes, faults)
        _rules(plan, given[plan.id], ("work_plans", number, "rules"), faults)


def _given_shifts(request: RosterRequest) -> dict[str, set[str]]:
    """By work plan the ids that pinned and past shifts of its agents carry: it need not define these any more."""
    given: dict[str, set[str]] = defaultdict(set)
    for agent in request.agents:
        ids = [pin.work_plan_shift_id for pin in agent.pinned_shifts]
        ids += [past.work_plan_shift_id for past in agent.history.shifts]
        given[agent.work_plan_id].update(id_ for id_ in ids if id_ is not None)
    return given


def _rules(plan: WorkPlan, given: set[str], place: Place, faults: Faults) -> None:
    """The shifts that rules name are those of their work plan, or were given to somebody who has it."""
    known = {shift.id for shift in plan.shifts} | given
    for index, rule in enumerate(plan.rules):
        for named in rule.named_shifts() if isinstance(rule, TourRule) else ():
            if named.id not in known:
                unknown(faults, (*place, index, *named.place), f"shift of work plan {plan.id!r}", named.id, known)


def _shift(shift: ShiftDefinition, place: Place, step: int, faults: Faults) -> None:
    if not shift.days:
        faults.add((*place, "days"), "no days", "at least one day", f"Shift {shift.id!r} is for no day of the week.")
    start, lengths = shift.start, shift.length_minutes
    for name in ("earliest", "latest"):
        clock = getattr(start, name)
        faults.on_grid((*place, "start", name), clock, step, f"The {name} start")
        if clock >= MIDNIGHT:
            faults.add(
                (*place, "start", name),
                clock_text(clock),
                "a time before 24:00",
                f"Shift {shift.id!r} starts at {clock_text(clock)}. Maybe the next day's {clock_text(clock - MIDNIGHT)} is meant: a shift belongs to the day on which it starts.",
            )
    _range(faults, (*place, "start"), "start window", start.earliest, start.latest, clock_text)
    faults.on_grid((*place, "start", "increment_minutes"), start.increment_minutes, step, "The increment")
    if shift.stop is not None:
        for name in ("earliest", "latest"):
            clock = getattr(shift.stop, name)
            if clock is not None:
                faults.on_grid((*place, "stop", name), clock, step, f"The {name} stop")
        if shift.stop.earliest is not None and shift.stop.latest is not None:
            _range(faults, (*place, "stop"), "stop window", shift.stop.earliest, shift.stop.latest, clock_text)
    _range(faults, (*place, "length_minutes"), "range of lengths", lengths.min, lengths.max, str)
    for name in ("min", "max", "increment"):
        faults.on_grid((*place, "length_minutes", name), getattr(lengths, name), step, f"The {name} of the length")
    for name in ("contiguous_work_minutes", "activity_gap_minutes"):
        _bounds(faults, (*place, name), getattr(shift, name))
    _activities(shift, place, step, faults)


def _activities(shift: ShiftDefinition, place: Place, step: int, faults: Faults) -> None:
    faults.twice((*place, "activities"), "activities", (a.id for a in shift.activities))
    if len(shift.activities) > MOST_ACTIVITIES:
        faults.add(
            (*place, "activities"),
            f"{len(shift.activities)} activities",
            f"at most {MOST_ACTIVITIES}",
            f"Shift {shift.id!r} has too many activities.",
        )
    for number, activity in enumerate(shift.activities):
        _activity(shift, activity, (*place, "activities", number), step, faults)


def _activity(shift: ShiftDefinition, activity: ActivityDefinition, place: Place, step: int, faults: Faults) -> None:
    faults.on_grid((*place, "minutes"), activity.minutes, step, f"Activity {activity.id!r}")
    for name in ("after_shift_start", "before_shift_end", "when_length_minutes"):
        _bounds(faults, (*place, name), getattr(activity, name))
    if activity.clock is not None:
        _range(faults, (*place, "clock"), "clock window", activity.clock.earliest, activity.clock.latest, clock_text)
    if activity.minutes >= shift.length_minutes.max:
        faults.add(
            (*place, "minutes"),
            activity.minutes,
            f"fewer than {shift.length_minutes.max}",
            f"Activity {activity.id!r} lasts as long as the longest shift {shift.id!r}.",
        )


def _bounds(faults: Faults, place: Place, bounds: Bounds | None) -> None:
    if bounds is not None and bounds.min is not None and bounds.max is not None:
        _range(faults, place, "range", bounds.min, bounds.max, str)


def _range(faults: Faults, place: Place, what: str, low: int, high: int, show) -> None:  # type: ignore[no-untyped-def]
    if low > high:
        faults.add(
            place,
            f"{show(low)} to {show(high)}",
            "a lower end that is not above the upper",
            f"The {what} runs from {show(low)} to {show(high)}, which is empty. Maybe the two are the wrong way round.",
        )
