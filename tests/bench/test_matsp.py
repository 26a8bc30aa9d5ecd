"""The retail family: what its files mean, in an instance that can be worked out by hand."""

from datetime import datetime, timedelta

import pytest

from bench.matsp import Problem
from schemas.request import RosterRequest
from solver.reading import read_request
from solver.solve import solve

TEXT = """# two workers, one day, two tasks
SECTION_HORIZON
1
SECTION_TASKS
2
SECTION_STAFF
A,360,480
B,360,360
SECTION_COVER
1,06:00-07:00,1,1,1
1,07:00-08:00,2,1,1
1,14:07-15:08,2,1,1
2,05:45-06:00,1,0,0
"""


def at(minutes):
    """The instant so many minutes after the first midnight."""
    return (datetime(2026, 11, 30) + timedelta(minutes=minutes)).isoformat()


def shift(*stints):
    """A shift of (task, from, to), in hours past the first midnight."""
    activities = [
        {"planning_group_id": f"task{task}", "start": at(start * 60), "end": at(end * 60)}
        for task, start, end in stints
    ]
    return {"start": activities[0]["start"], "end": activities[-1]["end"], "activities": activities}


def roster_of(a, b):
    return {"schedules": [{"agent_id": "A", "shifts": a}, {"agent_id": "B", "shifts": b}]}


GOOD = roster_of([shift((1, 6, 7), (2, 7, 12))], [shift((2, 14, 20))])


@pytest.fixture
def problem():
    return Problem.read(TEXT)


def test_slots_are_counted_from_six_and_odd_minutes_rounded_inward(problem):
    assert problem.slots == 96
    assert {slot for (task, slot), least in problem.least.items() if task == 2 and least} == {4, 5, 6, 7, 33, 34, 35}


def test_the_value_is_the_squared_excess(problem):
    score = problem.score(GOOD)
    assert score.faults == ()
    # A is one too many for the four hours after eight, B before the quarter past and after three.
    assert score.value == 16 + 1 + 20
    assert problem.floor == 24 + 24 - 11
    both = roster_of(GOOD["schedules"][0]["shifts"], [shift((2, 8, 14))])
    assert problem.score(both).value == 16 * 4 + 8
    assert problem.score(both).figures["missing"] == 3


@pytest.mark.parametrize(
    ("a", "b", "said"),
    [
        ([shift((1, 6, 6.75), (2, 6.75, 12))], None, "on task1 for 45 minutes"),
        ([shift((1, 6, 7), (2, 7.5, 12))], None, "hole"),
        ([shift((1, 6, 7), (2, 7, 11.5))], None, "a shift of 330 minutes"),
        ([shift((1, 6, 7), (2, 7, 15))], None, "works 540 minutes"),
        ([shift((1, 11, 12), (2, 12, 17))], None, "starts at minute 660"),
        ([shift((1, 6, 12)), shift((1, 23, 29))], None, "starts twice on a day"),
        ([shift((1, 6, 12)), shift((1, 23, 29))], None, "rests 660 minutes"),
        (None, [shift((1, 24.0, 30.25))], "outside of the horizon"),
        ([], None, "works 0 minutes"),
        ([shift((1, 9, 15))], None, "short of their minimum"),
    ],
)
def test_what_breaks_a_rule_is_told(problem, a, b, said):
    good = {schedule["agent_id"]: schedule["shifts"] for schedule in GOOD["schedules"]}
    faults = problem.score(roster_of(good["A"] if a is None else a, good["B"] if b is None else b)).faults
    assert any(said in fault for fault in faults), faults


def test_the_solver_proves_the_least_excess(problem):
    request = read_request(problem.request("tiny"))
    assert isinstance(request, RosterRequest)
    roster = solve(request, seconds=60)  # it ends as soon as it is proved
    score = problem.score(roster.model_dump(mode="json"))
    assert score.faults == ()
    assert roster.verdict == "optimal"
    assert score.value == roster.cost.total == problem.floor
