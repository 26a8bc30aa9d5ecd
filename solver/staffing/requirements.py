"""From volumes to agents: the fewest that reach every goal at once, and the service that any number gives."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from zoneinfo import ZoneInfo

import numpy as np

from schemas.clock import LocalDateTime
from schemas.request import Requirement
from schemas.roster import Message
from schemas.staffing import (
    Service,
    StaffedGroup,
    StaffedInterval,
    Staffing,
    StaffingGoals,
    StaffingRequest,
)
from solver.staffing.deferrable import Work
from solver.staffing.erlang import Floats, with_shrinkage
from solver.staffing.queues import MOST_AGENTS, Outcomes, Queues
from solver.staffing.shrinkage import Shrinkage, shrinkage_of

ONLY_GROUP = "default"
"""What the planning group is called where the request has but one and does not name it."""

FEWER, MORE = 3, 5
"""How many agents fewer and more than required a curve tells of."""

MOST_TOLD = 50
"""Intervals out of reach that are told one by one."""


def staffing(request: StaffingRequest) -> Staffing:
    """Agents needed in every interval, by planning group."""
    zone = ZoneInfo(request.time_zone)
    groups = [Group(name, goals, request.interval_minutes, zone) for name, goals in groups_of(request)]
    staffed = [StaffedGroup(id=group.name, intervals=_intervals(group, request.curve)) for group in groups]
    single = not request.planning_groups
    requirements = [
        series
        for group, one in zip(groups, staffed, strict=True)
        for series in _series(group, [_asked(interval, request) for interval in one.intervals])
    ]
    return Staffing(
        intervals=staffed[0].intervals if single else (),
        planning_groups=() if single else tuple(staffed),
        requirements=tuple(requirements),
        messages=(*_no_goal(groups), *_out_of_reach(groups, staffed, single), *_left(groups, staffed)),
    )


def groups_of(request: StaffingRequest) -> list[tuple[str, StaffingGoals]]:
    """Each planning group with its goals; what it does not say itself is the request's."""
    if not request.planning_groups:
        return [(ONLY_GROUP, request)]
    shared = {
        name: getattr(request, name) for name in StaffingGoals.model_fields if name not in ("intervals", "backlog")
    }
    whole = {name for name in shared if name.endswith("shrinkage_percent")}
    groups: list[tuple[str, StaffingGoals]] = []
    for group in request.planning_groups:
        own = set(group.model_fields_set)
        if own & whole:  # shrinkage is one thing: who tells a part of it tells all
            own |= whole
        if group.deadline_minutes is not None:  # work that can wait has no goals in seconds
            own |= set(shared) - whole - {"max_occupancy_percent", "max_staff", "concurrency"}
        groups.append((group.id, group.model_copy(update={k: v for k, v in shared.items() if k not in own})))
    return groups


@dataclass(frozen=True)
class Group:
    """A planning group with all that it inherits."""

    name: str
    goals: StaffingGoals
    step: int
    zone: ZoneInfo

    @cached_property
    def minutes(self) -> list[int]:
        """The UTC minute at which each interval starts."""
        return [interval.start.utc_minute(self.zone) for interval in self.goals.intervals]

    @cached_property
    def volumes(self) -> Floats:
        """Contacts offered in each interval."""
        return np.array([interval.volume for interval in self.goals.intervals], dtype=np.float64)

    @cached_property
    def aht(self) -> Floats:
        """Mean handle times in seconds."""
        return np.array([interval.aht_seconds for interval in self.goals.intervals], dtype=np.float64)

    @cached_property
    def load(self) -> Floats:
        """Offered load in erlangs."""
        return self.volumes * self.aht / (60 * self.step)

    @cached_property
    def queues(self) -> Queues:
        """The intervals as queues."""
        return queues_of(self.goals, self.load, self.aht)

    @cached_property
    def most(self) -> list[float]:
        """Agents that there are at most."""
        general = math.inf if self.goals.max_staff is None else self.goals.max_staff
        return [general if one.max_staff is None else one.max_staff for one in self.goals.intervals]

    @cached_property
    def shrinkage(self) -> list[Shrinkage]:
        """What of paid time is spent elsewhere."""
        return [shrinkage_of(self.goals, interval) for interval in self.goals.intervals]

    @property
    def waits(self) -> bool:
        """Whether this is work that can wait."""
        return self.goals.deadline_minutes is not None


