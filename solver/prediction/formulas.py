"""Predicted service by the formulas: every interval for itself, as if it went on for ever."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from schemas.prediction import PredictedDay, PredictedGroup, PredictedInterval, PredictedSpan, Prediction
from schemas.request import RosterRequest
from schemas.roster import Message, Roster
from schemas.staffing import StaffingRequest
from solver.prediction.presence import levels, proficiencies, stretches
from solver.staffing.erlang import Floats, with_shrinkage
from solver.staffing.queues import MOST_AGENTS, Outcomes
from solver.staffing.requirements import Group, groups_of, required, served, written


def predict(request: RosterRequest, roster: Roster, work: StaffingRequest) -> Prediction:
    """The service of a roster by the formulas; the planning groups of the work are the request's."""
    groups = groups_with_work(request, work)
    present, skills = list(stretches(request, roster)), proficiencies(request)
    tables = [_Table.of(group, levels(present, skills, group.name, group.minutes, group.step)) for group in groups]
    days = sorted({day for table in tables for day in table.dates})
    return Prediction(
        planning_groups=tuple(table.answer() for table in tables),
        days=tuple(PredictedDay(date=day, **_span(tables, [table.of_day(day) for table in tables])) for day in days),
        period=PredictedSpan(**_span(tables, [np.full(len(table.dates), True) for table in tables])),
        messages=tuple(_messages(request, tables)),
    )


def groups_with_work(request: RosterRequest, work: StaffingRequest) -> list[Group]:
    """The planning groups of the work with all that they inherit; a single one without a name is the request's."""
    zone = ZoneInfo(work.time_zone)
    only = request.planning_groups[0].id
    named = bool(work.planning_groups)
    return [Group(name if named else only, goals, work.interval_minutes, zone) for name, goals in groups_of(work)]


def between(group: Group, staff: Floats) -> Outcomes:
    """Outcomes of staff that need not be whole: on the line between the whole numbers on either side."""
    if group.waits:
        return served(group, staff).outcomes
    low, share = np.floor(staff), staff - np.floor(staff)
    below, above = served(group, low).outcomes, served(group, low + 1).outcomes

    def mix(name: str) -> Floats:
        one, other = getattr(below, name), getattr(above, name)
        with np.errstate(invalid="ignore"):
            return np.asarray(np.where(share > 0, (1 - share) * one + share * other, one), dtype=np.float64)

    return Outcomes(mix("answered"), mix("occupancy"), mix("wait"), mix("abandoned"))


@dataclass(frozen=True)
class _Table:
    """A planning group's intervals, in the order of the work."""

    group: Group
    staff: Floats
    needed: Floats
    shrunk: Floats
    found: Outcomes
    dates: Sequence[date]

    @classmethod
    def of(cls, group: Group, staff: Floats) -> _Table:
        needed = np.minimum(required(group), MOST_AGENTS)
        paid = [with_shrinkage(float(n), away.whole) for n, away in zip(needed, group.shrinkage, strict=True)]
        dates = [datetime.fromtimestamp(m * 60, UTC).astimezone(group.zone).date() for m in group.minutes]
        return cls(group, staff, needed, np.array(paid, dtype=np.float64), between(group, staff), dates)

    @property
    def has_goal(self) -> bool:
        return self.group.waits or self.group.goals.service_goal is not None

    def of_day(self, day: date) -> NDArray[np.bool_]:
        return np.array([one == day for one in self.dates], dtype=bool)

    def answer(self) -> PredictedGroup:
        days = sorted(set(self.dates))
        return PredictedGroup(
            id=self.group.name,
            intervals=tuple(self._intervals()),
            days=tuple(PredictedDay(date=day, **_span([self], [self.of_day(day)])) for day in days),
            period=PredictedSpan(**_span([self], [np.full(len(self.dates), True)])),
        )

    def _intervals(self) -> Iterator[PredictedInterval]:
        for n, interval in enumerate(self.group.goals.intervals):
            level, wait = float(self.found.answered[n]), float(self.found.wait[n])
            yield PredictedInterval(
                start=written(interval.start, self.group.minutes[n], self.group.zone),
                volume=interval.volume,
                staff=round(float(self.staff[n]), 3),
                required=int(self.needed[n]),
                required_with_shrinkage=int(self.shrunk[n]),
                net=round(float(self.staff[n] - self.needed[n]), 3),
                service_level_percent=round(100 * level, 3) if self.has_goal else None,
                mean_wait_seconds=round(wait, 2) if math.isfinite(wait) else None,
                abandonment_percent=round(100 * float(self.found.abandoned[n]), 3),
                occupancy_percent=round(100 * float(self.found.occupancy[n]), 2),
                outside_goal=round(interval.volume * (1 - level), 3) if self.has_goal else None,
            )


def _span(tables: Sequence[_Table], which: Sequence[NDArray[np.bool_]]) -> dict[str, Any]:
    """Sums and means over some intervals of the tables; a service level only where all that count have a goal."""
    volume = outside = waits = gone = busy = 0.0
    hours = dict.fromkeys(("required", "paid", "staff", "short", "over"), 0.0)
    goals = all(table.has_goal for table in tables)
    for table, some in zip(tables, which, strict=True):
        counts, hour = table.group.volumes[some], table.group.step / 60
        staff, needed = table.staff[some], table.needed[some]
        volume += float(counts.sum())
        outside += float((counts * (1 - table.found.answered[some])).sum())
        gone += float((counts * table.found.abandoned[some]).sum())
        waits += float(np.where(counts > 0, counts * np.where(counts > 0, table.found.wait[some], 0), 0).sum())
        busy += float((staff * table.found.occupancy[some]).sum()) * hour
        net = staff - needed
        for name, values in (
            ("required", needed), ("paid", table.shrunk[some]), ("staff", staff),
            ("short", np.maximum(-net, 0)), ("over", np.maximum(net, 0)),
        ):  # fmt: skip
            hours[name] += float(values.sum()) * hour
    wait = waits / volume if volume else 0.0
    return {
        "volume": round(volume, 3),
        "service_level_percent": round(100 * (1 - outside / volume), 3) if goals and volume else None,
        "mean_wait_seconds": round(wait, 2) if math.isfinite(wait) else None,
        "abandonment_percent": round(100 * gone / volume, 3) if volume else 0.0,
        "occupancy_percent": round(100 * busy / hours["staff"], 2) if hours["staff"] else 0.0,
        "outside_goal": round(outside, 3) if goals else None,
        "required_hours": round(hours["required"], 3),
        "required_hours_with_shrinkage": round(hours["paid"], 3),
        "staff_hours": round(hours["staff"], 3),
        "short_hours": round(hours["short"], 3),
        "over_hours": round(hours["over"], 3),
    }


def _messages(request: RosterRequest, tables: Sequence[_Table]) -> Iterator[Message]:
    idle = {group.id for group in request.planning_groups} - {table.group.name for table in tables}
    for name in sorted(idle):
        text = f"There is no work of planning group {name!r}, so nothing is predicted of it."
        yield Message(code="no_work", severity="info", text=text, path="/work/planning_groups")
    for table in tables:
        alone = int(((table.staff <= 0) & (table.group.volumes > 0)).sum())
        if alone:
            text = (
                f"In {alone} {'interval' if alone == 1 else 'intervals'} nobody is on queue for planning group "
                f"{table.group.name!r} though contacts come."
            )
            yield Message(code="nobody_on_queue", severity="warning", text=text)
