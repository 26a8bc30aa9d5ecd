"""Rules that can never hold are told before solving, with a cure; the compiler finds no roster for them either."""

import copy
import json

import pytest
from hypothesis import HealthCheck, given, reject, settings

from schemas.fault import RequestRefused
from service.jobs.check import validate
from solver.compile import compile_request
from solver.reading import contradictions, read_request
from tests.solving.tiny import tiny_requests

MEAL = {"id": "meal", "category": "meal", "minutes": 30, "paid": False, "when_length_minutes": {"min": 361}}
REQUEST = {
    "time_zone": "Europe/Tallinn",
    "planning_period": {"start_date": "2026-03-02", "days": 14},
    "planning_groups": [{"id": "voice"}],
    "work_plans": [
        {
            "id": "plan",
            "shifts": [
                {
                    "id": "day",
                    "start": {"earliest": "08:00", "latest": "12:00", "increment_minutes": 60},
                    "length_minutes": {"min": 360, "max": 480, "increment": 30},
                    "activities": [MEAL],
                }
            ],
            "rules": [],
        }
    ],
    "agents": [{"id": "ann", "work_plan_id": "plan"}],
}


def a_request(*rules, agent=None, **plan):
    request = copy.deepcopy(REQUEST)
    request["work_plans"][0] |= {"rules": list(rules)} | plan
    request["agents"][0] |= agent or {}
    return request


def days(**limits):
    return {"kind": "days_worked", **limits}


def paid(**limits):
    return {"kind": "paid_minutes", **limits}


def weekdays(*names):
    shift = copy.deepcopy(REQUEST["work_plans"][0]["shifts"][0])
    return [shift | {"days": list(names)}]


def early_and_late():
    (shift,) = copy.deepcopy(REQUEST["work_plans"][0]["shifts"])
    return [shift | {"id": "early"}, shift | {"id": "late"}]


EARLY_AND_LATE = [{"kind": "shift_count", "shift_ids": [name], "min": 3} for name in ("early", "late")]


NOTHING_NEXT = [
    {"after": {"shift_ids": ["early", "late"]}, "forbidden": {"shift_ids": [name]}} for name in ("early", "late")
]

