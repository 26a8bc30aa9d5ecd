"""Sums that are kept beside the tour graphs: the same tours at the same price as with graphs that hold every rule."""

from __future__ import annotations

import copy
from typing import Any

import numpy as np
import pytest

from schemas.fault import RequestRefused
from solver.bound import PriceSearch
from solver.compile import compile_request
from solver.compile.model import OFF, Model, Plan
from solver.kernels.search import own_cost_of
from solver.kernels.sums import keep_sums
from solver.kernels.tours import FREE, LOTS, MOST_LABELS, NOTHING, longest_path, scratch_for
from solver.price import own_cost
from solver.reading import read_request
from solver.solve import solve
from solver.verify import judge
from tests.from_python import from_python
from tests.solving.enumeration import TooManyError, optimum

Json = dict[str, Any]


def a_shift(name: str, start: str, minutes: int) -> Json:
    return {
        "id": name,
        "start": {"earliest": start, "latest": start},
        "length_minutes": {"min": minutes, "max": minutes},
    }


BASE: Json = {
    "time_zone": "UTC",
    "planning_period": {"start_date": "2026-03-05", "days": 5},  # from Thursday to Monday
    "interval_minutes": 60,
    "planning_groups": [{"id": "g", "understaffing_cost_per_hour": 30, "overstaffing_cost_per_hour": 3}],
    "requirements": [
        {"planning_group_id": "g", "start": f"2026-03-0{day}T06:00", "required": [1] * 8 + [2] * 4}
        for day in range(5, 10)
    ],
    "work_plans": [{"id": "p", "shifts": [a_shift("early", "06:00", 360), a_shift("late", "12:00", 480)], "rules": []}],
    "agents": [{"id": "A", "work_plan_id": "p", "hourly_cost": 9}, {"id": "B", "work_plan_id": "p", "hourly_cost": 8}],
}

RULES: list[list[Json]] = [
    [{"kind": "paid_minutes", "per": "period", "min": 1200, "max": 1560}],
    [{"kind": "paid_minutes", "per": "week", "min": 960, "max": 1300, "cost": 0.05}],
    [{"kind": "shift_count", "shift_ids": ["late"], "per": "period", "max": 1}, {"kind": "days_worked", "min": 1}],
    [{"kind": "weekends_worked", "max": 0}, {"kind": "consecutive_days", "min": 2}],
    [
        {"kind": "weekends_worked", "max": 0, "whole": True, "cost": 20},
        {"kind": "days_worked", "per": "week", "max": 2},
    ],
    [{"kind": "fairness", "shift_ids": ["late"], "share": 1, "cost": 12}],
    [
        {"kind": "shift_count", "shift_ids": ["early"], "per": "period", "min": 2, "max": 2},
        {"kind": "shift_count", "shift_ids": ["late"], "per": "period", "max": 1},
        {"kind": "paid_minutes_average", "weeks": 1, "max": 1200},
    ],
]
each = pytest.mark.parametrize("rules", RULES, ids=lambda rules: "+".join(rule["kind"] for rule in rules))

HISTORY = {"weekends_worked": 1, "paid_minutes_in_week": 480, "days_worked_in_week": 1, "paid_minutes_in_period": 300}


def a_request(rules: list[Json]):  # type: ignore[no-untyped-def]
    raw = copy.deepcopy(BASE)
    raw["work_plans"][0]["rules"] = rules
    raw["agents"][1]["history"] = HISTORY
    raw["agents"][1]["time_off"] = [{"start": "2026-03-06T00:00", "end": "2026-03-07T00:00", "paid_minutes": 300}]
    return read_request(raw)


def options_of(model: Model, agent: int, worth: dict[tuple[int, int], int]) -> np.ndarray:
    """What each option of the agent earns, by day and shift."""
    begin = model.options.begin[model.staff.choice[agent]]
    return np.array(
        [
            worth[day, int(model.options.shift[row])]
            for day in range(model.days)
            for row in range(begin[day], begin[day + 1])
        ],
        np.int64,
    )


def best_in_graph(model: Model, agent: int, worth: dict[tuple[int, int], int]) -> int:
    """The longest path of a graph that holds every rule."""
    scratch = scratch_for(model)
    graph, choice = int(model.staff.graph[agent]), int(model.staff.choice[agent])
    base = model.tours.class_offset[graph, 0]
    scratch.class_value[:] = NOTHING
    begin = model.options.begin[choice]
    for day in range(model.days):
        for row in range(begin[day], begin[day + 1]):
            place = model.tours.class_offset[graph, day] + model.options.klass[row] - base
            scratch.class_value[place] = max(scratch.class_value[place], worth[day, int(model.options.shift[row])])
    return int(
        from_python(longest_path)(
            model.tours,
            graph,
            model.staff.root[agent],
            scratch.class_value,
            scratch.value,
            scratch.pick_arc,
            scratch.pick_class,
        )
    )


