"""What coverage costs and what it is: levels by interval, added up from the roster's own activities."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime, timezone
from decimal import Decimal
from zoneinfo import ZoneInfo

from schemas.request import Agent, RosterRequest
from schemas.roster import CoverageSeries, Shift
from solver.verify.calendar import days_in, minute_of


@dataclass
class Coverage:
    """Thousandths of heads by planning group and interval; intervals are UTC minutes at which they begin."""

    request: RosterRequest
    required: dict[str, dict[int, int]] = field(default_factory=dict)
    scheduled: dict[str, dict[int, int]] = field(default_factory=dict)

    @classmethod
    def of(cls, request: RosterRequest) -> Coverage:
        """Nobody scheduled yet."""
        zone = ZoneInfo(request.time_zone)
        coverage = cls(request, {g.id: {} for g in request.planning_groups}, {g.id: defaultdict(int) for g in request.planning_groups})
        least = {g.id: 1000 * g.minimum_staff for g in request.planning_groups}
        for series in request.requirements:
            start = series.start.utc_minute(zone)
            for number, heads in enumerate(series.required_milliheads):
                need = max(heads, least[series.planning_group_id]) if heads else 0
                coverage.required[series.planning_group_id][start + number * request.interval_minutes] = need
        return coverage

    def add(self, agent: Agent, shift: Shift) -> None:
        """Counts the on-queue time of a shift."""
        heads = {skill.planning_group_id: skill.proficiency_milliheads for skill in agent.skills}
        step = self.request.interval_minutes
        for activity in shift.activities:
            level = self.scheduled.get(activity.planning_group_id or "")
            if activity.category == "on_queue" and level is not None:
                brings = heads.get(activity.planning_group_id or "", 0) if heads else 1000
                for minute in range(minute_of(activity.start), minute_of(activity.end), step):
                    level[minute] += brings

    @property
    def minutes(self) -> list[int]:
        """The intervals of the planning period."""
        days = days_in(self.request, ZoneInfo(self.request.time_zone))
        return list(range(days[0].starts_at, days[-1].ends_at, self.request.interval_minutes))

    def cost(self) -> tuple[int, int]:
        """Ticks for understaffing and for overstaffing.

        Outside the planning period nothing is required, so whoever is on queue there is one too many.
        """
        under = over = 0
        inside = self.minutes
        for group in self.request.planning_groups:
            need, level = self.required[group.id], self.scheduled[group.id]
            missing = surplus = 0
            for minute in {*inside, *level}:
                net = level.get(minute, 0) - need.get(minute, 0)
                if net < 0:
                    missing -= net
                else:
                    surplus += net
            under += missing * self.request.interval_minutes * _ticks(group.understaffing_cost_per_hour)
            over += surplus * self.request.interval_minutes * _ticks(group.overstaffing_cost_per_hour)
        return under, over

    def series(self) -> tuple[CoverageSeries, ...]:
        """One series for each planning group and day of the period, and for what runs over its edges."""
        step = self.request.interval_minutes
        zone = ZoneInfo(self.request.time_zone)
        inside = self.minutes
        bounds = [day.starts_at for day in days_in(self.request, zone)] + [inside[-1] + step]
        spans = [range(a, b, step) for a, b in zip(bounds, bounds[1:], strict=False)]
        result = []
        for group in self.request.planning_groups:
            level = self.scheduled[group.id]
            early = [m for m in level if m < inside[0] and level[m]]
            late = [m for m in level if m > inside[-1] and level[m]]
            own = list(spans)
            if early:
                own.insert(0, range(min(early), inside[0], step))
            if late:
                own.append(range(inside[-1] + step, max(late) + step, step))
            result.extend(self._one(group.id, span, zone) for span in own)
        return tuple(result)

    def _one(self, group: str, span: range, zone: ZoneInfo) -> CoverageSeries:
        need, level = self.required[group], self.scheduled[group]
        required = [need.get(minute, 0) for minute in span]
        scheduled = [level.get(minute, 0) for minute in span]
        return CoverageSeries(
            planning_group_id=group,
            start=datetime.fromtimestamp(span[0] * 60, timezone.utc).astimezone(zone),
            required=tuple(_heads(value) for value in required),
            scheduled=tuple(_heads(value) for value in scheduled),
            net=tuple(_heads(a - b) for a, b in zip(scheduled, required, strict=True)),
        )

    def totals(self) -> tuple[int, int, int, int]:
        """Required, scheduled, short and over in thousandths of a head times minutes, over the planning period."""
        step = self.request.interval_minutes
        needs = levels = short = over = 0
        for group in self.request.planning_groups:
            need, level = self.required[group.id], self.scheduled[group.id]
            for minute in self.minutes:
                here, there = need.get(minute, 0), level.get(minute, 0)
                needs += here
                levels += there
                short += max(0, here - there)
                over += max(0, there - here)
        return needs * step, levels * step, short * step, over * step


def _ticks(per_hour: Decimal) -> int:
    """Ticks that a price per hour costs for a minute of one thousandth of a head: ten thousandths of the currency."""
    return int(per_hour * 10_000)


def _heads(thousandths: int) -> float:
    return thousandths // 1000 if thousandths % 1000 == 0 else thousandths / 1000
