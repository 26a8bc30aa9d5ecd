"""The search by days: its kernel against listing, its rosters against the judge, whatever the graphs leave out."""

from __future__ import annotations

import time
from fractions import Fraction
from itertools import groupby, product

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from schemas.money import TICKS_PER_CURRENCY
from schemas.roster import Roster
from solver.bound import PriceSearch
from solver.compile import compile_request, sums
from solver.compile.model import OFF, Coverage
from solver.kernels.days import weigh
from solver.kernels.stints import Desk, label_stretch, open_desk, stretch_values
from solver.price import plan_cost
from solver.reading import read_request
from solver.roster import schedules_of
from solver.search.days import DaySearch
from solver.search.incumbent import Incumbent
from solver.solve import solve
from solver.verify import judge
from tests.from_python import from_python
from tests.solving.test_agreement import _optimum, _read, tiny
from tests.solving.tiny import Json, tiny_requests


def _desk(groups: int, slots: int) -> Desk:
    return Desk(
        total=np.zeros((slots + 1, groups), np.int64),
        own=np.zeros(groups, np.int64),
        known=np.zeros(1, np.int64),
        ready=np.zeros(slots + 1, np.bool_),
        worth=np.zeros((slots + 2, slots + 1), np.int64),
        open=np.zeros(groups, np.int64),
        since=np.zeros((groups, slots + 1), np.int32),
        last=np.zeros(slots + 1, np.int32),
        ends=np.zeros((1, slots + 2), np.int64),
        span=np.zeros(2, np.int64),
    )


@pytest.mark.parametrize("least", [1, 2, 3])
@pytest.mark.parametrize("seed", range(4))
def test_no_labels_of_a_stretch_earn_more(least: int, seed: int) -> None:
    slots, known = 7, (0, 2)
    random = np.random.default_rng(seed)
    slopes = np.sort(random.integers(-900, 900, (9, 3)), axis=1) * 1000
    coverage = Coverage(
        curve_of=random.integers(0, 9, (3, slots)).astype(np.int32),
        curves=np.hstack([np.zeros((9, 1), np.int64), np.cumsum(slopes, axis=1)]),
        base=np.zeros((3, slots), np.int32),
        weight=np.array([[1, 0, 1]], np.int32),
        unit=1,
    )
    level = random.integers(0, 2, (3, slots)).astype(np.int32)
    desk = _desk(3, slots)
    from_python(open_desk)(coverage, level, 0, 0, slots, desk)
    from_python(stretch_values)(desk, 0, slots, least)

    def earned(labels: tuple[int, ...]) -> int:
        rows = [(coverage.curves[coverage.curve_of[g, t]], level[g, t]) for t, g in enumerate(labels)]
        switches = sum(1 for _ in groupby(labels)) - 1
        return int(sum(curve[now] - curve[now + 1] for curve, now in rows)) - switches

    for length in range(1, slots + 1):
        fits = [
            labels
            for labels in product(known, repeat=length)
            if all(len(list(run)) >= min(least, length) for _, run in groupby(labels))
        ]
        assert desk.worth[0, length] == max(earned(labels) for labels in fits)
        written = np.full(slots, OFF, np.int8)
        from_python(label_stretch)(desk, 0, length, least, written)
        labels = tuple(written[:length].tolist())
        assert labels in fits
        assert earned(labels) == desk.worth[0, length]


def _searched(raw: Json, moves: int = 400) -> tuple[DaySearch, Roster] | None:
    """A search by days of a request, and its roster; None where somebody has no tour at all."""
    request = _read(raw)
    model = compile_request(request)
    if model.infeasible:
        return None
    search = DaySearch(model, seed=1)
    assert search.construct(lambda: False)
    price = float(model.quantum)
    search.run(moves, 20 * price, price / 2, noise=5 * price)
    return search, Roster(status="completed", schedules=schedules_of(model, search.plan))


@tiny
@given(tiny_requests(), st.sampled_from([0, sums.MOST_STATES]))
def test_rosters_are_allowed_and_bounded_whatever_the_graphs_hold(raw: Json, most: int) -> None:
    request = _read(raw)
    best = _optimum(request)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sums, "MOST_STATES", most)
        model = compile_request(request)
        assume(best is not None and not model.infeasible)
        search = DaySearch(model, seed=1)
        assert search.construct(lambda: False)
        price = float(model.quantum)
        search.run(400, 20 * price, price / 2, noise=5 * price)
        prices = PriceSearch(model)
        prices.begin_level()
        for _ in range(20):
            prices.step(None)
    assert best is not None
    assert prices.bound is not None
    judgement = judge(request, Roster(status="completed", schedules=schedules_of(model, search.plan)))
    assert judgement.violations == ()
    assert model.money(search.cost) == Fraction(judgement.total_ticks, TICKS_PER_CURRENCY)
    assert plan_cost(model, search.plan) == search.cost
    assert model.money(model.constant + prices.bound) <= best <= model.money(search.cost)


