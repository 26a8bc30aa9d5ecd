"""Three ways to one optimum: listing every roster, one plain CP-SAT model, and the solver."""

from __future__ import annotations

import os
import time
from fractions import Fraction

import pytest
from hypothesis import HealthCheck, assume, given, settings

from bench import plain
from schemas.fault import RequestRefused
from solver.bound import PriceSearch
from solver.compile import compile_request
from solver.reading import read_request
from solver.solve import solve
from solver.verify import judge
from tests.solving.enumeration import TooManyError, optimum
from tests.solving.tiny import Json, tiny_requests

EXAMPLES = int(os.environ.get("STINT_TINY_EXAMPLES", "25"))
tiny = settings(
    max_examples=EXAMPLES,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large],
)


def _read(raw: Json):  # type: ignore[no-untyped-def]
    try:
        return read_request(raw)
    except RequestRefused:
        assume(False)


def _optimum(request) -> Fraction | None:  # type: ignore[no-untyped-def]
    try:
        return optimum(request)
    except TooManyError:
        assume(False)
        return None


@tiny
@given(tiny_requests())
def test_the_solver_finds_what_listing_every_roster_finds(raw: Json) -> None:
    request = _read(raw)
    best = _optimum(request)
    roster = solve(request, seconds=20)  # it ends as soon as it is proved
    if best is None:
        assert roster.verdict == "infeasible"
        return
    assert roster.verdict in ("optimal", "feasible")
    judgement = judge(request, roster)
    assert judgement.violations == ()
    assert judgement.cost == roster.cost
    assert roster.cost is not None
    assert roster.lower_bound is not None
    assert Fraction(roster.lower_bound) <= best + Fraction(1, 10_000)
    assert roster.cost.total == pytest.approx(float(best), abs=1e-4)


@tiny
@given(tiny_requests())
def test_the_plain_model_finds_what_listing_every_roster_finds(raw: Json) -> None:
    # Its lines of progress go to standard output, which pytest keeps.
    request = _read(raw)
    best = _optimum(request)
    try:
        answer = plain.solve({**raw, "options": {**raw["options"], "time_limit_seconds": 10}}, time.monotonic())
    except plain.NotInThisModelError:
        assume(False)
    if best is None:
        assert answer["verdict"] == "infeasible"
    else:
        assert answer["verdict"] == "optimal"
        assert answer["cost"]["total"] == pytest.approx(float(best), abs=1e-4)


@tiny
@given(tiny_requests())
def test_every_price_proves_a_bound_that_holds(raw: Json) -> None:
    request = _read(raw)
    best = _optimum(request)
    model = compile_request(request)
    if best is None:
        assert model.infeasible
        return
    search = PriceSearch(model)
    for _ in range(60):
        bound = search.step(None) + model.constant
        assert model.money(bound) <= best
