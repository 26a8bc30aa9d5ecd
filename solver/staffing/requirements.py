"""From volumes to agents: the fewest that reach every goal at once, and the service that any number gives."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from schemas.clock import LocalDateTime
from schemas.request import Requirement
from schemas.roster import Message
from schemas.staffing import (
    Service,
    StaffedGroup,
    StaffedInterval,
    Staffing,
    StaffingGoals,
    StaffingInterval,
    StaffingRequest,
)
from solver.staffing.erlang import (
    answered,
    erlang_b,
    mean_wait,
    occupancy,
    offered_load,
    waiting,
    with_shrinkage,
)
from solver.staffing.patience import erlang_a

ONLY_GROUP = "default"
"""What the planning group is called where the request has but one and does not name it."""

FEWER, MORE = 3, 5
"""How many agents fewer and more than required a curve tells of."""

_HAIR = 1e-12


@dataclass(frozen=True)
class Outcome:
    """What so many agents give: shares from 0 to 1, the wait in seconds (infinite where the queue has no end)."""

    answered: float | None
    occupancy: float
    wait: float
    abandoned: float


@dataclass(frozen=True)
class Queue:
    """One interval of a planning group: its load and its goals. Contacts side by side count as servers."""

    goals: StaffingGoals
    load: float
    aht: float

    def with_agents(self, agents: int) -> Outcome:
        """The service that they give."""
        servers = agents * self.goals.concurrency
        within = self.goals.service_goal.within_seconds if self.goals.service_goal else None
        if self.load == 0:
            return Outcome(None if within is None else 1.0, 0.0, 0.0, 0.0)
        if self.goals.patience_seconds is None:
            return self._patient(servers, within)
        queue = erlang_a(self.load, servers, self.goals.patience_seconds / self.aht)
        reached = None if within is None else queue.answered_within(within / self.aht)
        return Outcome(reached, queue.occupancy, queue.mean_wait * self.aht, queue.abandoned)

    def _patient(self, servers: int, within: float | None) -> Outcome:
        waits = waiting(self.load, servers, erlang_b(self.load, servers))
        reached = None if within is None else answered(self.load, servers, waits, self.aht, within)
        return Outcome(reached, occupancy(self.load, servers), mean_wait(self.load, servers, waits, self.aht), 0.0)

    def reaches(self, agents: int) -> bool:
        """Whether every goal is reached."""
        goals, found = self.goals, self.with_agents(agents)
        wait, gone, busy = goals.max_mean_wait_seconds, goals.max_abandonment_percent, goals.max_occupancy_percent
        return (
            (goals.patience_seconds is not None or found.wait < math.inf)
            and (found.answered is None or 100 * found.answered >= _percent(goals) - _HAIR)
            and (wait is None or found.wait <= wait)
            and (gone is None or 100 * found.abandoned <= gone)
            and (busy is None or 100 * found.occupancy <= busy + _HAIR)
        )

    def fewest(self) -> int:
        """Fewest agents that reach every goal: more never hurt, so the number is doubled and then halved between."""
        low, high = 0, 1
        if self.load == 0:
            return 0
        if self.goals.patience_seconds is None:
            low = math.floor(self.load) // self.goals.concurrency  # no more than the load is never enough
            high = low + 1
        step = max(1, math.isqrt(high))
        while not self.reaches(high):
            low, high, step = high, high + step, 2 * step
        while high - low > 1:
            middle = (low + high) // 2
            low, high = (low, middle) if self.reaches(middle) else (middle, high)
        return high


def _percent(goals: StaffingGoals) -> float:
    return goals.service_goal.percent if goals.service_goal else 0.0


def staffing(request: StaffingRequest) -> Staffing:
    """Agents needed in every interval, by planning group."""
    zone = ZoneInfo(request.time_zone)
    single = not request.planning_groups
    groups = [StaffedGroup(id=name, intervals=_staffed(request, goals, zone)) for name, goals in groups_of(request)]
    requirements = [
        series
        for (name, goals), staffed in zip(groups_of(request), groups, strict=True)
        for series in _series(name, goals, staffed, request.interval_minutes, zone)
    ]
    unbounded = not any(_has_goal(goals) for _, goals in groups_of(request))
    text = "No goal is given, so just as many agents are required as keep the queue from growing without end."
    messages = (Message(code="no_goal", severity="warning", text=text),) if unbounded else ()
    return Staffing(
        intervals=groups[0].intervals if single else (),
        planning_groups=() if single else tuple(groups),
        requirements=tuple(requirements),
        messages=messages,
    )


def groups_of(request: StaffingRequest) -> list[tuple[str, StaffingGoals]]:
    """Each planning group with its goals; what it does not say itself is the request's."""
    if not request.planning_groups:
        return [(ONLY_GROUP, request)]
    shared = {name: getattr(request, name) for name in StaffingGoals.model_fields if name != "intervals"}
    return [
        (group.id, group.model_copy(update={k: v for k, v in shared.items() if k not in group.model_fields_set}))
        for group in request.planning_groups
    ]


