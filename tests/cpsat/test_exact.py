"""The whole model by CP-SAT against the listing of every roster."""

from __future__ import annotations

from fractions import Fraction

from hypothesis import HealthCheck, assume, given, settings

from schemas.fault import RequestRefused
from solver.compile import compile_request
from solver.cpsat.exact import Part, days_apart, solve_exactly
from solver.price import plan_cost
from solver.reading import read_request
from solver.search import Annealer
from tests.solving.enumeration import TooManyError, optimum
from tests.solving.tiny import Json, tiny_requests

tiny = settings(
    max_examples=30,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large],
)


def _never() -> bool:
    return False


@tiny
@given(tiny_requests())
def test_the_whole_model_finds_what_listing_every_roster_finds(raw: Json) -> None:
    try:
        request = read_request(raw)
        best = optimum(request)
    except (RequestRefused, TooManyError):
        assume(False)
    model = compile_request(request)
    assert bool(model.infeasible) == (best is None)
    if best is None:
        return
    exact = solve_exactly(model, seconds=20, stop=_never)
    assert exact.proved
    assert exact.plan is not None
    assert exact.cost == exact.bound == plan_cost(model, exact.plan)
    assert model.money(exact.cost) == best


@tiny
@given(tiny_requests())
def test_a_hint_and_an_early_end_leave_the_claims_true(raw: Json) -> None:
    try:
        request = read_request(raw)
    except RequestRefused:
        assume(False)
    model = compile_request(request)
    assume(not model.infeasible and len(model.agents))
    annealer = Annealer(model, 1)
    assert annealer.construct(_never)
    hint = annealer.plan
    exact = solve_exactly(model, seconds=20, stop=_never, hint=hint)
    assert exact.cost is not None
    assert exact.cost <= plan_cost(model, hint)
    hurried = solve_exactly(model, seconds=0.001, stop=_never, hint=hint)
    assert hurried.bound <= exact.cost


def test_only_what_is_allowed_is_used(week: Json) -> None:
    model = compile_request(read_request(week))
    everything = [Part(*(range_of(model, agent))) for agent in range(len(model.agents))]
    whole = solve_exactly(model, seconds=20, stop=_never, parts=everything)
    assert whole.cost == solve_exactly(model, seconds=20, stop=_never).cost
    assert whole.plan is not None
    worked = {int(number) for number in whole.plan.shift.ravel()}
    fewer = [
        Part(part.options[[model.options.shift[row] != max(worked) for row in part.options]], part.arcs)
        for part in everything
    ]
    other = solve_exactly(model, seconds=20, stop=_never, parts=fewer)
    assert other.plan is not None
    assert max(worked) not in other.plan.shift
    assert other.cost is not None
    assert whole.cost is not None
    assert other.cost >= whole.cost
    assert Fraction(other.cost) == plan_cost(model, other.plan)


def range_of(model, agent):  # type: ignore[no-untyped-def]
    """All rows of options and of arcs that are the agent's."""
    import numpy as np

    choice, graph = model.staff.choice[agent], model.staff.graph[agent]
    options = np.arange(model.options.begin[choice, 0], model.options.begin[choice, -1])
    tours = model.tours
    arcs = np.arange(tours.arcs[tours.class_offset[graph, 0]], tours.arcs[tours.class_offset[graph, -1]])
    return options, arcs


def test_days_that_no_rule_ties_are_solved_apart_to_the_same_cost() -> None:
    def model_of(days: int, rules: list[dict[str, object]]):  # type: ignore[no-untyped-def]
        shift = {
            "id": "day",
            "start": {"earliest": "08:00", "latest": "12:00", "increment_minutes": 60},
            "length_minutes": {"min": 240, "max": 480, "increment": 120},
        }
        raw = {
            "time_zone": "UTC",
            "planning_period": {"start_date": "2026-03-02", "days": days},
            "interval_minutes": 60,
            "planning_groups": [{"id": "g", "understaffing_cost_per_hour": 50, "overstaffing_cost_per_hour": 7}],
            "requirements": [
                {"planning_group_id": "g", "start": f"2026-03-0{2 + day}T08:00", "required": [1, 3, 2, 4, 2, 1, 3, 1]}
                for day in range(days)
            ],
            "work_plans": [{"id": "p", "shifts": [shift], "rules": rules}],
            "agents": [{"id": "a", "count": 5, "work_plan_id": "p", "hourly_cost": 10}],
        }
        return compile_request(read_request(raw))

    whole, one = model_of(3, []), model_of(1, [])
    assert days_apart(whole) == [range(1), range(1, 2), range(2, 3)]
    assert len(days_apart(model_of(3, [{"kind": "days_worked", "per": "period", "max": 2}]))) == 1
    exact = solve_exactly(whole, seconds=30, stop=_never, workers=2)
    alone = solve_exactly(one, seconds=30, stop=_never)
    assert exact.proved
    assert exact.plan is not None
    assert exact.cost is not None
    assert plan_cost(whole, exact.plan) == exact.cost == exact.bound
    assert whole.money(exact.cost) == 3 * one.money(alone.bound)
