"""Designs of shifts against every design there is, on days so small that all can be listed."""

from __future__ import annotations

import random
from itertools import product

import pytest

from bench.family import Json
from schemas.roster import Roster
from solver.reading import read_request
from solver.solve import solve

HOURS = 12
"""A made-up day has 24 intervals of an hour, and what happens in it lies within the first twelve."""


def day(required: list[list[int]], *, cost: float, apart: bool, cyclic: bool = True, least: float = 60) -> Json:
    """Two skills, three people each, shifts of four or five hours from 0:00 or 3:00 with an hour's break inside."""
    groups = [f"g{number}" for number in range(len(required))]
    shift = {
        "id": "s",
        "start": {"earliest": "00:00", "latest": "03:00", "increment_minutes": 180},
        "length_minutes": {"min": 240, "max": 300},
        "activities": [
            {
                "id": "b",
                "category": "break",
                "minutes": 60,
                "paid": False,
                "after_shift_start": {"min": 60},
                "before_shift_end": {"min": 60},
            }
        ],
    }
    return {
        "time_zone": "UTC",
        "planning_period": {"start_date": "2026-11-30", "days": 1, "cyclic": cyclic},
        "interval_minutes": 60,
        "planning_groups": [
            {"id": group, "understaffing_cost_per_hour": least, "overstaffing_cost_per_hour": 40} for group in groups
        ],
        "requirements": [
            {"planning_group_id": group, "start": "2026-11-30T00:00", "required": own}
            for group, own in zip(groups, required, strict=True)
        ],
        "work_plans": [{"id": "any", "shifts": [shift]}],
        "roster_rules": [{"kind": "shift_kinds", "max": 1, "cost": cost, "tell_breaks_apart": apart}],
        "agents": [
            {"id": group, "count": 2, "work_plan_id": "any", "skills": [{"planning_group_id": group}]}
            for group in groups
        ],
    }


def ways() -> list[tuple[int, int, int]]:
    """Start, length and the break's hour from the start."""
    return [(start, length, at) for start in (0, 3) for length in (4, 5) for at in range(1, length - 1)]


def least_cost(request: Json) -> float:
    """The least cost of any design, by listing for each skill what up to two people may do."""
    rule = request["roster_rules"][0]
    per_skill = []
    for group, series in zip(request["planning_groups"], request["requirements"], strict=True):
        options = {}
        for pair in product([None, *ways()], repeat=2):
            worked = [way for way in pair if way is not None]
            kinds = frozenset(way if rule["tell_breaks_apart"] else way[:2] for way in worked)
            cost = 0.0
            for hour in range(HOURS):
                heads = sum(s <= hour < s + n and hour != s + b for s, n, b in worked)
                net = heads - series["required"][hour]
                cost += max(0, -net) * group["understaffing_cost_per_hour"] + max(0, net) * 40
            options[kinds] = min(cost, options.get(kinds, cost))
        per_skill.append(options)
    return min(
        sum(cost for _, cost in choice) + max(0, len(frozenset().union(*(k for k, _ in choice))) - 1) * rule["cost"]
        for choice in product(*(options.items() for options in per_skill))
    )


def solved(request: Json) -> Roster:
    return solve(read_request(request), seconds=30)


@pytest.mark.parametrize("apart", [False, True])
@pytest.mark.parametrize("seed", range(4))
def test_design_is_the_best_there_is(seed: int, apart: bool) -> None:
    draw = random.Random(seed)
    required = [[draw.choice((0, 1, 1, 2)) if hour < 8 else 0 for hour in range(HOURS)] for _ in range(2)]
    request = day(required, cost=draw.choice((15, 50, 90)), apart=apart, cyclic=bool(seed % 2))
    roster = solved(request)
    assert roster.cost is not None
    assert roster.cost.total == least_cost(request)
    assert (roster.verdict, roster.violations) == ("optimal", ())


def test_one_kind_is_enough_where_breaks_are_not_told_apart() -> None:
    """Two people from 0:00 to 4:00, one with the break at 1:00 and one at 2:00."""
    required = [[2, 1, 1, 2] + [0] * 8]
    one, two = (solved(day(required, cost=10, apart=apart)).cost for apart in (False, True))
    assert one is not None
    assert two is not None
    assert (one.total, two.total) == (0, 10)


def test_too_many_ways_are_told() -> None:
    """Four breaks in any order in a shift of seventeen hours, from every hour of the day."""
    request = day([[1] * 12], cost=10, apart=True)
    shift = request["work_plans"][0]["shifts"][0]
    shift["start"] = {"earliest": "00:00", "latest": "23:00"}
    shift["length_minutes"] = {"min": 1020, "max": 1020}
    shift["activity_order"] = "any"
    shift["activities"] = [shift["activities"][0] | {"id": f"b{number}"} for number in range(4)]
    roster = solved(request)
    assert roster.verdict == "undecided"
    assert any("fewer starts, lengths or breaks" in message.text for message in roster.messages)
