"""Planning groups and their requirements."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import timedelta
from difflib import get_close_matches
from itertools import pairwise
from zoneinfo import ZoneInfo

from schemas.clock import LocalDateTime, wall_to_utc_minutes
from schemas.request import RosterRequest
from solver.reading.faults import Faults
from solver.reading.period import Zones

REFERENCE = "the id of a"
"""How what is expected begins where something is named that is not there."""

MOST_COMPARED = 100
"""Names among which one that is like a misspelt one is looked for."""


def look(request: RosterRequest, zones: Zones, faults: Faults) -> None:
    """Ids, and the requirements."""
    faults.twice(("planning_groups",), "planning groups", (g.id for g in request.planning_groups))
    series = [(one.planning_group_id, one.start, len(one.required)) for one in request.requirements]
    look_at_series(request, "requirements", series, zones, faults)


def look_at_series(
    request: RosterRequest,
    field: str,
    series: Sequence[tuple[str, LocalDateTime, int]],
    zones: Zones,
    faults: Faults,
) -> None:
    """Series of consecutive intervals, each a group, a start and a length: on the grid, in the period, none over another."""
    known = {g.id for g in request.planning_groups}
    zone, step, period = zones[request.time_zone], request.interval_minutes, request.planning_period
    first = wall_to_utc_minutes(period.start_date, 0, zone)[0]
    last = wall_to_utc_minutes(period.start_date + timedelta(days=period.days), 0, zone)[0]
    spans: dict[str, list[tuple[int, int, int]]] = defaultdict(list)
    for number, (group, begins, length) in enumerate(series):
        place = (field, number)
        if group not in known:
            unknown(faults, (*place, "planning_group_id"), "planning group", group, known)
        start = minute(faults, (*place, "start"), begins, zone)
        if start is None:
            continue
        end = start + length * step
        if (start - first) % step:
            faults.add(
                (*place, "start"),
                str(begins),
                f"a start on the {step}-minute grid",
                f"The series starts at {begins}, off the {step}-minute grid.",
            )
        elif start < first or end > last:
            faults.add(
                (*place, "start"),
                str(begins),
                f"{period.start_date} and the {period.days} days from it",
                f"The series runs out of the planning period of {period.days} days from {period.start_date}. Maybe it is too long, or its date is wrong.",
            )
        elif end > start:
            spans[group].append((start, end, number))
    for group, own in spans.items():
        own.sort()
        for (_, end, before), (start, _, number) in pairwise(own):
            if start < end:
                faults.add(
                    (field, number, "start"),
                    str(series[number][1]),
                    "series that do not overlap",
                    f"Two series of planning group {group!r} overlap: this one and number {before + 1}. Maybe one of them is there twice.",
                )


def minute(faults: Faults, place: tuple[str | int, ...], moment: LocalDateTime, zone: ZoneInfo) -> int | None:
    """The UTC minute of a date-time; one that does not exist is a fault."""
    if not moment.exists(zone):
        faults.add(
            place,
            str(moment),
            "a time that exists",
            f"{moment} does not exist in {zone.key}: the clock is put forward over it. Maybe an hour later is meant.",
        )
        return None
    return moment.utc_minute(zone)


def unknown(faults: Faults, place: tuple[str | int, ...], what: str, found: str, known: set[str]) -> None:
    """A reference to something that is not there."""
    some = ", ".join(sorted(known)[:5]) or "none"
    faults.add(
        place,
        found,
        f"{REFERENCE}{'n' if what[0] in 'aeiou' else ''} {what}",
        f"There is no {what} {found!r}; there are {some}.{advice(found, known)}",
    )


def advice(found: str, known: set[str]) -> str:
    """The name that is most like the one that was found; among very many the search would take too long."""
    near = get_close_matches(found, sorted(known), n=1) if len(known) <= MOST_COMPARED else []
    return f" Maybe {near[0]!r} is meant." if near else ""
