"""Wishes for whole shifts, an agent's own shifts, and the shifts of its history: what is refused."""

import copy

import pytest

from schemas.fault import RequestRefused
from solver.reading import read_request

REQUEST = {
    "time_zone": "Europe/Tallinn",
    "planning_period": {"start_date": "2026-03-02", "days": 2},
    "planning_groups": [{"id": "voice"}],
    "work_plans": [
        {
            "id": "plan",
            "shifts": [
                {
                    "id": "day",
                    "start": {"earliest": "08:00", "latest": "08:00"},
                    "length_minutes": {"min": 480, "max": 480},
                }
            ],
        }
    ],
    "agents": [{"id": "ann", "work_plan_id": "plan"}],
}
DAY = {"start": "2026-03-02T00:00", "end": "2026-03-03T00:00", "kind": "prefer"}


def faults_of(**agent):
    request = copy.deepcopy(REQUEST)
    request["agents"][0] |= agent
    with pytest.raises(RequestRefused) as refused:
        read_request(request)
    return {fault.pointer: fault.text for fault in refused.value.faults}


def test_a_wish_for_a_shift_is_accepted():
    request = copy.deepcopy(REQUEST)
    request["agents"][0]["preferences"] = [DAY | {"cost": 3, "shift_ids": ["day"]}]
    assert read_request(request).agents[0].preferences[0].shift_ids == ("day",)


@pytest.mark.parametrize(
    ("wish", "pointer"),
    [
        (DAY, "/agents/0/preferences/0"),
        (DAY | {"cost": 1, "cost_per_hour": 1}, "/agents/0/preferences/0"),
        (DAY | {"cost_per_hour": 1, "shift_ids": ["day"]}, "/agents/0/preferences/0/shift_ids"),
        (DAY | {"cost": 1, "shift_ids": ["night"]}, "/agents/0/preferences/0/shift_ids/0"),
        (DAY | {"cost": 1, "end": "2026-03-03T08:00"}, "/agents/0/preferences/0/end"),
    ],
)
def test_a_wish_that_cannot_be_understood_is_refused_at_its_place(wish, pointer):
    assert list(faults_of(preferences=[wish])) == [pointer]


def test_a_shift_that_the_work_plan_does_not_have_is_refused():
    assert list(faults_of(work_plan_shift_ids=["night"])) == ["/agents/0/work_plan_shift_ids/0"]


@pytest.mark.parametrize(
    ("start", "end", "place"),
    [
        ("2026-03-02T08:00", "2026-03-02T16:00", "start"),
        ("2026-03-01T08:00", "2026-03-01T07:00", "end"),
    ],
)
def test_a_past_shift_lies_before_the_period_and_ends_after_it_starts(start, end, place):
    assert list(faults_of(history={"shifts": [{"start": start, "end": end}]})) == [
        f"/agents/0/history/shifts/0/{place}"
    ]


def test_a_place_that_a_rotation_does_not_have_is_refused():
    request = copy.deepcopy(REQUEST)
    request["work_plans"][0]["rules"] = [{"kind": "rotation", "weeks_of_shifts": [["day"], []]}]
    request["agents"][0]["rotation_position"] = 2
    with pytest.raises(RequestRefused) as refused:
        read_request(request)
    (fault,) = refused.value.faults
    assert (fault.pointer, fault.expected) == ("/agents/0/rotation_position", "0 to 1")