def queues_of(goals: StaffingGoals, load: Floats, aht: Floats) -> Queues:
    """Queues with the goals of a planning group; what is not asked for holds always."""
    goal, wait = goals.service_goal, goals.max_mean_wait_seconds
    gone, busy = goals.max_abandonment_percent, goals.max_occupancy_percent
    return Queues.of(
        load,
        aht,
        patience=math.inf if goals.patience_seconds is None else goals.patience_seconds,
        within=goal.within_seconds if goal else 0.0,
        goal=goal.percent / 100 if goal else 0.0,
        longest_wait=math.inf if wait is None else wait,
        most_abandoned=1.0 if gone is None else gone / 100,
        busiest=1.0 if busy is None else busy / 100,
        concurrency=goals.concurrency,
        slowdown=goals.slowdown_percent / 100,
    )


@dataclass(frozen=True)
class Served:
    """Agents in each interval and what they give; `left` has the contacts that are left of work that can wait."""

    agents: Floats
    outcomes: Outcomes
    left: Floats | None = None

    def service(self, number: int, goal: bool) -> Service:
        """The outcome in percent, rounded for people; without a goal there is no service level."""
        found = self.outcomes
        level, wait = found.answered[number], found.wait[number]
        return Service(
            staff=int(self.agents[number]),
            service_level_percent=round(100 * float(level), 3) if goal else None,
            occupancy_percent=round(100 * float(found.occupancy[number]), 2),
            mean_wait_seconds=round(float(wait), 2) if math.isfinite(wait) else None,
            abandonment_percent=round(100 * float(found.abandoned[number]), 3),
        )


def required(group: Group) -> Floats:
    """Fewest agents on queue in each interval."""
    if group.waits:
        order, work = _work(group)
        heads = np.zeros(len(order))
        heads[order] = work.agents()
        return heads
    return group.queues.fewest()


def served(group: Group, agents: Floats) -> Served:
    """What so many agents give in each interval."""
    if not group.waits:
        return Served(agents, group.queues.with_agents(agents))
    order, work = _work(group)
    done = work.done_by([float(agents[place]) for place in order])
    found = {name: np.zeros(len(order)) for name in ("in_time", "busy", "wait", "left")}
    for name, values in found.items():
        values[order] = [getattr(one, name) for one in done]
    outcomes = Outcomes(found["in_time"], found["busy"], 60 * found["wait"], np.zeros(len(order)))
    return Served(agents, outcomes, found["left"] / np.maximum(_effort(group), 1e-300))


def _effort(group: Group) -> Floats:
    """Agent-intervals that a contact takes."""
    busiest = (group.goals.max_occupancy_percent or 100) / 100
    return group.aht / (60 * group.step) / busiest / group.goals.concurrency


def _work(group: Group) -> tuple[list[int], Work]:
    """The intervals in order of time, and what comes in each; a backlog comes with the first."""
    order = sorted(range(len(group.minutes)), key=group.minutes.__getitem__)
    effort = _effort(group)
    arrivals = [float(group.volumes[place] * effort[place]) for place in order]
    if order:
        arrivals[0] += group.goals.backlog * float(effort[order[0]])
    deadline = group.goals.deadline_minutes or 0
    starts = [group.minutes[place] for place in order]
    return order, Work(starts, arrivals, [group.most[place] > 0 for place in order], group.step, deadline)


def _intervals(group: Group, curve: bool) -> tuple[StaffedInterval, ...]:
    least = required(group)
    heads = np.minimum(least, MOST_AGENTS)
    goal = group.waits or group.goals.service_goal is not None
    given = served(group, heads)
    intervals = group.goals.intervals
    wanted = np.array([heads[n] if one.staff is None else one.staff for n, one in enumerate(intervals)])
    predicted = served(group, wanted) if any(one.staff is not None for one in intervals) else None
    near = np.minimum(heads, group.most)
    short = near < least
    attained = served(group, near) if short.any() else None
    curves = _curves(group, heads) if curve and not group.waits else [()] * len(heads)
    found = []
    for number, interval in enumerate(intervals):
        service, needed = given.service(number, goal), int(heads[number])
        away = group.shrinkage[number]
        found.append(
            StaffedInterval(
                start=written(interval.start, group.minutes[number], group.zone),
                required=needed,
                required_with_shrinkage=with_shrinkage(needed, away.whole),
                required_with_unplanned_shrinkage=None
                if away.unplanned is None
                else with_shrinkage(needed, away.unplanned),
                service_level_percent=service.service_level_percent,
                occupancy_percent=service.occupancy_percent,
                mean_wait_seconds=service.mean_wait_seconds,
                abandonment_percent=service.abandonment_percent,
                backlog=None if given.left is None else round(float(given.left[number]), 2),
                attainable=attained.service(number, goal) if attained and short[number] else None,
                predicted=predicted.service(number, goal) if predicted and interval.staff is not None else None,
                curve=curves[number],
            )
        )
    return tuple(found)


