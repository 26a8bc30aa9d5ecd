"""Rules of all agents together: what a planner would say by hand, and what trying every roster finds."""

from __future__ import annotations

import copy
from itertools import product
from typing import Any

import pytest

from schemas.fault import RequestRefused
from schemas.roster import Roster, Schedule
from solver.compile import compile_request
from solver.price import plan_cost
from solver.reading import read_request
from solver.search import Annealer
from solver.search.annealing import plan_cost as kernel_cost
from solver.solve import solve
from solver.verify import judge
from tests.solving.enumeration import _shifts

Json = dict[str, Any]
DAY = "2026-03-02"
BASE: Json = {
    "time_zone": "Europe/Tallinn",
    "planning_period": {"start_date": DAY, "days": 1},
    "interval_minutes": 60,
    "planning_groups": [{"id": "g", "understaffing_cost_per_hour": 30, "overstaffing_cost_per_hour": 3}],
    "requirements": [{"planning_group_id": "g", "start": f"{DAY}T08:00", "required": [1, 2, 2, 2, 1]}],
    "work_plans": [
        {
            "id": "p",
            "shifts": [
                {
                    "id": "s",
                    "start": {"earliest": "08:00", "latest": "09:00"},
                    "length_minutes": {"min": 180, "max": 240},
                    "activities": [
                        {
                            "id": "rest",
                            "category": "break",
                            "minutes": 60,
                            "paid": True,
                            "after_shift_start": {"min": 60},
                        }
                    ],
                }
            ],
        }
    ],
    "agents": [
        {"id": "Ann", "work_plan_id": "p", "hourly_cost": 5, "tags": ["senior"]},
        {"id": "Bo", "work_plan_id": "p", "hourly_cost": 4},
    ],
    # A rule that binds leaves a gap, so the end is by moves.
    "options": {"minimum_stint_minutes": 60, "iteration_limit": 600},
}
RULES: list[Json] = [
    {"kind": "seats", "max": 1, "cost_per_hour": 9},
    {"kind": "seats", "max": 1},
    {"kind": "seats", "max": 0, "tags": ["senior"], "cost_per_hour": 6.5},
    {"kind": "breaks_at_once", "max": 0, "cost_per_hour": 7, "growing": True},
    {"kind": "breaks_at_once", "max": 1},
    {"kind": "on_duty", "tags": ["senior"], "cost_per_hour": 40},
    {"kind": "on_duty", "min": 2, "planning_group_id": "g", "cost_per_hour": 11},
    {"kind": "never_together", "agent_ids": ["Ann", "Bo"]},
    {"kind": "never_together", "agent_ids": ["Ann", "Bo"], "cost_per_hour": 2},
]


def a_request(*rules: Json, **changes: Any) -> Json:
    return {**copy.deepcopy(BASE), "roster_rules": list(rules), **changes}


def least(raw: Json) -> float | None:
    """The least cost of any allowed roster, by judging every one."""
    request = read_request(raw)
    days = []
    for agent in request.agents:
        plan = request.work_plans[0].shifts[0]
        zone = judge(request, Roster(schedules=())).coverage[0].start.tzinfo
        days.append([None, *_shifts(request, agent, plan, request.planning_period.start_date, zone)])  # type: ignore[arg-type]
    best = None
    for choice in product(*days):
        schedules = tuple(
            Schedule(agent_id=agent.id, shifts=() if shift is None else (shift,))
            for agent, shift in zip(request.agents, choice, strict=True)
        )
        judgement = judge(request, Roster(schedules=schedules))
        if not judgement.violations and (best is None or judgement.cost.total < best):
            best = judgement.cost.total
    return best


@pytest.mark.parametrize("rules", [[rule] for rule in RULES] + [[RULES[0], RULES[3], RULES[5]]], ids=str)
def test_the_solver_finds_what_trying_every_roster_finds(rules: list[Json]) -> None:
    finds_the_least(a_request(*rules))


def finds_the_least(raw: Json) -> None:
    """The solver's roster costs what trying every roster finds, and no less than its own bound."""
    roster = solve(read_request(raw), seconds=60)
    assert roster.cost is not None
    assert roster.cost.total == least(raw)
    assert roster.violations == ()
    assert roster.lower_bound is not None
    assert roster.lower_bound <= roster.cost.total


