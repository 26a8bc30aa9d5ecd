"""Agents who come and go together: by hand, and against trying every roster."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from schemas.fault import RequestRefused
from schemas.roster import Roster
from solver.compile import compile_request
from solver.price import plan_cost, together_cost
from solver.reading import read_request
from solver.search import Annealer
from solver.search.annealing import plan_cost as kernel_cost
from solver.solve import solve
from solver.verify import judge
from tests.solving.test_roster_rules import BASE, a_request, finds_the_least

Json = dict[str, Any]
DAY = "2026-03-02"
TEAM = {"kind": "same_shifts", "agent_ids": ["Ann", "Bo"]}
RULES: list[list[Json]] = [
    [TEAM],
    [TEAM | {"cost": 4}],
    [TEAM | {"cost": 0.5}],
    [TEAM | {"may_be_off": True}],
    [TEAM | {"cost": 30}, {"kind": "seats", "max": 1, "cost_per_hour": 9}],
]


@pytest.mark.parametrize("rules", RULES, ids=str)
def test_the_solver_finds_what_trying_every_roster_finds(rules: list[Json]) -> None:
    finds_the_least(a_request(*rules))


def test_whoever_cannot_follow_keeps_the_others_at_home() -> None:
    """Bo is not there before nine, so the two begin at nine; with time off of his, both are off."""
    agents = copy.deepcopy(BASE["agents"])
    agents[1]["availability"] = [{"days": ["mon"], "from": "09:00", "to": "24:00"}]
    roster = solve(read_request(a_request(TEAM, agents=agents)), seconds=60)
    assert [shift.start.hour for schedule in roster.schedules for shift in schedule.shifts] == [9, 9]
    agents[1]["time_off"] = [{"start": f"{DAY}T00:00", "end": "2026-03-03T00:00"}]
    roster = solve(read_request(a_request(TEAM, agents=agents)), seconds=60)
    assert roster.statistics.shifts == 0
    roster = solve(read_request(a_request(TEAM | {"may_be_off": True}, agents=agents)), seconds=60)
    assert roster.statistics.shifts == 1


def worked(agent: str, start: str, end: str) -> Json:
    span = {"start": f"{DAY}T{start}:00+02:00", "end": f"{DAY}T{end}:00+02:00"}
    queue = {"category": "on_queue", "planning_group_id": "g", **span}
    shifts = [{"date": DAY, "work_plan_shift_id": "s", **span, "activities": [queue]}] if start != end else []
    return {"agent_id": agent, "shifts": shifts}


def told(rule: Json, *spans: str) -> list[str]:
    agents = [{**BASE["agents"][0], "id": name} for name in ("Ann", "Bo", "Cy")[: len(spans)]]
    request = read_request(a_request(rule, agents=agents))
    schedules = [worked(agent["id"], *span.split()) for agent, span in zip(agents, spans, strict=True)]
    judgement = judge(request, Roster.model_validate({"schedules": schedules}))
    found = judgement.violations if rule.get("cost") is None else judgement.priced_breaches
    return [one.text for one in found if one.code == "same_shifts"]


EVERYBODY = {"kind": "same_shifts", "tags": ["senior"]}
OFF = "08:00 08:00"


def test_departures_are_told_with_who_works_what() -> None:
    assert told(EVERYBODY, "08:00 11:00", "08:00 11:00", "08:00 11:00") == []
    assert told(EVERYBODY, OFF, OFF, OFF) == []
    assert told(EVERYBODY, "08:00 11:00", "08:00 12:00", OFF) == [
        "Ann (08:00 to 11:00), Bo (08:00 to 12:00), Cy (off) are to have the same shift on 2026-03-02."
    ]
    assert told(EVERYBODY | {"may_be_off": True}, "08:00 11:00", "08:00 11:00", OFF) == []
    assert len(told(EVERYBODY | {"may_be_off": True, "cost": 1}, "08:00 11:00", "08:00 12:00", OFF)) == 1


@pytest.mark.parametrize(
    ("rule", "spans", "units"),
    [
        (EVERYBODY, ("08:00 11:00", "08:00 12:00", OFF), 2),
        (EVERYBODY, ("08:00 11:00", "08:00 11:00", OFF), 1),
        (EVERYBODY | {"may_be_off": True}, ("08:00 11:00", "08:00 12:00", OFF), 1),
        (EVERYBODY | {"may_be_off": True}, (OFF, OFF, "08:00 11:00"), 0),
    ],
)
def test_every_agent_beyond_the_largest_part_that_agrees_is_paid_for(
    rule: Json, spans: tuple[str, ...], units: int
) -> None:
    agents = [{**BASE["agents"][0], "id": name} for name in ("Ann", "Bo", "Cy")]
    request = read_request(a_request(rule | {"cost": 7}, agents=agents))
    schedules = [worked(agent["id"], *span.split()) for agent, span in zip(agents, spans, strict=True)]
    assert judge(request, Roster.model_validate({"schedules": schedules})).cost.rules == 7 * units


def test_the_search_counts_as_the_plain_price_does() -> None:
    agents = [{**BASE["agents"][n % 2], "id": f"A{n}"} for n in range(7)]
    rules = [
        {"kind": "same_shifts", "agent_ids": ["A0", "A1", "A2"], "cost": 3},
        {"kind": "same_shifts", "agent_ids": ["A2", "A3"], "may_be_off": True, "cost": 5},
        {"kind": "same_shifts", "agent_ids": ["A5", "A6"]},
    ]
    model = compile_request(read_request(a_request(*rules, agents=agents)))
    annealer = Annealer(model, 1)
    assert annealer.construct(lambda: False)
    for _ in range(10):
        annealer.run(20, 1e9, 1e6, most_out=2, guide=None, noise=1e6)
        plan = annealer.plan
        together = together_cost(model, plan)
        assert annealer.cost == plan_cost(model, plan) - together == kernel_cost(model, plan)
    annealer.take(plan)
    assert annealer.cost <= kernel_cost(model, plan)


def test_a_team_that_nothing_lets_agree_is_no_roster() -> None:
    plans = copy.deepcopy(BASE["work_plans"])
    plans[0]["rules"] = [{"kind": "days_worked", "per": "period", "min": 1}]
    agents = copy.deepcopy(BASE["agents"])
    for agent, window in zip(agents, ("08:00 11:00", "09:00 12:00"), strict=True):
        first, last = window.split()
        agent["availability"] = [{"days": ["mon"], "from": first, "to": last}]
    roster = solve(read_request(a_request(TEAM, work_plans=plans, agents=agents)), seconds=60)
    assert roster.verdict == "undecided"
    (message,) = [message for message in roster.messages if message.code == "roster_rule_not_kept"]
    assert "Ann (08:00 to 11:00), Bo (09:00 to 12:00) are to have the same shift" in message.text
    assert "may be broken" in message.text


@pytest.mark.parametrize(
    ("rule", "place"),
    [
        ({"kind": "same_shifts"}, ""),
        (TEAM | {"agent_ids": ["Ann", "Boo"]}, "agent_ids/1"),
        ({"kind": "same_shifts", "tags": ["carpool"]}, "tags/0"),
        ({"kind": "same_shifts", "tags": ["senior"]}, "tags"),
        ({"kind": "same_shifts", "agent_ids": ["Ann"]}, "agent_ids"),
    ],
)
def test_teams_that_cannot_be_are_refused(rule: Json, place: str) -> None:
    with pytest.raises(RequestRefused) as refused:
        read_request(a_request(rule))
    assert [fault.pointer for fault in refused.value.faults] == [f"/roster_rules/0/{place}".rstrip("/")]
