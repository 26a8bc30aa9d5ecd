"""Rules in a week that repeats: the judge, the solver's walk of tours and every tour there is say the same."""

from __future__ import annotations

from itertools import product
from typing import Any

import pytest

from schemas.fault import RequestRefused
from schemas.roster import Roster, Schedule, Shift
from solver.compile import compile_request
from solver.compile.model import OFF, Model, Plan
from solver.explain import explain
from solver.reading import read_request
from solver.roster import schedules_of
from solver.rules import BOOK
from solver.solve import solve
from solver.verify import judge

Json = dict[str, Any]

RULES: dict[str, list[Json]] = {
    "minimum_rest": [{"kind": "minimum_rest", "minutes": 660}],
    "consecutive_days": [{"kind": "consecutive_days", "max": 3}, {"kind": "consecutive_days", "min": 2}],
    "consecutive_days_off": [{"kind": "consecutive_days_off", "min": 2}],
    "days_worked": [{"kind": "days_worked", "per": "week", "min": 3, "max": 4}],
    "paid_minutes": [{"kind": "paid_minutes", "per": "period", "min": 960, "max": 1920}],
    "shift_count": [{"kind": "shift_count", "shift_ids": ["N"], "per": "period", "max": 1}],
    "forbidden_successions": [
        {
            "kind": "forbidden_successions",
            "successions": [{"after": {"shift_ids": ["N"]}, "forbidden": {"shift_ids": ["D"]}}],
        }
    ],
    "consecutive_shifts": [{"kind": "consecutive_shifts", "shift_ids": ["N"], "min": 2, "max": 3}],
    "start_distance": [{"kind": "start_distance", "max": 1500}],
    "start_variance": [{"kind": "start_variance", "max_minutes": 120}],
    "different_shifts": [{"kind": "different_shifts", "max": 1}],
    "free_day_patterns": [
        {"kind": "free_day_patterns", "together": 3, "across_weeks": True},
        {"kind": "free_day_patterns", "after": {"shift_ids": ["N"]}, "days_off_after": 2},
    ],
    "employment": [{"kind": "employment", "from_days": 2, "cost": 3}],
}


def week(rules: list[Json], agents: int = 1, required: list[int] | None = None) -> Json:
    """A week of days from 09:00 and nights from 22:00, which repeats."""
    shifts = [
        {"id": name, "start": {"earliest": start, "latest": start}, "length_minutes": {"min": 480, "max": 480}}
        for name, start in (("D", "09:00"), ("N", "22:00"))
    ]
    return {
        "time_zone": "UTC",
        "planning_period": {"start_date": "2026-11-30", "days": 7, "cyclic": True},
        "interval_minutes": 60,
        "planning_groups": [{"id": "g", "understaffing_cost_per_hour": 60, "overstaffing_cost_per_hour": 60}],
        "requirements": [{"planning_group_id": "g", "start": "2026-11-30T00:00", "required": required or []}],
        "work_plans": [{"id": "p", "shifts": shifts, "rules": rules}],
        "agents": [{"id": "a", "count": agents, "work_plan_id": "p"}],
    }


def plan_of(model: Model, tour: tuple[int, ...]) -> Plan:
    plan = Plan.empty(model)
    plan.shift[0] = tour
    return plan


@pytest.mark.parametrize("kind", RULES)
def test_every_tour_is_judged_as_it_is_walked(kind: str) -> None:
    hard = [{name: value for name, value in rule.items() if name != "cost"} for rule in RULES[kind]]
    request = read_request(week(hard))
    model = compile_request(request)
    assert model.cycle is not None
    options = [[OFF, *(n for n, shift in enumerate(model.catalogue) if shift.day == day)] for day in range(model.days)]
    allowed = {tour for tour, _ in model.cycle.tours(0, options, 10_000)}
    every = list(product(*options))
    for tour in every[::5]:
        roster = Roster(schedules=schedules_of(model, plan_of(model, tour)))
        broken = {violation.code for violation in judge(request, roster).violations} - {"overlap"}
        assert (tour in allowed) == (not broken), (tour, broken)
        assert (model.cycle.price(0, tour) is None) == bool(broken)
    assert 0 < len(allowed) < len(every)