def test_the_search_counts_as_the_plain_price_does() -> None:
    agents = [{**BASE["agents"][n % 2], "id": f"A{n}"} for n in range(6)]
    rules = [rule for rule in RULES if rule["kind"] != "never_together"]
    model = compile_request(read_request(a_request(*rules, agents=agents)))
    annealer = Annealer(model, 1)
    assert annealer.construct(lambda: False)
    annealer.run(200, 1e9, 1e6, most_out=2, guide=None, noise=0.0)
    assert annealer.cost == plan_cost(model, annealer.plan) == kernel_cost(model, annealer.plan)


def told(raw: Json) -> list[str]:
    roster = solve(read_request(raw), seconds=60)
    return [message.text for message in roster.messages if message.path == "/roster_rules/0"]


def test_a_breach_that_is_paid_for_is_told() -> None:
    raw = a_request({"kind": "seats", "max": 0, "cost_per_hour": 1})
    assert told(raw) == ["2 agents are on site from 2026-03-02 09:00 to 2026-03-02 12:00; there are 0 seats."] or told(
        raw
    )[0].endswith("there are 0 seats.")


def test_a_hard_rule_that_no_roster_keeps_is_no_roster() -> None:
    plans = copy.deepcopy(BASE["work_plans"])
    plans[0]["rules"] = [{"kind": "days_worked", "per": "period", "min": 1}]
    roster = solve(read_request(a_request({"kind": "seats", "max": 0}, work_plans=plans)), seconds=60)
    assert roster.verdict == "undecided"
    assert roster.cost is None
    messages = [message for message in roster.messages if message.code == "roster_rule_not_kept"]
    assert messages[0].path == "/roster_rules/0"
    assert "there are 0 seats" in messages[0].text
    assert "cost_per_hour" in messages[0].text


def test_who_stands_at_the_door_is_counted_until_the_end_of_the_shift() -> None:
    def shift(agent: str, start: str, end: str) -> Json:
        span = {"start": f"{DAY}T{start}:00+02:00", "end": f"{DAY}T{end}:00+02:00"}
        queue = {"category": "on_queue", "planning_group_id": "g", **span}
        return {"agent_id": agent, "shifts": [{"date": DAY, "work_plan_shift_id": "s", **span, "activities": [queue]}]}

    request = read_request(a_request({"kind": "never_together", "agent_ids": ["Ann", "Bo"]}))
    apart = Roster.model_validate({"schedules": [shift("Ann", "08:00", "11:00"), shift("Bo", "11:00", "14:00")]})
    beside = Roster.model_validate({"schedules": [shift("Ann", "08:00", "11:00"), shift("Bo", "10:00", "14:00")]})
    found = [v.text for v in judge(request, beside).violations if v.code == "never_together"]
    assert found == ["2 of Ann, Bo are on site from 2026-03-02 10:00 to 2026-03-02 11:00; they are to be kept apart."]
    assert not [v for v in judge(request, apart).violations if v.code == "never_together"]


@pytest.mark.parametrize(
    ("rule", "place"),
    [
        ({"kind": "seats", "max": 1, "agent_ids": ["Cy"]}, "agent_ids/0"),
        ({"kind": "seats", "max": 1, "tags": ["tartu"]}, "tags/0"),
        ({"kind": "on_duty", "planning_group_id": "h"}, "planning_group_id"),
        ({"kind": "on_duty", "min": 2, "tags": ["senior"]}, "min"),
        ({"kind": "never_together", "agent_ids": ["Ann"]}, "agent_ids"),
        ({"kind": "chairs", "max": 1}, ""),
        ({"kind": "seats", "max": 1, "most": 2}, "most"),
    ],
)
def test_rules_that_cannot_be_are_refused(rule: Json, place: str) -> None:
    with pytest.raises(RequestRefused) as refused:
        read_request(a_request(rule))
    assert [fault.pointer for fault in refused.value.faults] == [f"/roster_rules/0/{place}".rstrip("/")]
    assert all(fault.text and fault.expected for fault in refused.value.faults)
