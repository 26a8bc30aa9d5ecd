"""Agents: references, availability, time off, preferences, history and pinned shifts."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from schemas.clock import clock_text, wall_to_utc_minutes
from schemas.request import Agent, PinnedShift, RosterRequest, WorkPlan
from solver.reading.faults import Faults
from solver.reading.groups import minute, unknown
from solver.reading.period import Zones
from solver.rules.base import TourRule

Place = tuple[str | int, ...]


def look(request: RosterRequest, zones: Zones, faults: Faults) -> None:
    """Every agent for itself, and that no two have one id."""
    faults.twice(("agents",), "agents", (a.id for a in request.agents))
    plans = {p.id: p for p in request.work_plans}
    groups = {g.id for g in request.planning_groups}
    for number, agent in enumerate(request.agents):
        place: Place = ("agents", number)
        if agent.work_plan_id not in plans:
            unknown(faults, (*place, "work_plan_id"), "work plan", agent.work_plan_id, set(plans))
        else:
            _shifts(agent, plans[agent.work_plan_id], place, faults)
            _fits(agent, plans[agent.work_plan_id], place, faults)
        _skills(agent, groups, place, faults)
        _times(agent, zones[request.time_zone], place, faults)
        _past_shifts(request, agent, zones, place, faults)
        if agent.history.consecutive_days_worked and agent.history.consecutive_days_off:
            faults.add(
                (*place, "history"),
                "days worked and days off",
                "one of the two",
                f"{agent.name or agent.id} cannot have both worked and been off on the last day before the period.",
            )
        _wishes(request, agent, zones, place, faults)
        _pins(request, agent, groups, zones, place, faults)
        _pins_at_once(agent, zones[request.time_zone], place, faults)


def _fits(agent: Agent, plan: WorkPlan, place: Place, faults: Faults) -> None:
    """The agent's own fields go with the rules of its work plan."""
    for rule in plan.rules:
        misfit = rule.misfit(agent) if isinstance(rule, TourRule) else None
        if misfit is not None:
            faults.add((*place, misfit.field), getattr(agent, misfit.field), misfit.expected, misfit.text)


def _shifts(agent: Agent, plan: WorkPlan, place: Place, faults: Faults) -> None:
    """The shifts that the agent names are those of its work plan."""
    known = {shift.id for shift in plan.shifts}
    named = [((*place, "work_plan_shift_ids", n), i) for n, i in enumerate(agent.work_plan_shift_ids)]
    for number, preference in enumerate(agent.preferences):
        named += [((*place, "preferences", number, "shift_ids", n), i) for n, i in enumerate(preference.shift_ids)]
    for where, shift_id in named:
        if shift_id not in known:
            unknown(faults, where, f"shift of work plan {plan.id!r}", shift_id, known)


def _wishes(request: RosterRequest, agent: Agent, zones: Zones, place: Place, faults: Faults) -> None:
    """A preference has one price, and one for a whole shift lies within one day, so that one shift is meant."""
    zone, written = zones[agent.time_zone or request.time_zone], zones[request.time_zone]
    for number, preference in enumerate(agent.preferences):
        where: Place = (*place, "preferences", number)
        if (preference.cost is None) == (preference.cost_per_hour is None):
            faults.add(
                where,
                "no price" if preference.cost is None else "cost and cost_per_hour",
                "one of cost and cost_per_hour",
                "A preference has either cost_per_hour, which every hour counts, or cost, for a shift that starts in its time.",
            )
        if preference.shift_ids and preference.cost is None:
            faults.add(
                (*where, "shift_ids"),
                ", ".join(preference.shift_ids),
                "a preference with cost",
                "Shifts are named where the preference has a cost for the whole shift; cost_per_hour counts hours of any shift.",
            )
        start, end = (at.utc_minute(written) for at in (preference.start, preference.end))
        if preference.cost is None or end <= start:
            continue
        day = datetime.fromtimestamp(start * 60, UTC).astimezone(zone).date()
        if end > wall_to_utc_minutes(day + timedelta(days=1), 0, zone)[0]:
            faults.add(
                (*where, "end"),
                str(preference.end),
                f"a time on {day}, or the midnight that ends it",
                "A preference with a cost for the whole shift lies within one day of the agent's clock; use one for each day.",
            )


