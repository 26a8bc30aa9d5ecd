"""The forecast: each step of it a line."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import holidays
import numpy as np
from numpy.typing import NDArray

from schemas.clock import wall_to_utc_minutes
from schemas.forecast import (
    Forecast,
    ForecastInterval,
    ForecastOfGroup,
    ForecastRequest,
    ForecastSeries,
    PastInterval,
    Rescale,
)
from schemas.roster import Message
from solver.forecast.back_test import back_test
from solver.forecast.history import Floats, History, history_of
from solver.forecast.model import Days, Mixture, fit

ONLY_GROUP = "default"
MOST_HOLES = 50
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def forecast(request: ForecastRequest) -> Forecast:
    """Volumes to come, by planning group."""
    zone = ZoneInfo(request.time_zone)
    series: list[tuple[str, ForecastSeries, str]] = [
        (group.id, group, f"/planning_groups/{n}") for n, group in enumerate(request.planning_groups)
    ]
    told: list[Message] = []
    found = [_of_group(request, zone, *one, told) for one in series or [(ONLY_GROUP, request, "")]]
    single = not request.planning_groups
    return Forecast(
        intervals=found[0].intervals if single else (),
        back_test=found[0].back_test if single else None,
        rescaled=found[0].rescaled if single else (),
        planning_groups=() if single else tuple(found),
        messages=tuple(told),
    )


def _of_group(
    request: ForecastRequest, zone: ZoneInfo, name: str, series: ForecastSeries, path: str, told: list[Message]
) -> ForecastOfGroup:
    step, given_step = request.interval_minutes, request.history_interval_minutes or request.interval_minutes
    history = history_of(series.history, zone, step, given_step)
    told += _partial(history, step, f"{path}/history")
    told += _holes(history, step, f"{path}/history")
    first = request.start_date or history.first + timedelta(days=history.days)
    days = [first + timedelta(days=number) for number in range(request.days)]
    special = special_days(request, history.first, days[-1])
    told += _unknown_days(history, days, f"{path}/history")
    mixture = fit(history, special, request.days)
    volumes = mixture.predict(days, special)
    for one in request.special_days:
        if one.factor is not None and one.date in days:
            row = days.index(one.date)
            volumes[row] = one.factor * mixture.predict([one.date], Days(special.special - {one.date}))[0]
    tested = back_test(history, special, request.prediction_percent)
    if tested is None:
        text = f"There are {history.days} days of history, too few to test the forecast; three weeks are needed."
        told.append(Message(code="no_back_test", severity="warning", text=text, path=f"{path}/history"))
    today = _Today(series.actuals, zone, step, given_step)
    rescaled = tuple(today.rescale(days, volumes, mixture.spread.day))
    intervals = _intervals(request, history, days, volumes, mixture, today, zone)
    return ForecastOfGroup(id=name, intervals=tuple(intervals), back_test=tested, rescaled=rescaled)


def special_days(request: ForecastRequest, first: date, last: date) -> Days:
    """Public holidays of the country and the days that the request names."""
    found = {one.date for one in request.special_days}
    if request.country is not None:
        years = range(first.year, last.year + 1)
        found |= set(holidays.country_holidays(request.country, subdiv=request.subdivision, years=years))
    return Days(found)


def _partial(history: History, step: int, path: str) -> Iterator[Message]:
    """Times of day that the finer intervals of history fill only in part."""
    for slot in np.flatnonzero(history.partial.any(axis=0)):
        days, minute = int(history.partial[:, slot].sum()), int(slot) * step
        text = (
            f"Of the {step} minutes from {minute // 60:02d}:{minute % 60:02d} history has only a part on {days} "
            f"{'day' if days == 1 else 'days'}; they are left out there."
        )
        yield Message(code="partial_interval", severity="warning", text=text, path=path)


def _holes(history: History, step: int, path: str) -> Iterator[Message]:
    """Times without a volume at which days of the same weekday mostly have one."""
    seen = ~np.isnan(history.volumes)
    dates = history.dates()
    weekday = np.array([day.weekday() for day in dates])
    usual = np.zeros(seen.shape, dtype=bool)
    for day in range(7):
        if (weekday == day).any():
            usual[weekday == day] = seen[weekday == day].mean(axis=0) > 0.5
    told = 0
    for row in np.flatnonzero((usual & ~seen).any(axis=1)):
        told += 1
        if told <= MOST_HOLES:
            text = _hole(dates[row], usual[row] & ~seen[row], bool(seen[row].any()), step)
            yield Message(code="hole", severity="warning", text=text, path=path)
    if told > MOST_HOLES:
        text = f"History has holes on {told - MOST_HOLES} more days."
        yield Message(code="hole", severity="warning", text=text, path=path)


def _hole(day: date, missing: NDArray[np.bool_], some: bool, step: int) -> str:
    which = f"{WEEKDAYS[day.weekday()]} {day}"
    if not some:
        return f"History has nothing of {which}. It is left out, not taken for a day without contacts."
    minutes = np.flatnonzero(missing) * step
    times = ", ".join(f"{minute // 60:02d}:{minute % 60:02d}" for minute in minutes[:5])
    more = f" and {minutes.size - 5} more" if minutes.size > 5 else ""
    return f"History lacks the intervals of {which} at {times}{more}. The rest of the day stands for them."


def _unknown_days(history: History, days: Sequence[date], path: str) -> Iterator[Message]:
    """Weekdays of which there is no past."""
    seen = {day.weekday() for day, row in zip(history.dates(), history.volumes, strict=True) if not np.isnan(row).all()}
    for weekday in sorted({day.weekday() for day in days} - seen):
        text = f"History has no {WEEKDAYS[weekday]}, so none is forecast."
        yield Message(code="no_such_weekday", severity="info", text=text, path=path)


@dataclass(frozen=True)
class _Today:
    """Actuals of days that are forecast."""

    actuals: Sequence[PastInterval]
    zone: ZoneInfo
    step: int
    given_step: int

    def table(self) -> History | None:
        return history_of(self.actuals, self.zone, self.step, self.given_step) if self.actuals else None

    def rescale(self, days: Sequence[date], volumes: Floats, spread: float) -> Iterator[Rescale]:
        """Multiplies the rest of each day by what its actuals say, and puts them in.

        A day is busier or calmer than forecast by a factor with mean 1 and the standard deviation of past days
        (a gamma distribution); given the actuals, its mean is this.
        """
        table = self.table()
        if table is None:
            return
        for row, day in enumerate(days):
            number = (day - table.first).days
            if not 0 <= number < table.days:
                continue
            seen = ~np.isnan(table.volumes[number])
            expected, came = float(volumes[row][seen].sum()), float(table.volumes[number][seen].sum())
            if not seen.any():
                continue
            prior = 1 / max(spread, 1e-3) ** 2
            factor = (prior + came) / (prior + expected)
            volumes[row][~seen] *= factor
            volumes[row][seen] = table.volumes[number][seen]
            yield Rescale(
                date=day,
                forecast_so_far=round(expected, 2),
                actual_so_far=round(came, 2),
                factor=round(factor, 4),
            )

    def known(self) -> set[int]:
        """UTC minutes of the intervals that are over."""
        first = {interval.start.utc_minute(self.zone) for interval in self.actuals}
        return {minute for minute in first if (minute % self.step) == 0}


def _intervals(
    request: ForecastRequest,
    history: History,
    days: Sequence[date],
    volumes: Floats,
    mixture: Mixture,
    today: _Today,
    zone: ZoneInfo,
) -> Iterator[ForecastInterval]:
    """The intervals of the days at whose time of day history has that weekday's; both of an hour that comes twice."""
    step = request.interval_minutes
    weekday = np.array([day.weekday() for day in history.dates()])
    seen = ~np.isnan(history.volumes)
    open_ = {day: seen[weekday == day].any(axis=0) for day in range(7)}
    wide = mixture.spread.width(request.prediction_percent) * mixture.spread.deviation(volumes)
    over = today.known()
    for row, day in enumerate(days):
        begin = wall_to_utc_minutes(day, 0, zone)[0]
        end = wall_to_utc_minutes(day + timedelta(days=1), 0, zone)[0]
        for minute in range(begin, end, step):
            moment = datetime.fromtimestamp(minute * 60, UTC).astimezone(zone)
            slot = (moment.hour * 60 + moment.minute) // step
            if not open_[day.weekday()][slot]:
                continue
            volume, half, known = float(volumes[row, slot]), float(wide[row, slot]), minute in over
            aht = float(mixture.aht[slot])
            yield ForecastInterval(
                start=moment.isoformat(),
                volume=round(volume, 3),
                low=round(volume if known else max(0.0, volume - half), 3),
                high=round(volume if known else volume + half, 3),
                aht_seconds=round(aht, 2) if aht == aht else None,
                actual=known,
            )