def _has_goal(goals: StaffingGoals) -> bool:
    limits = goals.max_mean_wait_seconds, goals.max_abandonment_percent, goals.max_occupancy_percent
    return goals.service_goal is not None or any(limit is not None for limit in limits)


def _staffed(request: StaffingRequest, goals: StaffingGoals, zone: ZoneInfo) -> tuple[StaffedInterval, ...]:
    return tuple(_interval(request, goals, interval, zone) for interval in goals.intervals)


def _interval(
    request: StaffingRequest, goals: StaffingGoals, interval: StaffingInterval, zone: ZoneInfo
) -> StaffedInterval:
    load = offered_load(interval.volume, interval.aht_seconds, request.interval_minutes)
    queue = Queue(goals, load, interval.aht_seconds)
    required = queue.fewest()
    away = goals.shrinkage_percent if interval.shrinkage_percent is None else interval.shrinkage_percent
    given = service(required, queue.with_agents(required))
    around = range(max(0, required - FEWER), required + MORE + 1) if request.curve else ()
    return StaffedInterval(
        start=written(interval.start, zone),
        required=required,
        required_with_shrinkage=with_shrinkage(required, away / 100),
        service_level_percent=given.service_level_percent,
        occupancy_percent=given.occupancy_percent,
        mean_wait_seconds=given.mean_wait_seconds,
        abandonment_percent=given.abandonment_percent,
        predicted=None if interval.staff is None else service(interval.staff, queue.with_agents(interval.staff)),
        curve=tuple(service(agents, queue.with_agents(agents)) for agents in around),
    )


def service(agents: int, outcome: Outcome) -> Service:
    """The outcome in percent, rounded for people."""
    return Service(
        staff=agents,
        service_level_percent=None if outcome.answered is None else round(100 * outcome.answered, 3),
        occupancy_percent=round(100 * outcome.occupancy, 2),
        mean_wait_seconds=round(outcome.wait, 2) if math.isfinite(outcome.wait) else None,
        abandonment_percent=round(100 * outcome.abandoned, 3),
    )


def written(start: LocalDateTime, zone: ZoneInfo) -> str:
    """The instant with its offset: the one that was given, or the zone's."""
    given = datetime.fromisoformat(start.text)
    if given.tzinfo is not None:
        return given.isoformat()
    return datetime.fromtimestamp(start.utc_minute(zone) * 60, UTC).astimezone(zone).isoformat()


def _series(name: str, goals: StaffingGoals, staffed: StaffedGroup, step: int, zone: ZoneInfo) -> Iterable[Requirement]:
    """The required agents as series of consecutive intervals."""
    found = sorted(
        (interval.start.utc_minute(zone), one.start, one.required)
        for interval, one in zip(goals.intervals, staffed.intervals, strict=True)
    )
    begin = 0
    for place in range(1, len(found) + 1):
        if place == len(found) or found[place][0] != found[place - 1][0] + step:
            part = found[begin:place]
            required = tuple(float(heads) for _, _, heads in part)
            yield Requirement(planning_group_id=name, start=LocalDateTime(part[0][1]), required=required)
            begin = place
