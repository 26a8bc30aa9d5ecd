"""Naming planning groups: stints long enough, coverage as good as they allow."""

from __future__ import annotations

from itertools import pairwise, product
from typing import Any

import numpy as np
import pytest

from schemas.roster import Roster
from solver.compile.model import OFF, Model, Plan
from solver.cpsat.groups import assign_groups, stretches_of
from solver.price import coverage_cost, heads, levels, on_queue, slot_costs
from solver.roster import schedules_of
from solver.verify import judge
from tests.cpsat.conftest import compiled, constructed

Json = dict[str, Any]


def _never() -> bool:
    return False


def _named(model: Model, plan: Plan, seconds: float = 5) -> Plan:
    return assign_groups(model, plan, seconds=seconds, stop=_never)


def _switches(group: np.ndarray) -> int:
    now, then = group[:, 1:], group[:, :-1]
    return int(((now != then) & (now != OFF) & (then != OFF)).sum())


def _runs(labels: tuple[int, ...], least: int) -> bool:
    """Whether no run of equal labels is short."""
    lengths, run = [], 1
    for before, now in pairwise(labels):
        if before == now:
            run += 1
        else:
            lengths.append(run)
            run = 1
    return min([*lengths, run]) >= min(least, len(labels))


def _best_by_listing(model: Model, plan: Plan, least: int) -> tuple[int, int]:
    """The least coverage cost and the fewest switches of any labels without a short stint."""
    free = on_queue(model, plan)
    stretches = stretches_of(model, plan, free)
    options = []
    for profile, begin, end in zip(stretches.profile, stretches.begin, stretches.end, strict=True):
        known = np.flatnonzero(model.coverage.weight[profile]).tolist()
        options.append([labels for labels in product(known, repeat=int(end - begin)) if _runs(labels, least)])
    best = None
    for choice in product(*options):
        group = np.full(free.shape, OFF, np.int8)
        for i, labels in enumerate(choice):
            group[stretches.agent[i], stretches.begin[i] : stretches.end[i]] = labels
        named = Plan(plan.shift, plan.starts, group)
        cost = int(slot_costs(model, levels(model, named)).sum()), _switches(group)
        best = cost if best is None or cost < best else best
    assert best is not None
    return best


@pytest.mark.parametrize("least", [60, 120])
def test_no_labels_are_better(two_groups: Json, least: int) -> None:
    two_groups["interval_minutes"] = 60
    two_groups["planning_period"]["days"] = 1
    shift = two_groups["work_plans"][0]["shifts"][0]
    shift["activities"] = [
        {"id": "meal", "category": "meal", "minutes": 60, "paid": False, "after_shift_start": {"min": 120}}
    ]
    shift.pop("activity_gap_minutes")
    two_groups["work_plans"][0]["rules"] = [{"kind": "days_worked", "per": "period", "min": 1}]
    two_groups["agents"] = two_groups["agents"][:3]
    two_groups["requirements"] = [
        {"planning_group_id": "calls", "start": "2026-03-02T08:00", "required": [1, 0, 2, 1, 0, 1]},
        {"planning_group_id": "mail", "start": "2026-03-02T08:00", "required": [0, 2, 1, 1, 2, 0]},
    ]
    two_groups["options"]["minimum_stint_minutes"] = least
    model = compiled(two_groups)
    plan = constructed(model)
    named = _named(model, plan)
    assert named.group is not None
    cost, switches = _best_by_listing(model, plan, least // 60)
    assert coverage_cost(model, named) == cost
    assert _switches(named.group) == switches


@pytest.mark.parametrize("least", [30, 60, 90, 990])
def test_the_judge_finds_no_short_stint(two_groups: Json, least: int) -> None:
    two_groups["options"]["minimum_stint_minutes"] = least
    model = compiled(two_groups)
    named = _named(model, constructed(model), 1)
    roster = Roster(schedules=schedules_of(model, named))
    judgement = judge(model.request, roster)
    assert judgement.violations == ()
    assert judgement.total_ticks / model.ticks_per_unit >= 0


def test_only_known_groups_are_named_and_only_on_queue(two_groups: Json) -> None:
    model = compiled(two_groups)
    named = _named(model, constructed(model), 0)
    assert named.group is not None
    assert ((named.group != OFF) == on_queue(model, named)).all()
    for agent, row in enumerate(named.group):
        known = set(np.flatnonzero(model.coverage.weight[model.staff.profile[agent]]).tolist())
        assert set(row.tolist()) - {OFF} <= known


def test_more_time_is_never_worse(two_groups: Json) -> None:
    model = compiled(two_groups)
    plan = constructed(model)
    best = coverage_cost(model, plan)
    quick, slow = _named(model, plan, 0), _named(model, plan, 3)
    assert best <= coverage_cost(model, slow) <= coverage_cost(model, quick)


def test_with_stints_of_a_slot_the_best_split_is_reached(two_groups: Json) -> None:
    two_groups["options"]["minimum_stint_minutes"] = 30
    model = compiled(two_groups)
    plan = constructed(model)
    assert coverage_cost(model, _named(model, plan)) == coverage_cost(model, plan)


def test_one_group_is_named_everywhere(week: Json) -> None:
    model = compiled(week)
    plan = constructed(model)
    named = _named(model, plan, 0)
    assert named.group is not None
    assert set(named.group[on_queue(model, plan)].tolist()) == {0}
    assert coverage_cost(model, named) == coverage_cost(model, plan)


def test_a_pinned_group_is_kept_and_counted(two_groups: Json) -> None:
    two_groups["agents"][1]["pinned_shifts"] = [
        {
            "start": "2026-03-02T08:00",
            "end": "2026-03-02T14:00",
            "activities": [
                {"category": "on_queue", "start": "2026-03-02T08:00", "end": "2026-03-02T09:30"},
                {
                    "category": "on_queue",
                    "planning_group_id": "mail",
                    "start": "2026-03-02T09:30",
                    "end": "2026-03-02T10:00",
                },
                {"category": "on_queue", "start": "2026-03-02T10:00", "end": "2026-03-02T14:00"},
            ],
        }
    ]
    model = compiled(two_groups)
    plan = constructed(model)
    named = _named(model, plan, 1)
    assert named.group is not None
    ten = model.grid.first + 19
    assert named.group[1, ten] == OFF
    judgement = judge(model.request, Roster(schedules=schedules_of(model, named)))
    assert judgement.violations == ()
    count = heads(model, on_queue(model, plan))
    assert (
        count[model.staff.profile[1], ten]
        == on_queue(model, plan)[(model.staff.profile == model.staff.profile[1]), ten].sum()
    )
