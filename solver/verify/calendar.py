"""The judge's own clock: days and instants in UTC minutes since the epoch."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from schemas.clock import wall_to_utc_minutes
from schemas.request import Availability, RosterRequest
from solver.rules.base import Day

NAMES = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
DAYS_AROUND = 3
"""How many days before and after the period a window can lie and still matter to a shift of the period."""


@dataclass(frozen=True)
class Calendar:
    """The period's days on one zone's clock."""

    zone: ZoneInfo
    written: ZoneInfo  # date-times of the request are on this clock
    days: tuple[Day, ...]
    midnights: tuple[int, ...]  # of each day

    @property
    def begins_at(self) -> int:
        return self.midnights[0]

    @property
    def ends_at(self) -> int:
        return self.days[-1].ends_at

    def day_of(self, minute: int) -> Day | None:
        """The period's day that holds the instant."""
        if not self.begins_at <= minute < self.ends_at:
            return None
        return self.days[bisect_right(self.midnights, minute) - 1]


def calendar_of(request: RosterRequest, zone: ZoneInfo) -> Calendar:
    """The request's days on the zone's clock."""
    period = request.planning_period
    days = days_of(period.start_date, period.days, zone, request.week_starts_on)
    return Calendar(zone, ZoneInfo(request.time_zone), days, tuple(day.starts_at for day in days))


@lru_cache(maxsize=1000)
def days_of(start: date, count: int, zone: ZoneInfo, week_starts_on: str) -> tuple[Day, ...]:
    """The days of a period on the zone's clock; weeks begin on the weekday of that name."""
    first = NAMES.index(week_starts_on[:3])
    end = start + timedelta(days=count)
    days = []
    week = 0
    for index in range(count):
        today = start + timedelta(days=index)
        if index and today.weekday() == first:
            week += 1
        to_go = (first - today.weekday() - 1) % 7
        days.append(
            Day(
                index=index,
                date=today,
                weekday=today.weekday(),
                week=week,
                ends_week=to_go == 0,
                week_complete=today + timedelta(days=to_go) < end,
                starts_at=at_clock(today, 0, zone),
                ends_at=at_clock(today + timedelta(days=1), 0, zone),
                is_last=index == count - 1,
            )
        )
    return tuple(days)


def minute_of(moment: datetime) -> int:
    """UTC minutes since the epoch; seconds are cut off."""
    return int(moment.timestamp() // 60)


@lru_cache(maxsize=100_000)
def at_clock(day: date, clock: int, zone: ZoneInfo) -> int:
    """The UTC minute at which the zone's clock shows so many minutes past the day's midnight.

    The first of two such minutes; where there is none, the instant at which the clock changes.
    """
    return wall_to_utc_minutes(day, clock, zone)[0]


@lru_cache(maxsize=100_000)
def offset_at(minute: int, zone: ZoneInfo) -> timedelta | None:
    """How far the zone's clock is ahead of UTC then."""
    return local_time(minute, zone).utcoffset()


def local_time(minute: int, zone: ZoneInfo) -> datetime:
    """The UTC minute as the zone's clock and calendar show it."""
    return datetime.fromtimestamp(minute * 60, UTC).astimezone(zone)


def clock_at(minute: int, day: date, zone: ZoneInfo) -> int:
    """What the zone's clock shows then, in minutes past midnight of the day: 1560 is 02:00 on the next day."""
    local = local_time(minute, zone)
    return (local.toordinal() - day.toordinal()) * 1440 + local.hour * 60 + local.minute


def open_hours(windows: Sequence[Availability], calendar: Calendar) -> list[tuple[int, int]]:
    """The availability as stretches of UTC minutes in order, those that touch or overlap made one."""
    stretches: list[tuple[int, int]] = []
    first = calendar.days[0].date - timedelta(days=DAYS_AROUND)
    for ahead in range(len(calendar.days) + 2 * DAYS_AROUND):
        today = first + timedelta(days=ahead)
        stretches.extend(
            (at_clock(today, window.from_, calendar.zone), at_clock(today, window.to, calendar.zone))
            for window in windows
            if NAMES[today.weekday()] in window.days
        )
    joined: list[tuple[int, int]] = []
    for start, end in sorted(stretches):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(joined[-1][1], end))
        else:
            joined.append((start, end))
    return joined