NEVER = {
    "more days than another rule allows": (
        a_request(days(min=6), days(max=5)),
        [("/work_plans/0/rules/0/min", "another days_worked"), ("/work_plans/0/rules/0/min", "days_worked allows 5")],
    ),
    "more days than may be worked in a row": (
        a_request(days(min=7), {"kind": "consecutive_days", "max": 6}),
        [("/work_plans/0/rules/0/min", "Maybe a min of 6 is meant")],
    ),
    "more days than have shifts": (
        a_request(days(min=4), shifts=weekdays("mon", "tue", "wed")),
        [("/work_plans/0/rules/0/min", "its shifts are for 3 days")],
    ),
    "more days than the period has": (
        a_request(days(per="period", min=15)),
        [("/work_plans/0/rules/0/min", "the period has 14 days")],
    ),
    "days off together that leave too few": (
        a_request(days(min=6), {"kind": "free_day_patterns", "together": 2}),
        [("/work_plans/0/rules/0/min", "free_day_patterns asks for 2 days off")],
    ),
    "rest longer than the week has room for": (
        a_request(days(min=5), {"kind": "minimum_rest", "minutes": 2000}),
        [("/work_plans/0/rules/0/min", "minimum_rest asks for 2000 minutes")],
    ),
    "a long rest that leaves too few days": (
        a_request(days(min=6), {"kind": "split_weekly_rest", "minutes": 4400}),
        [("/work_plans/0/rules/0/min", "split_weekly_rest asks for 4400")],
    ),
    "a long rest that leaves one day": (
        a_request(days(min=2), {"kind": "split_weekly_rest", "minutes": 9400}),
        [("/work_plans/0/rules/0/min", "1 are the most there can be: split_weekly_rest asks for 9400")],
    ),
    "a rest of the whole week": (
        a_request(days(min=1), {"kind": "split_weekly_rest", "minutes": 10_080}),
        [("/work_plans/0/rules/0/min", "0 are the most there can be")],
    ),
    "shifts of which none may follow another": (
        a_request(days(min=5), {"kind": "forbidden_successions", "successions": NOTHING_NEXT}, shifts=early_and_late()),
        [("/work_plans/0/rules/0/min", "4 are the most there can be: forbidden_successions")],
    ),
    "days off that may not be so many in a row": (
        a_request(days(max=3), {"kind": "consecutive_days_off", "max": 1}),
        [("/work_plans/0/rules/0/max", "7 of 14 days are worked. Maybe a max of 4 is meant")],
    ),
    "days off in a row over the period": (
        a_request(days(per="period", max=3), {"kind": "consecutive_days_off", "max": 2}),
        [("/work_plans/0/rules/0/max", "Maybe a max of 4 is meant")],
    ),
    "hours that five days do not reach": (
        a_request(paid(min=2280), days(max=5)),
        [("/work_plans/0/rules/0/min", "5 days (days_worked allows 5) of at most 450 paid minutes are 2250")],
    ),
    "hours of the period": (
        a_request(paid(per="period", min=6301)),
        [("/work_plans/0/rules/0/min", "no choice of shifts reaches them")],
    ),
    "days that do not fit into the hours": (
        a_request(paid(max=1799), days(min=5)),
        [("/work_plans/0/rules/0/max", "at least 1800")],
    ),
    "more nights than days": (
        a_request({"kind": "shift_count", "shift_ids": ["day"], "min": 6}, days(max=5)),
        [("/work_plans/0/rules/0/min", "shift_count asks for at least 6 shifts a week, and 5 are the most")],
    ),
    "a free week where hours are asked": (
        a_request({"kind": "rotation", "weeks_of_shifts": [["day"], []]}, paid(min=360)),
        [("/work_plans/0/rules/0/weeks_of_shifts/1", "Week 2 of the rotation has no shift")],
    ),
    "days of all weeks beyond those of the period": (
        a_request(days(min=5), days(per="period", max=9)),
        [("/work_plans/0/rules/0/min", "which are 10 in the 2 weeks of the period")],
    ),
    "hours of all weeks beyond those of the period": (
        a_request(paid(min=2000), paid(per="period", max=3999)),
        [("/work_plans/0/rules/0/min", "Maybe a max of 4000 is meant there")],
    ),
    "nights where nothing starts at night": (
        a_request({"kind": "shift_count", "starts": {"earliest": "20:00", "latest": "26:00"}, "min": 1}),
        [("/work_plans/0/rules/0/starts", "it has 'day' from 08:00")],
    ),
    "shifts of two kinds that are too many together": (
        a_request(*EARLY_AND_LATE, days(max=5), shifts=early_and_late()),
        [("/work_plans/0/rules/1/min", "at least 3 of early and 3 of late a week, together 6")],
    ),
    "a week of a rotation without the shifts that are counted": (
        a_request(
            {"kind": "rotation", "weeks_of_shifts": [["late"], ["early"]]}, EARLY_AND_LATE[1], shifts=early_and_late()
        ),
        [("/work_plans/0/rules/0/weeks_of_shifts/1", "Week 2 of the rotation has early")],
    ),
}
FINE = {
    "days of all weeks that the period just holds": a_request(days(min=5), days(per="period", max=10)),
    "nights that begin before midnight": a_request(
        {"kind": "shift_count", "starts": {"earliest": "20:00", "latest": "32:00"}, "min": 1}
    ),
    "shifts of two kinds that just fit": a_request(*EARLY_AND_LATE, days(max=6), shifts=early_and_late()),
    "as many days as there are": a_request(days(min=6), {"kind": "consecutive_days", "max": 6}),
    "a long rest that just leaves two days": a_request(days(min=2), {"kind": "split_weekly_rest", "minutes": 8520}),
    "shifts of which some may follow": a_request(
        days(min=5), {"kind": "forbidden_successions", "successions": NOTHING_NEXT[:1]}, shifts=early_and_late()
    ),
    "days off that just suffice": a_request(days(max=4, min=3), {"kind": "consecutive_days_off", "max": 1}),
    "hours that just fit": a_request(paid(min=2250), days(max=5)),
    "days that just fit into the hours": a_request(paid(max=1800), days(min=5)),
    "a rule with a cost": a_request(days(min=6) | {"cost": 5}, days(max=5)),
    "whoever works nothing is let pass": a_request(days(min=6, or_none=True), days(max=5)),
    "nobody has the work plan": a_request(days(min=6), days(max=5)) | {"agents": []},
    "a free week that is not reached": a_request(
        {"kind": "rotation", "weeks_of_shifts": [["day"], ["day"], []]}, paid(min=360)
    ),
    "paid time off may fill the hours": a_request(
        paid(per="period", min=6301),
        agent={"time_off": [{"start": "2026-03-02T00:00", "end": "2026-03-03T00:00", "paid_minutes": 600}]},
    ),
}


@pytest.mark.parametrize("name", NEVER)
def test_what_can_never_hold_is_told_with_its_place(name):
    request, told = NEVER[name]
    found = contradictions(read_request(request))
    assert [message.path for message in found] == [path for path, _ in told]
    for message, (_, said) in zip(found, told, strict=True):
        assert said in message.text
        assert "Maybe" in message.text
        assert (message.code, message.severity) == ("cannot_hold", "error")


@pytest.mark.parametrize("name", NEVER)
def test_there_is_no_roster_for_it(name):
    assert compile_request(read_request(NEVER[name][0])).infeasible


@pytest.mark.parametrize("name", FINE)
def test_what_can_hold_is_not_told(name):
    request = read_request(FINE[name])
    assert contradictions(request) == ()
    assert not compile_request(request).infeasible


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(tiny_requests())
def test_what_is_told_of_any_request_is_true(raw):
    try:
        request = read_request(raw)
    except RequestRefused:
        reject()
    assert not contradictions(request) or compile_request(request).infeasible


def test_a_validation_tells_it():
    answer = validate(json.dumps(NEVER["hours of the period"][0]).encode())
    assert answer.valid
    assert answer.messages[0].code == "cannot_hold"
