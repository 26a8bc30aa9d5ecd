"""The nurse rostering family: what its files mean, in an instance that can be worked out by hand."""

from bench.nrp import Problem
from schemas.request import RosterRequest
from solver.reading import read_request
from solver.solve import solve

TEXT = """# two nurses, four days, two kinds
SECTION_HORIZON
4
SECTION_SHIFTS
E,480,
L,480,E
SECTION_STAFF
A,E=4|L=1,1440,480,3,1,1,1
B,E=4|L=0,960,480,2,2,1,1
SECTION_DAYS_OFF
A,0
SECTION_SHIFT_ON_REQUESTS
B,0,E,7
SECTION_SHIFT_OFF_REQUESTS
A,2,L,3
SECTION_COVER
0,E,1,100,1
0,L,0,100,1
1,E,1,100,1
1,L,0,100,1
2,E,0,100,1
2,L,1,100,1
3,E,1,100,1
3,L,0,100,1
"""


def roster_of(a, b):
    """A roster of the days' kinds, `.` for a day off."""
    return {
        "schedules": [
            {
                "agent_id": nurse,
                "shifts": [
                    {"date": f"2026-{'11-30' if day == 0 else f'12-0{day}'}", "work_plan_shift_id": kind}
                    for day, kind in enumerate(kinds)
                    if kind != "."
                ],
            }
            for nurse, kinds in (("A", a), ("B", b))
        ]
    }


def test_nobody_working_costs_all_cover_and_wishes():
    score = Problem.read(TEXT).score(roster_of("....", "...."))
    assert score.value == 407
    assert "A works 0 minutes." in score.faults


def test_a_roster_is_scored_by_cover_and_wishes():
    score = Problem.read(TEXT).score(roster_of("..L.", "EE.."))
    assert score.faults == ()
    assert score.value == 100 + 3


def test_broken_limits_are_told():
    told = Problem.read(TEXT).score(roster_of("E.LE", ".L..")).faults
    assert {"A works E on day 3, after L.", "A works on a day off.", "B works 1 shifts L."} <= set(told)
    assert "B has a run of 1 days worked up to day 1." in told


def test_the_solver_finds_the_best_roster_and_proves_it():
    problem = Problem.read(TEXT)
    request = read_request(problem.request("tiny"))
    assert isinstance(request, RosterRequest)
    roster = solve(request, seconds=60)
    assert roster.verdict == "optimal"
    assert roster.cost is not None
    score = problem.score(roster.model_dump(mode="json"))
    assert score.faults == ()
    assert score.value == roster.cost.total == 3
