"""The textbook problems: solved to the known answer, and scored by their own words."""

from __future__ import annotations

import copy

import pytest

from bench import textbook
from solver.reading import read_request
from solver.solve import solve

INSTANCES = {instance.name: instance for instance in textbook.instances([])}


@pytest.mark.parametrize(("name", "answer"), [("post_office", 23), ("union_airways", 30_610)])
def test_the_known_answer_is_found_and_proved(name: str, answer: int) -> None:
    instance = INSTANCES[name]
    roster = solve(read_request(instance.request), seconds=60).model_dump(mode="json")
    score = instance.score(roster)
    assert score.faults == ()
    assert score.value == answer
    assert roster["verdict"] == "optimal"
    assert instance.bound(roster["lower_bound"]) == answer


def test_a_missing_clerk_and_a_broken_weekend_are_told() -> None:
    days = ["2026-11-30", "2026-12-01", "2026-12-02", "2026-12-03", "2026-12-05"]
    schedule = {"agent_id": "clerk-1", "shifts": [{"date": day} for day in days]}
    score = INSTANCES["post_office"].score({"schedules": [schedule]})
    assert score.value == 1
    assert score.faults[0] == "clerk-1 is off on days [4, 6]."
    assert score.faults[1] == "Day 0 has 1 clerks."


def test_too_few_at_night_are_told() -> None:
    shifts = [{"agent_id": "a", "shifts": [{"work_plan_shift_id": name}]} for name in ("22-06", "06-14")]
    score = INSTANCES["union_airways"].score({"schedules": copy.deepcopy(shifts)})
    assert score.value == 365
    assert score.faults[0] == "At 00:00 there are 1 agents."
    assert score.faults[6] == "At 06:00 there are 1 agents."
