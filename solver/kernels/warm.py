"""A request of two agents that makes every kernel run, so that each is compiled or found in the cache."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from solver.compile.model import Model

TINY: dict[str, Any] = {
    "name": "Two agents, two groups",
    "time_zone": "UTC",
    "planning_period": {"start_date": "2026-01-05", "days": 2},
    "interval_minutes": 60,
    "planning_groups": [{"id": "a"}, {"id": "b"}],
    "requirements": [
        {"planning_group_id": "a", "start": "2026-01-05T08:00", "required": [1, 1, 1, 1]},
        {"planning_group_id": "b", "start": "2026-01-06T08:00", "required": [1, 1, 1, 1]},
    ],
    "work_plans": [
        {
            "id": "plan",
            "shifts": [
                {
                    "id": "day",
                    "start": {"earliest": "07:00", "latest": "09:00"},
                    "length_minutes": {"min": 240, "max": 300},
                    "activities": [
                        {
                            "id": "rest",
                            "category": "break",
                            "minutes": 60,
                            "paid": True,
                            "after_shift_start": {"min": 60},
                        },
                        {
                            "id": "meal",
                            "category": "meal",
                            "minutes": 60,
                            "paid": False,
                            "before_shift_end": {"min": 60},
                        },
                    ],
                }
            ],
            "rules": [{"kind": "minimum_rest", "minutes": 660}],
        }
    ],
    "agents": [
        {"id": "1", "work_plan_id": "plan", "hourly_cost": 20},
        {
            "id": "2",
            "work_plan_id": "plan",
            "hourly_cost": 20,
            "skills": [{"planning_group_id": "b"}],
            "preferences": [
                {"start": "2026-01-05T08:00", "end": "2026-01-05T12:00", "kind": "avoid", "cost_per_hour": 5},
            ],
        },
    ],
    "options": {"seed": 1},
}


def tours() -> None:
    """Runs the kernels that look for whole tours and for prices: a plain request needs no others."""
    from solver.bound import PriceSearch
    from solver.search import Annealer
    from solver.search.annealing import plan_cost

    model = _tiny()
    annealer = Annealer(model, seed=1)
    annealer.construct(lambda: False)
    annealer.polish(lambda: False)
    annealer.run(3, 1.0, 1.0, most_out=2, guide=None, noise=1.0)
    PriceSearch(model).step(None)
    plan_cost(model, annealer.plan)


def days() -> None:
    """Runs the kernels that name planning groups, search by days or play contacts."""
    import numpy as np

    from solver.compile.model import Plan
    from solver.cpsat.groups import assign_groups
    from solver.kernels.calls import Changes, Contacts, play
    from solver.search.days import DaySearch

    nobody, numbers = np.zeros(0), np.zeros(0, np.int64)
    contacts, changes = Contacts(nobody, numbers, nobody, nobody), Changes(nobody, numbers, numbers)
    play(contacts, changes, np.ones((1, 1)), np.ones(1, np.int64), np.zeros(1), numbers, np.zeros(2, np.int64))
    model = _tiny()
    search = DaySearch(model, seed=1)
    search.construct(lambda: False)
    plan = Plan(search.plan.shift, search.plan.starts)
    search.take(assign_groups(model, plan, seconds=1.0, stop=lambda: False))
    search.run(20, 1.0, 1.0, noise=1.0)


PARTS: dict[str, Callable[[], None]] = {"tours": tours, "days": days}
"""About half of the work each, so that two processes are done at about the same time."""


def _tiny() -> Model:
    from schemas.request import RosterRequest
    from solver.compile import compile_request

    return compile_request(RosterRequest.model_validate(TINY))
