"""The cheapest mix of contracts, on days whose answer can be worked out by hand or by trying every mix."""

from itertools import product

import pytest

from schemas.fault import RequestRefused
from solver.mix.mix import work_plan_mix
from solver.reading.mix import read_mix

NEED = (2, 3, 3, 3, 2, 2, 2, 2)
FULL_DAYS_PAY = {"full": 20, "short": 20, "employment": 20}


def a_shift(name, earliest, latest, minutes):
    start = {"earliest": earliest, "latest": latest, "increment_minutes": 60}
    return {"id": name, "start": start, "length_minutes": {"min": minutes, "max": minutes}}


def a_request(*, need=NEED, full=20, short=18, employment=10, **more):
    return {
        "request": {
            "time_zone": "UTC",
            "planning_period": {"start_date": "2026-11-30", "days": 1},
            "interval_minutes": 60,
            "planning_groups": [{"id": "voice", "overstaffing_cost_per_hour": 0}],
            "requirements": [{"planning_group_id": "voice", "start": "2026-11-30T08:00", "required": list(need)}],
            "work_plans": [
                {"id": "full-time", "shifts": [a_shift("day", "08:00", "08:00", 480)]},
                {"id": "short", "shifts": [a_shift("peak", "08:00", "12:00", 240)]},
            ],
            "options": {"time_limit_seconds": 20},
        },
        "contracts": [
            {"id": "ft", "work_plan_id": "full-time", "hourly_cost": full, "employment_cost": employment, "max": 5},
            {
                "id": "pt",
                "work_plan_id": "short",
                "hourly_cost": short,
                "employment_cost": employment,
                "max": 6,
                **more,
            },
        ],
    }


def the_mix(**more):
    mix = work_plan_mix(read_mix(a_request(**more)))
    return {one.contract_id: one.agents for one in mix.contracts}, mix


def test_two_for_the_day_and_one_for_the_peak():
    counts, mix = the_mix(**FULL_DAYS_PAY)
    assert counts == {"ft": 2, "pt": 1}
    assert mix.verdict == "optimal"
    assert mix.cost is not None
    assert mix.cost.total == 2 * (8 * 20 + 20) + (4 * 20 + 20)
    assert mix.employment_cost == 60
    assert {schedule.agent_id for schedule in mix.roster.schedules if schedule.shifts} == {
        schedule.agent_id for schedule in mix.roster.schedules
    }


def test_a_minimum_is_employed_whether_needed_or_not():
    counts, mix = the_mix(**FULL_DAYS_PAY, min=3)
    assert counts == {"ft": 1, "pt": 3}
    assert mix.employment_cost == 4 * 20


def test_dear_employment_makes_fewer_and_longer_contracts():
    counts, _ = the_mix(need=(1, 1, 1, 1, 1, 1, 1, 1), full=20, short=19, employment=50)
    assert counts == {"ft": 1, "pt": 0}


@pytest.mark.parametrize("prices", [(20, 18, 10), (20, 15, 0), (25, 24, 30)])
def test_no_other_mix_is_cheaper(prices):
    full, short, employment = prices
    starts = range(5)
    best = min(
        ft * (8 * full + employment)
        + sum(pt) * (4 * short + employment)
        + 120 * sum(max(0, n - ft - sum(pt[s] for s in starts if s <= h < s + 4)) for h, n in enumerate(NEED))
        for ft in range(4)
        for pt in product(range(3), repeat=5)
        if sum(pt) <= 6
    )
    _, mix = the_mix(full=full, short=short, employment=employment)
    assert mix.cost is not None
    assert mix.cost.total == best
    assert mix.lower_bound is not None
    assert mix.lower_bound <= best


def test_what_is_wrong_is_named_at_its_place():
    wrong = a_request()
    wrong["contracts"][1] |= {"id": "ft", "work_plan_id": "none", "min": 7, "skills": [{"planning_group_id": "x"}]}
    wrong["request"]["requirements"][0]["planning_group_id"] = "vioce"
    with pytest.raises(RequestRefused) as refused:
        read_mix(wrong)
    assert {fault.pointer for fault in refused.value.faults} == {
        "/contracts/1/id",
        "/contracts/1/work_plan_id",
        "/contracts/1/max",
        "/contracts/1/skills/0/planning_group_id",
        "/request/requirements/0/planning_group_id",
    }


def test_names_may_be_as_long_as_names_may_be():
    asked = a_request(**FULL_DAYS_PAY, id="p" * 200)
    asked["request"]["work_plans"][1]["id"] = asked["contracts"][1]["work_plan_id"] = "w" * 200
    mix = work_plan_mix(read_mix(asked))
    assert {one.contract_id: one.agents for one in mix.contracts} == {"ft": 2, "p" * 200: 1}


def test_contracts_named_nearly_alike_are_counted_apart():
    asked = a_request(**FULL_DAYS_PAY, id="ft+", min=1)
    asked["contracts"].append(asked["contracts"][1] | {"id": "ft-1", "min": 2})
    mix = work_plan_mix(read_mix(asked))
    assert {one.contract_id: one.agents for one in mix.contracts} == {"ft": 1, "ft+": 1, "ft-1": 2}
    assert len(mix.roster.schedules) == 4


def test_a_work_plan_that_is_called_like_one_made_for_a_contract_stays_as_it_is():
    asked = a_request(**FULL_DAYS_PAY)
    asked["request"]["work_plans"] += [
        {"id": name, "shifts": [a_shift("day", "08:00", "08:00", 480)]} for name in ("full-time as ft", "short as pt+")
    ]
    mix = work_plan_mix(read_mix(asked))
    assert {one.contract_id: one.agents for one in mix.contracts} == {"ft": 2, "pt": 1}


@pytest.mark.parametrize("taken", [{"id": "pt-7"}, {"id": "pt", "count": 2}])
def test_an_agent_called_like_a_candidate_is_told(taken):
    asked = a_request()
    asked["request"]["agents"] = [{"work_plan_id": "short"} | taken]
    with pytest.raises(RequestRefused) as refused:
        read_mix(asked)
    assert [fault.pointer for fault in refused.value.faults] == ["/contracts/1/id"]
    assert "pt-1, pt-2 and so on" in refused.value.faults[0].text
