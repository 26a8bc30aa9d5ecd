"""Guesses at the gap against the listing of every roster: what they claim is true, and at last they know the best."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import HealthCheck, assume, given, settings

from schemas.fault import RequestRefused
from solver.bound import PriceSearch
from solver.compile import Model, compile_request
from solver.price import plan_cost
from solver.reading import read_request
from solver.search import Annealer, guesses
from solver.search.guesses import widen
from solver.search.incumbent import Incumbent
from tests.solving.enumeration import TooManyError, optimum
from tests.solving.tiny import Json, tiny_requests

tiny = settings(
    max_examples=20,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large],
)


def _small_enough(raw: Json) -> tuple[Model, Fraction]:
    """The model of a request with one planning group, and its least cost by listing every roster."""
    try:
        request = read_request(raw)
        least = optimum(request)
    except (RequestRefused, TooManyError):
        assume(False)
    assume(least is not None)
    model = compile_request(request)
    assume(model.groups == 1 and model.whole)
    return model, least


def _poor_start(model: Model) -> tuple[PriceSearch, Incumbent]:
    """A first roster, and prices that prove what a few steps prove."""
    annealer = Annealer(model, 1)
    assert annealer.construct(lambda: False)
    best = Incumbent(model, 0.0)
    best.offer(annealer.plan, annealer.cost)
    prices = PriceSearch(model)
    for _ in range(5):
        prices.step(None)
    assert prices.bound is not None
    best.prove(prices.bound + model.constant)
    return prices, best


def _widen(model: Model, prices: PriceSearch, best: Incumbent) -> None:
    widen(model, prices, best, first=0, seconds_left=lambda: 40.0, over=lambda: best.proved, seed=1)


@tiny
@given(tiny_requests())
def test_widening_ends_with_what_listing_every_roster_finds(raw: Json) -> None:
    model, least = _small_enough(raw)
    prices, best = _poor_start(model)
    _widen(model, prices, best)
    plan, cost, bound = best.snapshot()
    assert cost == bound == plan_cost(model, plan)
    assert model.money(cost) == least


@tiny
@given(tiny_requests())
def test_what_a_single_guess_claims_is_true(raw: Json) -> None:
    model, least = _small_enough(raw)
    prices, best = _poor_start(model)
    before = best.version
    # The first guess that tells anything new is the last.
    widen(model, prices, best, first=0, seconds_left=lambda: 40.0, over=lambda: best.version > before, seed=1)
    plan, cost, bound = best.snapshot()
    assert bound is not None
    assert model.money(bound) <= least <= model.money(cost)
    assert cost == plan_cost(model, plan)


def test_what_is_too_large_is_left_alone(monkeypatch: pytest.MonkeyPatch, week: Json) -> None:
    model = compile_request(read_request(week))
    prices, best = _poor_start(model)
    before = best.version
    monkeypatch.setattr(guesses, "MOST_ARCS", 3)
    _widen(model, prices, best)
    assert best.version == before
