"""What is covered and what that costs: levels by planning group and interval, added up from the roster's activities."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

from schemas.money import ticks_per_hour_to_minute
from schemas.request import Agent, RosterRequest
from schemas.roster import CoverageSeries
from solver.verify.calendar import Calendar, local_time
from solver.verify.findings import Seen
from solver.verify.prices import price_list
from solver.verify.service import GoalJudge, fewest, offers_of

MILLI = 1000
"""Requirements and levels are counted in thousandths of a head."""


DAYS_AROUND = 5
"""Days before and after the period that are counted too: an agent's days are up to 26 hours off, a shift runs up to 48 more."""


class Totals(NamedTuple):
    """Thousandths of a head times minutes, over the planning period."""

    required: int
    scheduled: int
    short: int
    over: int


@dataclass(frozen=True)
class Coverage:
    """Thousandths of a head by planning group and interval; the intervals begin days before the period and end days after."""

    request: RosterRequest
    calendar: Calendar  # on the request's clock
    origin: int  # UTC minute of the first interval
    period: range  # the intervals of the planning period
    required: dict[str, list[int]]
    scheduled: dict[str, list[int]]

    @classmethod
    def of(cls, request: RosterRequest, calendar: Calendar) -> Coverage:
        """What is required, and nobody scheduled yet."""
        step = request.interval_minutes
        before = after = DAYS_AROUND * 1440 // step
        inside = (calendar.ends_at - calendar.begins_at) // step
        count = before + inside + after
        coverage = cls(
            request,
            calendar,
            calendar.begins_at - before * step,
            range(before, before + inside),
            {group.id: [0] * count for group in request.planning_groups},
            {group.id: [0] * count for group in request.planning_groups},
        )
        coverage._require()
        return coverage

    def _require(self) -> None:
        """Lays down the series; minimum staff raises what is above zero. A goal requires what its interval alone would need."""
        least = {group.id: group.minimum_staff * MILLI for group in self.request.planning_groups}
        for series in self.request.requirements:
            row = self.required[series.planning_group_id]
            first = self._interval(series.start.utc_minute(self.calendar.zone))
            for place, heads in enumerate(series.required_milliheads, start=first):
                row[place] = max(heads, least[series.planning_group_id]) if heads else 0
        for group in self.request.planning_groups:
            if group.service_goal is not None:
                for place, offer in offers_of(self.request, group, self.origin, self.calendar).items():
                    self.required[group.id][place] = max(fewest(group, offer) * MILLI, least[group.id])

    def goals(self) -> list[GoalJudge]:
        """The planning groups with a service goal."""
        return [
            GoalJudge(self.request, self.calendar, self.origin, group, self.scheduled[group.id])
            for group in self.request.planning_groups
            if group.service_goal is not None
        ]

    def _interval(self, minute: int) -> int:
        return (minute - self.origin) // self.request.interval_minutes

    def add(self, agent: Agent, seen: Seen) -> None:
        """Counts a shift's time on queue, in the intervals that it fills."""
        skills = {skill.planning_group_id: skill.proficiency_milliheads for skill in agent.skills}
        for piece in seen.pieces:
            row = self.scheduled.get(piece.activity.planning_group_id or "") if piece.on_queue else None
            if row is None:
                continue
            brings = skills.get(piece.activity.planning_group_id or "", 0) if skills else MILLI
            step = self.request.interval_minutes
            first = self._interval(max(piece.start, seen.start) + step - 1)  # one that begins before is not filled
            for place in range(first, self._interval(min(piece.end, seen.end))):
                row[self._covered(place)] += brings

    def _covered(self, place: int) -> int:
        """The interval that is covered: of a cyclic period, one after its end stands for one at its beginning."""
        if self.request.planning_period.cyclic and place >= self.period.stop:
            return self.period.start + (place - self.period.stop) % len(self.period)
        return place

    def cost(self) -> tuple[int, int]:
        """Ticks for understaffing and for overstaffing.

        Outside the planning period nothing is required, so whoever is on queue there is one too many.
        """
        under = over = 0
        step = self.request.interval_minutes
        for goal in self.goals():
            short, surplus = goal.heads_cost()
            under, over = under + short, over + surplus
        for group in self.request.planning_groups:
            if group.service_goal is not None:
                continue
            if not group.prices:
                short, surplus = _apart(self.required[group.id], self.scheduled[group.id])
                under += short * ticks_per_hour_to_minute(group.understaffing_cost_per_hour)
                over += surplus * ticks_per_hour_to_minute(group.overstaffing_cost_per_hour)
                continue
            price_of = price_list(group, self.calendar)
            levels = zip(self.scheduled[group.id], self.required[group.id], strict=True)
            for place, (scheduled, required) in enumerate(levels):
                price = price_of(self.origin + place * step, scheduled - required)
                if scheduled < required:
                    under += price
                else:
                    over += price
        return under * step // MILLI, over * step // MILLI

    def totals(self) -> Totals:
        """All planning groups together."""
        step = self.request.interval_minutes
        inside = slice(self.period.start, self.period.stop)
        sums = Totals(0, 0, 0, 0)
        for group in self.request.planning_groups:
            required, scheduled = self.required[group.id][inside], self.scheduled[group.id][inside]
            here = (sum(required), sum(scheduled), *_apart(required, scheduled))
            sums = Totals(*(total + step * value for total, value in zip(sums, here, strict=True)))
        return sums

    def series(self) -> tuple[CoverageSeries, ...]:
        """One series for each planning group and day of the period, and one for what runs over each of its edges."""
        midnights = [self._interval(minute) for minute in (*self.calendar.midnights, self.calendar.ends_at)]
        days = [range(start, end) for start, end in pairwise(midnights)]
        result: list[CoverageSeries] = []
        for group in self.request.planning_groups:
            busy = [place for place, level in enumerate(self.scheduled[group.id]) if level]
            spans = list(days)
            if busy and busy[0] < self.period.start:
                spans.insert(0, range(busy[0], self.period.start))
            if busy and busy[-1] >= self.period.stop:
                spans.append(range(self.period.stop, busy[-1] + 1))
            result.extend(self._series(group.id, span) for span in spans)
        return tuple(result)

    def _series(self, group: str, span: range) -> CoverageSeries:
        required = self.required[group][span.start : span.stop]
        scheduled = self.scheduled[group][span.start : span.stop]
        start = self.origin + span.start * self.request.interval_minutes
        return CoverageSeries(
            planning_group_id=group,
            start=local_time(start, self.calendar.zone),
            required=tuple(value / MILLI for value in required),
            scheduled=tuple(value / MILLI for value in scheduled),
            net=tuple((level - need) / MILLI for level, need in zip(scheduled, required, strict=True)),
        )


def _apart(required: Sequence[int], scheduled: Sequence[int]) -> tuple[int, int]:
    """By how much levels are below what is required, and by how much above, added up."""
    net = [level - need for level, need in zip(scheduled, required, strict=True)]
    short = -sum(value for value in net if value < 0)
    return short, sum(net) + short
