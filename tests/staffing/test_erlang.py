import math
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from solver.staffing.erlang import (
    agents_for_blocking,
    agents_for_service_level,
    erlang_b,
    erlang_c,
    mean_wait_seconds,
    occupancy,
    service_level,
    with_shrinkage,
)
from solver.staffing.load import offered_load
from solver.staffing.patience import erlang_a

PUBLISHED = [  # load, agents, Erlang B, Erlang C
    (1, 1, 0.5, 1.0),
    (1, 2, 0.2, 1 / 3),
    (5, 8, 0.07004785221, 0.1672665067),
    (10, 14, 0.05681914339, 0.1741319336),
    (20, 25, 0.05022177789, 0.2091028266),
    (50, 55, 0.05374881213, 0.3845473179),
    (100, 110, 0.02746344845, 0.2370075003),
    (500, 520, 0.01436177054, 0.2747563447),
    (1000, 1030, 0.009560040415, 0.2489087858),
]


@pytest.mark.parametrize(("load", "agents", "loss", "waiting"), PUBLISHED)
def test_published_values_of_both_formulas(load, agents, loss, waiting):
    assert erlang_b(load, agents) == pytest.approx(loss, rel=1e-9)
    assert erlang_c(load, agents) == pytest.approx(waiting, rel=1e-9)


def test_one_hundred_and_five_agents_for_a_load_of_one_hundred():
    assert erlang_c(100, 105) == pytest.approx(0.5157074268, rel=1e-9)


def by_definition(load: int, agents: int) -> Fraction:
    terms = [Fraction(load**n, math.factorial(n)) for n in range(agents + 1)]
    return terms[-1] / sum(terms)


@given(st.integers(1, 60), st.integers(0, 80))
def test_the_recursion_is_the_sum_of_the_textbook(load, agents):
    assert erlang_b(load, agents) == pytest.approx(float(by_definition(load, agents)), rel=1e-12)


@pytest.mark.parametrize(
    ("agents", "share"),
    [(11, 0.389614), (12, 0.640158), (13, 0.795595), (14, 0.888350), (15, 0.941453), (16, 0.970560)],
)
def test_service_level_of_one_hundred_calls_in_half_an_hour(agents, share):
    load = offered_load(100, 180, 30)
    assert service_level(load, agents, aht_seconds=180, within_seconds=20) == pytest.approx(share, abs=5e-7)


def test_one_hundred_calls_in_half_an_hour_need_fourteen_agents_for_80_20():
    load = offered_load(100, 180, 30)
    assert load == 10
    assert agents_for_service_level(load, aht_seconds=180, within_seconds=20, goal=0.8) == 14
    assert occupancy(load, 14) == pytest.approx(0.714286, abs=5e-7)
    assert mean_wait_seconds(load, 14, aht_seconds=180) == pytest.approx(7.836, abs=5e-4)
    assert with_shrinkage(14, 0.3) == 20


@pytest.mark.parametrize(
    ("volume", "interval", "aht", "within", "goal", "agents"),
    [
        (300, 60, 120, 20, 0.8, 13),
        (360, 30, 240, 15, 0.7, 53),
        (300, 15, 180, 45, 0.95, 67),
        (650, 60, 150, 30, 0.5, 29),
        (20, 60, 1800, 3600, 0.8, 11),
        (100, 30, 192, 20, 0.14, 11),
        (5000, 30, 300, 20, 0.8, 848),
        (0, 30, 180, 20, 0.8, 0),
        (10, 30, 0, 20, 0.8, 0),
    ],
)
def test_fewest_agents_that_reach_the_goal(volume, interval, aht, within, goal, agents):
    load = offered_load(volume, aht, interval)
    assert agents_for_service_level(load, aht_seconds=aht, within_seconds=within, goal=goal) == agents


def test_thousands_of_agents():
    load = offered_load(12_000, 600, 30)
    agents = agents_for_service_level(load, aht_seconds=600, within_seconds=20, goal=0.8)
    assert load == 4000
    assert agents == 4030


def test_a_busy_limit_asks_for_more_agents():
    goal = {"aht_seconds": 180, "within_seconds": 20, "goal": 0.8}
    assert agents_for_service_level(100, **goal) == 107
    assert agents_for_service_level(100, **goal, max_occupancy=0.85) == 118


@given(st.floats(0.01, 400), st.floats(1, 3600), st.floats(0, 600), st.floats(0, 0.999), st.floats(0.3, 1))
def test_one_agent_fewer_would_not_do(load, aht, within, goal, busiest):
    agents = agents_for_service_level(load, aht_seconds=aht, within_seconds=within, goal=goal, max_occupancy=busiest)

    def does(heads: int) -> bool:
        reached = service_level(load, heads, aht_seconds=aht, within_seconds=within) >= goal
        return heads > load and reached and occupancy(load, heads) <= busiest

    assert does(agents)
    assert not does(agents - 1)


