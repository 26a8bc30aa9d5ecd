"""Capacity plans: worked out by hand, and against every way to hire."""

from itertools import product

import pytest

from schemas.fault import RequestRefused
from solver.capacity.demand import required_hours
from solver.capacity.hiring import Hires, Outlook
from solver.capacity.people import Tenure, cohort
from solver.capacity.plan import _Staffed, capacity_plan
from solver.reading.capacity import read_capacity

WORK_PLAN = {"id": "ft40", "paid_hours_per_week": 40, "hourly_cost": 20}


def a_request(**more):
    return {
        "start_date": "2027-01-04",
        "weeks": 4,
        "planning_groups": [{"id": "voice", "required_hours": [280, 280, 280, 280]}],
        "work_plans": [WORK_PLAN],
        "staff": [{"planning_group_id": "voice", "work_plan_id": "ft40", "agents": 10}],
        **more,
    }


def the_plan(**more):
    return capacity_plan(read_capacity(a_request(**more)))


def weeks(plan, name):
    return [getattr(week, name) for week in plan.planning_groups[0].weeks]


def test_ten_agents_at_thirty_percent_shrinkage_bring_280_hours():
    plan = the_plan()
    assert weeks(plan, "available_hours") == weeks(plan, "required_hours") == [280.0] * 4
    assert plan.verdict == "optimal"
    assert plan.cost.total == plan.cost.pay == plan.lower_bound == 10 * 40 * 20 * 4
    assert plan.hires == ()


def test_leavers_of_a_month_are_spread_over_its_weeks():
    plan = the_plan(attrition={"percent_per_month": 10}, weeks=13, hiring={"classes_per_week": 0},
                    planning_groups=[{"id": "voice", "required_hours": [0] * 13}])  # fmt: skip
    agents = weeks(plan, "agents")
    assert agents[0] == 10
    assert agents[12] == pytest.approx(10 * 0.9 ** (12 * 7 / (365.25 / 12)), abs=0.01)
    assert sum(weeks(plan, "leavers")[:12]) == pytest.approx(10 - agents[12], abs=0.1)


def test_one_who_starts_is_trained_learns_and_leaves_like_the_new():
    request = read_capacity(
        a_request(
            weeks=4,
            training={"weeks": 1, "learning_curve_percent": [50]},
            attrition={"percent_per_month": 0, "new_percent_per_month": 50, "new_weeks": 2},
        )
    )
    one = cohort(request, Tenure(request), 0)
    kept = 0.5 ** (7 / (365.25 / 12))
    assert one.agents == pytest.approx([1, kept, kept**2, kept**2])
    assert one.training == pytest.approx([1, 0, 0, 0])
    assert one.effective == pytest.approx([0, kept / 2, kept**2, kept**2])


def test_who_starts_later_is_trained_first():
    line = {"planning_group_id": "voice", "work_plan_id": "ft40", "agents": 2, "start_date": "2027-01-11"}
    plan = the_plan(staff=[line], training={"weeks": 1}, planning_groups=[{"id": "voice", "required_hours": [0] * 4}])
    assert weeks(plan, "agents") == [0, 2, 2, 2]
    assert weeks(plan, "agents_in_training") == [0, 2, 0, 0]
    assert weeks(plan, "available_hours") == [0, 0, 56, 56]


def test_a_class_comes_whole_and_takes_the_place_of_those_who_left():
    plan = the_plan(
        planning_groups=[{"id": "voice", "required_hours": [280, 280, 336, 336], "understaffing_cost_per_hour": 500}],
        attrition={"percent_per_month": 10},
        hiring={"class_size_min": 4, "class_size_max": 8},
    )
    assert sum(hire.agents for hire in plan.hires) >= 4
    assert all(4 * hire.classes <= hire.agents <= 8 * hire.classes for hire in plan.hires)
    for week in plan.planning_groups[0].weeks:
        assert week.replacement_hires + week.growth_hires == week.hires
    assert sum(weeks(plan, "replacement_hires")) <= round(sum(weeks(plan, "leavers")))


def test_overtime_fills_what_is_not_worth_a_hire():
    plan = the_plan(
        planning_groups=[{"id": "voice", "required_hours": [280, 290, 280, 280]}],
        overtime={"max_percent": 10, "rate_multiplier": 1.5},
    )
    assert weeks(plan, "overtime_hours") == pytest.approx([0, 10, 0, 0])
    assert plan.cost.overtime == 300


def test_volumes_become_hours_interval_by_interval():
    pattern = [0.0] * 336
    pattern[20] = 1.0  # all of the week's contacts on Monday, 10:00 to 10:30
    group = {
        "id": "voice",
        "volumes": [100] * 4,
        "aht_seconds": 180,
        "week_pattern": pattern,
        "service_goal": {"percent": 80, "within_seconds": 20},
    }
    request = read_capacity(a_request(planning_groups=[group]))
    assert required_hours(request) == [[7.0] * 4]  # 14 agents for half an hour
    assert required_hours(request, 60) == [[6.0] * 4]


def test_higher_goals_take_more_people_and_more_money():
    group = {"id": "voice", "volumes": [9000] * 4, "aht_seconds": 200, "understaffing_cost_per_hour": 200}
    group["service_goal"] = {"percent": 80, "within_seconds": 20}
    plan = the_plan(planning_groups=[group], compare_goals_percent=[70, 80, 90])
    hours = [goal.required_hours for goal in plan.goals]
    costs = [goal.cost for goal in plan.goals]
    assert hours == sorted(hours)
    assert costs == sorted(costs)
    assert costs[1] == plan.cost.total


