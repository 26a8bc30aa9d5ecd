"""The linear program over tours: what it begins with, and where it is left alone."""

import copy

import pytest

import solver.bound.shape
from solver.bound import PriceSearch
from solver.bound.columns import ColumnSearch
from solver.bound.shape import suits_columns
from solver.compile import compile_request
from solver.kernels.tours import LOTS
from solver.reading import read_request
from solver.search import Annealer
from tests.solving.test_sums import BASE, RULES, a_request, a_shift


def constructed(model):
    """A search that has its first roster."""
    annealer = Annealer(model, 1)
    assert annealer.construct(lambda: False)
    return annealer


@pytest.mark.parametrize("rules", RULES[:3] + RULES[-1:])
def test_answers_that_do_not_keep_the_sums_are_no_tours(rules, no_room, monkeypatch):
    model = compile_request(a_request(rules))
    columns = ColumnSearch(model, lambda: 10.0)
    # As when no answer was met that keeps them: what stands there is that nobody works.
    monkeypatch.setattr(PriceSearch, "try_prices", lambda *given, **named: None)
    columns.begin(constructed(model).plan)
    assert all(columns.columns(agent) for agent in columns.agents)
    assert all(one.tour.cost < LOTS for agent in columns.agents for one in columns.columns(agent))
    assert columns.solve()


def test_the_program_costs_no_more_than_the_roster_that_it_begins_with():
    model = compile_request(a_request(RULES[0]))
    annealer = constructed(model)
    columns = ColumnSearch(model, lambda: 10.0)
    columns.begin(annealer.plan)
    assert columns.solve()
    assert columns.cost <= annealer.cost + 1e-6


def a_model(agents, days):
    """Nurses with one shift that starts where the only interval of the day does."""
    raw = copy.deepcopy(BASE)
    raw["planning_period"] = {"start_date": "2026-03-02", "days": days}
    raw["requirements"] = [{"planning_group_id": "g", "start": "2026-03-02T00:00", "required": ([0] * 8 + [3]) * days}]
    raw["work_plans"][0]["shifts"] = [a_shift("day", "08:00", 60)]
    raw["agents"] = [{"id": "a", "work_plan_id": "p", "count": agents}]
    return compile_request(read_request(raw))


def test_a_program_over_many_days_of_agents_with_small_graphs_is_left_alone(monkeypatch):
    assert suits_columns(a_model(8, 14))
    large = a_model(80, 63)
    assert not suits_columns(large)
    monkeypatch.setattr(solver.bound.shape, "HEAVY", 1e9)
    assert suits_columns(large)
