"""A planning group's intervals as arrays: planned and actual work, staff, and the causes of the difference."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, tzinfo
from typing import Any

import numpy as np
from numpy.typing import NDArray

from schemas.clock import LocalDateTime
from schemas.report import ActualInterval, Causes, ReportRequest
from schemas.staffing import StaffingInterval
from solver.prediction.formulas import between
from solver.report.attendance import local_date
from solver.report.minutes import Minutes, on_queue
from solver.staffing.erlang import Floats
from solver.staffing.queues import MOST_AGENTS
from solver.staffing.requirements import Group, required

Some = NDArray[np.bool_]


@dataclass(frozen=True)
class Table:
    """Intervals with actuals, in order of time; nan where something was not told."""

    group: Group
    minutes: list[int]
    dates: list[date]
    volume_planned: Floats
    volume: Floats
    aht_planned: Floats
    aht: Floats
    in_goal: Floats
    abandoned: Floats
    level_planned: Floats  # predicted share within the goal's seconds
    required_planned: Floats
    required_volume: Floats  # of the volume that came, as long as planned
    required: Floats  # of the volume that came, as long as it took
    scheduled: Floats
    present: Floats
    missed: Floats
    has_states: bool

    @property
    def has_goal(self) -> bool:
        """Whether the planning group has a service goal."""
        return self.group.waits or self.group.goals.service_goal is not None


def table_of(request: ReportRequest, group: Group, minutes: Minutes) -> Table:
    """The intervals for which there are actuals; what was not planned was planned to be nothing."""
    actuals = _actuals(request, group)
    at = sorted(actuals)
    place = {minute: number for number, minute in enumerate(group.minutes)}
    told = [actuals[minute] for minute in at]
    aht_planned = np.array([group.aht[place[m]] if m in place else np.nan for m in at])
    usual = float(np.nanmean(aht_planned)) if np.isfinite(aht_planned).any() else 1.0
    aht_planned = np.where(np.isnan(aht_planned), usual, aht_planned)
    aht = np.array([one.aht_seconds or np.nan for one in told])
    volume = np.array([one.volume for one in told])
    planned = np.array([group.volumes[place[m]] if m in place else 0.0 for m in at])
    scheduled = _levels(minutes, "planned", group, at)
    return Table(
        group=group,
        minutes=at,
        dates=[local_date(minute, group.zone) for minute in at],
        volume_planned=planned,
        volume=volume,
        aht_planned=aht_planned,
        aht=aht,
        in_goal=np.array([np.nan if one.answered_in_goal is None else one.answered_in_goal for one in told]),
        abandoned=np.array([np.nan if one.abandoned is None else one.abandoned for one in told]),
        level_planned=between(_with(group, at, planned, aht_planned), scheduled).answered,
        required_planned=_required(group, at, planned, aht_planned),
        required_volume=_required(group, at, volume, aht_planned),
        required=_required(group, at, volume, np.where(np.isnan(aht), aht_planned, aht)),
        scheduled=scheduled,
        present=_levels(minutes, "seen", group, at),
        missed=_levels(minutes, "missed", group, at),
        has_states=bool(request.states),
    )


def instant(minute: int, zone: tzinfo) -> datetime:
    """The instant of a UTC minute on a clock."""
    return datetime.fromtimestamp(minute * 60, UTC).astimezone(zone)


def _actuals(request: ReportRequest, group: Group) -> dict[int, ActualInterval]:
    """By UTC minute."""
    return {
        one.start.utc_minute(group.zone): one
        for one in request.actuals
        if one.planning_group_id is None or one.planning_group_id == group.name
    }


def _with(group: Group, minutes: Sequence[int], volumes: Floats, aht: Floats) -> Group:
    """The planning group with other work."""
    step, zone = group.step, group.zone
    intervals = tuple(
        StaffingInterval(
            start=LocalDateTime(f"{instant(minute, UTC):%Y-%m-%dT%H:%M}Z"),
            volume=float(volume),
            aht_seconds=float(seconds),
        )
        for minute, volume, seconds in zip(minutes, volumes, aht, strict=True)
    )
    return Group(group.name, group.goals.model_copy(update={"intervals": intervals}), step, zone)


def _required(group: Group, minutes: Sequence[int], volumes: Floats, aht: Floats) -> Floats:
    return np.minimum(required(_with(group, minutes, volumes, aht)), MOST_AGENTS)


def _levels(minutes: Minutes, kind: str, group: Group, at: Sequence[int]) -> Floats:
    """Agents on the group's queue, on average over each interval."""
    heads = on_queue(minutes, kind, minutes.groups.index(group.name))
    sums = np.concatenate([[0], np.cumsum(heads)])
    begin = np.clip(np.array(at, dtype=np.int64) - minutes.origin, 0, heads.size)
    end = np.clip(np.array(at, dtype=np.int64) + group.step - minutes.origin, 0, heads.size)
    return np.asarray((sums[end] - sums[begin]) / group.step, dtype=np.float64)


