"""One tour for each agent out of a pool."""

from __future__ import annotations

from itertools import product
from typing import Any

import numpy as np
import pytest

from solver.compile.model import Plan
from solver.cpsat.master import Tour, choose_tours, tour_of
from solver.price import plan_cost
from tests.cpsat.conftest import compiled, constructed

Json = dict[str, Any]


def _never() -> bool:
    return False


def _pool(model: Any, seeds: range) -> list[list[Tour]]:
    plans = [constructed(model, seed) for seed in seeds]
    return [[tour_of(model, plan, agent) for plan in plans] for agent in range(len(model.agents))]


def _plan(model: Any, tours: tuple[Tour, ...]) -> Plan:
    plan = Plan.empty(model)
    for agent, tour in enumerate(tours):
        plan.shift[agent], plan.starts[agent] = tour.shift, tour.starts
    return plan


@pytest.mark.parametrize("groups", ["week", "two_groups"])
def test_no_combination_of_the_pool_is_better(groups: str, request: pytest.FixtureRequest) -> None:
    raw = request.getfixturevalue(groups)
    raw["agents"][1]["hourly_cost"] = 20.5  # nobody is alike: tours are not shared
    model = compiled(raw)
    pool = _pool(model, range(3))
    plans = [_plan(model, choice) for choice in product(*pool)]
    costs = [plan_cost(model, plan) for plan in plans]
    best, hint = min(costs), plans[costs.index(max(costs))]
    chosen = choose_tours(model, pool, hint, seconds=20, stop=_never)
    assert best < plan_cost(model, hint)
    assert chosen is not None
    assert plan_cost(model, chosen) == best


def test_agents_who_are_alike_share_their_tours(week: Json) -> None:
    model = compiled(week)
    tours = _pool(model, range(4))
    # All tours are offered to the first of the two who are alike: the second may work them too.
    pool = [tours[0] + tours[1], [], *tours[2:]]
    hint = constructed(model, 1)
    chosen = choose_tours(model, pool, hint, seconds=20, stop=_never)
    apart = choose_tours(model, [tours[0] + tours[1]] * 2 + tours[2:], hint, seconds=20, stop=_never)
    assert (chosen is None) == (apart is None)
    if chosen is not None and apart is not None:
        assert plan_cost(model, chosen) == plan_cost(model, apart)


def test_nothing_better_is_nothing(week: Json) -> None:
    model = compiled(week)
    hint = constructed(model)
    assert choose_tours(model, [[] for _ in model.agents], hint, seconds=20, stop=_never) is None
    assert choose_tours(model, _pool(model, range(3)), hint, seconds=20, stop=lambda: True) is None


def test_drawn_agents_never_make_it_worse(week: Json, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("solver.cpsat.master.WHOLE_POOL", 1)
    monkeypatch.setattr("solver.cpsat.master.SOME_TOURS", 6)
    model = compiled(week)
    pool = _pool(model, range(4))
    hint = max((_plan(model, choice) for choice in product(*pool)), key=lambda plan: plan_cost(model, plan))
    before = hint.shift.copy()
    chosen = choose_tours(model, pool, hint, seconds=1, stop=_never)
    assert chosen is not None
    assert plan_cost(model, chosen) < plan_cost(model, hint)
    keys = [{tour.key for tour in tours} for tours in pool]
    alike = keys[0] | keys[1]
    for agent in range(len(model.agents)):
        assert tour_of(model, chosen, agent).key in (alike if agent < 2 else keys[agent])
    assert np.array_equal(hint.shift, before)
