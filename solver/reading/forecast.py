"""From text to a forecast request that can be relied on: JSON, or a table of counts as CSV."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from zoneinfo import ZoneInfo

import holidays

from schemas.forecast import ForecastRequest, ForecastSeries, PastInterval
from solver.reading.faults import Faults
from solver.reading.groups import minute
from solver.reading.period import zone_named
from solver.reading.read import read_as
from solver.reading.table import number_in, read_table

Place = tuple[str | int, ...]
COLUMNS = ("planning_group_id", "start", "volume", "aht_seconds")
NEEDED = ("start", "volume")
LONGEST_DAYS = 7400
"""Days that history may span: twenty years."""


def read_forecast(raw: bytes | str | dict[str, Any]) -> ForecastRequest:
    """The forecast request, sound in form and meaning.

    Raises:
        RequestRefused: with every fault that was found.
    """
    request = read_as(ForecastRequest, raw)
    faults = Faults()
    _look(request, faults)
    faults.refuse()
    return request


def history_from_csv(text: str, part: str = "history") -> dict[str, Any]:
    """A table of counts as the part of a forecast request that it is.

    The first line names the columns: start, volume, and where wanted aht_seconds, planning_group_id.

    Raises:
        RequestRefused: with every fault, each at its line.
    """
    faults = Faults()
    groups: dict[str, list[dict[str, Any]]] = {}
    for line, row in read_table(text, COLUMNS, NEEDED):
        interval: dict[str, Any] = {"start": row["start"], "volume": number_in(row, "volume", line, faults)}
        if row.get("aht_seconds"):
            interval["aht_seconds"] = number_in(row, "aht_seconds", line, faults)
        groups.setdefault(row.get("planning_group_id", ""), []).append(interval)
    faults.refuse()
    if set(groups) <= {""}:
        return {part: groups.get("", [])}
    return {"planning_groups": [{"id": name, part: rows} for name, rows in groups.items()]}


def _look(request: ForecastRequest, faults: Faults) -> None:
    zone = zone_named(request.time_zone)
    if zone is None:
        told = f"There is no time zone {request.time_zone!r}. Maybe one such as Europe/Tallinn is meant."
        faults.add(("time_zone",), request.time_zone, "an IANA time zone", told)
        return
    _steps(request, faults)
    _country(request, faults)
    if request.planning_groups and (request.history or request.actuals):
        told = "There is history both of the request and of its planning groups; whose the first is is not said."
        faults.add(("history",), "history beside planning_groups", "one of the two", told)
    faults.twice(("planning_groups",), "planning groups", (group.id for group in request.planning_groups))
    seen: dict[object, int] = {}
    for number, day in enumerate(request.special_days):
        if day.date in seen:
            told = f"{day.date} is a special day twice."
            faults.add(("special_days", number, "date"), str(day.date), "each day once", told)
        seen[day.date] = number
    groups: Sequence[tuple[Place, ForecastSeries]] = [
        (("planning_groups", number), group) for number, group in enumerate(request.planning_groups)
    ] or [((), request)]
    for where, series in groups:
        _series(request, series, where, zone, faults)


def _steps(request: ForecastRequest, faults: Faults) -> None:
    given = request.history_interval_minutes
    if given is not None and request.interval_minutes % given:
        told = f"Intervals of {given} minutes do not add up to {request.interval_minutes}. Maybe history is coarser than the forecast."
        faults.add(("history_interval_minutes",), given, f"a part of {request.interval_minutes}", told)


def _country(request: ForecastRequest, faults: Faults) -> None:
    if request.country is None:
        if request.subdivision is not None:
            told = "There is a subdivision but no country."
            faults.add(("subdivision",), request.subdivision, "country too", told)
        return
    known = holidays.list_supported_countries()
    if request.country not in known:
        told = f"No holidays are known of {request.country!r}. Maybe an ISO code such as EE or US is meant."
        faults.add(("country",), request.country, "an ISO code of a country", told)
    elif request.subdivision is not None and request.subdivision not in known[request.country]:
        some = ", ".join(known[request.country][:6]) or "none"
        told = f"{request.country} has no subdivision {request.subdivision!r}; there are {some}."
        faults.add(("subdivision",), request.subdivision, "a subdivision of the country", told)


def _series(request: ForecastRequest, series: ForecastSeries, place: Place, zone: ZoneInfo, faults: Faults) -> None:
    if not series.history:
        faults.add((*place, "history"), "nothing", "at least one interval", "There is no history to forecast from.")
        return
    minutes = _intervals(request, series.history, (*place, "history"), zone, faults)
    later = _intervals(request, series.actuals, (*place, "actuals"), zone, faults)
    if minutes and max(minutes) - min(minutes) > LONGEST_DAYS * 1440:
        told = f"History spans more than {LONGEST_DAYS} days. Maybe a year is mistyped."
        faults.add((*place, "history"), f"{(max(minutes) - min(minutes)) // 1440} days", f"{LONGEST_DAYS} days", told)
    if minutes and request.start_date is not None:
        ahead = request.start_date.toordinal() - (max(minutes) // 1440 + 719163)
        if not -1 <= ahead <= 400:
            told = f"The forecast starts on {request.start_date}, and history ends {abs(ahead)} days {'before' if ahead > 0 else 'after'}."
            faults.add(("start_date",), str(request.start_date), "a day after history, within 400 days", told)
    both = set(minutes) & set(later)
    if both:
        place_of = later.index(min(both))
        told = f"The interval {series.actuals[place_of].start} is both history and an actual of today. Maybe history should end the day before."
        faults.add((*place, "actuals", place_of, "start"), str(series.actuals[place_of].start), "not in history", told)


def _intervals(
    request: ForecastRequest, intervals: Sequence[PastInterval], place: Place, zone: ZoneInfo, faults: Faults
) -> list[int]:
    """The minutes of intervals that exist, lie on the grid and come once."""
    step = request.history_interval_minutes or request.interval_minutes
    taken: dict[int, int] = {}
    found = []
    for number, interval in enumerate(intervals):
        where: Place = (*place, number, "start")
        start = minute(faults, where, interval.start, zone)
        if start is None:
            continue
        if start % step:
            faults.on_grid(where, start % 60, step, "The minute at which this interval starts")
        elif start in taken:
            told = f"The interval {interval.start} is there twice, first as number {taken[start] + 1} of the list. In the hour that an autumn night has twice an offset tells the two apart."
            faults.add(where, str(interval.start), "each interval once", told)
        taken.setdefault(start, number)
        found.append(start)
    return found