def _retail(days: int = 3) -> Json:
    """Two tasks, stints of two hours, a rest that forbids some successions, hours to spare."""
    need = [1, 1, 1, 0, 1, 1]
    return {
        "time_zone": "UTC",
        "planning_period": {"start_date": "2026-03-02", "days": days},
        "interval_minutes": 60,
        "planning_groups": [{"id": "till"}, {"id": "floor"}],
        "requirements": [
            {"planning_group_id": group, "start": f"2026-03-0{2 + day}T0{8 + shift}:00", "required": need}
            for day in range(days)
            for group, shift in (("till", 0), ("floor", 1))
        ],
        "work_plans": [
            {
                "id": "plan",
                "shifts": [
                    {
                        "id": "shift",
                        "start": {"earliest": "06:00", "latest": "12:00"},
                        "length_minutes": {"min": 240, "max": 360},
                        "activities": [
                            {
                                "id": "meal",
                                "category": "meal",
                                "minutes": 60,
                                "paid": False,
                                "after_shift_start": {"min": 60, "max": 180},
                            }
                        ],
                    }
                ],
                "rules": [
                    {"kind": "paid_minutes", "per": "period", "min": 600, "max": 900},
                    {"kind": "minimum_rest", "minutes": 1080},
                ],
            }
        ],
        "agents": [{"id": str(number), "work_plan_id": "plan", "hourly_cost": 1} for number in range(4)],
        "options": {"seed": 1, "minimum_stint_minutes": 120},
    }


def test_leaving_rules_out_of_the_graph_changes_no_value(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = _searched(_retail(), moves=4000)
    monkeypatch.setattr(sums, "MOST_STATES", 0)
    apart = _searched(_retail(), moves=4000)
    assert whole is not None
    assert apart is not None
    assert not apart[0]._model.whole
    request = read_request(_retail())
    for _, roster in (whole, apart):
        assert judge(request, roster).violations == ()
    assert whole[0].cost * apart[0]._model.quantum == apart[0].cost * whole[0]._model.quantum


def test_a_day_that_is_weighed_costs_what_it_says() -> None:
    """Taking any option of a day changes the cost by just what `weigh` promised, rules apart."""
    found = _searched(_retail(), moves=50)
    assert found is not None
    search, _ = found
    model, days, room = search._model, search._days, search._room
    for agent in range(2):
        choice = model.staff.choice[agent]
        first, last = model.options.begin[choice, 1], model.options.begin[choice, 2]
        plan = search.plan
        plan.shift[agent, 1], plan.starts[agent, 1] = OFF, OFF
        free = model.shifts
        assert plan.group is not None
        for option in range(first, last):
            shift = model.options.shift[option]
            if shift != OFF:
                plan.group[agent, free.start[shift] : free.start[shift] + free.length[shift]] = OFF
        from solver.price import coverage_cost

        empty = coverage_cost(model, plan)
        fresh = DaySearch(model, seed=1)
        fresh._days.level[:] = model.coverage.base
        for g in range(model.groups):
            fresh._days.level[g] += model.coverage.weight[model.staff.profile, g] @ (plan.group == g)
        value = np.zeros(last - first, np.int64)
        from_python(weigh)(model.problem, fresh._days, agent, 1, search.least, 0.0, room.desk, value)
        from solver.kernels.days import come_in

        for option in range(first, last):
            shift = int(model.options.shift[option])
            if shift == OFF:
                continue
            fresh._days.cost[0] = empty
            before = fresh._days.level.copy()
            come_in(model.problem, fresh._days, agent, 1, option, search.least, room.desk)
            own = int(model.staff.rate[agent]) * int(model.shifts.paid[shift])
            switches = empty - int(fresh._days.cost[0]) - own - int(value[option - first])
            assert 0 <= switches <= 3  # of equal labels those with fewer switches are preferred, by a unit each
            fresh._days.level[:] = before
            fresh._days.group[agent] = OFF
    assert days.cost[0] >= search.cost - model.constant


def test_too_many_states_end_in_a_roster_and_not_in_a_failure(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sums, "MOST_STATES", 0)
    request = read_request(_retail())
    began = time.monotonic()
    roster = solve(request, seconds=6)
    assert roster.verdict in ("feasible", "optimal")
    assert roster.violations == ()
    assert roster.lower_bound is not None
    assert roster.cost is not None
    assert roster.lower_bound <= roster.cost.total
    assert time.monotonic() - began < 60


def test_a_better_roster_is_offered_as_it_is_met() -> None:
    model = compile_request(read_request(_retail()))
    search = DaySearch(model, seed=3)
    search.construct(lambda: False)
    best = Incumbent(model, 0.0)
    search.cool(best, over=lambda: False, share=lambda: 0.0, limit=200)
    assert best.cost == search.cost
    assert best.plan is not None
    assert plan_cost(model, best.plan) == best.cost