def test_every_rule_that_can_be_repeated_is_tried() -> None:
    assert {rule.model_fields["kind"].default for rule in BOOK if rule.repeats} == set(RULES)


def test_night_before_the_week_is_the_one_at_its_end() -> None:
    """Rest from Sunday's night, which ends on Monday at 06:00, to a day that begins there at 09:00."""
    request = read_request(week([{"kind": "minimum_rest", "minutes": 600}]))
    night, day = ("2026-12-06T22:00Z", "2026-12-07T06:00Z"), ("2026-11-30T09:00Z", "2026-11-30T17:00Z")
    shifts = [
        Shift.model_validate(
            {
                "date": start[:10],
                "work_plan_shift_id": name,
                "start": start,
                "end": end,
                "activities": [{"category": "on_queue", "planning_group_id": "g", "start": start, "end": end}],
            }
        )
        for name, (start, end) in (("D", day), ("N", night))
    ]
    roster = Roster(schedules=(Schedule(agent_id="a", shifts=tuple(shifts)),))
    assert [violation.text for violation in judge(request, roster).violations] == [
        "a rests 180 minutes before the shift on 2026-11-30; the least is 600."
    ]


def test_fewest_agents_for_a_week_are_found() -> None:
    """Two on each day: fourteen duties of at most five, and so three agents, each with two days off together."""
    rules = [
        {"kind": "free_day_patterns", "together": 2, "across_weeks": True},
        {"kind": "employment", "cost": 1},
    ]
    required = ([0] * 9 + [2] * 8 + [0] * 7) * 7
    roster = solve(read_request(week(rules, agents=6, required=required)), seconds=30)
    assert roster.cost is not None
    assert (roster.cost.total, roster.statistics.agents_scheduled) == (3, 3)


def test_too_few_agents_leave_somebody_missing() -> None:
    rules = [{"kind": "days_worked", "per": "week", "max": 5}]
    required = ([0] * 9 + [1] * 8 + [0] * 7) * 7
    roster = solve(read_request(week(rules, agents=1, required=required)), seconds=30)
    assert roster.cost is not None
    assert roster.cost.total == 2 * 8 * 60


def test_morning_that_the_last_night_covers_is_not_explained_as_short() -> None:
    request = read_request(week([], agents=3, required=([1] * 6 + [0] * 16 + [1] * 2) * 7))
    roster = solve(request, seconds=30)
    assert roster.cost is not None
    assert roster.cost.total == 0
    assert explain(request, roster).short_intervals == ()


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"rules": [{"kind": "weekends", "max_consecutive": 2}]}, "weekends has no meaning"),
        ({"days": 8}, "not made of weeks"),
        ({"start_date": "2026-12-01"}, "begins with a week"),
        ({"history": {"consecutive_days_worked": 2}}, "before a cyclic period are the same days"),
    ],
)
def test_what_goes_by_a_beginning_or_an_end_is_refused(change: Json, told: str) -> None:
    request = week(change.pop("rules", [{"kind": "days_worked", "per": "week", "max": 5}]))
    if "history" in change:
        request["agents"][0] |= change
    else:
        request["planning_period"] |= change
    with pytest.raises(RequestRefused, match=told):
        read_request(request)


def test_design_knows_before_there_are_tours_how_many_agents_it_takes() -> None:
    """Two on each day and three on Fridays and Saturdays: sixteen duties take four agents, and one kind of shift."""
    rules = [
        {"kind": "free_day_patterns", "together": 2, "across_weeks": True},
        {"kind": "minimum_rest", "minutes": 660},
        {"kind": "employment", "cost": 100},
    ]
    required = [0] * 168
    for day in range(7):
        for hour in range(9, 17):
            required[24 * day + hour] = 2 + (day in (4, 5))
    request = week(rules, agents=5, required=required)
    request["roster_rules"] = [{"kind": "shift_kinds", "cost": 10}]
    roster = solve(read_request(request), seconds=30)
    assert roster.cost is not None
    assert (roster.cost.total, roster.verdict) == (410, "optimal")
