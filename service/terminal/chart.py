"""The coverage of each day as a row of small bars."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from schemas.roster import CoverageSeries

BARS = " ▁▂▃▄▅▆▇█"
PLAIN_BARS = " .:-=+*%#"  # for terminals that cannot show the others
COLUMN_MINUTES = 30


@dataclass(frozen=True)
class DayCoverage:
    """A civil day: agents needed and on queue in each half hour of its clock, all groups together, and hours."""

    day: date
    needed: tuple[float, ...]
    on_queue: tuple[float, ...]
    needed_hours: float
    on_queue_hours: float
    short_hours: float
    over_hours: float


class _Tally:
    """Hours of one day as they add up."""

    def __init__(self) -> None:
        columns = 24 * 60 // COLUMN_MINUTES
        self.needed, self.on_queue = [0.0] * columns, [0.0] * columns
        self.minutes = [set[datetime]() for _ in range(columns)]
        self.short = self.over = 0.0


def by_day(coverage: Iterable[CoverageSeries], zone: ZoneInfo, interval_minutes: int) -> list[DayCoverage]:
    """The coverage of each civil day; an hour that the clock shows twice is averaged, one that it skips is empty."""
    days: dict[date, _Tally] = defaultdict(_Tally)
    hours = interval_minutes / 60
    for series in coverage:
        for place, (needed, on_queue) in enumerate(zip(series.required, series.scheduled, strict=True)):
            instant = series.start + timedelta(minutes=place * interval_minutes)
            clock = instant.astimezone(zone)
            tally = days[clock.date()]
            tally.short += max(0.0, needed - on_queue) * hours
            tally.over += max(0.0, on_queue - needed) * hours
            for column in _columns(clock, interval_minutes):
                tally.needed[column] += needed
                tally.on_queue[column] += on_queue
                tally.minutes[column].add(instant)
    return [_day(day, tally, hours) for day, tally in sorted(days.items())]


def _columns(clock: datetime, interval_minutes: int) -> range:
    first = (clock.hour * 60 + clock.minute) // COLUMN_MINUTES
    return range(first, first + max(1, interval_minutes // COLUMN_MINUTES))


def _day(day: date, tally: _Tally, hours: float) -> DayCoverage:
    counts = [max(1, len(instants)) for instants in tally.minutes]
    share = min(1.0, COLUMN_MINUTES / 60 / hours)  # of an interval that is wider than a column
    return DayCoverage(
        day,
        tuple(total / count for total, count in zip(tally.needed, counts, strict=True)),
        tuple(total / count for total, count in zip(tally.on_queue, counts, strict=True)),
        sum(tally.needed) * hours * share,
        sum(tally.on_queue) * hours * share,
        tally.short,
        tally.over,
    )


def open_columns(days: Sequence[DayCoverage]) -> range:
    """The columns from the first to the last that has anything on any day, on whole hours."""
    used = [
        column
        for day in days
        for column, (needed, on_queue) in enumerate(zip(day.needed, day.on_queue, strict=True))
        if needed or on_queue
    ]
    per_hour = 60 // COLUMN_MINUTES
    if not used:
        return range(0)
    return range(min(used) // per_hour * per_hour, (max(used) // per_hour + 1) * per_hour)


def bars(values: Sequence[float], top: float, symbols: str = BARS) -> str:
    """One bar a value, as high as the value is beside `top`; anything above nothing shows."""
    return "".join(_bar(value, top, symbols) for value in values)


def _bar(value: float, top: float, symbols: str) -> str:
    if value <= 0 or top <= 0:
        return symbols[0]
    return symbols[max(1, min(len(symbols) - 1, round(value / top * (len(symbols) - 1))))]


def axis(columns: range) -> str:
    """The hours above the bars."""
    per_hour = 60 // COLUMN_MINUTES
    marks = "".join(
        f"{column // per_hour:02d}".ljust(2 * per_hour) for column in columns if column % (2 * per_hour) == 0
    )
    lead = " " * (-columns.start % (2 * per_hour))
    return (lead + marks)[: len(columns)].rstrip() if columns else ""
