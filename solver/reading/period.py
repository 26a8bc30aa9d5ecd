"""Time zones, the period and the grid."""

from __future__ import annotations

from datetime import timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from schemas.clock import wall_to_utc_minutes
from schemas.request import RosterRequest
from solver.reading.faults import Faults

MOST_SLOTS = 110_000
MOST_AGENTS = 20_000
MOST_AGENT_SLOTS = 60_000_000

Zones = dict[str, ZoneInfo]


def look(request: RosterRequest, faults: Faults) -> Zones | None:
    """The zones by name; None when the period's size makes the rest meaningless.

    A name of no zone stands for UTC from then on, so that all other faults are found too.
    """
    zones: Zones = {}
    wrong: set[str] = set()
    places: list[tuple[tuple[str | int, ...], str]] = [(("time_zone",), request.time_zone)]
    places += [
        (("agents", n, "time_zone"), a.time_zone) for n, a in enumerate(request.agents) if a.time_zone is not None
    ]
    for place, name in places:
        if name not in zones:
            zone = zone_named(name)
            zones[name] = zone or ZoneInfo("UTC")
            if zone is None:
                wrong.add(name)
        if name in wrong:
            faults.add(
                place,
                name,
                "a zone such as Europe/Tallinn",
                f"There is no time zone {name!r}. Maybe a name such as Europe/Tallinn is meant.",
            )
    sound = len(faults.found)
    _size(request, faults)
    if len(faults.found) > sound:
        return None
    _offsets(request, {name: zone for name, zone in zones.items() if name not in wrong}, zones, faults)
    options = request.options
    if options.minimum_stint_minutes > request.interval_minutes:  # a shorter one is kept by every interval
        place = ("options", "minimum_stint_minutes")
        faults.on_grid(place, options.minimum_stint_minutes, request.interval_minutes, "The shortest stint")
    return zones


def zone_named(name: str) -> ZoneInfo | None:
    """The zone, None when there is none of that name."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None


def _size(request: RosterRequest, faults: Faults) -> None:
    days, step = request.planning_period.days, request.interval_minutes
    agents = sum(agent.count for agent in request.agents)
    slots = days * 1440 // step
    if slots > MOST_SLOTS:
        faults.add(
            ("planning_period", "days"),
            days,
            f"at most {MOST_SLOTS * step // 1440} days",
            f"{days} days of {step}-minute intervals are {slots} intervals; {MOST_SLOTS} are the most.",
        )
    if agents > MOST_AGENTS:
        faults.add(
            ("agents",),
            f"{agents} agents",
            f"at most {MOST_AGENTS}",
            f"There are {agents} agents; {MOST_AGENTS} are the most.",
        )
    elif agents * slots > MOST_AGENT_SLOTS:
        faults.add(
            ("planning_period", "days"),
            days,
            "a shorter period",
            f"{agents} agents over {slots} intervals are too many for one request. Maybe it can be split by planning group or month.",
        )
    if request.planning_period.start_date.year not in range(1971, 2190):
        faults.add(
            ("planning_period", "start_date"),
            str(request.planning_period.start_date),
            "a year from 1971 to 2189",
            "The period begins in a year that is out of reach.",
        )


def _offsets(request: RosterRequest, zones: Zones, every: Zones, faults: Faults) -> None:
    """Zones whose clock is off the grid of the request's own, on any day of the period."""
    period, step = request.planning_period, request.interval_minutes
    days = [period.start_date + timedelta(days=n) for n in range(period.days + 1)]
    own = [wall_to_utc_minutes(day, 0, every[request.time_zone])[0] for day in days]
    for name, zone in zones.items():
        if any((wall_to_utc_minutes(day, 0, zone)[0] - own[0]) % step for day in days):
            place = (
                ("time_zone",)
                if name == request.time_zone
                else next(("agents", n, "time_zone") for n, a in enumerate(request.agents) if a.time_zone == name)
            )
            faults.add(
                place,
                name,
                f"a zone whose clock is on the {step}-minute grid",
                f"Midnight in {name} is not on the {step}-minute grid. Maybe intervals of 15 minutes are meant.",
            )
