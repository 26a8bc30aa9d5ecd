"""The period as a line of intervals, and each zone's clock on it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from schemas.clock import wall_to_utc_minutes
from solver.rules.base import Day

MINUTES_A_DAY = 1440
LATEST_END_MINUTES = 2 * MINUTES_A_DAY
"""How long after the period's last midnight a shift may still run."""


@dataclass(frozen=True)
class Grid:
    """Slots of `step` minutes from `origin`, a UTC minute; the planning period is `first` up to, less, `last`."""

    origin: int
    step: int
    slots: int
    first: int
    last: int

    def slot(self, utc_minute: int) -> int:
        return (utc_minute - self.origin) // self.step

    def minute(self, slot: int) -> int:
        return self.origin + slot * self.step


@dataclass(frozen=True)
class Calendar:
    """The days of the period on one zone's clock."""

    zone: ZoneInfo
    written: ZoneInfo  # the zone in which date-times of the request are written, whoever they are about
    days: tuple[Day, ...]
    midnight: tuple[int, ...]  # UTC minute of each day's midnight and of the two after

    def utc(self, day: int, clock: int) -> tuple[int, bool]:
        """The UTC minute at which the clock shows so many minutes past midnight of the day, and whether it does."""
        return _utc(self.days[0].date + timedelta(days=day), clock, self.zone)

    def clock(self, day: int, utc_minute: int) -> int:
        """What the clock shows then, in minutes past midnight of the day: 1560 is 02:00 on the next day."""
        local = datetime.fromtimestamp(utc_minute * 60, UTC).astimezone(self.zone)
        days = (local.date() - self.days[0].date).days - day
        return days * MINUTES_A_DAY + local.hour * 60 + local.minute

    def clocks(self, day: int, start: int, count: int, step: int) -> Sequence[int]:
        """What the clock shows at the UTC minute `start` and at each of `count` slots from there, as `clock` does."""
        first = self.clock(day, start)
        last = self.clock(day, start + (count - 1) * step)
        if last - first == (count - 1) * step:
            return range(first, last + 1, step)
        return tuple(self.clock(day, start + slot * step) for slot in range(count))


@lru_cache(maxsize=100_000)
def _utc(day: date, clock: int, zone: ZoneInfo) -> tuple[int, bool]:
    return wall_to_utc_minutes(day, clock, zone)


def calendar(start: date, days: int, zone: ZoneInfo, written: ZoneInfo, week_starts_on: int) -> Calendar:
    """The calendar of a zone; `week_starts_on` counts from Monday = 0."""
    midnight = tuple(_utc(start + timedelta(days=d), 0, zone)[0] for d in range(days + 3))
    last = start + timedelta(days=days - 1)
    rows = []
    first_week_start = start - timedelta(days=(start.weekday() - week_starts_on) % 7)
    for d in range(days):
        today = start + timedelta(days=d)
        into_week = (today.weekday() - week_starts_on) % 7
        week_end = today + timedelta(days=6 - into_week)
        rows.append(
            Day(
                index=d,
                date=today,
                weekday=today.weekday(),
                week=(today - first_week_start).days // 7,
                ends_week=into_week == 6,
                week_complete=week_end <= last,
                starts_at=midnight[d],
                ends_at=midnight[d + 1],
                is_last=d == days - 1,
            )
        )
    return Calendar(zone, written, tuple(rows), midnight)


def grid_of(period: Calendar, others: list[Calendar], step: int) -> Grid:
    """The line that holds every zone's days and the shifts that run past the last of them."""
    days = len(period.days)
    origin = min(c.midnight[0] for c in (period, *others))
    origin -= (origin - period.midnight[0]) % step
    end = max(c.midnight[days] for c in (period, *others)) + LATEST_END_MINUTES
    first = (period.midnight[0] - origin) // step
    last = (period.midnight[days] - origin) // step
    return Grid(origin, step, (end - origin) // step, first, last)