@each
def test_the_best_tour_is_the_one_of_a_graph_that_holds_every_rule(rules, no_room, monkeypatch):
    apart = compile_request(a_request(rules))
    monkeypatch.undo()
    whole = compile_request(a_request(rules))
    assert (apart.sums.row != OFF).all()
    assert (whole.sums.row == OFF).all()
    # Both count in units of their own.
    ratio = whole.ticks_per_unit / apart.ticks_per_unit
    random = np.random.default_rng(5)
    scratch = scratch_for(apart)
    held = np.full(apart.days, FREE, np.int32)
    for _ in range(20):
        for agent in range(len(apart.agents)):
            shifts = [OFF, *range(len(apart.catalogue))]
            worth = {(d, s): int(random.integers(-1000, 1000)) * 2000 for d in range(apart.days) for s in shifts}
            scratch.worth[: len(own)] = (own := options_of(apart, agent, worth))
            promised = keep_sums(apart.problem, agent, held, 30, MOST_LABELS, scratch)
            best = best_in_graph(whole, agent, {key: round(value / ratio) for key, value in worth.items()}) * ratio
            assert scratch.found[0] <= best + 5 * ratio
            assert best <= promised + 5 * ratio
            assert scratch.found[0] == pytest.approx(float(best), abs=float(5 * ratio)), "labels are enough here"
            cost = own_cost_of(apart.problem, agent, scratch.tour)
            assert cost < LOTS
            assert cost == own_cost(apart, agent, scratch.tour)


@each
def test_a_roster_keeps_the_sums_and_the_bound_holds(rules, no_room):
    request = a_request(rules)
    try:
        best = optimum(request)
    except (TooManyError, RequestRefused):
        pytest.fail("the request is meant to be tiny")
    roster = solve(request, seconds=1.5)
    assert best is not None
    assert roster.cost is not None
    judgement = judge(request, roster)
    assert judgement.violations == ()
    assert judgement.cost == roster.cost
    assert roster.lower_bound is not None
    assert roster.lower_bound <= float(best) + 1e-4
    assert roster.cost.total == pytest.approx(float(best), abs=1e-4)


def hours_to_spare(*least: int) -> Json:
    """A day's head from six to two on five days, and agents who must be paid for so many minutes."""
    raw = copy.deepcopy(BASE)
    for series in raw["requirements"]:
        series["required"] = [1] * 8
    shifts = raw["work_plans"][0]["shifts"]
    raw["work_plans"] = [
        {"id": f"p{n}", "shifts": shifts, "rules": [{"kind": "paid_minutes", "per": "period", "min": n, "max": 1920}]}
        for n in dict.fromkeys(least)
    ]
    raw["agents"] = [{"id": f"{number}", "work_plan_id": f"p{n}", "hourly_cost": 0} for number, n in enumerate(least)]
    return raw


def test_one_price_for_all_slots_proves_the_arithmetic_of_hours(no_room):
    model = compile_request(read_request(hours_to_spare(1440, 1200, 1440)))
    assert (model.sums.row != OFF).all()
    prices = PriceSearch(model)
    prices.begin_level()
    assert prices.bound is not None
    # 24, 20 and 24 hours for 40 that are required: 28 are over at 3 an hour.
    assert float(model.money(model.constant + prices.bound)) == pytest.approx(84, abs=1e-3)


def test_agents_who_share_paths_prove_as_much_as_each_alone(no_room):
    least = (1440, 960, 1920, 1440)
    together = compile_request(read_request(hours_to_spare(*least)))
    random = np.random.default_rng(3)
    for _ in range(5):
        slots = random.integers(-together.quantum, together.quantum, (1, together.slots)).astype(np.float64)
        found = _proved(together, slots)
        # What the slots themselves promise is in each of them.
        nobody = _proved(together, slots, without=range(len(least)))
        apart = [_proved(together, slots, without=set(range(len(least))) - {a}) - nobody for a in range(len(least))]
        assert found == pytest.approx(nobody + sum(apart), abs=200)


def _proved(model: Model, slots: np.ndarray, without: Any = ()) -> int:
    """What prices prove of the agents that are not left out."""
    prices = PriceSearch(model)
    held = np.full((len(model.agents), model.days), FREE, np.int32)
    return prices._evaluate(np.rint(slots).astype(np.int64), without, held, 30, 0)[0]


def test_sums_that_no_tour_can_come_to_are_told_with_the_rules(no_room):
    rules = [
        {"kind": "days_worked", "per": "period", "min": 4},
        {"kind": "consecutive_days", "max": 1},
        {"kind": "shift_count", "shift_ids": ["late"], "per": "period", "max": 3},
    ]
    roster = solve(a_request(rules), seconds=20)
    assert roster.verdict == "infeasible"
    told = [message.text for message in roster.messages if message.code == "infeasible_agent"]
    assert len(told) == 2
    assert all("days_worked" in text and "consecutive_days" in text and "shift_count" not in text for text in told)


def test_a_known_tour_keeps_every_sum(no_room):
    for rules in RULES:
        model = compile_request(a_request(rules))
        for agent in range(len(model.agents)):
            assert own_cost(model, agent, model.sums.known[agent]) < LOTS


def test_a_plan_that_breaks_a_sum_is_none(no_room):
    model = compile_request(a_request([{"kind": "days_worked", "per": "period", "min": 1}]))
    nobody = Plan.empty(model)
    with pytest.raises(ValueError, match="a sum is 0"):
        own_cost(model, 0, nobody.shift[0])
    assert own_cost_of(model.problem, 0, nobody.shift[0]) == LOTS