def test_seventeen_lines_lose_two_percent_at_most():
    assert agents_for_blocking(10, blocking=0.02) == 17
    assert agents_for_blocking(0, blocking=0.02) == 1
    assert agents_for_blocking(10, blocking=1) == 0


def test_too_few_agents_let_the_queue_grow_without_end():
    assert erlang_c(10, 10) == 1
    assert service_level(10, 10, aht_seconds=180, within_seconds=20) == 0
    assert mean_wait_seconds(10, 9, aht_seconds=180) == math.inf
    assert occupancy(10, 9) == 1


def test_nobody_calls():
    assert erlang_b(0, 3) == 0
    assert erlang_c(0, 0) == 0
    assert service_level(0, 0, aht_seconds=180, within_seconds=20) == 1
    assert mean_wait_seconds(0, 0, aht_seconds=180) == 0


@pytest.mark.parametrize(
    ("agents", "shrinkage", "paid"), [(0, 0.3, 0), (7, 0.3, 10), (8, 0.3, 12), (9, 0, 9), (14, 0.3, 20)]
)
def test_shrinkage_rounds_up_but_not_by_a_hair(agents, shrinkage, paid):
    assert with_shrinkage(agents, shrinkage) == paid


@pytest.mark.parametrize(
    "call",
    [
        lambda: erlang_b(-1, 3),
        lambda: erlang_b(math.nan, 3),
        lambda: erlang_b(1, -3),
        lambda: offered_load(1, 1, 0),
        lambda: agents_for_service_level(1, aht_seconds=1, within_seconds=1, goal=80),
        lambda: agents_for_service_level(1, aht_seconds=1, within_seconds=1, goal=1),
        lambda: agents_for_service_level(1, aht_seconds=1, within_seconds=1, goal=0.8, max_occupancy=0),
        lambda: agents_for_blocking(1, blocking=0),
        lambda: with_shrinkage(1, 30),
        lambda: service_level(math.inf, 3, aht_seconds=180, within_seconds=20),
    ],
)
def test_a_number_that_makes_no_sense_is_named(call):
    with pytest.raises(ValueError, match=r"expected"):
        call()


def test_arrays_give_what_numbers_give():
    loads, agents = np.array([0.0, 5.0, 20.0, 500.0]), np.array([2, 8, 25, 520])
    together = erlang_c(loads, agents)
    assert together.tolist() == [erlang_c(load, heads) for load, heads in zip(loads, agents, strict=True)]


@pytest.mark.parametrize(
    ("load", "agents", "aht", "within", "waits", "busy", "asa", "level"),
    [  # as a public calculator prints them, and one more digit of our own reckoning
        (48, 55, 240, 15, 0.2387009363780091, 0.8727272727272727, 8.184032104388884, 0.8458830921705804),
        (60, 65, 180, 45, 0.4200722925710185, 0.9230769230769231, 15.122602532556666, 0.879647273150346),
        (
            650 * 150 / 3600,
            34,
            150,
            30,
            0.14301305599505262,
            0.7965686274509803,
            3.1014879613384903,
            0.9641407127015731,
        ),
        (10, 11, 1800, 3600, 0.6821182046893323, 0.9090909090909091, 1227.812768440798, 0.9076853395675195),
    ],
)
def test_values_of_a_public_calculator(load, agents, aht, within, waits, busy, asa, level):
    assert erlang_c(load, agents) == pytest.approx(waits, rel=1e-12)
    assert occupancy(load, agents) == pytest.approx(busy, rel=1e-12)
    assert mean_wait_seconds(load, agents, aht_seconds=aht) == pytest.approx(asa, rel=1e-12)
    assert service_level(load, agents, aht_seconds=aht, within_seconds=within) == pytest.approx(level, rel=1e-12)


@pytest.mark.parametrize(
    ("patience", "agents", "seconds"),
    [(None, 13, 26.55688580344032), (5, 13, 9.91280260915214), (5, 9, 56.61843549562095)],
)
def test_mean_waits_of_a_simulator(patience, agents, seconds):
    if patience is None:
        assert mean_wait_seconds(10.5, agents, aht_seconds=180) == pytest.approx(seconds, rel=1e-12)
    else:
        assert 180 * erlang_a(10.5, agents, patience / 3).mean_wait == pytest.approx(seconds, rel=1e-9)


def test_a_loss_too_small_for_a_float_is_none():
    assert erlang_b(0.001, 200) == 0
    assert erlang_c(1e-300, 17) == 0
