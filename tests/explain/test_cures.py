"""Agents without a roster: the smallest conflict, and the smallest changes that cure it, each tried."""

import copy

import pytest

from solver.compile import compile_request
from solver.explain import explain
from solver.reading import read_request


def a_request(*rules, shifts=None, **agent):
    """One agent over a week with shifts of eight hours, or those given."""
    day = {
        "id": "day",
        "start": {"earliest": "08:00", "latest": "10:00", "increment_minutes": 60},
        "length_minutes": {"min": 480, "max": 480, "increment": 30},
    }
    return {
        "time_zone": "UTC",
        "planning_period": {"start_date": "2026-03-02", "days": 7},
        "planning_groups": [{"id": "calls"}],
        "work_plans": [{"id": "plan", "shifts": shifts or [day], "rules": list(rules)}],
        "agents": [{"id": "ann", "name": "Ann", "work_plan_id": "plan", **agent}],
    }


HOURS = {"kind": "paid_minutes", "min": 2700, "max": 2880}
FIVE_DAYS = {"kind": "days_worked", "max": 5}
LATE = {"id": "late", "start": {"earliest": "18:00", "latest": "18:00"}, "length_minutes": {"min": 480, "max": 480}}


def texts(request):
    (agent,) = explain(read_request(request)).infeasible_agents
    return agent, [cure.text for cure in agent.cures]


def test_too_few_days_for_the_hours():
    agent, told = texts(a_request(HOURS, FIVE_DAYS, {"kind": "consecutive_days", "max": 6}))
    assert agent.conflict == ("paid_minutes (min 2700, max 2880)", "days_worked (max 5)")
    assert told == [
        "Ask for only 2400 paid minutes a week instead of 2700.",
        "Allow shifts of up to 540 minutes instead of 480.",
        "Allow 6 days a week instead of 5.",
    ]
    assert agent.cures[2].changes[0].path == "/work_plans/0/rules/1/max"
    assert agent.text == (
        "Ann has no possible roster: paid_minutes (min 2700, max 2880) and days_worked (max 5) cannot all hold. "
        "A cure: ask for only 2400 paid minutes a week instead of 2700; or allow shifts of up to 540 minutes instead "
        "of 480; or allow 6 days a week instead of 5."
    )


def test_time_off_takes_too_many_days():
    off = [{"start": f"2026-03-0{day}T00:00", "end": f"2026-03-0{day + 1}T00:00"} for day in (3, 4)]
    minimum = {"kind": "days_worked", "min": 6}
    agent, told = texts(a_request(minimum, time_off=off))
    assert agent.conflict == ("days_worked (min 6)", "time off")
    assert told == [
        "Ask for only 5 days a week instead of 6.",
        "Let the time off from 2026-03-03T00:00 to 2026-03-04T00:00 go.",
        "Let the time off from 2026-03-04T00:00 to 2026-03-05T00:00 go.",
    ]


def test_availability_is_widened_or_given_another_day():
    open_at = [{"days": ["mon", "tue", "wed", "thu"], "from": "08:00", "to": "18:00"}]
    _, told = texts(a_request({"kind": "days_worked", "min": 5}, availability=open_at))
    assert told[0] == "Ask for only 4 days a week instead of 5."
    assert told[1:] == [f"Be available on {day} as well." for day in ("fri", "sat", "sun")]
    narrow = [{"days": ["mon", "tue", "wed", "thu"], "from": "08:30", "to": "16:00"}]
    _, told = texts(a_request({"kind": "days_worked", "min": 4}, availability=narrow))
    assert told[0] == "Be available 30 minutes earlier and later on each of the days."


def test_a_pin_breaks_the_rest_after_the_last_shift():
    pin = {"work_plan_shift_id": "day", "start": "2026-03-02T08:00", "end": "2026-03-02T16:00"}
    agent, told = texts(
        a_request(
            {"kind": "minimum_rest", "minutes": 660},
            pinned_shifts=[pin],
            history={"last_shift_end": "2026-03-01T22:00"},
        )
    )
    assert agent.conflict == ("minimum_rest (minutes 660)", "pinned shifts")
    assert told == [
        "Ask for only 600 minutes of rest between shifts instead of 660.",
        "Let the pinned shift from 2026-03-02T08:00 to 2026-03-02T16:00 go.",
    ]


