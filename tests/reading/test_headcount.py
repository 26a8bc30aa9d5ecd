"""Agents given by their number."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from schemas.fault import RequestRefused
from solver.example import example_request
from solver.reading import read_request
from solver.solve import solve

Json = dict[str, Any]
SMALL_REQUEST = example_request(agents=2, days=7, seed=2)


def a_request(*counts: int) -> Json:
    raw = copy.deepcopy(SMALL_REQUEST)
    for number, (agent, count) in enumerate(zip(raw["agents"], counts, strict=True)):
        agent |= {"id": f"A{number}", "count": count}
    return raw


def test_a_number_of_agents_is_so_many_agents() -> None:
    request = read_request(a_request(3, 1))
    assert [agent.id for agent in request.agents] == ["A0-1", "A0-2", "A0-3", "A1"]
    assert [agent.row for agent in request.agents] == [0, 0, 0, 1]
    assert request.agents[1].work_plan_id == request.agents[0].work_plan_id
    again = read_request(request.model_dump(mode="json", by_alias=True))
    assert again.model_dump() == request.model_dump()


def test_an_id_that_the_numbering_would_take_twice_is_refused() -> None:
    raw = a_request(3, 1)
    raw["agents"][1]["id"] = "A0-2"
    with pytest.raises(RequestRefused) as refused:
        read_request(raw)
    assert [fault.pointer for fault in refused.value.faults] == ["/agents/0/id"]
    assert "'A0-2' is another agent's id" in refused.value.faults[0].text


def test_all_of_them_count_toward_the_most_agents() -> None:
    with pytest.raises(RequestRefused) as refused:
        read_request(a_request(15_000, 6_000))
    assert [fault.found for fault in refused.value.faults] == ["21000 agents"]


def test_an_infeasible_one_is_found_in_the_list_as_it_was_written() -> None:
    raw = a_request(2, 1)
    raw["agents"][1]["availability"] = [{"days": ["mon"], "from": "08:00", "to": "09:00"}]
    plan = next(p for p in raw["work_plans"] if p["id"] == raw["agents"][1]["work_plan_id"])
    plan["rules"] = [{"kind": "days_worked", "per": "period", "min": 1}]
    roster = solve(read_request(raw), seconds=10)
    assert [m.path for m in roster.messages if m.code == "infeasible_agent"] == ["/agents/1"]
