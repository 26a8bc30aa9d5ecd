"""Every roster there is, listed from the request itself: the slow and certain way.

Which tours are allowed and what they cost by themselves is the judge's word, agent by agent. Who covers what is counted
here, one interval after the other.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from itertools import permutations, product
from zoneinfo import ZoneInfo

from schemas.clock import wall_to_utc_minutes
from schemas.money import TICKS_PER_CURRENCY
from schemas.request import Agent, CoveragePrice, PlanningGroup, RosterRequest, ShiftDefinition
from schemas.roster import Activity, Roster, Schedule, Shift
from solver.verify import judge

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
MOST_ROSTERS = 60_000


class TooManyError(Exception):
    """More rosters than a test should list."""


@dataclass(frozen=True)
class Tour:
    """One agent's roster: what it costs by itself in ticks, and the UTC hours in which it is on queue."""

    own: int
    hours: frozenset[int]


def optimum(request: RosterRequest) -> Fraction | None:
    """The least cost of any allowed roster in the currency; None when an agent has no allowed tour."""
    tours = [_best_by_hours(list(_tours(request, agent))) for agent in request.agents]
    if not all(tours):
        return None
    count = 1
    for own in tours:
        count *= len(own)
    if count > MOST_ROSTERS:
        raise TooManyError
    need = _requirements(request)
    known: dict[tuple[int, tuple[int, ...]], int] = {}

    def price(hour: int, there: tuple[int, ...]) -> int:
        if (hour, there) not in known:
            known[hour, there] = _cheapest_split(request, hour, there, need)
        return known[hour, there]

    nobody = {hour: price(hour, ()) for hour in {hour for hour, _ in need}}
    base = sum(nobody.values())
    best = None
    for choice in product(*tours):
        total = base + sum(tour.own for tour in choice)
        for hour in set().union(*(tour.hours for tour in choice)):
            there = tuple(n for n, tour in enumerate(choice) if hour in tour.hours)
            total += price(hour, there) - nobody.get(hour, 0)
        best = total if best is None or total < best else best
    return None if best is None else Fraction(best, TICKS_PER_CURRENCY)


def _best_by_hours(tours: list[Tour]) -> list[Tour]:
    """Of tours that cover the same hours the cheapest."""
    best: dict[frozenset[int], Tour] = {}
    for tour in tours:
        if tour.hours not in best or tour.own < best[tour.hours].own:
            best[tour.hours] = tour
    return list(best.values())


def _requirements(request: RosterRequest) -> dict[tuple[int, str], int]:
    zone = ZoneInfo(request.time_zone)
    least = {g.id: g.minimum_staff for g in request.planning_groups}
    need = {}
    for series in request.requirements:
        start = series.start.utc_minute(zone)
        for number, heads in enumerate(series.required_milliheads):
            asked = max(heads, 1000 * least[series.planning_group_id]) if heads else 0
            need[start + 60 * number, series.planning_group_id] = asked
    return need


def _cheapest_split(request: RosterRequest, hour: int, there: tuple[int, ...], need: dict[tuple[int, str], int]) -> int:
    """The least price of the hour over every way to share the agents out to groups."""
    groups = request.planning_groups
    brings = []
    for number in there:
        skills = request.agents[number].skills
        brings.append(
            {s.planning_group_id: s.proficiency_milliheads for s in skills} if skills else {g.id: 1000 for g in groups}
        )
    best = None
    for served in product(*(own.items() for own in brings)):
        total = 0
        for group in groups:
            level = sum(heads for name, heads in served if name == group.id)
            net = level - need.get((hour, group.id), 0)
            total += sum(60 * price for price in _prices(request, group, hour, net))
        best = total if best is None else min(best, total)
    assert best is not None
    return best


def _prices(request: RosterRequest, group: PlanningGroup, hour: int, net: int) -> Iterator[int]:
    """What each thousandth of a head costs that is missing, or too many, in parts of the currency an hour."""
    side = "understaffing" if net < 0 else "overstaffing"
    usual = group.understaffing_cost_per_hour if net < 0 else group.overstaffing_cost_per_hour
    now = [(0, usual)]
    now += [(p.beyond_milliheads, p.cost_per_hour) for p in group.prices if p.side == side and _holds(request, p, hour)]
    for deep in range(abs(net)):
        reached = max(beyond for beyond, _ in now if beyond <= deep)
        yield int([price for beyond, price in now if beyond == reached][-1] * 10_000)