def _past_shifts(request: RosterRequest, agent: Agent, zones: Zones, place: Place, faults: Faults) -> None:
    """The shifts of the history end after they start, and start before the period."""
    zone, written = zones[agent.time_zone or request.time_zone], zones[request.time_zone]
    begins = wall_to_utc_minutes(request.planning_period.start_date, 0, zone)[0]
    for number, shift in enumerate(agent.history.shifts):
        where: Place = (*place, "history", "shifts", number)
        start = minute(faults, (*where, "start"), shift.start, written)
        end = minute(faults, (*where, "end"), shift.end, written)
        if start is not None and end is not None and not start < end <= start + 2880:
            faults.add(
                (*where, "end"),
                str(shift.end),
                f"within two days after {shift.start}",
                f"The past shift ends at {shift.end} but starts at {shift.start}. Maybe the end needs another date.",
            )
        if start is not None and start >= begins:
            faults.add(
                (*where, "start"),
                str(shift.start),
                f"before {request.planning_period.start_date}",
                f"The history has a shift that starts at {shift.start}, within the planning period. Maybe it is meant as a pinned shift.",
            )


def _skills(agent: Agent, groups: set[str], place: Place, faults: Faults) -> None:
    seen: set[str] = set()
    for number, skill in enumerate(agent.skills):
        where = (*place, "skills", number, "planning_group_id")
        if skill.planning_group_id not in groups:
            unknown(faults, where, "planning group", skill.planning_group_id, groups)
        if skill.planning_group_id in seen:
            faults.add(
                where,
                skill.planning_group_id,
                "each planning group once",
                f"{agent.name or agent.id} has the skill {skill.planning_group_id!r} twice.",
            )
        if skill.proficiency_milliheads == 0:
            faults.add(
                (*place, "skills", number, "proficiency"),
                skill.proficiency,
                "at least 0.001",
                "A proficiency below a thousandth counts as none.",
            )
        seen.add(skill.planning_group_id)


def _times(agent: Agent, zone: ZoneInfo, place: Place, faults: Faults) -> None:
    """Windows and stretches that end after they start, at times that exist."""
    for number, window in enumerate(agent.availability):
        if window.to <= window.from_:
            faults.add(
                (*place, "availability", number, "to"),
                clock_text(window.to),
                f"later than {clock_text(window.from_)}",
                f"The availability ends at {clock_text(window.to)} but starts at {clock_text(window.from_)}. Maybe it crosses midnight and {clock_text(min(2880, window.to + 1440))} is meant.",
            )
    stretches = [("time_off", n, t.start, t.end) for n, t in enumerate(agent.time_off)]
    stretches += [("preferences", n, p.start, p.end) for n, p in enumerate(agent.preferences)]
    for name, number, start, end in stretches:
        first = minute(faults, (*place, name, number, "start"), start, zone)
        last = minute(faults, (*place, name, number, "end"), end, zone)
        if first is not None and last is not None and last <= first:
            faults.add(
                (*place, name, number, "end"),
                str(end),
                f"later than {start}",
                f"This ends at {end} but starts at {start}. Maybe the end needs the next day's date.",
            )
    if agent.history.last_shift_end is not None:
        minute(faults, (*place, "history", "last_shift_end"), agent.history.last_shift_end, zone)


def _pins(request: RosterRequest, agent: Agent, groups: set[str], zones: Zones, place: Place, faults: Faults) -> None:
    period = request.planning_period
    zone, written = zones[agent.time_zone or request.time_zone], zones[request.time_zone]
    midnights = [wall_to_utc_minutes(period.start_date + timedelta(days=n), 0, zone)[0] for n in range(period.days + 1)]
    grid = wall_to_utc_minutes(period.start_date, 0, written)[0]
    taken: dict[int, int] = {}
    for number, pin in enumerate(agent.pinned_shifts):
        where: Place = (*place, "pinned_shifts", number)
        start = minute(faults, (*where, "start"), pin.start, written)
        end = minute(faults, (*where, "end"), pin.end, written)
        if start is None or end is None:
            continue
        if end <= start or end - start > 2880:
            faults.add(
                (*where, "end"),
                str(pin.end),
                f"within two days after {pin.start}",
                f"The pinned shift ends at {pin.end} but starts at {pin.start}. Maybe the end needs the next day's date.",
            )
            continue
        if not midnights[0] <= start < midnights[-1]:
            faults.add(
                (*where, "start"),
                str(pin.start),
                "a start within the planning period",
                f"The pinned shift starts at {pin.start}, outside the planning period.",
            )
            continue
        day = sum(midnight <= start for midnight in midnights) - 1
        if day in taken:
            faults.add(
                where,
                str(pin.start),
                "one shift a day",
                f"{agent.name or agent.id} has two pinned shifts on one day, number {taken[day] + 1} and this one.",
            )
        taken.setdefault(day, number)
        for name, at in (("start", start), ("end", end)):
            if (at - grid) % request.interval_minutes:
                faults.add(
                    (*where, name),
                    str(getattr(pin, name)),
                    f"a time on the {request.interval_minutes}-minute grid",
                    f"The pinned shift's {name} {getattr(pin, name)} is off the {request.interval_minutes}-minute grid.",
                )
        if pin.date is not None and pin.date != period.start_date + timedelta(days=day):
            faults.add(
                (*where, "date"),
                str(pin.date),
                str(period.start_date + timedelta(days=day)),
                f"The pinned shift starts on {period.start_date + timedelta(days=day)}, its date says {pin.date}.",
            )
        if pin.pinned is False:
            faults.add((*where, "pinned"), False, "true", "A pinned shift is pinned.")
        _activities(request, agent, pin, (start, end), groups, written, where, faults)