def span(tables: Sequence[Table], which: Sequence[Some]) -> dict[str, Any]:
    """Sums and means over some intervals of the tables."""
    sums: dict[str, float] = dict.fromkeys(
        ("planned", "came", "off", "work_planned", "work", "told", "expected", "in_goal", "with_goal", "gone",
         "with_gone", "r0", "r1", "r2", "scheduled", "present", "missed"), 0.0,
    )  # fmt: skip
    for table, some in zip(tables, which, strict=True):
        _add(sums, table, some)
    states, goals = all(t.has_states for t in tables), all(t.has_goal for t in tables)
    net_planned = sums["scheduled"] - sums["r0"]
    causes = Causes(
        volume=_hours(sums["r0"] - sums["r1"]),
        handle_time=_hours(sums["r1"] - sums["r2"]),
        absence=_hours(-sums["missed"]),
        adherence=_hours(sums["present"] - sums["scheduled"] + sums["missed"]),
    )
    return {
        "volume_planned": round(sums["planned"], 2),
        "volume": round(sums["came"], 2),
        "volume_error_percent": _percent(sums["off"], sums["came"]),
        "volume_bias_percent": _percent(sums["planned"] - sums["came"], sums["came"]),
        "aht_planned_seconds": _mean(sums["work_planned"], sums["planned"]),
        "aht_seconds": _mean(sums["work"], sums["told"]),
        "service_level_planned_percent": _percent(sums["expected"], sums["planned"]) if goals else None,
        "service_level_percent": _percent(sums["in_goal"], sums["with_goal"]),
        "abandonment_percent": _percent(sums["gone"], sums["with_gone"]),
        "required_planned_hours": _hours(sums["r0"]),
        "required_hours": _hours(sums["r2"]),
        "scheduled_hours": _hours(sums["scheduled"]),
        "present_hours": _hours(sums["present"]) if states else None,
        "net_planned_hours": _hours(net_planned),
        "net_hours": _hours(sums["present"] - sums["r2"]) if states else None,
        "causes": causes if states else None,
    }


def _add(sums: dict[str, float], table: Table, some: Some) -> None:
    hour = table.group.step / 60
    volume, planned, aht = table.volume[some], table.volume_planned[some], table.aht[some]
    in_goal, gone = table.in_goal[some], table.abandoned[some]
    told, judged, counted = ~np.isnan(aht), ~np.isnan(in_goal), ~np.isnan(gone)
    for name, value in (
        ("planned", planned.sum()),
        ("came", volume.sum()),
        ("off", np.abs(planned - volume).sum()),
        ("work_planned", (planned * table.aht_planned[some]).sum()),
        ("work", (volume[told] * aht[told]).sum()),
        ("told", volume[told].sum()),
        ("expected", (planned * table.level_planned[some]).sum()),
        ("in_goal", in_goal[judged].sum()),
        ("with_goal", volume[judged].sum()),
        ("gone", gone[counted].sum()),
        ("with_gone", volume[counted].sum()),
        ("r0", table.required_planned[some].sum() * hour),
        ("r1", table.required_volume[some].sum() * hour),
        ("r2", table.required[some].sum() * hour),
        ("scheduled", table.scheduled[some].sum() * hour),
        ("present", table.present[some].sum() * hour),
        ("missed", table.missed[some].sum() * hour),
    ):
        sums[name] += float(value)


def _percent(part: float, whole: float) -> float | None:
    return round(100 * part / whole, 2) if whole else None


def _mean(total: float, number: float) -> float | None:
    return round(total / number, 1) if number else None


def _hours(value: float) -> float:
    return round(value, 3)
