"""Small requests for the CP-SAT engines."""

from __future__ import annotations

from typing import Any

import pytest

from solver.compile import compile_request
from solver.compile.model import Model, Plan
from solver.reading import read_request
from solver.search import Annealer

Json = dict[str, Any]


@pytest.fixture
def week() -> Json:
    """Four agents, two of them alike, over three days of half hours; a break and a meal to place."""
    break_ = {
        "id": "break",
        "category": "break",
        "minutes": 30,
        "paid": True,
        "after_shift_start": {"min": 60, "max": 300},
    }
    meal = {"id": "meal", "category": "meal", "minutes": 60, "paid": False, "before_shift_end": {"min": 60, "max": 240}}
    return {
        "time_zone": "UTC",
        "planning_period": {"start_date": "2026-03-02", "days": 3},
        "interval_minutes": 30,
        "planning_groups": [{"id": "calls"}],
        "requirements": [
            {"planning_group_id": "calls", "start": f"2026-03-0{day}T08:00", "required": [1, 1, 2, 2, 3, 3, 2, 2] * 2}
            for day in (2, 3, 4)
        ],
        "work_plans": [
            {
                "id": "plan",
                "shifts": [
                    {
                        "id": "shift",
                        "start": {"earliest": "07:00", "latest": "10:00", "increment_minutes": 60},
                        "length_minutes": {"min": 360, "max": 420, "increment": 60},
                        "activities": [break_, meal],
                        "activity_gap_minutes": {"min": 60},
                    }
                ],
                "rules": [{"kind": "days_worked", "per": "period", "min": 2, "max": 2}],
            }
        ],
        "agents": [
            {"id": name, "work_plan_id": "plan", "hourly_cost": cost}
            for name, cost in zip("abcd", (20, 20, 21, 22), strict=True)
        ],
        "options": {"seed": 1},
    }


@pytest.fixture
def two_groups(week: Json) -> Json:
    """The same with a second planning group; the agents know one or both, not all equally well."""
    skills = [
        [("calls", 1.0)],
        [("calls", 1.0), ("mail", 1.0)],
        [("mail", 1.0), ("calls", 0.5)],
        [("calls", 1.0), ("mail", 0.8)],
    ]
    week["planning_groups"] = [{"id": "calls"}, {"id": "mail"}]
    week["requirements"] += [
        {"planning_group_id": "mail", "start": f"2026-03-0{day}T09:00", "required": [1, 0, 1, 2] * 4}
        for day in (2, 3, 4)
    ]
    for agent, known in zip(week["agents"], skills, strict=True):
        agent["skills"] = [{"planning_group_id": group, "proficiency": part} for group, part in known]
    return week


def compiled(raw: Json) -> Model:
    """The request as a model."""
    return compile_request(read_request(raw))


def constructed(model: Model, seed: int = 1) -> Plan:
    """A first plan, in which everybody has answered once."""
    annealer = Annealer(model, seed)
    assert annealer.construct(lambda: False)
    return annealer.plan
