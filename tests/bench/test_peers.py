"""Other programs' cases: what their adapters make of small ones, and how their scorers judge."""

from __future__ import annotations

import json
import os
from itertools import product
from pathlib import Path

import pytest

from bench import peer_demo, peer_roster, peer_sample, peers, shift_counts
from bench.shift_counts import Counts, Kind
from solver.reading import read_request
from solver.solve import solve

KINDS = [Kind("early", 0, 2), Kind("late", 2, 2), Kind("night", 3, 2), Kind("long", 1, 3)]
REQUIRED = [[2, 1, 1, 3], [0, 3, 2, 1]]


def solved(request):
    return solve(read_request(request), seconds=60).model_dump(mode="json")


def least(*, differences: bool) -> int:
    """The best value of the small case, by listing every number of every shift."""
    total = 0
    for row in REQUIRED:
        values = []
        for numbers in product(range(4), repeat=len(KINDS)):
            there = [0] * 4
            for kind, number in zip(KINDS, numbers, strict=True):
                for period in range(kind.start, kind.start + kind.length):
                    there[period % 4] += number
            gaps = [needed - present for needed, present in zip(row, there, strict=True)]
            if differences:
                values.append(sum(map(abs, gaps)))
            elif max(gaps) <= 0:
                values.append(sum(numbers))
        total += min(values)
    return total


@pytest.mark.parametrize("differences", [True, False])
def test_people_are_counted_to_the_best_value(differences: bool) -> None:
    # A quarter of the day is six periods of an hour.
    required = [[needed for needed in row for _ in range(6)] for row in REQUIRED]
    kinds = [Kind(kind.id, 6 * kind.start, 6 * kind.length) for kind in KINDS]
    instance = Counts("small", required, kinds, differences).instance
    roster = solved(instance.request)
    score = instance.score(roster)
    best = least(differences=differences) * (6 if differences else 1)
    assert roster["verdict"] == "optimal"
    assert score.faults == ()
    assert score.value == instance.bound(roster["lower_bound"]) == best


def test_too_many_of_a_shift_and_too_few_people_are_told() -> None:
    counts = Counts("small", REQUIRED, [Kind("night", 3, 2, most=1)], False, most_at_once=1)
    night = {"date": "2026-11-30", "work_plan_shift_id": "night"}
    score = counts.score({"schedules": [{"shifts": [night]}, {"shifts": [night]}]})
    assert score.value == 2
    assert score.faults == (
        "9 are missing where everything is to be covered.",
        "2 are there at once.",
        "Shift night of day 0 has 2.",
    )


def test_the_formula_gives_the_numbers_of_the_file() -> None:
    assert shift_counts.demand(7, 24, 50)[0][:8] == [6, 6, 5, 5, 5, 5, 5, 8]


SAMPLE = {
    "employees": 2,
    "weeks": 1,
    "shifts": ["Off", "Morning", "Night"],
    "fixed_assignments": {"values": [[0, 0, 0], [1, 1, 0]]},
    "requests": {"values": [[0, 0, 3, -2], [1, 2, 5, 4]]},
    "sequence_rules": {"values": [[0, 1, 1, 0, 2, 2, 0], [2, 1, 2, 20, 3, 4, 5]]},
    "weekly_count_rules": {"values": [[0, 1, 2, 7, 2, 4, 4], [2, 0, 1, 3, 4, 4, 0]]},
    "transitions": {"values": [[2, 1, 0], [1, 2, 4]]},
    "daily_minimum": {"values": [[1, 0]] * 7},
    "excess_penalty": [2, 5],
}


def test_the_sample_s_objective_is_that_of_its_request() -> None:
    problem = peer_sample.Problem(SAMPLE)
    roster = solved(problem.request("small"))
    score = problem.score(roster)
    assert score.faults == ()
    assert score.value == problem.bound(roster["cost"]["total"])
    assert roster["verdict"] == "optimal"


def test_the_sample_s_scorer_charges_runs_at_the_edges() -> None:
    def roster(*days: str):
        names = {"M": "Morning", "N": "Night"}
        return {
            "schedules": [
                {
                    "agent_id": f"e{n}",
                    "shifts": [
                        {
                            "date": f"2026-{11 if d == 0 else 12}-{30 if d == 0 else d:02d}",
                            "work_plan_shift_id": names[s],
                        }
                        for d, s in enumerate(own)
                        if s != "."
                    ],
                }
                for n, own in enumerate(days)
            ]
        }

    score = peer_sample.Problem(SAMPLE).score(roster(".MM.MMN", "MMMMM.."))
    # The lone night 20 and the change to it 4; second employee without a night 3; the day off that was wanted -2;
    # a second morning on days 1, 2 and 4 and a first night on day 6 too many: 2 + 2 + 2 + 5.
    assert score.value == 20 + 4 + 3 - 2 + 11
    assert score.faults == ("Day 6 has 0 of shift 1.",)


ROSTER = {
    "days": 3,
    "agents": ["a", "b", "c"],
    "shifts": {"Morning": 8, "Night": 6},
    "required": {"Morning": [1, 1, 1], "Night": [1, 0, 1]},
    "min_hours_per_agent": 12,
    "max_rest_days_per_agent": 1,
    "banned": [{"agent": "a", "shift": "Night", "day": 0}],
    "preferences": [{"agent": "b", "shift": "Night"}],
    "preference_weights": {"b": 0.5},
    "results": [{"forbidden_next_day": [["Night", "Morning"]]}],
}


def test_the_roster_case_is_hours_less_what_is_preferred() -> None:
    (instance,) = peer_roster.instances("small", ROSTER)
    roster = solved(instance.request)
    score = instance.score(roster)
    assert roster["verdict"] == "optimal"
    assert score.faults == ()
    assert score.value == pytest.approx(instance.bound(roster["lower_bound"]))
    # Six shifts at least; three mornings, three nights, of which b works two after one another.
    assert score.value == 3 * 8 + 3 * 6 - 2 * 0.5


DEMO = {
    "employees": [
        {"name": "Ann", "skills": ["Nurse"], "unavailable": ["2026-01-06"], "undesired": [], "desired": []},
        {"name": "Bo", "skills": ["Nurse", "Doctor"], "unavailable": [], "undesired": [], "desired": ["2026-01-06"]},
    ],
    "shifts": [
        {"start": "2026-01-05T06:00:00", "end": "2026-01-05T14:00:00", "required_skill": "Nurse"},
        {"start": "2026-01-05T22:00:00", "end": "2026-01-06T06:00:00", "required_skill": "Doctor"},
        {"start": "2026-01-07T06:00:00", "end": "2026-01-07T14:00:00", "required_skill": "Nurse"},
    ],
}


def test_the_demonstration_s_value_and_bound_meet() -> None:
    problem = peer_demo.Problem(DEMO)
    roster = solved(problem.request("small"))
    score = problem.score(roster)
    assert score.faults == ()
    assert score.value == round(360 - 0.5**0.5, 4)  # six hours of the night, and one shift against two
    assert roster["verdict"] == "optimal"
    assert problem.bound(roster["lower_bound"]) == pytest.approx(score.value, abs=2e-3)


def test_the_files_make_requests_that_are_in_order() -> None:
    folder = Path(os.environ.get("STINT_BENCH_DATA", "no data")) / "peers"
    if not folder.is_dir():
        pytest.skip("STINT_BENCH_DATA names no folder with peers/.")
    found = list(peers.instances([folder]))
    assert len(found) == 3 + 18 + 4 + 2
    for instance in found[:3] + found[-6:]:
        assert read_request(json.dumps(instance.request)).agents