def _holds(request: RosterRequest, price: CoveragePrice, hour: int) -> bool:
    """Whether the price is for the hour: by the clock times between which each of its days' spans lies."""
    zone = ZoneInfo(request.time_zone)
    near = request.planning_period.start_date - timedelta(days=5)
    for day in (near + timedelta(days=n) for n in range(request.planning_period.days + 10)):
        if WEEKDAYS[day.weekday()] in price.days:
            begin, end = (wall_to_utc_minutes(day, clock, zone)[0] for clock in (price.from_, price.to))
            if begin <= hour < end:
                return True
    return False


def _tours(request: RosterRequest, agent: Agent) -> Iterator[Tour]:
    """Every combination of shifts that the judge allows."""
    zone = ZoneInfo(agent.time_zone or request.time_zone)
    plan = next(p for p in request.work_plans if p.id == agent.work_plan_id)
    alone = request.model_copy(update={"agents": (agent,), "requirements": (), "planning_groups": _free(request)})
    days = []
    for number in range(request.planning_period.days):
        day = request.planning_period.start_date + timedelta(days=number)
        here = [
            s for d in plan.shifts if WEEKDAYS[day.weekday()] in d.days for s in _shifts(request, agent, d, day, zone)
        ]
        days.append([None, *here])
    count = 1
    for options in days:
        count *= len(options)
    if count > 1500:
        raise TooManyError
    for choice in product(*days):
        shifts = tuple(shift for shift in choice if shift is not None)
        judgement = judge(alone, Roster(schedules=(Schedule(agent_id=agent.id, shifts=shifts),)))
        if not judgement.violations:
            hours = frozenset(
                minute
                for shift in shifts
                for activity in shift.activities
                if activity.category == "on_queue"
                for minute in range(_minute(activity.start), _minute(activity.end), 60)
            )
            yield Tour(int(judgement.total_ticks), hours)


def _free(request: RosterRequest):  # type: ignore[no-untyped-def]
    """The groups without a price, so that the judge's total is the tour's own."""
    return tuple(
        g.model_copy(update={"understaffing_cost_per_hour": 0, "overstaffing_cost_per_hour": 0, "prices": ()})
        for g in request.planning_groups
    )


def _minute(moment: datetime) -> int:
    return int(moment.timestamp()) // 60


def _shifts(request: RosterRequest, agent: Agent, definition: ShiftDefinition, day, zone: ZoneInfo) -> Iterator[Shift]:  # type: ignore[no-untyped-def]
    """Every shift of the definition on the day with every placement of its activities, allowed or not."""
    group = agent.skills[0].planning_group_id if agent.skills else request.planning_groups[0].id
    lengths = definition.length_minutes
    for clock in range(definition.start.earliest, definition.start.latest + 1, 60):
        wall = datetime(day.year, day.month, day.day, tzinfo=zone) + timedelta(minutes=clock)
        start = wall.astimezone(UTC)
        if start.astimezone(zone).replace(tzinfo=None) != wall.replace(tzinfo=None):
            continue  # the clock never shows it
        for minutes in range(lengths.min, lengths.max + 1, lengths.increment or 60):
            due = [
                a
                for a in definition.activities
                if a.when_length_minutes is None
                or (a.when_length_minutes.min or 0) <= minutes <= (a.when_length_minutes.max or 10**6)
            ]
            for places in permutations(range(minutes // 60), len(due)):
                yield _shift(definition, day, start, minutes, due, places, group, zone)


def _shift(definition, day, start, minutes, due, places, group, zone) -> Shift:  # type: ignore[no-untyped-def]
    at = dict(zip(places, due, strict=True))
    unpaid = sum(a.minutes for a in due if not a.paid)
    activities = []
    for hour in range(minutes // 60):
        begin, end = ((start + timedelta(hours=h)).astimezone(zone) for h in (hour, hour + 1))
        if hour in at:
            a = at[hour]
            activities.append(Activity(category=a.category, id=a.id, paid=a.paid, start=begin, end=end))
        else:
            activities.append(Activity(category="on_queue", planning_group_id=group, start=begin, end=end))
    end = (start + timedelta(minutes=minutes)).astimezone(zone)
    return Shift(
        date=day,
        work_plan_shift_id=definition.id,
        start=start.astimezone(zone),
        end=end,
        paid_minutes=minutes - unpaid,
        activities=tuple(activities),
    )
