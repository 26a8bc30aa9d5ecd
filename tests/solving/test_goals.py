"""Service goals as the objective: bounds hold, and what is found is near what listing every roster finds."""

from itertools import combinations_with_replacement

import numpy as np
import pytest

from solver.compile import compile_request
from solver.compile.goals import PARTS, convex_below
from solver.reading import read_request, read_roster
from solver.solve import solve
from solver.verify import judge

STARTS = range(8, 13)


def a_request(goal, *, agents=4, volume=(6, 14, 20, 16, 8, 4, 2), moves=3000, **group):
    return {
        "time_zone": "UTC",
        "planning_period": {"start_date": "2026-11-30", "days": 1},
        "interval_minutes": 60,
        "planning_groups": [{"id": "voice", "service_goal": goal, **group}],
        "volumes": [
            {"planning_group_id": "voice", "start": "2026-11-30T08:00", "volume": list(volume), "aht_seconds": 300}
        ],
        "work_plans": [
            {
                "id": "wp",
                "shifts": [
                    {
                        "id": "day",
                        "start": {"earliest": "08:00", "latest": "12:00"},
                        "length_minutes": {"min": 180, "max": 180},
                    }
                ],
            }
        ],
        "agents": [{"id": f"A{n}", "work_plan_id": "wp", "hourly_cost": 20} for n in range(agents)],
        "options": {"time_limit_seconds": 60, "iteration_limit": moves},
    }


def a_roster(starts):
    shifts = [
        []
        if start is None
        else [
            {
                "date": "2026-11-30",
                "work_plan_shift_id": "day",
                "start": f"2026-11-30T{start:02d}:00:00+00:00",
                "end": f"2026-11-30T{start + 3:02d}:00:00+00:00",
                "activities": [
                    {
                        "category": "on_queue",
                        "planning_group_id": "voice",
                        "start": f"2026-11-30T{start:02d}:00:00+00:00",
                        "end": f"2026-11-30T{start + 3:02d}:00:00+00:00",
                    }
                ],
            }
        ]
        for start in starts
    ]
    return {"schedules": [{"agent_id": f"A{n}", "shifts": one} for n, one in enumerate(shifts)]}


def least_cost(request):
    asked = read_request(request)
    choices = combinations_with_replacement([None, *STARTS], len(request["agents"]))
    return min(judge(asked, read_roster(a_roster(starts))).cost.total for starts in choices)


GOALS = {
    "a day": ({"percent": 80, "within_seconds": 60, "per": "day"}, {}),
    "the period": ({"percent": 70, "within_seconds": 20, "per": "period", "missed_cost_per_contact": 9}, {}),
    "each interval": ({"percent": 80, "within_seconds": 60, "per": "interval"}, {}),
    "few give up": ({"max_abandonment_percent": 10, "per": "day"}, {"patience_seconds": 120}),
    "with a minimum": ({"percent": 60, "within_seconds": 60}, {"minimum_staff": 1}),
    "out of reach": ({"percent": 95, "within_seconds": 5, "per": "day"}, {"patience_seconds": 600}),
}


@pytest.mark.parametrize("name", GOALS)
def test_the_bound_and_the_roster_lie_on_both_sides_of_what_listing_every_roster_finds(name):
    goal, group = GOALS[name]
    request = a_request(goal, **group)
    least = least_cost(request)
    roster = solve(read_request(request))
    assert roster.violations == ()
    assert roster.cost is not None
    assert roster.lower_bound is not None
    assert roster.lower_bound <= least + 1e-9
    assert least <= roster.cost.total + 1e-9
    # Prices of contacts are bumpy where few are offered, and the search may rest a little above the best.
    assert roster.cost.total <= 1.2 * least


def test_a_roster_says_how_far_it_reaches_its_goals():
    request = a_request({"percent": 80, "within_seconds": 60, "per": "day"})
    roster = solve(read_request(request))
    (day,) = roster.service
    assert day.contacts == 70
    assert day.allowed_outside == 14
    assert day.reached == (day.outside_goal <= 14)
    assert day.percent == pytest.approx(100 * (1 - day.outside_goal / 70), abs=1e-3)


def test_a_day_goal_costs_no_more_than_the_same_goal_in_every_interval():
    day, interval = (
        least_cost(a_request({"percent": 80, "within_seconds": 60, "per": per}, agents=5))
        for per in ("day", "interval")
    )
    assert day <= interval


@pytest.mark.parametrize("patience", [None, 90])
def test_claims_are_rounded_below_the_judge(patience):
    more = {} if patience is None else {"patience_seconds": patience}
    request = read_request(a_request({"percent": 80, "within_seconds": 20, "per": "interval"}, agents=12, **more))
    goals = compile_request(request).goals
    assert goals is not None
    busy = np.flatnonzero(goals.row[0] >= 0)
    for level in range(0, 12, 3):
        starts = [9] * level + [None] * (12 - level)
        judged = judge(request, read_roster(a_roster(starts))).service
        for slot, span in list(zip(busy, judged, strict=True))[1:4]:
            claim, verdict = int(goals.outside[goals.row[0, slot], level]), round(span.outside_goal * PARTS)
            assert verdict - 1 <= claim <= verdict


def test_convex_below_is_convex_below_and_touches():
    values = np.array([100, 100, 100, 60, 35, 17, 9, 4, 2, 1, 0, 0])
    below = convex_below(values)
    assert (below <= values).all()
    assert (np.diff(below, 2) >= 0).all()
    assert below[0] == 100
    assert (values[3:] - below[3:]).max() <= len(values)


def test_unequal_proficiencies_and_two_groups_are_planned_too():
    request = a_request({"percent": 80, "within_seconds": 60}, moves=300)
    request["planning_groups"].append({"id": "chat"})
    request["requirements"] = [{"planning_group_id": "chat", "start": "2026-11-30T09:00", "required": [1, 1, 1]}]
    request["agents"][0]["skills"] = [{"planning_group_id": "voice", "proficiency": 0.7}]
    request["agents"][1]["skills"] = [{"planning_group_id": "voice"}, {"planning_group_id": "chat"}]
    roster = solve(read_request(request))
    assert roster.violations == ()
    assert roster.cost is not None
    assert roster.lower_bound is not None
    assert roster.lower_bound <= roster.cost.total
    assert roster.cost.total == judge(read_request(request), roster).cost.total