def _pins_at_once(agent: Agent, written: ZoneInfo, place: Place, faults: Faults) -> None:
    """No pinned shift begins before the one before it ends, or before the last shift ahead of the period does."""
    if len(faults.found):
        return  # times that do not exist have no order
    who = agent.name or agent.id
    last = agent.history.last_shift_end
    before = None if last is None else (last, "the last shift before the period")
    pins = [(pin.start.utc_minute(written), number, pin) for number, pin in enumerate(agent.pinned_shifts)]
    for start, number, pin in sorted(pins, key=lambda one: one[:2]):
        if before is not None and start < before[0].utc_minute(written):
            end, what = before
            faults.add(
                (*place, "pinned_shifts", number, "start"),
                str(pin.start),
                f"{end} or later",
                f"{who} has a pinned shift from {pin.start}, but {what} lasts until {end}.",
            )
        if before is None or before[0].utc_minute(written) < pin.end.utc_minute(written):
            before = (pin.end, f"pinned shift {number + 1}")


def _activities(
    request: RosterRequest,
    agent: Agent,
    pin: PinnedShift,
    span: tuple[int, int],
    groups: set[str],
    zone: ZoneInfo,
    where: Place,
    faults: Faults,
) -> None:
    """Activities of a pin: within it, in order, on the grid, groups that the agent knows."""
    spans = []
    unpaid = 0
    skills = {skill.planning_group_id for skill in agent.skills} or groups
    for number, activity in enumerate(pin.activities):
        place = (*where, "activities", number)
        start, end = (
            minute(faults, (*place, "start"), activity.start, zone),
            minute(faults, (*place, "end"), activity.end, zone),
        )
        if start is None or end is None:
            return
        if not span[0] <= start < end <= span[1]:
            faults.add(
                place,
                f"{activity.start} to {activity.end}",
                "a stretch within the shift",
                "An activity of a pinned shift lies within it and ends after it starts.",
            )
        if (start - span[0]) % request.interval_minutes or (end - start) % request.interval_minutes:
            faults.add(
                place,
                f"{activity.start} to {activity.end}",
                f"times on the {request.interval_minutes}-minute grid",
                "An activity of a pinned shift is off the grid.",
            )
        spans.append((start, end))
        if activity.category != "on_queue":
            unpaid += (end - start) if activity.paid is False else 0
            if activity.planning_group_id is not None:
                faults.add(
                    (*place, "planning_group_id"),
                    activity.planning_group_id,
                    "none",
                    "Only on-queue time names a planning group.",
                )
        elif activity.paid is False:
            faults.add((*place, "paid"), False, "true", "On-queue time is paid.")
        elif activity.planning_group_id is not None and activity.planning_group_id not in skills:
            unknown(
                faults, (*place, "planning_group_id"), "planning group of the agent", activity.planning_group_id, skills
            )
    for number, ((_, end), (start, _)) in enumerate(pairwise(spans), 1):
        if start < end:
            faults.add(
                (*where, "activities", number),
                "an overlap",
                "activities one after the other",
                "Activities of a pinned shift overlap or are out of order.",
            )
    paid = span[1] - span[0] - unpaid
    if pin.paid_minutes is not None and pin.paid_minutes != paid:
        faults.add(
            (*where, "paid_minutes"),
            pin.paid_minutes,
            str(paid),
            f"The pinned shift has {paid} paid minutes by its activities, not {pin.paid_minutes}.",
        )
