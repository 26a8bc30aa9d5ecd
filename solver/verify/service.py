"""How far a roster is predicted to reach the service goals, and what it costs to miss them.

Contacts outside a goal are counted in ten-thousandths. Between two whole numbers of agents, where proficiencies are
unequal, they are counted on the line between the two.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from schemas.goal import ServiceTarget
from schemas.money import ticks, ticks_per_hour_to_minute
from schemas.request import PlanningGroup, RosterRequest
from schemas.roster import PredictedService
from solver.verify.calendar import Calendar, local_time
from solver.verify.queue import fate

MILLI = 1000
PARTS = 10_000
"""Parts of a contact that are counted."""


@dataclass(frozen=True)
class Offer:
    """Contacts of an interval: how many, how long each takes, and the load in erlangs."""

    volume: float
    aht: float
    load: float


@dataclass(frozen=True)
class Span:
    """Intervals that a goal is meant over together."""

    places: range
    outside: int  # parts of a contact
    allowed: int
    contacts: float


def offers_of(request: RosterRequest, group: PlanningGroup, origin: int, calendar: Calendar) -> dict[int, Offer]:
    """What is offered to the group, by interval counted from the origin."""
    step = request.interval_minutes
    found = {}
    for series in request.volumes:
        if series.planning_group_id == group.id:
            first = (series.start.utc_minute(calendar.zone) - origin) // step
            for place, (volume, aht) in enumerate(zip(series.volume, series.handle_times, strict=True), start=first):
                if volume > 0:
                    found[place] = Offer(volume, aht, volume * aht / (60 * step))
    return found


def parts_outside(group: PlanningGroup, offer: Offer, level: int) -> int:
    """Parts of contacts outside the goal with so many thousandths of a head on queue."""
    whole, rest = divmod(level, MILLI)
    lower = _outside(group, offer, whole)
    if rest:
        lower += (_outside(group, offer, whole + 1) - lower) * rest / MILLI
    return math.floor(lower * PARTS + 0.5)


def _outside(group: PlanningGroup, offer: Offer, agents: int) -> float:
    goal = group.service_goal
    assert goal is not None
    patience = math.inf if group.patience_seconds is None else group.patience_seconds / offer.aht
    found = fate(offer.load, agents, (goal.within_seconds or 0) / offer.aht, patience)
    return offer.volume * (found.abandoned if goal.max_abandonment_percent is not None else 1 - found.answered)


def fewest(group: PlanningGroup, offer: Offer) -> int:
    """Fewest heads with which the interval by itself reaches the goal."""
    goal = group.service_goal
    assert goal is not None
    allowed = offer.volume * goal.allowed_percent / 100
    low, high = -1, max(1, math.ceil(offer.load))
    while _outside(group, offer, high) > allowed:
        low, high = high, high + max(1, high // 4)
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if _outside(group, offer, middle) <= allowed else (middle, high)
    return high


def spans_of(goal: ServiceTarget, calendar: Calendar, origin: int, step: int) -> list[range]:
    """The spans of a goal as intervals counted from the origin."""
    midnights = [(minute - origin) // step for minute in (*calendar.midnights, calendar.ends_at)]
    if goal.per == "period":
        return [range(midnights[0], midnights[-1])]
    if goal.per == "day":
        return [range(start, end) for start, end in pairwise(midnights)]
    return [range(place, place + 1) for place in range(midnights[0], midnights[-1])]


@dataclass(frozen=True)
class GoalJudge:
    """A planning group with a goal, and what was scheduled for it."""

    request: RosterRequest
    calendar: Calendar
    origin: int
    group: PlanningGroup
    scheduled: list[int]  # thousandths of a head by interval

    @property
    def goal(self) -> ServiceTarget:
        assert self.group.service_goal is not None
        return self.group.service_goal

    def spans(self) -> Iterator[Span]:
        """Each span of the goal with what is offered in it."""
        offers = offers_of(self.request, self.group, self.origin, self.calendar)
        for places in spans_of(self.goal, self.calendar, self.origin, self.request.interval_minutes):
            here = [place for place in places if place in offers]
            contacts = math.fsum(offers[place].volume for place in here)
            outside = sum(parts_outside(self.group, offers[place], self.scheduled[place]) for place in here)
            yield Span(places, outside, allowed_parts(self.goal, contacts), contacts)

    def cost(self) -> int:
        """Ticks for contacts outside the goal beyond what it allows."""
        price = ticks(self.goal.missed_cost_per_contact) // PARTS
        return sum(max(0, span.outside - span.allowed) * price for span in self.spans())

    def heads_cost(self) -> tuple[int, int]:
        """Ticks for heads missing below the minimum where contacts are offered, and for heads where none are."""
        offers = offers_of(self.request, self.group, self.origin, self.calendar)
        least = self.group.minimum_staff * MILLI
        short = sum(max(0, least - self.scheduled[place]) for place in offers)
        over = sum(level for place, level in enumerate(self.scheduled) if place not in offers)
        return (
            short * ticks_per_hour_to_minute(self.group.understaffing_cost_per_hour),
            over * ticks_per_hour_to_minute(self.group.overstaffing_cost_per_hour),
        )

    def predicted(self) -> Iterator[PredictedService]:
        """The spans that have contacts, for people."""
        goal = self.goal
        for span in self.spans():
            if not span.contacts:
                continue
            share = 100 * span.outside / PARTS / span.contacts
            abandonment = goal.max_abandonment_percent is not None
            minute = self.origin + span.places.start * self.request.interval_minutes
            yield PredictedService(
                planning_group_id=self.group.id,
                start=local_time(minute, self.calendar.zone),
                contacts=round(span.contacts, 4),
                outside_goal=span.outside / PARTS,
                allowed_outside=span.allowed / PARTS,
                percent=round(share if abandonment else 100 - share, 3),
                goal_percent=goal.max_abandonment_percent or goal.percent or 0,
                reached=span.outside <= span.allowed,
            )


def allowed_parts(goal: ServiceTarget, contacts: float) -> int:
    """Parts of contacts that the goal allows outside of it."""
    return math.floor(contacts * goal.allowed_percent / 100 * PARTS + 0.5)
