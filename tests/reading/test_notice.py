"""Published shifts and the instant from which notice counts: what is refused, and what comes of it."""

import copy

import pytest

from schemas.fault import RequestRefused
from solver.reading import read_request
from solver.solve import solve

NOTICE = {"kind": "minimum_shift_notice", "minutes": 2880}
REQUEST = {
    "time_zone": "Europe/Tallinn",
    "planning_period": {"start_date": "2026-03-02", "days": 4},
    "as_of": "2026-03-02T00:00",
    "planning_groups": [{"id": "voice"}],
    "requirements": [
        {"planning_group_id": "voice", "start": f"2026-03-0{day}T08:00", "required": [1] * 32} for day in (2, 3, 4, 5)
    ],
    "work_plans": [
        {
            "id": "plan",
            "shifts": [
                {
                    "id": "day",
                    "start": {"earliest": "08:00", "latest": "09:00", "increment_minutes": 60},
                    "length_minutes": {"min": 480, "max": 480},
                }
            ],
            "rules": [NOTICE],
        }
    ],
    "agents": [
        {
            "id": "ann",
            "work_plan_id": "plan",
            "hourly_cost": 20,
            "published_shifts": [{"start": "2026-03-02T09:00", "end": "2026-03-02T17:00"}],
        }
    ],
    "options": {"iteration_limit": 50, "time_limit_seconds": 600},
}


def a_request(published=None, **fields):
    request = copy.deepcopy(REQUEST) | fields
    if published is not None:
        request["agents"][0]["published_shifts"] = published
    return request


def test_what_was_published_is_kept_and_nothing_is_added_in_time():
    roster = solve(read_request(a_request()))
    assert [(shift.date.day, shift.start.hour) for shift in roster.schedules[0].shifts] == [(2, 9), (4, 8), (5, 8)]


def test_with_a_cost_a_change_is_made_where_it_pays():
    request = a_request()
    request["work_plans"][0]["rules"] = [NOTICE | {"cost": 10}]
    roster = solve(read_request(request))
    assert [(shift.date.day, shift.start.hour) for shift in roster.schedules[0].shifts] == [
        (2, 8), (3, 8), (4, 8), (5, 8)
    ]  # fmt: skip
    assert roster.cost.rules == 20


@pytest.mark.parametrize(
    ("published", "pointer", "said"),
    [
        ([("2026-03-02T09:00", "2026-03-02T08:00")], "/end", "the next day's date"),
        ([("2026-03-09T09:00", "2026-03-09T17:00")], "/start", "outside the planning period"),
        ([("2026-03-29T03:30", "2026-03-29T08:00")], "/start", "does not exist"),
    ],
)
def test_published_shifts_that_cannot_be_are_refused(published, pointer, said):
    told = faults_of([{"start": start, "end": end} for start, end in published])
    assert said in told[f"/agents/0/published_shifts/0{pointer}"]


def test_two_on_a_day_are_refused():
    one = {"start": "2026-03-02T08:00", "end": "2026-03-02T12:00"}
    assert "two published shifts on one day" in faults_of([one, one])["/agents/0/published_shifts/1"]


def test_a_rule_without_an_instant_is_refused_and_the_other_way_round_is_not():
    assert "as_of" in faults_of(as_of=None)["/work_plans/0/rules/0"]
    request = a_request()
    request["work_plans"][0]["rules"] = []
    assert read_request(request).as_of is not None


def faults_of(published=None, **fields):
    with pytest.raises(RequestRefused) as refused:
        read_request(a_request(published, **fields))
    return {fault.pointer: fault.text for fault in refused.value.faults}