def _curves(group: Group, heads: Floats) -> list[tuple[Service, ...]]:
    """The service of fewer and of more agents than required, interval by interval."""
    goal = group.goals.service_goal is not None
    around = [served(group, np.maximum(heads + change, 0)) for change in range(-FEWER, MORE + 1)]
    return [
        tuple(
            one.service(number, goal)
            for one, change in zip(around, range(-FEWER, MORE + 1), strict=True)
            if heads[number] + change >= 0
        )
        for number in range(len(heads))
    ]


def _asked(interval: StaffedInterval, request: StaffingRequest) -> int:
    """What the roster is asked for."""
    if request.requirements_with == "shrinkage":
        return interval.required_with_shrinkage
    if request.requirements_with == "unplanned_shrinkage" and interval.required_with_unplanned_shrinkage is not None:
        return interval.required_with_unplanned_shrinkage
    return interval.required


def _no_goal(groups: Sequence[Group]) -> Iterator[Message]:
    if not any(_has_goal(group.goals) for group in groups):
        text = "No goal is given, so just as many agents are required as keep the queue from growing without end."
        yield Message(code="no_goal", severity="warning", text=text)


def _has_goal(goals: StaffingGoals) -> bool:
    limits = goals.max_mean_wait_seconds, goals.max_abandonment_percent, goals.max_occupancy_percent
    return goals.service_goal is not None or any(limit is not None for limit in (*limits, goals.deadline_minutes))


def _out_of_reach(groups: Sequence[Group], staffed: Sequence[StaffedGroup], single: bool) -> Iterator[Message]:
    """Where the agents that there are do not reach the goals, and how near they get."""
    missed = [
        (f"/intervals/{number}" if single else f"/planning_groups/{place}/intervals/{number}", one)
        for place, group in enumerate(staffed)
        for number, one in enumerate(group.intervals)
        if one.attainable is not None
    ]
    for path, one in missed[:MOST_TOLD]:
        yield Message(code="goal_out_of_reach", severity="warning", text=_how_near(one), path=path)
    if len(missed) > MOST_TOLD:
        more = len(missed) - MOST_TOLD
        text = f"The goals are out of reach in {more} more intervals; `attainable` says how near one gets."
        yield Message(code="goal_out_of_reach", severity="warning", text=text)
    for group in groups:
        if group.waits and not any(group.most):
            text = f"Planning group {group.name!r} is closed in every interval, so its work is never done."
            yield Message(code="goal_out_of_reach", severity="warning", text=text)


def _how_near(one: StaffedInterval) -> str:
    near = one.attainable
    assert near is not None
    level = "" if near.service_level_percent is None else f", service level {near.service_level_percent:g} %"
    wait = "waits without end" if near.mean_wait_seconds is None else f"a mean wait of {near.mean_wait_seconds:g} s"
    most = f"{near.staff} agents are the most that is looked at, and they do not reach the goals"
    few = f"the goals need {one.required} agents on queue and there are {near.staff}"
    return (
        f"{one.start}: {few if near.staff < one.required else most}. "
        f"They give {wait}{level}, abandonment {near.abandonment_percent:g} %, occupancy {near.occupancy_percent:g} %."
    )


def _left(groups: Sequence[Group], staffed: Sequence[StaffedGroup]) -> Iterator[Message]:
    """Work that may wait until after the last interval."""
    for group, one in zip(groups, staffed, strict=True):
        if group.waits and one.intervals:
            last = max(range(len(group.minutes)), key=group.minutes.__getitem__)
            left = one.intervals[last].backlog or 0
            if left > 0:
                text = (
                    f"{left:g} contacts of planning group {group.name!r} are left after the last interval, due later. "
                    "They are the backlog of what follows."
                )
                yield Message(code="backlog_left", severity="info", text=text)


def written(start: LocalDateTime, minute: int, zone: ZoneInfo) -> str:
    """The instant with its offset: the one that was given, or the zone's."""
    given = datetime.fromisoformat(start.text)
    if given.tzinfo is not None:
        return given.isoformat()
    return datetime.fromtimestamp(minute * 60, UTC).astimezone(zone).isoformat()


def _series(group: Group, heads: Sequence[int]) -> Iterable[Requirement]:
    """The agents as series of consecutive intervals."""
    order = sorted(range(len(heads)), key=group.minutes.__getitem__)
    begin = 0
    for place in range(1, len(order) + 1):
        if place == len(order) or group.minutes[order[place]] != group.minutes[order[place - 1]] + group.step:
            part = order[begin:place]
            first = group.goals.intervals[part[0]].start
            start = LocalDateTime(written(first, group.minutes[part[0]], group.zone))
            yield Requirement(planning_group_id=group.name, start=start, required=tuple(float(heads[n]) for n in part))
            begin = place