def test_a_rule_without_numbers_gets_a_cost():
    pins = [
        {"work_plan_shift_id": "late", "start": "2026-03-02T18:00", "end": "2026-03-03T02:00"},
        {"work_plan_shift_id": "day", "start": "2026-03-03T10:00", "end": "2026-03-03T18:00"},
    ]
    rule = {
        "kind": "forbidden_successions",
        "successions": [{"after": {"shift_ids": ["late"]}, "forbidden": {"shift_ids": ["day"]}}],
    }
    _, told = texts(a_request(rule, pinned_shifts=pins))
    assert "Give forbidden_successions a cost instead of making it hard." in told


def test_two_changes_where_one_is_not_enough():
    rest = {"kind": "minimum_rest", "minutes": 660}
    pins = [
        {"work_plan_shift_id": "late", "start": "2026-03-02T18:00", "end": "2026-03-03T02:00"},
        {"work_plan_shift_id": "day", "start": "2026-03-03T10:00", "end": "2026-03-03T18:00"},
    ]
    agent, told = texts(a_request(rest, {"kind": "days_worked", "max": 1}, pinned_shifts=pins))
    assert told[0].startswith("Let the pinned shift")  # one pin less is enough for both
    agent, told = texts(a_request(rest, {"kind": "days_worked", "min": 7, "max": 7}, FIVE_DAYS, pinned_shifts=pins))
    assert all(len(cure.changes) == 2 for cure in agent.cures)
    assert told[:2] == [
        "Ask for only 480 minutes of rest between shifts instead of 660 and ask for only 5 days a week instead of 7.",
        "Ask for only 480 minutes of rest between shifts instead of 660 and allow 7 days a week instead of 5.",
    ]


@pytest.mark.parametrize(
    "request_",
    [
        a_request(HOURS, FIVE_DAYS),
        a_request({"kind": "days_worked", "min": 6}, FIVE_DAYS),
        a_request({"kind": "split_weekly_rest", "minutes": 5760}, {"kind": "days_worked", "min": 5}),
        a_request({"kind": "consecutive_days", "max": 2}, {"kind": "days_worked", "min": 6}),
    ],
)
def test_every_numeric_cure_cures_and_a_smaller_one_does_not(request_):
    (agent,) = explain(read_request(request_)).infeasible_agents
    numeric = [cure.changes[0] for cure in agent.cures if "/rules/" in cure.changes[0].path and len(cure.changes) == 1]
    for change in numeric:
        *_, number, field = change.path.split("/")
        found, cure = int(change.found), int(change.cure)
        nearer = cure + (1 if found > cure else -1)
        for value, possible in ((cure, True), (nearer, False)):
            tried = copy.deepcopy(request_)
            tried["work_plans"][0]["rules"][int(number)][field] = value
            if value != found:
                assert bool(compile_request(read_request(tried)).infeasible) != possible, (change, value)


def test_agents_that_are_alike_are_told_once():
    request = a_request(HOURS, FIVE_DAYS)
    request["agents"] += [{"id": name, "work_plan_id": "plan", "hourly_cost": 20} for name in ("ben", "cat")]
    explanation = explain(read_request(request))
    assert [(a.agent_id, a.like_it) for a in explanation.infeasible_agents] == [("ann", ("ben", "cat"))]
    assert explanation.text == "3 of 3 agents have no allowed roster, so there is none at all."


def test_no_shift_at_all():
    agent, told = texts(a_request({"kind": "days_worked", "min": 1}, shifts=[LATE], availability=[
        {"days": ["mon"], "from": "08:00", "to": "12:00"}
    ]))  # fmt: skip
    assert agent.conflict == ("days_worked (min 1)", "availability")
    assert "Ask for only 0 days a week instead of 1." in told
