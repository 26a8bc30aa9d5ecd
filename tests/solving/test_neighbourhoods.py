"""Rosters of a few people whose days off, runs and wishes collide: a program over tours leaves a gap to close."""

import numpy as np
import pytest

from bench.nrp import Problem
from solver.reading import read_request
from solver.solve import solve


def drawn(seed, nurses=8, days=14):
    """An invented instance of one kind of shift, more wishes than can be met."""
    random = np.random.default_rng(seed)
    names = [chr(ord("A") + n) for n in range(nurses)]
    lines = ["SECTION_HORIZON", str(days), "SECTION_SHIFTS", "D,480,", "SECTION_STAFF"]
    lines += [f"{name},D={days},4320,3360,5,2,2,1" for name in names]
    lines += ["SECTION_DAYS_OFF", *(f"{name},{random.integers(days)}" for name in names)]
    for section in ("SECTION_SHIFT_ON_REQUESTS", "SECTION_SHIFT_OFF_REQUESTS"):
        wishes = [(name, random.integers(days), random.integers(1, 4)) for name in names for _ in range(3)]
        lines += [section, *(f"{name},{day},D,{weight}" for name, day, weight in wishes)]
    lines += ["SECTION_COVER", *(f"{day},D,{random.integers(3, 7)},100,1" for day in range(days))]
    return Problem.read("\n".join(lines))


@pytest.mark.parametrize("seed", [4, 7])
def test_both_cores_look_around_a_roster_until_it_is_proved(seed):
    problem = drawn(seed)
    request = read_request(problem.request(f"drawn {seed}"))
    roster = solve(request, seconds=60)
    assert roster.verdict == "optimal"
    assert problem.score(roster.model_dump(mode="json")).value == roster.cost.total
