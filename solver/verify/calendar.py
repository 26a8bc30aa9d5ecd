"""The judge's own clock: days and instants in UTC minutes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta, timezone
from functools import lru_cache
from zoneinfo import ZoneInfo

from schemas.clock import wall_to_utc_minutes
from schemas.request import Availability, RosterRequest
from solver.rules.base import Day

NAMES = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def minute_of(moment: datetime) -> int:
    """UTC minutes since the epoch; seconds are cut off, the structure check sees to them."""
    return int(moment.timestamp() // 60)


@lru_cache(maxsize=100_000)
def at_clock(day: date, clock: int, zone: ZoneInfo) -> int:
    """The UTC minute at which the zone's clock shows so many minutes past the day's midnight."""
    return wall_to_utc_minutes(day, clock, zone)[0]


def clock_at(minute: int, day: date, zone: ZoneInfo) -> int:
    """What the zone's clock shows then, in minutes past midnight of the day."""
    local = datetime.fromtimestamp(minute * 60, timezone.utc).astimezone(zone)
    return (local.date() - day).days * 1440 + local.hour * 60 + local.minute


@lru_cache(maxsize=1000)
def days_of(start: date, count: int, zone: ZoneInfo, week_starts_on: str) -> tuple[Day, ...]:
    """The period's days on the zone's clock."""
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


def days_in(request: RosterRequest, zone: ZoneInfo) -> tuple[Day, ...]:
    """The request's days on the zone's clock."""
    period = request.planning_period
    return days_of(period.start_date, period.days, zone, request.week_starts_on)


def open_hours(windows: Sequence[Availability], days: Sequence[Day], zone: ZoneInfo) -> list[tuple[int, int]]:
    """The availability as stretches of UTC minutes, those that touch made one."""
    stretches = []
    today = days[0].date - timedelta(days=3)
    while today <= days[-1].date + timedelta(days=3):
        for window in windows:
            if NAMES[today.weekday()] in window.days:
                stretches.append([at_clock(today, window.from_, zone), at_clock(today, window.to, zone)])
        today += timedelta(days=1)
    stretches.sort()
    joined: list[list[int]] = []
    for stretch in stretches:
        if joined and stretch[0] <= joined[-1][1]:
            joined[-1][1] = max(joined[-1][1], stretch[1])
        else:
            joined.append(stretch)
    return [(start, end) for start, end in joined]
