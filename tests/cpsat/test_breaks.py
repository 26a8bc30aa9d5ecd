"""The activities of a day, all at once."""

from __future__ import annotations

from itertools import product
from typing import Any

import numpy as np
import pytest

from solver.compile.model import OFF, Model, Plan
from solver.cpsat.breaks import improve_breaks, place_day
from solver.cpsat.places import blocks_of, positions_of
from solver.kernels.tours import LOTS, scratch_for, walk_family
from solver.price import coverage_cost, own_costs
from tests.cpsat.conftest import compiled, constructed
from tests.from_python import from_python

Json = dict[str, Any]


def _never() -> bool:
    return False


def _ways(model: Model, shift: int) -> list[list[tuple[int, int]]]:
    """Every way to place the activities of a shift, walked edge by edge."""
    breaks, start = model.breaks, int(model.shifts.start[shift])
    family, final = int(model.shifts.family[shift]), int(model.shifts.final[shift])
    found: list[list[tuple[int, int]]] = []

    def walk(node: int, end: int, placed: list[tuple[int, int]]) -> None:
        if node == final and model.shifts.end_low[shift] <= end <= model.shifts.end_high[shift]:
            found.append(placed)
        for edge in range(breaks.family_edges[family], breaks.family_edges[family + 1]):
            if breaks.source[edge] != node:
                continue
            for at in range(int(breaks.low[edge]), int(breaks.high[edge]) + 1):
                if node == 0 or breaks.gap_low[edge] <= at - end <= breaks.gap_high[edge]:
                    step = (int(breaks.activity[edge]), start + at)
                    walk(int(breaks.target[edge]), at + int(breaks.duration[edge]), [*placed, step])

    walk(0, 0, [])
    return found


def _best_by_listing(model: Model, plan: Plan, day: int) -> int:
    """The least coverage cost over every way to place everybody's activities of the day."""
    agents = np.flatnonzero(plan.shift[:, day] != OFF).tolist()
    best = None
    for choice in product(*(_ways(model, int(plan.shift[agent, day])) for agent in agents)):
        other = plan.copy()
        for agent, way in zip(agents, choice, strict=True):
            other.starts[agent, day] = OFF
            for activity, slot in way:
                other.starts[agent, day, activity] = slot
        cost = coverage_cost(model, other)
        best = cost if best is None or cost < best else best
    assert best is not None
    return best


@pytest.mark.parametrize("seed", [1, 2])
def test_no_way_of_placing_is_better(week: Json, seed: int) -> None:
    week["agents"] = week["agents"][:3]
    week["work_plans"][0]["shifts"][0]["activities"][0]["after_shift_start"] = {"min": 60, "max": 180}
    model = compiled(week)
    plan = constructed(model, seed)
    day = int(np.argmax((plan.shift != OFF).sum(axis=0)))
    placed = place_day(model, plan, day, seconds=20, stop=_never)
    assert placed.proved
    assert coverage_cost(model, placed.plan) == _best_by_listing(model, plan, day)
    assert placed.saved == coverage_cost(model, plan) - coverage_cost(model, placed.plan)


@pytest.mark.parametrize("order", ["listed", "any"])
@pytest.mark.parametrize("groups", ["week", "two_groups"])
def test_places_keep_to_the_shifts_and_never_cost_more(groups: str, order: str, request: pytest.FixtureRequest) -> None:
    raw = request.getfixturevalue(groups)
    raw["work_plans"][0]["shifts"][0]["activity_order"] = order
    raw["work_plans"][0]["shifts"][0]["activity_gap_minutes"] = {"min": 60, "max": 150}
    model = compiled(raw)
    plan = constructed(model)
    better = improve_breaks(model, plan, seconds=20, stop=_never)
    assert (better.shift == plan.shift).all()
    assert (own_costs(model, better) == own_costs(model, plan)).all()
    assert coverage_cost(model, better) <= coverage_cost(model, plan)
    for agent, day in np.argwhere(better.shift != OFF):
        shift = int(better.shift[agent, day])
        placed = [(k, int(slot)) for k, slot in enumerate(better.starts[agent, day]) if slot != OFF]
        assert sorted(placed) in [sorted(way) for way in _ways(model, shift)]


def test_a_large_day_is_placed_part_after_part(two_groups: Json, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("solver.cpsat.breaks.MOST_AT_ONCE", 1)
    monkeypatch.setattr("solver.cpsat.breaks.NEARBY", 2)
    model = compiled(two_groups)
    plan = constructed(model)
    plan = improve_breaks(model, plan, day=0, seconds=1, stop=_never)
    whole = constructed(model)
    assert coverage_cost(model, plan) <= coverage_cost(model, whole)
    assert (own_costs(model, plan) == own_costs(model, whole)).all()


def test_stopped_at_once_the_plan_is_as_it_was(week: Json) -> None:
    model = compiled(week)
    plan = constructed(model)
    assert improve_breaks(model, plan, seconds=20, stop=lambda: True) is plan


@pytest.mark.parametrize("order", ["listed", "any"])
def test_positions_are_those_that_some_way_takes(week: Json, order: str) -> None:
    week["work_plans"][0]["shifts"][0]["activity_order"] = order
    week["work_plans"][0]["shifts"][0]["activity_gap_minutes"] = {"min": 60, "max": 120}
    model = compiled(week)
    for shift in range(0, len(model.catalogue), 5):
        key = next(iter(blocks_of(model, [shift])))
        window = (int(model.shifts.end_low[shift]), int(model.shifts.end_high[shift]))
        taken = {
            (int(model.breaks.activity[p.edge]), key.start + p.start)
            for p in positions_of(model.breaks, key.family, key.node, (window,))
        }
        assert taken == {step for way in _ways(model, shift) for step in way}


def test_the_kernel_and_the_positions_reach_the_same_ends(week: Json) -> None:
    model = compiled(week)
    scratch = scratch_for(model)
    for shift in range(len(model.catalogue)):
        family, final = int(model.shifts.family[shift]), int(model.shifts.final[shift])
        from_python(walk_family)(model.breaks, family, int(model.shifts.start[shift]), scratch.prefix, scratch.ends)
        everything = ((0, 1000),)
        ends = {
            p.end for p in positions_of(model.breaks, family, final, everything) if model.breaks.target[p.edge] == final
        }
        assert ends == set(np.flatnonzero(scratch.ends[final] < LOTS).tolist())
