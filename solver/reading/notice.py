"""Published shifts, and when the roster is told."""

from __future__ import annotations

from datetime import timedelta

from schemas.clock import wall_to_utc_minutes
from schemas.request import RosterRequest
from solver.reading.faults import Faults
from solver.reading.groups import minute
from solver.reading.period import Zones

RULE = "minimum_shift_notice"


def look(request: RosterRequest, zones: Zones, faults: Faults) -> None:
    """Whoever asks for notice says from when; published shifts are of the period, one a day."""
    if request.as_of is not None:
        minute(faults, ("as_of",), request.as_of, zones[request.time_zone])
    for number, plan in enumerate(request.work_plans):
        for index, rule in enumerate(plan.rules):
            if rule.kind == RULE and request.as_of is None:
                faults.add(
                    ("work_plans", number, "rules", index),
                    "no as_of in the request",
                    "an as_of",
                    f"The rule {RULE} counts from the request's as_of, and there is none. "
                    "Maybe the time at which the roster will be published is meant.",
                )
    for row in range(len(request.agents)):
        _published(request, row, zones, faults)


def _published(request: RosterRequest, row: int, zones: Zones, faults: Faults) -> None:
    agent, period = request.agents[row], request.planning_period
    if not agent.published_shifts:
        return
    zone, written = zones[agent.time_zone or request.time_zone], zones[request.time_zone]
    midnights = [wall_to_utc_minutes(period.start_date + timedelta(days=n), 0, zone)[0] for n in range(period.days + 1)]
    taken: dict[int, int] = {}
    for number, shift in enumerate(agent.published_shifts):
        place = ("agents", row, "published_shifts", number)
        start = minute(faults, (*place, "start"), shift.start, written)
        end = minute(faults, (*place, "end"), shift.end, written)
        if start is None or end is None:
            continue
        if not start < end <= start + 2880:
            faults.add(
                (*place, "end"),
                str(shift.end),
                f"within two days after {shift.start}",
                f"The published shift ends at {shift.end} but starts at {shift.start}. "
                "Maybe the end needs the next day's date.",
            )
        if not midnights[0] <= start < midnights[-1]:
            faults.add(
                (*place, "start"),
                str(shift.start),
                "a start within the planning period",
                f"The published shift starts at {shift.start}, outside the planning period. "
                "Maybe it belongs into the history.",
            )
            continue
        day = sum(midnight <= start for midnight in midnights) - 1
        if day in taken:
            faults.add(
                place,
                str(shift.start),
                "one shift a day",
                f"{agent.name or agent.id} has two published shifts on one day, number {taken[day] + 1} and this one.",
            )
        taken.setdefault(day, number)