@pytest.mark.parametrize("seed", range(6))
def test_no_way_to_hire_is_cheaper(seed):
    """Every number of hires in every week, priced without the program, against the plan."""
    need = [[280, 300 + 20 * seed, 330, 320], [260, 290, 310 + 9 * seed, 350]][seed % 2]
    request = read_capacity(
        a_request(
            planning_groups=[{"id": "voice", "required_hours": need, "overstaffing_cost_per_hour": seed}],
            attrition={"percent_per_month": 5 * seed},
            training={"weeks": seed % 2, "learning_curve_percent": [60]},
            hiring={"class_size_min": 1 + seed % 3, "class_size_max": 3, "cost_per_hire": 100 * seed},
        )
    )
    outlook = Outlook.of(request)
    sizes = [0, *range(request.hiring.class_size_min, 4)]
    best = min(
        _Staffed(
            outlook,
            [need],
            Hires({(0, 0, week): n for week, n in enumerate(hires) if n}, {}, [[0.0] * 4], 0.0, False),
        )
        .cost()
        .total
        for hires in product(sizes, repeat=4)
    )
    plan = capacity_plan(request)
    assert plan.cost.total == pytest.approx(best, abs=0.02)
    assert plan.lower_bound <= best + 0.02
    assert plan.gap_percent == pytest.approx(0, abs=0.001)


def test_several_groups_share_the_classes_of_a_week():
    groups = [
        {"id": name, "required_hours": [0, 112, 112, 112], "understaffing_cost_per_hour": 900}
        for name in ("voice", "chat")
    ]
    plan = the_plan(planning_groups=groups, staff=[], hiring={"classes_per_week": 1, "class_size_max": 4})
    starts = [hire.start_date for hire in plan.hires]
    assert len(starts) == len(set(starts)) == 2


def refused(**more):
    with pytest.raises(RequestRefused) as faults:
        read_capacity(a_request(**more))
    return {fault.pointer: fault.text for fault in faults.value.faults}


def test_every_slip_is_named_at_its_place():
    found = refused(
        planning_groups=[
            {"id": "voice", "required_hours": [1, 2]},
            {"id": "voice", "volumes": [1, 2, 3, 4]},
            {"id": "chat"},
            {"id": "mail", "volumes": [1] * 4, "aht_seconds": 9, "week_pattern": [1, 2], "max_abandonment_percent": 3},
        ],
        staff=[{"planning_group_id": "vioce", "work_plan_id": "ft", "agents": 1}],
        hiring={"class_size_min": 30, "class_size_max": 20, "work_plan_ids": ["x"]},
        shrinkage_percent_by_week=[10],
        compare_goals_percent=[80],
    )
    assert set(found) == {
        "/planning_groups/0/required_hours",
        "/planning_groups/1/id",
        "/planning_groups/1/aht_seconds",
        "/planning_groups/2",
        "/planning_groups/3/week_pattern",
        "/planning_groups/3/max_abandonment_percent",
        "/staff/0/planning_group_id",
        "/staff/0/work_plan_id",
        "/hiring/class_size_min",
        "/hiring/work_plan_ids/0",
        "/shrinkage_percent_by_week",
        "/compare_goals_percent",
    }
    assert found["/planning_groups/0/required_hours"] == "There are 2 values for 4 weeks; there is one for each week."


def test_a_goal_of_a_hundred_percent_is_refused():
    assert "/planning_groups/0/service_goal/percent" in refused(
        planning_groups=[
            {
                "id": "voice",
                "volumes": [1] * 4,
                "aht_seconds": 9,
                "service_goal": {"percent": 100, "within_seconds": 20},
            }
        ]
    )


def test_more_work_than_a_centre_can_have_is_refused():
    group = {"id": "voice", "volumes": [1e8] * 4, "aht_seconds": 1e6}
    assert "more than a contact centre can have" in refused(planning_groups=[group])["/planning_groups/0/volumes"]


def test_a_plan_without_time_hires_nobody_and_says_what_that_costs():
    groups = [{"id": "voice", "required_hours": [560, 560, 560, 560]}]
    plan = the_plan(planning_groups=groups, time_limit_seconds=5e-324)
    assert plan.verdict == "feasible"
    assert plan.hires == ()
    pay, short = 10 * 40 * 20 * 4, 4 * 280 * 60
    assert plan.cost.total == pay + short
    assert plan.lower_bound == pay


@pytest.mark.parametrize("name", ["patience_seconds", "max_occupancy_percent", "schedule_efficiency_percent"])
def test_numbers_that_are_almost_nothing_are_refused(name):
    groups = [{"id": "voice", "required_hours": [280, 280, 280, 280], name: 5e-324}]
    with pytest.raises(RequestRefused) as refused:
        the_plan(planning_groups=groups)
    assert f"/planning_groups/0/{name}" in str(refused.value)


def test_a_contract_of_almost_no_hours_is_refused():
    with pytest.raises(RequestRefused) as refused:
        the_plan(work_plans=[WORK_PLAN | {"paid_hours_per_week": 5e-324}])
    assert "/work_plans/0/paid_hours_per_week" in str(refused.value)
