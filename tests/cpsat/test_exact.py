"""The whole model by CP-SAT against the listing of every roster."""

from __future__ import annotations

from fractions import Fraction

from hypothesis import HealthCheck, assume, given, settings

from schemas.fault import RequestRefused
from solver.compile import compile_request
from solver.cpsat.exact import Part, solve_exactly
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
