"""The past as a table: a row a civil day, a column a time of day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from schemas.forecast import PastInterval

Floats = NDArray[np.float64]
DAY_MINUTES = 1440


@dataclass(frozen=True)
class History:
    """Volumes by day and time of day; nan where there is none. A time that a day has twice has its mean of the two."""

    first: date
    volumes: Floats
    aht: Floats  # nan where none is told
    partial: NDArray[np.bool_]  # where finer intervals of the past fill it only in part

    @property
    def days(self) -> int:
        """Days from the first to the last, holes included."""
        return len(self.volumes)

    def dates(self) -> list[date]:
        """The rows' days."""
        return [self.first + timedelta(days=number) for number in range(self.days)]

    def until(self, days: int) -> History:
        """Its first days."""
        return History(self.first, self.volumes[:days], self.aht[:days], self.partial[:days])


def history_of(intervals: Sequence[PastInterval], zone: ZoneInfo, step: int, given_step: int) -> History:
    """The table of what came, in columns of `step` minutes; where a part of one is missing all of it is."""
    places, volumes, work = [], [], []
    for interval in intervals:
        moment = datetime.fromtimestamp(interval.start.utc_minute(zone) * 60, UTC).astimezone(zone)
        places.append((moment.date().toordinal(), moment.hour * 60 + moment.minute))
        volumes.append(interval.volume)
        work.append(interval.volume * interval.aht_seconds if interval.aht_seconds else np.nan)
    first = min(day for day, _ in places)
    rows = max(day for day, _ in places) - first + 1
    fine = (rows, DAY_MINUTES // given_step)
    times, total, busy, told = np.zeros(fine), np.zeros(fine), np.zeros(fine), np.zeros(fine)
    for (day, minute), volume, effort in zip(places, volumes, work, strict=True):
        place = day - first, minute // given_step
        times[place] += 1
        total[place] += volume
        if effort == effort:
            busy[place] += effort
            told[place] += volume
    with np.errstate(invalid="ignore", divide="ignore"):
        mean = np.where(times > 0, total / times, np.nan)
        coarse = (rows, DAY_MINUTES // step, step // given_step)
        spent, of = busy.reshape(coarse).sum(axis=2), told.reshape(coarse).sum(axis=2)
        seen = (times > 0).reshape(coarse)
        partial = np.asarray(seen.any(axis=2) & ~seen.all(axis=2))
        counts, aht = mean.reshape(coarse).sum(axis=2), np.where(of > 0, spent / of, np.nan)
    return History(date.fromordinal(first), counts, aht, partial)
